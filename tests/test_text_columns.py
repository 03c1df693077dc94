"""Columns of text that hold numbers, dates or times: modelled as such with infer_types=True, else warned about."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from problems import TINY

from skgan import ConditionalGANSampler, GANSampler, evaluate
from skgan._forms import form_from_state, read_table, read_tables
from skgan._text_values import find_style
from skgan.exceptions import TextColumnWarning
from skgan.metrics import column_shapes, make_sampler_scorer, make_utility_scorer
from skgan.persistence import load, save

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

N = 240
SMALL = {"id_columns": None, **TINY, "refine": False}


def texts(n=N, seed=0):
    """Columns of text by the dtype of their values: n different amounts, 365 days, ..."""
    rng = np.random.default_rng(seed)
    amount = rng.lognormal(6, 1, n)
    days = np.datetime64("2024-01-01") + rng.integers(0, 365, n)
    return pd.DataFrame({
        "price": [f"${value:,.2f}" for value in amount],
        "day": pd.Series(days).dt.strftime("%m/%d/%Y").tolist(),
        "rate": [f"{value:.1f}%" for value in 100 * rng.random(n)],
        "clock": [f"{hour:02d}:{minute:02d}" for hour, minute in zip(rng.integers(0, 24, n), rng.integers(0, 60, n))],
        "length": [f"{hours}h {minutes:02d}m" for hours, minutes in rng.integers(1, 60, (n, 2))],
    }, dtype=object)


DTYPES = {"price": "f8", "day": "M8[us]", "rate": "f8", "clock": "f8", "length": "f8"}


def polars_frame(frame):
    return pytest.importorskip("polars").from_pandas(frame)


def arrow_frame(frame):
    pa = pytest.importorskip("pyarrow")
    return frame.astype(pd.ArrowDtype(pa.string()))


def pandas_text(storage):
    def convert(frame):
        if storage == "pyarrow":
            pytest.importorskip("pyarrow")
        return frame.astype(pd.StringDtype(storage))

    return convert


CONTAINERS = {
    "object": lambda frame: frame,
    "string[python]": pandas_text("python"),
    "string[pyarrow]": pandas_text("pyarrow"),
    "Arrow": arrow_frame,
    "polars": polars_frame,
    "array of text": lambda frame: frame.to_numpy().astype(str),
    "array of objects": lambda frame: frame.to_numpy(),
}


def plain(X):
    return X.to_numpy() if hasattr(X, "to_numpy") else X


def rebuilt(table, form=None):
    return (form or table.form).rebuild([(column.values, column.missing) for column in table.columns])


@pytest.mark.parametrize("container", CONTAINERS)
def test_columns_are_read_as_numbers_and_written_back_alike(container):
    X = CONTAINERS[container](texts())
    table = read_table(X, infer_types=True)
    assert [column.kind for column in table.columns] == ["numeric"] * 5
    assert [column.values.dtype.str[1:] for column in table.columns] == ["f8", "i8", "f8", "f8", "f8"]
    assert not any(column.missing.any() for column in table.columns)
    assert table.form.times == (False, True, False, False, False)
    amounts = [float(text[1:].replace(",", "")) for text in plain(X)[:, 0]]
    assert table.columns[0].values.tolist() == amounts
    days = pd.to_datetime(plain(X)[:, 1], format="%m/%d/%Y").to_numpy("M8[us]")
    assert np.array_equal(table.columns[1].values, days.view(np.int64))
    for form in (table.form, form_from_state(table.form.get_state()), pickle.loads(pickle.dumps(table.form))):
        back = rebuilt(table, form)
        assert type(back) is type(X) and np.array_equal(plain(back), plain(X))
        if hasattr(X, "dtypes"):
            assert list(back.dtypes) == list(X.dtypes)
        # New rows are read in the fitted style, one alone as well.
        again = form.read_like(X[:1])
        assert [column.values[0] for column in again.columns] == [column.values[0] for column in table.columns]


@pytest.mark.parametrize("infer_types", [False, True])
def test_without_the_parameter_text_stays_text(infer_types):
    assert {column.kind for column in read_table(texts(), infer_types=infer_types).columns} == {
        "numeric" if infer_types else "categorical"}


STAY = {
    "few values": np.resize([f"${value}.00" for value in range(10)], N),
    "letters": np.array([f"A{i}" for i in range(N)]),
    "codes with leading zeros": np.array([f"{i:05d}" for i in range(N)]),
    "words": np.resize([f"kind {i}" for i in range(30)], N),
    "mixed": np.resize(np.array(["$1.00", 2.0, True], dtype=object), N),
    "missing": np.full(N, None),
}


@pytest.mark.parametrize("name", STAY)
def test_other_text_stays_categories_without_a_warning(name):
    X = pd.DataFrame({"x": pd.Series(STAY[name], dtype=object), "y": np.arange(N)})
    assert read_table(X, infer_types=True).columns[0].kind == "categorical"
    with warnings.catch_warnings():
        warnings.simplefilter("error", TextColumnWarning)
        GANSampler(**SMALL).fit(X)


def test_eleven_values_are_enough():
    X = pd.DataFrame({"x": np.resize([f"${value}.00" for value in range(11)], N)})
    assert read_table(X, infer_types=True).columns[0].kind == "numeric"


def test_declared_columns_and_category_dtypes_stay_categories():
    X = texts().astype({"rate": "category"})
    table = read_table(X, infer_types=True, categorical_features=["price"])
    kinds = {column.name: column.kind for column in table.columns}
    assert (kinds["price"], kinds["rate"], kinds["day"]) == ("categorical", "categorical", "numeric")


def test_categories_of_polars_stay_categories():
    pl = pytest.importorskip("polars")
    X = pl.from_pandas(texts()).with_columns(pl.col("price").cast(pl.Categorical))
    assert read_table(X, infer_types=True).columns[0].kind == "categorical"


def with_exceptions(n_exceptional=8, n_missing=2):
    X = texts()[["price"]]
    X.iloc[: n_exceptional + n_missing, 0] = ["n/a"] * n_exceptional + [None] * n_missing
    return X


def test_exceptions_come_back_in_their_share():
    table = read_table(with_exceptions(), infer_types=True)
    [column] = table.columns
    assert column.missing.sum() == 10 and column.missing[:10].all()
    long = np.resize(column.values, 10 * N), np.resize(column.missing, 10 * N)
    prices = table.form.rebuild([long])["price"]
    assert ((prices == "n/a").sum(), prices.isna().sum()) == (80, 20)
    assert table.form.read_like(table.form.rebuild([long])).columns[0].missing.sum() == 100
    # The first rows of many are those of a few.
    few = table.form.rebuild([(column.values, column.missing)])["price"]
    assert few.equals(prices[:N])


def test_each_word_for_a_missing_value_comes_back_in_its_share():
    X = texts()[["price"]]
    words = ["n/a"] * 16 + ["unknown"] * 12 + ["-"] * 8 + [None] * 4 + ["heavy"] * 3
    X.iloc[: len(words), 0] = np.random.default_rng(0).permutation(np.array(words, dtype=object))
    table = read_table(X, infer_types=True)
    [column] = table.columns
    assert column.missing.sum() == 43
    long = np.resize(column.values, 10 * N), np.resize(column.missing, 10 * N)
    counts = table.form.rebuild([long])["price"].value_counts(dropna=False)
    assert [counts[word] for word in ("n/a", "unknown", "-")] == [160, 120, 80]
    # Other texts may say anything, and become missing.
    assert counts[counts.index.isna()].sum() == 70 and "heavy" not in counts
    few = table.form.rebuild([(column.values, column.missing)])["price"]
    assert few.equals(table.form.rebuild([long])["price"][:N])
    array = X.fillna("-").to_numpy().astype(str)
    found = pd.Series(rebuilt(read_table(array, infer_types=True))[:, 0]).value_counts()
    assert not {"None", "", "heavy"} & set(found.index) and found["n/a"] == pytest.approx(16 * 43 / 40, abs=1)


def test_rare_exceptions_are_missing_and_not_stored():
    table = read_table(with_exceptions(4, 2), infer_types=True)
    assert rebuilt(table)["price"].isna().sum() == 6
    assert "n/a" not in repr(table.form.get_state())


def test_exceptions_of_an_array_of_text_are_text():
    X = with_exceptions(8, 0).to_numpy().astype(str)
    assert np.array_equal(rebuilt(read_table(X, infer_types=True)), X)
    X[:8, 0] = [f"unknown {i}" for i in range(8)]
    assert (rebuilt(read_table(X, infer_types=True))[:8, 0] == "").all()


def test_text_of_fixed_width_is_not_cut_off():
    table = read_table(np.array([[f"{value}"] for value in [*range(-50, 50), 0.25]]), infer_types=True)
    assert table.form.rebuild([(np.array([-49.75]), np.array([False]))]).tolist() == [["-49.75"]]


def test_new_rows_may_hold_numbers_or_another_text():
    table = read_table(texts(), infer_types=True)
    new = texts(3).assign(price=[1.5, 2.0, np.nan], day=pd.to_datetime(["2024-03-01", "2024-03-02", None]))
    price, day, *_ = table.form.read_like(new).columns
    assert price.values.tolist() == [1.5, 2.0, 0] and price.missing.tolist() == [False, False, True]
    assert day.values[:2].tolist() == [1709251200000000, 1709337600000000] and day.missing.tolist() == [
        False, False, True]
    new = texts(3).assign(price=["€5", "$5", "five"])
    assert table.form.read_like(new).columns[0].missing.tolist() == [True, False, True]


def test_a_column_of_another_kind_is_refused():
    table = read_table(texts(), infer_types=True)
    with pytest.raises(ValueError, match=r"Column 'price' of X holds 'a', but was an amount in \"\$\" .* when it was"):
        table.form.read_like(texts(20).assign(price="a"))
    with pytest.raises(ValueError, match="Column 'day' of X holds a number, but held a datetime when it was fitted"):
        table.form.read_like(texts(20).assign(day=1.5))


@pytest.fixture(scope="module")
def data():
    X = texts()
    X["amount"] = [float(text[1:].replace(",", "")) for text in X["price"]]
    X.loc[:7, "price"] = "n/a"
    X.loc[8:11, "price"] = None
    return X


@pytest.fixture(scope="module")
def fitted(data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return GANSampler(**SMALL, infer_types=True).fit(data)


def test_generated_texts_have_the_style_of_their_column(fitted, data):
    rows = fitted.sample(2000, random_state=0)
    assert list(rows.dtypes) == list(data.dtypes)
    for name in DTYPES:
        parsed = find_style(data[name]).parse(rows[name])
        assert set(rows[name][parsed.exceptional]) == ({"n/a"} if name == "price" else set())
        assert np.isnan(parsed.values).any() == (name == "price")
    known = rows["price"].str.startswith("$", na=False)
    assert np.isin(rows["price"][known], data["price"]).mean() < 0.1
    assert ((~known).mean() - 12 / N) < 0.1
    assert (rows["price"] == "n/a").sum() / (~known).sum() == pytest.approx(2 / 3, abs=0.01)


def test_methods_read_texts(fitted, data):
    assert 0 <= fitted.score(data) <= 1
    assert fitted.invert(data[:2]).shape == (2, fitted.generator_.noise_dim)
    assert fitted.score_samples(data).shape == (N,)
    assert find_style(data["day"]).parse(fitted.interpolate(0, 1, 3)["day"]).exceptional.sum() == 0


def test_saved_and_pickled_samplers_draw_the_same_texts(fitted, tmp_path):
    rows = fitted.sample(100, random_state=0)
    save(fitted, tmp_path / "model")
    for copy in (load(tmp_path / "model"), pickle.loads(pickle.dumps(fitted))):
        assert copy.sample(100, random_state=0).equals(rows)
        assert copy.infer_types


def test_the_parameter_must_be_true_or_false():
    with pytest.raises(ValueError, match="infer_types='yes' .*must be True or False"):
        GANSampler(infer_types="yes").fit(texts())
    with pytest.raises(ValueError, match="infer_types='yes' .*must be True or False"):
        evaluate(texts(), texts(), infer_types="yes")


def test_images_have_no_text():
    images = np.random.default_rng(0).random((24, 8, 8))
    with pytest.warns(UserWarning, match="infer_types=True is for tables and is not used"):
        GANSampler(**SMALL, infer_types=True).fit(images)


# Warnings -------------------------------------------------------------------------------------------------------


def warned(function):
    """The messages of the TextColumnWarnings of a call."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        function()
    assert all(one.filename == __file__ for one in found)
    return [str(one.message) for one in found if one.category is TextColumnWarning]


def test_a_column_is_named_with_its_style_and_cure():
    X = texts()[["price"]]
    [message] = warned(lambda: GANSampler(**SMALL).fit(X))
    cure = find_style(X["price"]).cure_for("price")
    assert message == (
        'Column \'price\' looks like an amount in "$" with thousands separators; as text its values are categories. '
        f"Convert it with {cure}, or pass infer_types=True.")
    assert np.array_equal(eval(cure, {"df": X, "pd": pd}), read_table(X, infer_types=True).columns[0].values)


def test_several_columns_are_one_warning_with_three_cures():
    [message] = warned(lambda: GANSampler(**SMALL).fit(texts()))
    assert "'price' (an amount in \"$\" with thousands separators), 'day' (a date as month/day/year), " in message
    assert message.count('df["') == 6 and message.endswith("; and so on, or pass infer_types=True.")
    assert 'df["day"] = pd.to_datetime(df["day"], format="%m/%d/%Y"); ' in message


def test_frames_of_polars_have_no_cure_of_pandas():
    X = polars_frame(texts()[["price"]])
    [message] = warned(lambda: GANSampler(**SMALL).fit(X))
    assert message.endswith("Convert it to numbers, dates or durations, or pass infer_types=True.")


def test_arrays_declared_columns_and_codes_are_not_warned_about():
    assert not warned(lambda: GANSampler(**SMALL).fit(texts().to_numpy()))
    assert not warned(lambda: GANSampler(**SMALL, categorical_features=["price"]).fit(texts()[["price"]]))
    assert not warned(lambda: GANSampler(**SMALL).fit(texts()[["price"]].astype("category")))
    codes = pd.DataFrame({"code": [str(10_000 + i) for i in range(N)]})
    assert not warned(lambda: GANSampler(**SMALL).fit(codes))
    assert warned(lambda: GANSampler(**SMALL).fit(codes.replace("10003", "12.5")))


def test_a_text_target_is_warned_about_and_stays_text():
    X, y = pd.DataFrame({"x": np.arange(float(N))}), texts()["rate"]
    for infer_types in (False, True):
        sampler = ConditionalGANSampler(**SMALL, infer_types=infer_types)
        [message] = warned(lambda sampler=sampler: sampler.fit(X, y))
        assert message.startswith("y looks like a percentage; as text its values are classes. Convert it with pd.to_")
        assert message.endswith(".") and "infer_types" not in message
        assert set(sampler.classes_) == set(y)
    [message] = warned(lambda: ConditionalGANSampler(**SMALL).fit(X, y.to_numpy()))
    assert message.endswith("Convert it to numbers, dates or durations.")


def test_rows_given_y_hold_texts():
    X, y = texts()[["price"]], np.resize([0, 1], N)
    rows, _ = ConditionalGANSampler(**SMALL, infer_types=True).fit(X, y).sample(50, y=1, random_state=0)
    assert rows["price"].str.startswith("$").all() and not rows["price"].isin(X["price"]).all()


def test_open_dates_are_said_to_be_read_one_way():
    rng = np.random.default_rng(0)
    day, month = rng.integers(1, 13, (2, N))
    X = pd.DataFrame({"day": [f"{a:02d}/{b:02d}/2024" for a, b in zip(month, day)]})
    sampler = GANSampler(**SMALL, infer_types=True)
    [message] = warned(lambda: sampler.fit(X))
    assert "column 'day' is read as a date as month/day/year. If that is wrong" in message
    assert message.endswith('df["day"] = pd.to_datetime(df["day"], dayfirst=True).')
    X = X.apply(lambda column: column.str.replace("/", "."))
    [message] = warned(lambda: sampler.fit(X))
    assert "'day' is read as a date as day.month.year" in message and "dayfirst=False" in message


# Metrics --------------------------------------------------------------------------------------------------------


def test_evaluate_compares_numbers():
    real, synthetic = texts(), texts(seed=1)
    [message] = warned(lambda: evaluate(real, synthetic, random_state=0))
    assert message.endswith("or pass infer_types=True.")
    assert not warned(lambda: evaluate(real, synthetic, infer_types=True, random_state=0))
    numbers = real.assign(price=find_style(real["price"]).parse(real["price"]).values)
    others = synthetic.assign(price=find_style(synthetic["price"]).parse(synthetic["price"]).values)
    reports = [
        evaluate(*pair, infer_types=True, random_state=0).to_frame()
        for pair in ((real, synthetic), (numbers, others))
    ]
    pd.testing.assert_frame_equal(*reports)


def test_all_rows_are_read_in_the_style_of_the_real_ones():
    real = pd.DataFrame({"x": [f"{i},5" for i in range(20)]})
    other = pd.DataFrame({"x": ["7,5", "7.5"]})
    _, table = read_tables(real, other, infer_types=True)
    assert table.columns[0].values[0] == 7.5 and table.columns[0].missing.tolist() == [False, True]


def test_scorers_read_as_the_sampler_does(fitted, data):
    synthetic = fitted.sample(N, random_state=0)
    want = column_shapes(*read_tables(data, synthetic, infer_types=True)).score
    assert make_sampler_scorer("column_shapes")(fitted, data) == want
    assert np.isfinite(make_utility_scorer(target="amount")(fitted, data))
