"""evaluate computes every applicable metric, with its floor."""

import importlib.util
import re
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

import skgan
from skgan.datasets import make_mixed
from skgan.metrics import METRICS
from skgan.report import Report, evaluate
from skgan.report._findings import findings
from skgan.report._words import verdict

COLUMNS = ["section", "metric", "column", "value", "floor", "better", "verdict", "n_rows"]
NEEDS_A_HOLDOUT = {word for word, metric in METRICS.items() if metric.needs_holdout}
has_imblearn = importlib.util.find_spec("imblearn") is not None


def mixed(n, seed):
    return make_mixed(n, random_state=seed)


@pytest.fixture(scope="module")
def real():
    return mixed(600, 0)


@pytest.fixture(scope="module")
def fresh():
    return mixed(300, 1)


@pytest.fixture(scope="module")
def holdout():
    return mixed(300, 2)


@pytest.fixture(scope="module")
def good(real, fresh, holdout):
    return evaluate(real, fresh, holdout=holdout, target="grade", random_state=0)


def whole(report):
    frame = report.to_frame()
    return frame[frame["column"].isna()].set_index("metric")


def test_every_metric_is_there_beside_its_floor(good):
    frame = good.to_frame()
    assert frame.columns.tolist() == COLUMNS
    # There are no texts and identifiers here: see test_unlearned_elsewhere.py.
    assert set(METRICS) - {"verbatim_text"} <= set(frame["metric"])
    assert {"train_on_synthetic", "train_on_both"} <= set(frame["metric"])
    assert np.isfinite(frame[["value", "floor"]].to_numpy()).all()
    assert not whole(good).index.duplicated().any()


@pytest.mark.usefixtures("few_trees")
def test_what_compares_with_training_rows_needs_a_holdout(real, fresh):
    report = evaluate(real, fresh, random_state=0)
    words = set(METRICS) - NEEDS_A_HOLDOUT - {"verbatim_text"} | {"two_sample_auc", "looks_copied"}
    assert set(report.to_frame()["metric"]) == words
    assert any("pass them as holdout" in finding for finding in report.findings)


def test_fresh_rows_are_as_real(good):
    """Fresh rows are like those of the floor: nothing is off, and no problem is reported."""
    assert set(whole(good)["verdict"]) <= {"as real", "near", "both 0", ""}
    assert good.findings == ["No problem was found: every number is about that of fresh real rows."]


def test_what_few_rows_can_show_is_said(real, fresh, holdout):
    # Rows that are not compared, because fewer are held out, show nothing.
    some = evaluate(real, fresh, holdout=holdout.head(104), random_state=0)
    assert some.findings[0].startswith("No problem was found, but 104 rows show only large ones")
    few = evaluate(real, fresh.head(40), holdout=holdout, random_state=0)
    # Two standard deviations of the difference of two shares, of 600 and of 40 rows.
    assert few.findings[0] == (
        "No problem was found, but 40 rows show only large ones: the share of a category must be off by about 16 "
        "percentage points to be noticed. Compare more rows."
    )
    images = np.random.default_rng(0).random((90, 8, 8))
    report = evaluate(images[:30], images[30:60], holdout=images[60:], random_state=0)
    assert any("30 images show only large ones; compare more" in finding for finding in report.findings)


def test_what_the_floor_cannot_tell_is_said(real, fresh, holdout):
    """Held-out rows from another distribution make the floor useless; few of them make it noisy."""
    other = holdout.assign(price=holdout["price"] * 5, rainfall=1.0)
    findings = evaluate(real, fresh, holdout=other, random_state=0).findings
    assert any(finding.startswith("A classifier tells even held-out rows from") for finding in findings)
    findings = evaluate(real, fresh, holdout=holdout.head(150), random_state=0).findings
    assert findings[-1].startswith("Privacy is measured with only 150 held-out rows")


def test_columns_and_pairs_have_rows_of_their_own(good, real):
    frame = good.to_frame()
    parts = frame[frame["column"].notna()]
    is_pair = parts["column"].map(lambda column: isinstance(column, tuple))
    assert set(parts[~is_pair & (parts["metric"] == "column_shapes")]["column"]) <= set(real)
    n = real.shape[1]
    assert is_pair.sum() == n * (n - 1) / 2
    # The worst come first, which are farthest below their floor.
    for rows in (parts[~is_pair & (parts["metric"] == "column_shapes")], parts[is_pair]):
        assert (rows["floor"] - rows["value"]).is_monotonic_decreasing


@pytest.mark.usefixtures("few_trees")
def test_seeds(real, fresh):
    few = real.head(40), fresh.head(30)
    state = np.random.get_state()[1].tolist()
    frames = [evaluate(*few, random_state=seed).to_frame() for seed in (3, 3, 4)]
    pd.testing.assert_frame_equal(frames[0], frames[1])
    assert not frames[0].equals(frames[2])
    assert evaluate(*few).to_frame().shape[1] == len(COLUMNS)
    assert np.random.get_state()[1].tolist() == state


@pytest.mark.usefixtures("few_trees")
def test_both_are_judged_at_one_size(real, fresh):
    report = evaluate(real, pd.concat([fresh, fresh]), random_state=0, max_rows=50)
    assert report.sizes == {"real": 300, "synthetic": 300, "floor": 300, "columns": real.shape[1], "max_rows": 50}
    rows = whole(report)["n_rows"]
    assert rows["coverage"] == rows["energy_distance"] == 50 and rows["column_shapes"] == rows["two_sample"] == 300
    assert evaluate(real, fresh.head(40), random_state=0).sizes["floor"] == 40


@pytest.mark.usefixtures("few_trees")
def test_held_out_rows_that_are_among_the_real_rows_are_named_first(real, fresh, holdout):
    """Whoever forgets to take them out gets a floor of copies, beside which copies look as real."""
    copied = real.sample(100, random_state=1)
    with pytest.warns(UserWarning, match=r"Held-out rows are among the real rows: 100 % .* 0 % of real rows"):
        report = evaluate(real, copied, holdout=real.tail(60), random_state=0)
    assert report.findings[0].startswith("Held-out rows are among the real rows: 100 % of them equal a real row")
    assert not any("No problem was found" in finding for finding in report.findings)
    # A part of them, and images.
    mixture = pd.concat([holdout.head(180), real.tail(20)])
    with pytest.warns(UserWarning, match=r"among the real rows: 10 % of them"):
        evaluate(real, fresh.head(50), holdout=mixture, random_state=0)
    images = np.random.default_rng(0).integers(0, 256, (90, 8, 8), dtype=np.uint8)
    with pytest.warns(UserWarning, match=r"among the real rows: 100 % of them"):
        evaluate(images[:60], images[60:], holdout=images[:30], random_state=0)


def test_rows_that_repeat_by_themselves_are_no_leak():
    """Rows of two columns of few values: nearly each one occurs in any other sample."""
    rows = np.random.default_rng(0).integers(0, 6, (900, 2)).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = evaluate(rows[:500], rows[500:700], holdout=rows[700:], random_state=0)
    assert not any("among the real rows" in finding for finding in report.findings)


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("n_holdout", [104, 60, 30])
def test_copies_are_not_as_real_beside_few_held_out_rows(real, n_holdout):
    copied = real.head(300).sample(300, replace=True, random_state=1)
    report = evaluate(real.head(300), copied, holdout=mixed(n_holdout, 6), random_state=0)
    rows = whole(report)
    metrics = ["nearest_record_share", "membership_inference"]
    assert rows["value"]["nearest_record_share"] == 1.0 and set(rows["verdict"][metrics]) <= {"off", "too few rows"}
    assert rows["verdict"]["near_copies"] == rows["verdict"]["exact_copies"] == "off"
    of_few = [name for name in metrics if rows["verdict"][name] == "too few rows"]
    found = " ".join(finding for finding in report.findings if "too few rows to tell" in finding)
    assert all(name in found for name in of_few) and bool(of_few) == (n_holdout < 104)
    # Halves of the held-out rows, of which the attacker knows one half.
    assert rows["n_rows"]["nearest_record_share"] == n_holdout // 2
    assert rows["n_rows"]["membership_inference"] == (n_holdout // 2 + 1) // 2
    assert f"Privacy ({n_holdout} rows held out)" in str(report)


@pytest.mark.usefixtures("few_trees")
def test_a_report_says_what_its_verdicts_mean(real, fresh):
    report = evaluate(real, fresh.assign(price=1.0), random_state=0)
    for shown in (" ".join(str(report).split()), report._repr_html_().replace("&quot;", '"')):
        assert '"as real": no worse than the floor' in shown and '"off": worse than the floor by more than' in shown
        assert '"too few rows":' not in shown


def test_what_only_one_classifier_finds_is_a_finding(good):
    """A finding about copies does not explain why a classifier tells rows apart; a column that is off does."""
    def said(*names, column=None):
        frame = good.to_frame()
        is_off = frame["metric"].isin(names) & frame["column"].isna() | (frame["column"] == column)
        frame["verdict"] = frame["verdict"].mask(is_off, "off")
        return " ".join(findings(frame, [], *good._sides, {}))
    assert "Worse than fresh real rows: two_sample_quadratic" in said("two_sample_quadratic", "exact_copies")
    assert "Worse than fresh real rows" not in said("two_sample_quadratic", column="price")
    assert "Worse than fresh real rows" not in said("two_sample_quadratic", "two_sample")


@pytest.mark.usefixtures("few_trees")
def test_copies_are_named_first(real, holdout):
    report = evaluate(real, real.sample(300, random_state=0), holdout=holdout, random_state=0)
    assert report.findings[0].startswith("Synthetic rows equal training rows: 100 %")
    words = ["exact_copies", "nearest_record_share", "near_copies", "authenticity"]
    assert whole(report)["verdict"][words].eq("off").all()
    assert whole(report)["value"]["nearest_record_share"] == 1.0


@pytest.mark.usefixtures("few_trees")
def test_copies_of_either_half_count(real):
    """Without a holdout real rows are split into halves, but copies of both halves are counted."""
    assert whole(evaluate(real, real, random_state=0))["value"]["exact_copies"] == 1.0


@pytest.mark.usefixtures("few_trees")
def test_lost_categories_and_missing_values_are_named(real):
    fresh = mixed(600, 3)
    lost = fresh[fresh["grade"] != fresh["grade"].mode()[0]]
    findings = " ".join(evaluate(real, lost, random_state=0).findings)
    assert f"Column 'grade' never has the value '{fresh['grade'].mode()[0]}'" in findings
    with_missing = [name for name in real if real[name].isna().mean() > 0.02]
    filled = fresh.assign(**{with_missing[0]: fresh[with_missing[0]].ffill().bfill()})
    findings = " ".join(evaluate(real, filled, random_state=0).findings)
    assert f"Column {with_missing[0]!r} has missing values in 0 % of rows" in findings


def test_a_shifted_column_is_the_worst(real):
    fresh = mixed(300, 4)
    report = evaluate(real, fresh.assign(price=fresh["price"] * 3), random_state=0)
    frame = report.to_frame()
    first = frame[(frame["metric"] == "column_shapes") & frame["column"].notna()].iloc[0]
    assert first["column"] == "price" and first["verdict"] == "off"
    says = "Column 'price' is off: its 5th, 50th and 95th percentiles"
    assert any(finding.startswith(says) for finding in report.findings)


def test_lost_dependence_is_named():
    rng = np.random.default_rng(0)
    def correlated(n):
        x = rng.normal(size=n)
        return pd.DataFrame({"x": x, "twice": 2 * x + 0.1 * rng.normal(size=n), "other": rng.normal(size=n)})
    broken = correlated(500)
    broken["twice"] = rng.permutation(broken["twice"])
    report = evaluate(correlated(1000), broken, random_state=0)
    assert any("do not depend on each other as in real rows: 'x' and 'twice'" in finding for finding in report.findings)
    assert whole(report)["verdict"]["column_shapes"] == "as real"


@pytest.mark.parametrize("baselines", ["independent", ("independent", "bootstrap"), []])
def test_baselines(real, fresh, baselines):
    report = evaluate(real.head(200), fresh, baselines=baselines, random_state=0)
    words = [baselines] if isinstance(baselines, str) else list(baselines)
    assert report.to_frame().columns.tolist() == [*COLUMNS, *words]
    numbers = whole(report)
    if "independent" in words:
        assert numbers["independent"]["column_shapes"] > 0.9
        assert numbers["independent"]["two_sample"] < numbers["floor"]["two_sample"]
    if "bootstrap" in words:
        assert numbers["bootstrap"]["exact_copies"] == 1.0


@pytest.mark.usefixtures("few_trees")
@pytest.mark.skipif(not has_imblearn, reason="needs imbalanced-learn")
@pytest.mark.parametrize("columns", [["price", "weight"], ["grade", "pets"], ["price", "grade", "pets"]])
def test_smote(real, columns):
    report = evaluate(real[columns].head(200), real[columns].tail(100), baselines="smote", random_state=0)
    assert np.isfinite(whole(report)["smote"]).all()


def test_smote_without_imbalanced_learn(real, fresh, monkeypatch):
    for name in ("imblearn", "imblearn.over_sampling"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match="pip install imbalanced-learn"):
        evaluate(real, fresh, baselines="smote")


@pytest.mark.usefixtures("few_trees")
def test_a_target_of_numbers(real, fresh):
    numbers = whole(evaluate(real, fresh, target="price", random_state=0))
    assert numbers["value"]["train_on_synthetic"] < 1.0 and numbers["floor"]["train_on_synthetic"] < 1.0


@pytest.mark.usefixtures("few_trees")
def test_containers():
    X = np.random.default_rng(0).normal(size=(120, 3))
    array = evaluate(X[:80], X[80:], target=2, random_state=0)
    frame = evaluate(pd.DataFrame(X[:80]), pd.DataFrame(X[80:]), target=2, random_state=0)
    pd.testing.assert_frame_equal(array.to_frame(), frame.to_frame())
    pl = pytest.importorskip("polars")
    names = ["a", "b", "c"]
    sets = (pl.DataFrame(rows, schema=names) for rows in (X[:80], X[80:]))
    frame = evaluate(*sets, target="c", random_state=0)
    np.testing.assert_array_equal(frame.to_frame()["value"], array.to_frame()["value"])


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("frame", [
    pd.DataFrame({"a": np.arange(60)}),
    pd.DataFrame({"a": np.ones(60), "b": np.full(60, np.nan), "c": ["x"] * 60}),
    pd.DataFrame({"name": [f"n{i}" for i in range(60)], "b": np.arange(60.0)}),
    pd.DataFrame({"when": pd.date_range("2020", periods=60), "ok": [True, False, None] * 20}),
], ids=["one column", "constant", "names", "dates"])
def test_unusual_tables_have_a_report(frame):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = evaluate(frame.tail(40), frame.tail(30), holdout=frame.head(20), random_state=0)
    assert np.isfinite(whole(report)["value"].dropna()).all()
    assert len(str(report)) > 500


@pytest.mark.usefixtures("few_trees")
def test_images(monkeypatch):
    monkeypatch.setattr("skgan.metrics._classifier_features.N_STEPS", 20)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, size=(120, 16, 16), dtype=np.uint8)
    labels = np.arange(60) % 2
    images[:60][labels == 1, :8] //= 4
    report = evaluate(images[:60], images[60:90], holdout=images[90:], random_state=0)
    words = set(whole(report).index)
    assert {"frechet_distance", "coverage", "two_sample", "likeness", "exact_copies", "nearest_record_share"} <= words
    assert "column_shapes" not in words
    assert whole(report)["value"]["exact_copies"] == 0.0
    copied = evaluate(images[:60], images[:30], target=labels, random_state=0)
    assert whole(copied)["value"]["exact_copies"] == 1.0


@pytest.mark.usefixtures("few_trees")
@pytest.mark.filterwarnings("error:.*channel_axis")
def test_channels_are_where_the_caller_says(tmp_path):
    images = np.random.default_rng(0).random((60, 2, 12, 12))
    first = evaluate(images[:40], images[40:], channel_axis=1, random_state=0)
    last = evaluate(*np.split(np.moveaxis(images, 1, -1), [40]), channel_axis=-1, random_state=0)
    np.testing.assert_array_equal(whole(first)["value"], whole(last)["value"])
    grey = evaluate(images[:40, :1], images[40:, :1], channel_axis=1, random_state=0)
    grey.save(tmp_path / "report.html")
    with pytest.raises(ValueError, match="channel_axis=1 is of images"):
        evaluate(images[:40, 0, 0], images[40:, 0, 0], channel_axis=1)


@pytest.mark.usefixtures("few_trees")
def test_only_inception_makes_a_fid():
    images = np.random.default_rng(0).random((60, 8, 8))

    class Inception:
        name = "FID"

        def __call__(self, images):
            return images.reshape(len(images), -1)[:, :5]

    words = [set(evaluate(images[:40], images[40:], features=made, random_state=0).to_frame()["metric"])
             for made in (Inception(), Inception().__call__, "pca")]
    assert ["FID" in word for word in words] == [True, False, False]
    assert ["frechet_distance" in word for word in words] == [False, True, True]


@pytest.mark.parametrize(("arguments", "kind", "says"), [
    ({"target": "gr"}, ValueError, "target='gr' is not a column of real"),
    ({"baselines": "indpendent"}, ValueError, "Did you mean 'independent'"),
    ({"max_rows": 1}, ValueError, "max_rows=1 is not allowed"),
    ({"holdout": mixed(5, 0)}, ValueError, "a report needs at least 20"),
    ({"holdout": mixed(50, 0)[["price"]]}, ValueError, "holdout lacks the columns"),
])
def test_bad_arguments_are_refused(real, fresh, arguments, kind, says):
    with pytest.raises(kind, match=says):
        evaluate(real, fresh, **arguments)


def test_rows_that_do_not_fit_are_named(real, fresh):
    with pytest.raises(ValueError, match="synthetic lacks the columns .*price"):
        evaluate(real, fresh.rename(columns={"price": "cost"}))
    with pytest.raises(ValueError, match="a report needs at least 20"):
        evaluate(real.head(10), fresh)
    with pytest.raises(ValueError, match="leave baselines out"):
        evaluate(np.zeros((30, 8, 8)), np.zeros((30, 8, 8)), baselines="bootstrap")


def test_public_names():
    assert skgan.evaluate is evaluate and isinstance(evaluate(np.eye(30), np.eye(30)[:20], random_state=0), Report)


def categories(n, rng):
    """Six dependent columns of four categories: many rows are equal by chance."""
    hidden, p = rng.choice(4, n, p=[0.6, 0.25, 0.1, 0.05]), [0.6, 0.25, 0.1, 0.05]
    columns = [np.where(rng.random(n) < 0.5, hidden, rng.choice(4, n, p=p)) for _ in range(6)]
    return pd.DataFrame({f"c{j}": np.array(list("wxyz"))[codes] for j, codes in enumerate(columns)})


def skewed(n, rng):
    """A target with a long tail, for which an R² is far below 0 at times."""
    z = rng.normal(size=n)
    amount, age = np.exp(2 * z + rng.normal(size=n)), rng.integers(18, 90, n)
    return pd.DataFrame({"amount": amount, "count": rng.poisson(np.exp(0.7 * z)), "age": age})


def normal(n, rng):
    return pd.DataFrame(rng.normal(size=(n, 4)), columns=list("abcd"))


@pytest.mark.parametrize("n_holdout", [None, 40])
@pytest.mark.parametrize(("draw", "target"), [(categories, None), (skewed, "amount"), (normal, None)])
def test_few_fresh_rows_are_not_called_off(draw, target, n_holdout):
    """Some metrics are noisier than others, and all are noisier for few rows; the verdict accounts for this."""
    for seed in (0, 3, 4):
        rng = np.random.default_rng(seed)
        real, fresh = draw(160, rng), draw(80, rng)
        others = None if n_holdout is None else draw(n_holdout, rng)
        frame = evaluate(real, fresh, holdout=others, target=target, random_state=seed).to_frame()
        assert frame.loc[frame["verdict"] == "off", ["metric", "column", "value", "floor"]].values.tolist() == []


def test_the_columns_that_give_rows_away_are_named():
    """Two columns depend on each other and no longer do, which neither shows alone; a third shows its own fault."""
    rng = np.random.default_rng(0)
    def rows(n):
        frame = pd.DataFrame(rng.normal(size=(n, 5)), columns=["x", "twice", "long", "right", "other"])
        return frame.assign(twice=frame["x"] + 0.1 * frame["twice"])
    broken = rows(800)
    broken["twice"], broken["long"] = rng.permutation(broken["twice"]), 2 * broken["long"]
    report = evaluate(rows(800), broken, holdout=rows(800), random_state=0)
    told = report.telling_columns.set_index("column")
    assert set(told.index[:3]) == {"x", "twice", "long"}
    assert [set(pair) for pair in told.index[3:]] == [{"x", "twice"}]
    assert told["auc"]["long"] > 0.6 and abs(told["auc"]["x"] - 0.5) < 0.1 and told["auc"].iloc[-1] > 0.8
    assert (told["drop"].iloc[:3] > 0.02).all() and np.isnan(told["drop"].iloc[-1])
    [sentence] = [finding for finding in report.findings if finding.startswith("A classifier tells")]
    assert "'x' with 'twice' (AUC 0." in sentence or "'twice' with 'x' (AUC 0." in sentence
    assert "'long' (AUC 0." in sentence and "right" not in sentence
    assert "What gives rows away" in str(report) and "What gives rows away" in report._repr_html_()


def test_rows_that_cannot_be_told_apart_name_no_column(good):
    assert good.telling_columns.empty and good.telling_columns.columns.tolist() == ["column", "auc", "drop"]
    assert "gives rows away" not in str(good) + good._repr_html_()


@pytest.mark.usefixtures("few_trees")
def test_the_columns_with_numbers_of_single_rows_are_named():
    rng = np.random.default_rng(0)
    real, fresh = (pd.DataFrame({"income": rng.normal(size=400), "age": rng.integers(18, 90, 400)}) for _ in range(2))
    copied = fresh.assign(income=rng.permutation(real["income"]))
    report = evaluate(real, copied, holdout=fresh, random_state=0)
    [sentence] = [finding for finding in report.findings if "only one training row" in finding]
    assert sentence.endswith("They may identify someone: 'income': 100 % (0 % of fresh real rows).")
    assert not any("only one" in finding for finding in evaluate(real, fresh, random_state=0).findings)


@pytest.mark.usefixtures("few_trees")
def test_times_of_a_regular_grid_are_no_copied_numbers():
    """Each hour occurs in one row, so that any new row has the hour of a real one."""
    rng = np.random.default_rng(0)
    hours = pd.date_range("2024-01-01", periods=500, freq="h")
    rows = pd.DataFrame({"time": hours, "kwh": rng.normal(size=500)}).iloc[rng.permutation(500)]
    synthetic = pd.DataFrame({"time": hours[rng.integers(0, 500, 100)], "kwh": rng.normal(size=100)})
    report = evaluate(rows.head(400), synthetic, holdout=rows.tail(100), random_state=0)
    frame = report.to_frame().query("metric == 'unique_value_share'")
    assert frame["column"].tolist() == [None, "kwh"] and (frame["value"] == 0).all()
    assert not any("only one training row" in finding for finding in report.findings)
    # Times between those of a grid are rare values.
    odd = rows.assign(time=rows["time"] + pd.to_timedelta(rng.integers(0, 3600, 500), unit="s"))
    report = evaluate(odd.head(400), odd.head(100).assign(kwh=0.5), holdout=odd.tail(100), random_state=0)
    assert any("only one training row" in finding and "'time': 100 %" in finding for finding in report.findings)


def test_two_zeros_are_not_called_good(real, fresh):
    assert verdict("exact_copies", 0.0, 0.0, 500) == verdict("two_sample", 0.0, 0.0, 500) == "both 0"
    assert verdict("exact_copies", 0.0, 0.1, 500) == "as real"
    report = evaluate(real, fresh, random_state=0)
    assert whole(report)["verdict"]["exact_copies"] == "both 0"
    assert "0.0000       0.0000  lower      both 0" in str(report)


@pytest.mark.usefixtures("few_trees")
def test_a_report_says_how_many_columns_it_shows():
    wide = pd.DataFrame(np.random.default_rng(0).normal(size=(90, 45)))
    report = evaluate(wide.head(50), wide.tail(40), random_state=0)
    assert "Pairs of columns are those of the first 40 of 45 columns." in " ".join(str(report).split())
    assert "Pairs of columns, the worst first (of the first 40 of 45 columns)" in report._repr_html_()


@pytest.mark.usefixtures("few_trees")
def test_a_report_names_what_it_is_of(real, fresh, tmp_path):
    assert str(evaluate(real.head(40), fresh.head(30), random_state=5)).startswith("Report on synthetic rows, 20")
    report = evaluate(real.head(40), fresh.head(30), name=tmp_path / "orders.csv", random_state=5)
    assert f"rows: {tmp_path / 'orders.csv'}, 20" in " ".join(str(report).split()) and "random_state=5" in str(report)
    with pytest.raises(TypeError, match="name=3 must be a text"):
        evaluate(real, fresh, name=3)


@pytest.mark.usefixtures("few_trees")
def test_the_seed_of_a_report_gives_it_again(real, fresh):
    few = real.head(40), fresh.head(30)
    report = evaluate(*few)
    seed = int(str(report).split("random_state=")[1].split(",")[0])
    pd.testing.assert_frame_equal(evaluate(*few, random_state=seed).to_frame(), report.to_frame())


def test_a_verdict_is_beyond_chance_and_matters():
    assert verdict("precision", 0.80, 0.90, 4_000) == "off"
    assert verdict("precision", 0.87, 0.90, 4_000) == "near"
    assert verdict("precision", 0.88, 0.90, 4_000) == "as real"
    # Noise explains this for few rows, and for a share that is rescaled because few rows are held out.
    assert verdict("precision", 0.80, 0.90, 60) == "as real"
    # Within chance, and more than a quarter of the largest possible loss.
    assert verdict("nearest_record_share", 0.62, 0.5, 20, noise=3) == "as real"
    assert verdict("nearest_record_share", 0.63, 0.5, 20, noise=3) == "too few rows"
    assert verdict("authenticity", 0.1, 0.4, 40) == "too few rows" and verdict("authenticity", 0.1, 0.4, 400) == "off"
    assert verdict("train_on_synthetic", 0.0, 0.009, 40) == "as real"
    shares = "nearest_record_share", 0.6, 0.5, 250
    assert verdict(*shares) == "off" and verdict(*shares, noise=3) == "as real"
    # A few copies are not chance where no fresh row is a copy.
    assert verdict("exact_copies", 0.06, 0.0, 500) == "off" and verdict("exact_copies", 0.58, 0.5, 500) == "as real"
    # A negative R² counts as 0.
    assert verdict("train_on_synthetic", -427.0, -5.0, 100) == "as real"
    assert verdict("energy_distance", 9.0, 0.0, 4_000) == verdict("density", 0.5, 1.0, 4_000) == ""


def test_whatever_is_off_is_said():
    """No problem is reported only where there is none: here, only a quadratic model finds the difference."""
    rng = np.random.default_rng(0)
    mix = np.random.default_rng(5).normal(size=(5, 5))
    real, made = rng.normal(size=(1_000, 5)) @ mix, rng.normal(size=(500, 5)) @ mix
    report = evaluate(real, made + 0.25 * real.std(axis=0) * rng.normal(size=made.shape), random_state=0)
    said = re.fullmatch(
        r"Worse than fresh real rows: two_sample_quadratic (.*) \((.*) for fresh real rows\)\.", report.findings[0]
    )
    assert float(said[1]) < 0.8 < float(said[2])


def test_orders_that_real_rows_keep_are_said_where_they_are_broken():
    rng = np.random.default_rng(0)

    def ordered(n, lag):
        asked = np.datetime64("2024-01-01") + rng.integers(0, 300, n)
        low = rng.normal(size=n)
        return pd.DataFrame({
            "asked": asked, "sent": asked + lag(n), "low": low, "high": low + rng.exponential(size=n),
            "cents": rng.integers(1, 100, n), "year": rng.integers(1990, 2020, n),
        }).astype({"asked": "datetime64[s]", "sent": "datetime64[s]"})

    def kept(n):
        return rng.integers(0, 9, n).astype("m8[D]")

    def broken(n):
        return rng.integers(-4, 5, n).astype("m8[D]")

    real = ordered(800, kept)
    findings = " ".join(evaluate(real, ordered(800, broken), random_state=0).findings)
    [share] = re.findall(r"Synthetic rows have what no real row has: 'asked' after 'sent' \(([0-9.]+) %\)", findings)
    assert 35 < float(share) < 55 and "'low' greater" not in findings
    swapped = ordered(800, kept).rename(columns={"low": "high", "high": "low"})[list(real)]
    findings = " ".join(evaluate(real, swapped, random_state=0).findings)
    assert "'low' greater than 'high' (100 %)." in findings
    assert "what no real row has" not in " ".join(evaluate(real, ordered(800, kept), random_state=0).findings)


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize(("n", "share", "is_said"), [(50, 0.04, False), (1_000, 0.04, True)])
def test_missing_values_in_one_table_only_are_distinguished_from_chance(n, share, is_said):
    whole_column = pd.DataFrame({"a": np.arange(float(n))})
    with_missing = whole_column.mask(whole_column["a"] < share * n)
    for pair in ((whole_column, with_missing), (with_missing, whole_column)):
        found = " ".join(evaluate(*pair, random_state=0).findings)
        assert ("Column 'a' has missing values" in found) == is_said


@pytest.mark.parametrize("target", [["price"], np.arange(600), pd.Series([1.0, 2.0])])
def test_a_target_is_one_column(real, fresh, target):
    with pytest.raises(ValueError, match="is not a column of real"):
        evaluate(real, fresh, target=target)


def test_messages_call_things_as_they_were_given(real, fresh):
    with pytest.raises(ValueError, match="synthetic lacks .*, which real has"):
        evaluate(real, fresh.rename(columns={"price": "cost"}))
    with pytest.raises(ValueError, match="synthetic is None"):
        evaluate(real, None)
    with pytest.raises(ValueError, match="only column of real"):
        evaluate(real[["price"]], fresh[["price"]], target="price")
    with pytest.raises(ValueError, match="leave features out"):
        evaluate(real, fresh, features="pca")
    images = np.random.default_rng(0).random((40, 12, 12))
    with pytest.raises(TypeError, match="synthetic has dtype object"):
        evaluate(images, None, holdout=images)
    with pytest.raises(ValueError, match="Images of synthetic have .* those of real have"):
        evaluate(images, images[:, 1:])
    with pytest.raises(ValueError, match="target has 2 rows and 1 columns, but real has 40"):
        evaluate(images, images, target=[0, 1])


def test_messages_about_images_name_the_parameters_of_evaluate():
    images = np.random.default_rng(0).random((60, 8, 8))
    real, synthetic = images[:40], images[40:]
    with pytest.raises(ValueError, match="^target has only the class '1'"):
        evaluate(real, synthetic, target=np.ones(40, dtype=int))
    with pytest.raises(ValueError, match="needs the labels of real; pass them as target"):
        evaluate(real, synthetic, features="classifier")
    with pytest.raises(ValueError, match="^All 40 rows of real are equal"):
        evaluate(np.zeros((40, 8, 8)), synthetic, features="pca")
    with pytest.raises(ValueError, match="^features must map real to a matrix"):
        evaluate(real, synthetic, features=lambda X: X)
    with pytest.raises(ValueError, match="as many features as for real"):
        evaluate(real, synthetic, features=lambda X: X.reshape(len(X), -1)[:, : len(X)])


def test_an_error_of_the_callers_features_stays_as_it_is():
    images = np.random.default_rng(0).random((60, 8, 8))
    error = UnicodeDecodeError("utf-8", b"X_real", 0, 1, "X_real")

    def features(X):
        raise error

    with pytest.raises(UnicodeDecodeError) as caught:
        evaluate(images[:40], images[40:], features=features)
    assert caught.value is error
