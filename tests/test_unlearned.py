"""Identifiers of X are generated anew, and its free text is not shown."""

import copy
import pickle
import re
import uuid
import warnings
from functools import cache

import numpy as np
import pandas as pd
import polars as pl
import pytest
from identifier_columns import IDENTIFIERS, NONE, persons, rng, uuids, words
from sklearn.base import clone

from skgan import ConditionalGANSampler, GANSampler, load, save
from skgan.encoders import TEXT
from skgan.exceptions import FreeTextWarning, IdentifierWarning, RareCategoryWarning
from skgan.metrics import METRICS, get_scorer, make_sampler_scorer

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

N, N_NEW = 200, 1200
TINY = {"max_iter": 2, "refine": False, "hidden_layer_sizes": (4,), "random_state": 0}
WORDS = "the of patient was seen in on clinic pain knee left right with no some severe mild today".split()


def notes(n=N):
    return [f"{i} {' '.join(row)}" for i, row in enumerate(rng().choice(WORDS, (n, 8)))]


def frame(n=N, **columns):
    """A frame with two columns that are learned, and others."""
    learned = {"age": rng().integers(18, 90, n), "city": rng().choice(["A", "B", "C"], n)}
    return pd.DataFrame({**learned, **columns})


def with_ids(n=N):
    return frame(n, order_id=np.arange(1, n + 1), uuid=uuids(n=n), person=persons()[:n], note=notes(n))


def fitted(X, sampler=GANSampler, **parameters):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sampler(**{**TINY, **parameters}).fit(X)


@cache
def fitted_once(free_text):
    """A sampler of `with_ids()` with some persons missing, for tests that change nothing of it."""
    X = with_ids()
    X.loc[::3, "person"] = None
    return X, fitted(X, free_text=free_text)


def told(X, kind, **parameters):
    """The messages of the warnings of one kind that a fit gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        GANSampler(**{**TINY, **parameters}).fit(X)
    return [str(each.message) for each in caught if each.category is kind]


def assert_new(drawn, training):
    assert drawn.is_unique
    assert not set(drawn.tolist()) & set(training.dropna().tolist())


# Identifiers ----------------------------------------------------------------------------------------------------

LONG = {name: kind for name, kind in IDENTIFIERS.items() if 50 <= len(kind[0])}
# Numbers beyond int64 are read as floats, and those of 8 bits have no room for new ones.
TOO_LARGE, FULL = "64 bits", "unsigned"


@pytest.mark.parametrize("name", sorted(set(LONG) - {TOO_LARGE, FULL}))
def test_each_kind_of_identifier_is_new_and_distinct(name):
    values, _, pattern = LONG[name]
    X = frame(len(values), column=pd.Series(values))
    drawn = fitted(X).sample(N_NEW)
    assert drawn["column"].dtype == X["column"].dtype
    present = drawn["column"].dropna()
    assert set(map(type, present)) == set(map(type, X["column"].dropna()))
    assert all(re.fullmatch(pattern, str(value), re.DOTALL) for value in present)
    assert_new(present, X["column"])


REFUSED = ("infinity", "Decimal-like objects")


@pytest.mark.parametrize("name", [name for name, values in NONE.items() if len(values) >= 50 and name not in REFUSED])
def test_other_columns_are_learned(name):
    values = pd.Series(NONE[name])
    sampler = fitted(frame(len(values), column=values))
    assert not sampler._model.encoder.identifiers


def test_identifiers_are_told_in_one_sentence():
    [message] = told(with_ids()[["age", "order_id"]], IdentifierWarning)
    assert message == (
        "Column 'order_id' holds sequential numbers; generated rows get new ones. Pass id_columns=None to model it "
        "like other columns."
    )
    [message] = told(with_ids(), IdentifierWarning)
    assert message.startswith("Columns 'order_id' (sequential numbers), 'uuid' (UUIDs) and 'person' (names of persons)")


def test_what_may_be_an_identifier_is_learned_and_told():
    X = with_ids()[["age", "uuid"]].assign(depth=rng().permutation(N) * 5)
    [message] = told(X, IdentifierWarning)
    assert "Column 'depth' may hold identifiers" in message and "id_columns=['uuid', 'depth']" in message
    drawn = fitted(X).sample(N_NEW)
    assert drawn["depth"].between(0, 5 * N).all()
    assert_new(fitted(X, id_columns=["depth"]).sample(N_NEW)["depth"], X["depth"])


@pytest.mark.parametrize("id_columns", [None, ["uuid", "order_id", "person"], [2, 3, 4], [0, 0, 1, 1, 1, 0]])
def test_who_chooses_is_not_told(id_columns):
    chosen = np.array(id_columns, dtype=bool) if id_columns and len(id_columns) == 6 else id_columns
    assert not told(with_ids(), IdentifierWarning, id_columns=chosen)
    assert sorted(fitted(with_ids(), id_columns=chosen)._model.encoder.identifiers) == ([2, 3, 4] if id_columns else [])


def test_none_learns_all_columns():
    X = with_ids()
    drawn = fitted(X, id_columns=None, free_text="keep").sample(N_NEW)
    assert set(drawn["person"]) <= set(X["person"]) and set(drawn["note"]) <= set(X["note"])
    assert drawn["order_id"].between(1, N).all()


@pytest.mark.parametrize("values", [
    rng().integers(1, 30, N), [f"key {i % 7}" for i in range(N)], rng().choice(["red", "blue"], N),
    [None, *notes(N - 1)], np.where(np.arange(N) % 5, rng().integers(1, 9, N), np.nan),
], ids=["numbers", "texts", "words", "free text", "missing"])  # fmt: skip
def test_a_listed_column_is_always_generated_anew(values):
    X = frame(column=values)
    drawn = fitted(X, id_columns=["column"]).sample(N_NEW)["column"]
    assert drawn.dtype == X["column"].dtype
    assert_new(drawn.dropna(), X["column"])
    assert drawn.isna().any() == X["column"].isna().any()


@pytest.mark.parametrize(("values", "words"), [
    (rng().normal(size=N), "neither whole numbers, nor texts"),
    (pd.date_range("2020", periods=N), "neither whole numbers, nor texts"),
    (["a" * (300 + i) for i in range(N)], "neither whole numbers, nor texts"),
    (pd.Categorical(persons()[:N]), r"dtype cannot hold new identifiers.*astype\(object\)"),
    (np.arange(N, dtype=np.uint8), r"dtype cannot hold new identifiers.*astype\('int64'\)"),
])  # fmt: skip
def test_a_listed_column_without_new_identifiers_is_refused(values, words):
    with pytest.raises(ValueError, match=f"id_columns has column 'column', wh.*{words}"):
        GANSampler(**TINY, id_columns=["column"]).fit(frame(column=values))


@pytest.mark.parametrize(("id_columns", "words"), [
    ("uuid", r"id_columns must be 'auto' or an array-like.*A list is meant: id_columns=\['uuid'\]"),
    ("Auto", r"id_columns must be 'auto' .* Columns are named in a list, such as id_columns=\['age'\]"),
    (1, r"id_columns must be 'auto' .* Columns are named in a list, such as id_columns=\['age'\]"),
    (["uuids"], "id_columns has the item 'uuids', which is not a feature name"),
    ([9], "id_columns set as integer indices must be in"),
    ([True], "id_columns set as a boolean mask must have shape"),
])  # fmt: skip
def test_bad_id_columns(id_columns, words):
    with pytest.raises(ValueError, match=words):
        GANSampler(**TINY, id_columns=id_columns).fit(with_ids())


def test_a_column_is_not_both_category_and_identifier():
    with pytest.raises(ValueError, match="id_columns and categorical_features both have column 'age'"):
        GANSampler(**TINY, id_columns=["age"], categorical_features=["age"]).fit(with_ids())
    X = with_ids()
    assert 2 not in fitted(X, categorical_features=["order_id"])._model.encoder.identifiers


@pytest.mark.parametrize(
    "values", [pd.Categorical(persons()[:N]), np.arange(N, dtype=np.uint8)], ids=["category", "uint8"]
)
def test_a_dtype_without_room_is_learned_and_told(values):
    X = frame(column=values)
    [message] = told(X, IdentifierWarning)
    assert "its dtype has no room for new ones" in message and "astype" in message
    assert fitted(X).sample(10)["column"].dtype == X["column"].dtype


def test_too_many_for_the_dtype_is_an_error_and_no_repetition():
    sampler = fitted(frame(column=np.arange(N, dtype=np.int16)))
    assert sampler.sample(20_000)["column"].is_unique
    with pytest.raises(ValueError, match="'column' has a dtype that cannot hold the new identifier"):
        sampler.sample(40_000)


def test_a_table_of_identifiers_only_is_refused():
    with pytest.raises(ValueError, match="All columns of X hold identifiers .'order_id', 'uuid'.*id_columns=None"):
        GANSampler(**TINY).fit(with_ids()[["order_id", "uuid"]])
    with pytest.raises(ValueError, match="All columns of X hold identifiers or free text"):
        GANSampler(**TINY, free_text="drop").fit(with_ids()[["order_id", "note"]])


CODES = [f"QX-{i:04d}" for i in rng().choice(10**4, 40, replace=False)]
MADE = ["Anna Bell", "Peter Quill", "Mary Stone", "Zoltan Weber", "Berta Frost", "Otto Lang", "Ida Moore"]
# name of the column: (values, the fewest rows in which they are found)
SMALL = {
    "contact": ([f"{name.replace(' ', '.').lower()}{i}@firm.com" for i in range(6) for name in MADE], 1),
    "token": (uuids(n=40), 1),
    "page": ([f"https://firm.com/{i}" for i in range(40)], 1),
    "customer_id": ([100 + 7 * i * i for i in range(40)], 5),
    "order no": (CODES, 5),
    "patient": ([f"{name}{letter}" for letter in "abcdef" for name in MADE], 5),
    "code": (CODES, 10),
    "reached at": ([f"+49 30 {i:07d}" for i in rng().choice(10**7, 40, replace=False)], 10),
    "address": ([f"10.0.{i}.{i * 3}" for i in range(40)], 10),
}


@pytest.mark.parametrize("name", SMALL)
def test_identifiers_of_small_tables(name):
    values, least = SMALL[name]
    for n in sorted({1, 4, 5, 9, 10, 30}):
        X = frame(n, **{name: values[:n]})
        assert fitted(X).id_columns_ == ([name] if n >= least else []), n
        if n >= least:
            drawn = fitted(X).sample(50)[name]
            assert_new(drawn, X[name])
    if least > 1:
        # Whoever names a column has it replaced in any table.
        X = frame(least - 1, **{name: values[: least - 1]})
        assert_new(fitted(X, id_columns=[name]).sample(50)[name], X[name])


def test_declared_identifiers_of_a_clear_kind_keep_it_in_any_table():
    X = frame(3, contact=SMALL["contact"][0][:3])
    assert fitted(X, id_columns=["contact"]).sample(9)["contact"].str.contains("@example").all()


def test_what_small_tables_leave_open_is_learned():
    uncertain = {"rank": range(1, 31), "dose": [str(i) for i in range(1, 31)], "label": words(5, 30)}
    X = frame(30, **uncertain)
    assert fitted(X).id_columns_ == [] and not told(X, IdentifierWarning)


@pytest.mark.parametrize("n", [1, 2, 3, 9, 10, 49])
def test_free_text_of_small_tables(n):
    X = frame(n, note=notes(n))
    assert set(fitted(X).sample(30)["note"]) == {"[text]"}
    assert "note" not in fitted(X, free_text="drop").sample(30)
    assert set(fitted(X, free_text="keep").sample(30)["note"]) <= set(X["note"])
    assert len(told(X, FreeTextWarning)) == 1


def test_long_categories_of_small_tables_are_no_free_text():
    X = frame(8, degree=["bachelor of science in physics", "master of arts in history"] * 4)
    assert set(fitted(X).sample(30)["degree"]) == set(X["degree"])


def test_missing_identifiers_keep_their_rate():
    X = frame(1000, mail=[f"x{i}@firm.de" if i % 4 else None for i in range(1000)])
    drawn = fitted(X, max_iter=30, refine=True).sample(4000)["mail"]
    assert 0.2 < drawn.isna().mean() < 0.3
    assert_new(drawn.dropna(), X["mail"])


def test_fewer_identifiers_are_the_first_of_more():
    sampler = fitted(with_ids())
    many = sampler.sample(3000, random_state=5)
    for n in (1, 300, 1100):
        pd.testing.assert_frame_equal(sampler.sample(n, random_state=5), many[:n])
    assert not set(sampler.sample(300, random_state=6)["uuid"]) & set(many["uuid"])
    assert not set(sampler.sample(300)["uuid"]) & set(sampler.sample(300)["uuid"])


def test_identifiers_are_not_learned_from_and_do_not_change_the_rest():
    X = with_ids()
    expected = fitted(X[["age", "city"]], refine=True).sample(100)
    drawn = fitted(X.drop(columns="note"), refine=True).sample(100)
    pd.testing.assert_frame_equal(drawn[["age", "city"]], expected)


def test_no_other_part_looks_at_them():
    X = with_ids().assign(name=[f"name of {i % 150}" for i in range(N)])
    with pytest.warns(RareCategoryWarning) as caught:
        GANSampler(**TINY).fit(X)
    messages = [str(each.message) for each in caught if each.category is RareCategoryWarning]
    assert len(messages) == 1 and "'name'" in messages[0] and "'person'" not in messages[0]
    merged = fitted(X.drop(columns="name"), rare_categories="merge").sample(N_NEW)
    assert_new(merged["person"], X["person"])


def test_scores_ignore_identifiers():
    X = with_ids()
    sampler = fitted(X, max_iter=30, refine=True)
    other = X.assign(order_id=X["order_id"] + 10**6, uuid=uuids(1, N), person="Nobody", note="n")
    assert sampler.score(X) == sampler.score(other)
    assert np.array_equal(sampler.score_samples(X), sampler.score_samples(other))
    assert sampler.score(sampler.sample(400, random_state=3)) > 0.8


def test_a_file_holds_the_ends_of_numbers_that_count_and_no_other_identifier(tmp_path):
    X = pd.DataFrame({"customer_id": 734_100 + np.arange(300), "age": np.arange(300) % 50})
    X["order"] = [f"ORD-{5_000_000 + i}" for i in range(300)]
    sampler = GANSampler(max_iter=2, refine=False, random_state=0).fit(X)
    assert sampler.id_columns_ == ["customer_id", "order"]
    save(sampler, tmp_path / "model")
    content = (tmp_path / "model").read_bytes()
    shown = [number for number in X["customer_id"] if str(number).encode() in content]
    assert shown == [734_100, 734_399] and sampler.sample(1)["customer_id"].tolist() == [734_400]
    assert [number for number in range(5_000_000, 5_000_300) if str(number).encode() in content] == [5_000_299]


def test_fitted_attributes_name_them(tmp_path):
    sampler = fitted(with_ids())
    assert sampler.id_columns_ == ["order_id", "uuid", "person"] and sampler.text_columns_ == ["note"]
    save(sampler, tmp_path / "model")
    assert load(tmp_path / "model").id_columns_ == sampler.id_columns_
    assert fitted(with_ids(), free_text="drop").text_columns_ == ["note"]
    sampler = fitted(with_ids(), free_text="keep", id_columns=None)
    assert sampler.id_columns_ == sampler.text_columns_ == []
    assert fitted(with_ids().to_numpy()).id_columns_ == [2, 3, 4]


@pytest.mark.parametrize("free_text", ["replace", "drop"])
def test_scorers_compare_what_is_learned(free_text):
    X = with_ids(150)
    sampler = fitted(X, max_iter=30, free_text=free_text)
    learned = X[["age", "city"]]
    for name in ("two_sample", "coverage", "column_shapes"):
        score, drawn = get_scorer(name)(sampler, X), sampler.sample(len(X), random_state=0)
        assert score == METRICS[name].function(learned, drawn[["age", "city"]], random_state=0, paired=False)
    found = make_sampler_scorer("verbatim_text", X_train=X)(fitted(X, max_iter=30), X)
    kept = fitted(X, free_text="keep", id_columns=None)
    assert found == 0 and make_sampler_scorer("verbatim_text", X_train=X)(kept, X) < -0.9


def test_interpolation_has_new_identifiers():
    X = with_ids()
    rows = fitted(X).interpolate(0, 1, 50)
    assert_new(rows["uuid"], X["uuid"])
    pd.testing.assert_frame_equal(rows, fitted(X).interpolate(0, 1, 50))


COPIES = {
    "pickle": lambda sampler, path: pickle.loads(pickle.dumps(sampler)),
    "deepcopy": lambda sampler, path: copy.deepcopy(sampler),
    "file": lambda sampler, path: save(sampler, path) or load(path),
}


@pytest.mark.parametrize("free_text", ["replace", "drop"])
@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_copies_draw_the_same(copied, free_text, tmp_path):
    X, sampler = fitted_once(free_text)
    again = copied(sampler, tmp_path / "model")
    pd.testing.assert_frame_equal(again.sample(100, random_state=1), sampler.sample(100, random_state=1))
    assert again.score(X) == sampler.score(X)


def test_a_file_holds_no_identifier_and_no_text(tmp_path):
    X = with_ids()
    save(fitted(X), tmp_path / "model")
    content = (tmp_path / "model").read_bytes()
    for name in ("uuid", "person", "note"):
        assert not any(str(value).encode() in content for value in X[name])


def test_clones_keep_the_parameters():
    sampler = clone(GANSampler(id_columns=["a"], free_text="drop"))
    assert sampler.get_params()["id_columns"] == ["a"] and sampler.get_params()["free_text"] == "drop"
    assert sampler.set_params(id_columns=None).id_columns is None


def test_conditional_sampler():
    X = with_ids()
    y = X.pop("city")
    with pytest.warns(IdentifierWarning, match="'order_id'"):
        sampler = ConditionalGANSampler(**TINY).fit(X, y)
    drawn, given = sampler.sample(y=y.tolist() * 6)
    assert len(drawn) == N_NEW and (given == y.tolist() * 6).all()
    for name in ("order_id", "uuid", "person"):
        assert_new(drawn[name], X[name])
    assert 0 <= sampler.score(X, y) <= 1
    assert_new(sampler.interpolate(0, 1, 30, y="A")["uuid"], X["uuid"])


def test_polars_and_arrays():
    X = with_ids().assign(uuid=lambda X: X["uuid"].astype(str))
    sampler = fitted(pl.from_pandas(X))
    drawn = sampler.sample(N_NEW)
    assert drawn.schema == pl.from_pandas(X).schema
    for name in ("order_id", "uuid", "person"):
        assert_new(drawn[name].to_pandas(), X[name])
    array = X.to_numpy()
    drawn = fitted(array).sample(N_NEW)
    assert drawn.dtype == object
    for j in (2, 3, 4):
        assert_new(pd.Series(drawn[:, j]), X.iloc[:, j])
    texts = np.array([[f"AB-{i:05d}", "xy"[i % 2]] for i in range(N)])
    assert_new(pd.Series(fitted(texts).sample(N_NEW)[:, 0]), pd.Series(texts[:, 0]))


# Free text ------------------------------------------------------------------------------------------------------


def test_texts_are_replaced_and_missing_ones_stay_missing():
    X = with_ids()
    X.loc[::4, "note"] = None
    [message] = told(X, FreeTextWarning)
    assert message.startswith("Column 'note' holds free text, so generated rows show '[text]' in its place.")
    drawn = fitted(X, max_iter=30).sample(N_NEW)["note"]
    assert drawn.dtype == X["note"].dtype
    assert set(drawn.dropna()) == {TEXT} and 0.1 < drawn.isna().mean() < 0.4


def test_dropped_columns_are_not_in_rows():
    X = with_ids().assign(review=notes()[::-1])
    [message] = told(X, FreeTextWarning, free_text="drop")
    assert message.startswith("Each of the columns 'note', 'review' holds free text, so generated rows leave it out.")
    for given, without in (
        (X, X.drop(columns=["note", "review"])),
        (X.to_numpy(), X.to_numpy()[:, :5]),
        (pl.from_pandas(X.drop(columns="uuid")), None),
    ):
        sampler = fitted(given, free_text="drop")
        drawn = sampler.sample(30)
        assert drawn.shape[1] == given.shape[1] - 2 == sampler.n_features_in_
        # Rows with these columns and without them are accepted.
        assert sampler.score(given) == sampler.score(given if without is None else without)
        sampler.score(drawn)
        sampler.invert(given[:2])


def test_kept_texts_are_told():
    [message] = told(with_ids(), FreeTextWarning, free_text="keep")
    assert message.startswith("Column 'note' holds free text, and generated rows show texts of X verbatim.")


@pytest.mark.parametrize("values", [
    rng().choice([f"a long category of many words {i}" for i in range(5)], N),
    pd.date_range("2020", periods=N).strftime("%A, %d %B %Y, %H:%M"), persons()[:N],
], ids=["categories", "dates", "persons"])  # fmt: skip
def test_what_is_no_free_text(values):
    assert not told(frame(column=values), FreeTextWarning)


@pytest.mark.parametrize(
    "values", [pd.Categorical(notes()), pl.Series(notes(), dtype=pl.Enum(notes()))], ids=["pandas", "polars"]
)
def test_a_dtype_that_cannot_hold_the_replacement_is_refused(values):
    X = frame(note=values) if isinstance(values, pd.Categorical) else pl.from_pandas(frame()).with_columns(note=values)
    with pytest.raises(
        ValueError, match=r"Column 'note' holds free text, but its dtype cannot hold '\[text\]'.*astype"
    ):
        GANSampler(**TINY).fit(X)
    fitted(X, free_text="drop")


def test_an_unknown_word_is_refused():
    with pytest.raises(ValueError, match="free_text='Drop' is not a known word.*Did you mean 'drop'"):
        GANSampler(free_text="Drop").fit(with_ids())


@pytest.mark.parametrize("given", [{"id_columns": ["a"]}, {"free_text": "keep"}], ids=str)
def test_images_have_no_such_columns(given):
    X = rng().integers(0, 255, (20, 8, 8)).astype(np.uint8)
    with pytest.warns(UserWarning, match=f"{next(iter(given))}=.* is for tables and is not used"):
        GANSampler(**TINY, **given).fit(X)


def test_no_object_of_x_is_changed():
    X = with_ids()
    before = X.copy(deep=True)
    fitted(X)
    pd.testing.assert_frame_equal(X, before)
    assert isinstance(fitted(X).sample(1)["uuid"][0], uuid.UUID)


def test_identifiers_that_a_list_leaves_out_are_named():
    X = pd.DataFrame({
        "order": [f"AB-{i:05}" for i in range(60)],
        "mail": [f"user{i}@mail.net" for i in np.random.default_rng(0).permutation(60)],
        "x": np.random.default_rng(1).normal(size=60),
    })
    with pytest.warns(IdentifierWarning, match="^Column 'mail' holds e-mail addresses, but it is not in id_columns"):
        GANSampler(**{**TINY, "id_columns": ["order"]}).fit(X)
    with warnings.catch_warnings():
        warnings.simplefilter("error", IdentifierWarning)
        GANSampler(**{**TINY, "id_columns": ["order", "mail"]}).fit(X)


def test_numbers_of_nineteen_digits_get_new_ones_of_their_dtype():
    values = np.random.default_rng(0).integers(10**18, 9 * 10**18, 200)
    X = pd.DataFrame({"customer_id": values, "x": np.random.default_rng(1).normal(size=200)})
    with pytest.warns(IdentifierWarning, match="Column 'customer_id' holds random numbers"):
        new = GANSampler(**TINY).fit(X).sample(500, random_state=0)["customer_id"]
    assert new.dtype == np.int64 and new.is_unique and new.min() >= 10**18
    assert set(new).isdisjoint(values)
