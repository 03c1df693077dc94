"""Identifiers and free text in what is built on samplers: oversampling, augmented estimators and the report."""

import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from skgan import AugmentedClassifier, ConditionalGANSampler, GANSampler, evaluate

N = 160
TINY = {"max_iter": 2, "refine": False, "hidden_layer_sizes": (4,), "random_state": 0}
WORDS = "the of patient was seen in on clinic pain knee left right with no some severe mild today".split()

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@pytest.fixture
def over_sampler():
    """The class, which needs imbalanced-learn."""
    pytest.importorskip("imblearn")
    from skgan.over_sampling import GANOverSampler

    return GANOverSampler


def rows(start=0, n=N, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        "order_id": np.arange(start, start + n),
        "age": rng.integers(18, 90, n),
        "income": rng.normal(size=n),
        "mail": [f"a{i}@firm.de" for i in range(start, start + n)],
        "note": [f"{start + i} {' '.join(row)}" for i, row in enumerate(rng.choice(WORDS, (n, 8)))],
        "city": rng.choice(["A", "B", "C"], n),
    })  # fmt: skip


HOLDOUT = rows(5 * N, seed=2)


def assert_all_distinct(X, n):
    assert len(X) == n and X["order_id"].is_unique and X["mail"].is_unique
    assert X.dtypes.equals(rows().dtypes)


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("sampler", [
    ConditionalGANSampler(**TINY), GANSampler(**TINY), GANSampler(**TINY, id_columns=["order_id", "mail"]),
], ids=["conditional", "one per class", "listed"])  # fmt: skip
def test_oversampled_rows_have_new_identifiers(sampler, over_sampler):
    X = rows()
    y = np.repeat(["a", "b", "c"], [100, 40, 20])
    order = np.random.default_rng(1).permutation(N)
    X_new, y_new = over_sampler(sampler, n_candidates=2, random_state=0).fit_resample(X.iloc[order], y)
    assert_all_distinct(X_new, 300)
    pd.testing.assert_frame_equal(X_new[:N], X.iloc[order].reset_index(drop=True))


@pytest.mark.usefixtures("few_trees")
def test_the_default_oversampler_keeps_texts(over_sampler):
    X_new, _ = over_sampler(random_state=0, n_candidates=1).fit_resample(rows(n=80), np.repeat([0, 1], [50, 30]))
    assert_all_distinct(X_new, 100)
    assert X_new["note"][80:].isin(X_new["note"][:80]).all()


def test_a_sampler_that_leaves_columns_out_is_refused(over_sampler):
    sampler = ConditionalGANSampler(free_text="drop")
    with pytest.raises(ValueError, match="leaves columns out.*pass free_text='keep'"):
        over_sampler(sampler).fit_resample(rows(), np.repeat([0, 1], N // 2))


@pytest.mark.usefixtures("few_trees")
def test_augmented_estimators_see_new_identifiers():
    seen = []

    class Watched(OneHotEncoder):
        def fit_transform(self, X, y=None):
            seen.append(X)
            return super().fit_transform(X)

    select = make_column_transformer((Watched(handle_unknown="ignore"), ["order_id", "mail"]))
    pipeline = make_pipeline(select, DecisionTreeClassifier())
    AugmentedClassifier(pipeline, ConditionalGANSampler(**TINY), n_synthetic=1.0).fit(rows(), np.arange(N) % 2)
    assert len(seen[-1]) > N and seen[-1]["order_id"].is_unique and seen[-1]["mail"].is_unique


@pytest.fixture(scope="module")
def synthetic():
    """Rows as good as real ones, with new identifiers and a text in the place of all."""
    return rows(10 * N, seed=1).assign(note="[text]")


@pytest.fixture(scope="module")
def clean(synthetic):
    """The report on these rows, without and with held-out rows, each made once."""
    return cache(lambda held_out: evaluate(rows(), synthetic, holdout=HOLDOUT if held_out else None, random_state=0))


def numbers_of(report):
    frame = report.to_frame()
    return frame[frame["column"].isna()].set_index("metric")["value"]


def test_new_identifiers_are_no_fault(clean):
    report = clean(held_out=False)
    assert report.sizes["columns"] == 3
    assert not (report.to_frame()["verdict"] == "off").any()
    [said] = [finding for finding in report.findings if "verbatim_text alone" in finding]
    assert "'order_id' (sequential numbers), 'mail' (e-mail addresses), 'note' (free text)" in said
    assert report.findings[0].startswith("No problem was found")


@pytest.mark.parametrize("held_out", [False, True], ids=["halves", "holdout"])
def test_copied_texts_are_found_and_change_nothing_else(synthetic, clean, held_out):
    copied = synthetic.assign(note=rows()["note"], mail=rows()["mail"].iloc[::-1].to_numpy())
    report = evaluate(rows(), copied, holdout=HOLDOUT if held_out else None, random_state=0)
    assert report.findings[0].startswith("Texts or identifiers of training rows are shown verbatim")
    assert "'note' 100 %" in report.findings[0] and "'mail' 100 %" in report.findings[0]
    assert "order_id" not in report.findings[0]
    whole = report.to_frame().query("metric == 'verbatim_text' and column.isna()").iloc[0]
    assert whole["value"] == pytest.approx(2 / 3) and whole["floor"] == 0 and whole["verdict"] == "off"
    others = numbers_of(clean(held_out=held_out)).drop("verbatim_text")
    pd.testing.assert_series_equal(numbers_of(report).drop("verbatim_text"), others)


def test_rows_without_texts_are_compared(synthetic, clean):
    report = evaluate(rows(), synthetic.drop(columns="note"), holdout=HOLDOUT, random_state=0)
    pd.testing.assert_series_equal(numbers_of(report), numbers_of(clean(held_out=True)))
    with pytest.raises(ValueError, match="lacks the columns .'age'"):
        evaluate(rows(), synthetic.drop(columns="age"))


@pytest.mark.usefixtures("few_trees")
def test_a_target_is_compared_whatever_it_holds(synthetic):
    report = evaluate(rows(), synthetic, target="order_id", random_state=0)
    assert report.sizes["columns"] == 4 and "train_on_synthetic" in numbers_of(report)


def test_samplers_pass_their_own_report():
    X = rows(n=400)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = GANSampler(max_iter=300, random_state=0).fit(X).sample(400)
    report = evaluate(X, drawn, random_state=0)
    frame = report.to_frame()
    assert frame[frame["metric"] == "verbatim_text"]["value"].max() == 0
    assert numbers_of(report)["two_sample"] > 0.7
