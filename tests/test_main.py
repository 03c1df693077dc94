"""The command line: what it writes, and the one sentence it says where it cannot."""

import subprocess
import sys
import warnings
from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import ConvergenceWarning

import skgan
from skgan.__main__ import main, parse_dates, read_csv
from skgan.datasets import load_penguins, make_mixed
from skgan.exceptions import InterruptedFitWarning


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def shop(folder):
    """A small CSV file with whole numbers, gaps, text, booleans and dates; its frame as text."""
    rng = np.random.default_rng(0)
    n = 60
    frame = pd.DataFrame({
        "price": np.round(rng.uniform(1, 50, n), 2),
        "pieces": pd.Series(rng.integers(1, 5, n)).astype("Int64").mask(rng.uniform(size=n) < 0.2),
        "kind": rng.choice(["bread", "milk", "tea"], n),
        "paid": rng.uniform(size=n) < 0.7,
        "day": pd.Series(pd.date_range("2024-01-01", periods=n).strftime("%Y-%m-%d")),
        "seen": pd.Series(pd.date_range("2024-01-01", periods=n, freq="7h").strftime("%Y-%m-%d %H:%M")),
    })
    frame.to_csv("shop.csv", index=False)
    return frame


def call(capsys, *arguments):
    """Return the exit code, stdout and stderr of one call."""
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


class Copying:
    """A stand-in for a sampler that says what it was given and returns rows of the data."""

    def __init__(self, **options):
        Copying.options = options

    def fit(self, X, y=None):
        self.X, self.y, self.n_iter_ = X, y, 1
        return self

    def sample(self, n_samples):
        rows = np.arange(n_samples) % len(self.X)
        X = self.X.iloc[rows].reset_index(drop=True)
        return X if self.y is None else (X, self.y.iloc[rows].reset_index(drop=True))


@pytest.fixture
def copying(monkeypatch):
    """Let the command line use the stand-in, where the table's way through it is tested and not the model."""
    monkeypatch.setattr(skgan, "GANSampler", Copying)
    monkeypatch.setattr(skgan, "ConditionalGANSampler", Copying)
    return Copying


@pytest.fixture
def quick(monkeypatch):
    """Let the command line make a few steps of training, however busy the machine is."""
    for name in ("GANSampler", "ConditionalGANSampler"):
        monkeypatch.setattr(skgan, name, partial(getattr(skgan, name), max_iter=5))


def test_synthetic_csv_has_the_form_of_the_data(shop, quick, folder, capsys):
    code, out, err = call(capsys, "shop.csv", "--rows", 200, "--out", "new.csv", "--seed", 0)
    assert code == 0, err
    assert out.startswith("Wrote 200 rows of 6 columns to new.csv in ")
    real, new = pd.read_csv("shop.csv", dtype=str), pd.read_csv("new.csv", dtype=str)
    assert len(new) == 200 and list(new) == list(real)
    assert new["price"].str.fullmatch(r"\d+\.\d{1,2}").all()
    assert new["pieces"].dropna().str.fullmatch(r"[1-4]").all() and new["pieces"].isna().any()
    assert set(new["kind"]) <= {"bread", "milk", "tea"}
    assert set(new["paid"]) <= {"True", "False"}
    assert new["day"].str.fullmatch(r"2024-\d\d-\d\d").all()
    assert new["seen"].str.fullmatch(r"2024-\d\d-\d\d \d\d:\d\d").all()
    assert sorted(path.name for path in folder.iterdir()) == ["new.csv", "shop.csv"]


def test_target_stays_in_its_place(shop, quick, capsys):
    code, _, err = call(capsys, "shop.csv", "--out", "new.csv", "--target", "kind")
    assert code == 0, err
    new = pd.read_csv("new.csv")
    assert list(new) == list(shop) and len(new) == len(shop)
    assert set(new["kind"]) <= {"bread", "milk", "tea"}


def test_penguins_by_name(folder, quick, capsys):
    code, out, err = call(capsys, "penguins", "--rows", 20, "--out", "new.csv")
    assert code == 0, err
    assert list(pd.read_csv("new.csv")) == list(load_penguins())


def test_the_same_seed_gives_the_same_file(folder, quick, capsys):
    make_mixed(40, random_state=0)[["price", "rooms", "city"]].to_csv("data.csv", index=False)
    files = []
    for name, seed in [("a.csv", 1), ("b.csv", 1), ("c.csv", 2)]:
        code, _, err = call(capsys, "data.csv", "--out", name, "--seed", seed)
        assert code == 0, err
        files.append((folder / name).read_bytes())
    assert files[0] == files[1] != files[2]


def test_parquet_keeps_dtypes(folder, quick, capsys):
    pytest.importorskip("pyarrow")
    frame = make_mixed(50, random_state=0)
    frame.to_parquet("data.parquet")
    code, _, err = call(capsys, "data.parquet", "--rows", 7, "--out", "new.parquet")
    assert code == 0, err
    new = pd.read_parquet("new.parquet")
    assert new.dtypes.to_dict() == pd.read_parquet("data.parquet").dtypes.to_dict()
    assert len(new) == 7


def test_options_reach_the_sampler(shop, copying, capsys):
    call(capsys, "shop.csv", "--out", "new.csv", "--seed", 3, "--max-time", 1.5)
    assert copying.options == {"random_state": 3, "max_time": 1.5, "verbose": 1}
    call(capsys, "shop.csv", "--out", "new.csv")
    assert copying.options == {"random_state": None, "max_time": None, "verbose": 1}


@pytest.mark.parametrize("target", [(), ("--target", "kind"), ("--target", "day"), ("--target", "seen")])
def test_text_survives_the_way_through(shop, copying, folder, capsys, target):
    code, _, err = call(capsys, "shop.csv", "--out", "new.csv", *target)
    assert code == 0, err
    assert (folder / "new.csv").read_bytes() == (folder / "shop.csv").read_bytes()


def test_rows_of_a_model_that_is_untrained_are_not_written(shop, folder, capsys):
    code, out, err = call(capsys, "shop.csv", "--out", "new.csv", "--max-time", 1e-9)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == (
        "skgan: error: --max-time was over before the first step of training, so no rows were written; allow more "
        "seconds."
    )
    assert [path.name for path in folder.iterdir()] == ["shop.csv"]


def test_an_existing_file_is_replaced(shop, copying, folder, capsys):
    (folder / "new.csv").write_text("old")
    (folder / "new.csv").chmod(0o640)
    assert call(capsys, "shop.csv", "--out", "new.csv")[0] == 0
    assert (folder / "new.csv").read_text().startswith("price,")
    assert (folder / "new.csv").stat().st_mode & 0o777 == 0o640


def test_a_link_is_written_through(shop, copying, folder, capsys):
    (folder / "real.csv").write_text("old")
    (folder / "link.csv").symlink_to("real.csv")
    assert call(capsys, "shop.csv", "--out", "link.csv")[0] == 0
    assert (folder / "link.csv").is_symlink()
    assert (folder / "real.csv").read_text().startswith("price,")


@pytest.mark.parametrize(("arguments", "says"), [
    (["missing.csv", "--out", "new.csv"], "missing.csv does not exist."),
    (["shop.xlsx", "--out", "new.csv"], "shop.xlsx must end in .csv or .parquet."),
    (["shop.csv", "--out", "new.txt"], "new.txt must end in .csv or .parquet."),
    (["shop.csv", "--out", "new"], "new must end in .csv or .parquet."),
    (["shop.csv", "--out", "nowhere/new.csv"],
     "nowhere/new.csv cannot be written: No such file or directory."),
    (["shop.csv", "--out", "folder.csv"], "folder.csv is not a file that can be written."),
    (["shop.csv", "--out", "shop.csv"],
     "shop.csv is the data itself; write the synthetic rows to another file."),
    (["folder.csv", "--out", "new.csv"], "folder.csv cannot be read: Is a directory."),
    (["empty.csv", "--out", "new.csv"], "empty.csv cannot be read: No columns to parse from file."),
    (["header.csv", "--out", "new.csv"], "header.csv has no rows; a model needs at least one."),
    (["ragged.csv", "--out", "new.csv"], "ragged.csv cannot be read: Error tokenizing data."),
    (["latin.csv", "--out", "new.csv"], "latin.csv is not UTF-8 text; save it as UTF-8."),
    (["semicolons.csv", "--out", "new.csv"], "semicolons.csv looks separated by semicolons;"),
    (["text.parquet", "--out", "new.csv"], "text.parquet cannot be read: "),
    (["shop.csv", "--out", "new.csv", "--target", "knid"],
     "there is no column 'knid' to be the target; did you mean 'kind'?"),
    (["shop.csv", "--out", "new.csv", "--target", "zzz"],
     "there is no column 'zzz' to be the target; the columns are price, pieces, kind, paid, day, seen."),
    (["shop.csv", "--out", "new.csv", "--target", "pieces"],
     "missing values; fill them, or leave --target out."),
    (["one.csv", "--out", "new.csv", "--target", "a"],
     "the target 'a' is the only column; leave --target out."),
    (["shop.csv", "--out", "new.csv", "--rows", "0"],
     "argument --rows: must be a whole number of at least 1, got 0"),
    (["shop.csv", "--out", "new.csv", "--rows", "-5"],
     "argument --rows: must be a whole number of at least 1, got -5"),
    (["shop.csv", "--out", "new.csv", "--rows", "many"],
     "argument --rows: must be a whole number of at least 1, got many"),
    (["shop.csv", "--out", "new.csv", "--seed", "-1"],
     "argument --seed: must be a whole number from 0 to 4294967295, got -1"),
    (["shop.csv", "--out", "new.csv", "--max-time", "0"],
     "argument --max-time: must be a number of seconds above 0, got 0"),
    (["shop.csv", "--out", "new.csv", "--max-time", "nan"],
     "argument --max-time: must be a number of seconds above 0, got nan"),
    (["shop.csv"], "the following arguments are required: --out"),
    ([], "the following arguments are required: DATA, --out"),
    (["shop.csv", "--out", "new.csv", "--colour", "red"], "unrecognized arguments: --colour red"),
])
def test_what_is_wrong_is_one_sentence(shop, folder, capsys, arguments, says):
    (folder / "folder.csv").mkdir()
    (folder / "empty.csv").write_text("")
    (folder / "header.csv").write_text("a,b\n")
    (folder / "ragged.csv").write_text("a,b\n1,2\n1,2,3,4\n")
    (folder / "latin.csv").write_bytes("city\nKöln\n".encode("latin-1"))
    (folder / "semicolons.csv").write_text("a;b\n1;2\n")
    (folder / "text.parquet").write_text("a,b\n1,2\n")
    (folder / "one.csv").write_text("a\n1\n2\n")
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    code, out, err = call(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("skgan: error: ") and err.count("\n") == 1
    assert says in err
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_unwritable_output_is_told_before_the_fit(shop, monkeypatch, capsys):
    monkeypatch.setattr(skgan, "GANSampler", None)
    code, _, err = call(capsys, "shop.csv", "--out", "nowhere/new.csv")
    assert code == 2 and "nowhere/new.csv cannot be written" in err


@pytest.mark.parametrize(("error", "code", "says"), [
    (ValueError("column 'price' holds\ninfinite values."), 2,
     "no rows could be made from shop.csv: column 'price' holds infinite values."),
    (MemoryError("too much"), 2, "no rows could be made from shop.csv: too much."),
    (KeyboardInterrupt(), 130, "skgan: interrupted; nothing was written."),
])
def test_a_fit_that_stops_leaves_nothing(shop, copying, monkeypatch, folder, capsys, error, code, says):
    def fit(self, X, y=None):
        raise error

    monkeypatch.setattr(copying, "fit", fit)
    assert call(capsys, "shop.csv", "--out", "new.csv")[::2] == (code, says_line(says))
    assert [path.name for path in folder.iterdir()] == ["shop.csv"]


def says_line(says):
    return f"{says}\n" if says.startswith("skgan:") else f"skgan: error: {says}\n"


@pytest.mark.parametrize(("error", "code"), [(OSError(28, "No space left"), 2), (KeyboardInterrupt(), 130)])
def test_a_write_that_stops_leaves_the_old_file(shop, copying, monkeypatch, folder, capsys, error, code):
    def to_csv(self, path, **options):
        path.write_text("half")
        raise error

    (folder / "new.csv").write_text("old")
    monkeypatch.setattr(pd.DataFrame, "to_csv", to_csv)
    assert call(capsys, "shop.csv", "--out", "new.csv")[0] == code
    assert sorted(path.name for path in folder.iterdir()) == ["new.csv", "shop.csv"]
    assert (folder / "new.csv").read_text() == "old"


def test_rows_of_a_run_that_ended_early_are_written_with_a_warning(shop, copying, monkeypatch, capsys):
    def fit(self, X, y=None):
        warnings.warn("max_time=1 ended the training after 42 of 544 steps", ConvergenceWarning, stacklevel=2)
        return Copying.fit(self, X, y)

    monkeypatch.setattr(skgan, "GANSampler", type("Short", (Copying,), {"fit": fit}))
    code, _, err = call(capsys, "shop.csv", "--out", "new.csv", "--max-time", 1)
    assert code == 0 and err == "skgan: warning: max_time=1 ended the training after 42 of 544 steps.\n"


def test_a_fit_that_was_interrupted_is_code_130(shop, copying, folder, monkeypatch, capsys):
    def fit(self, X, y=None):
        warnings.warn("interrupted at step 69 of 544", InterruptedFitWarning, stacklevel=2)
        return Copying.fit(self, X, y)

    monkeypatch.setattr(skgan, "GANSampler", type("Interrupted", (Copying,), {"fit": fit}))
    code, _, err = call(capsys, "shop.csv", "--out", "new.csv")
    assert code == 130 and err == "skgan: interrupted; nothing was written.\n"
    assert [path.name for path in folder.iterdir()] == ["shop.csv"]


def test_warnings_are_one_line(shop, copying, monkeypatch, capsys):
    def fit(self, X, y=None):
        warnings.warn("a column is\nodd", stacklevel=2)
        return Copying.fit(self, X, y)

    monkeypatch.setattr(skgan, "GANSampler", type("Warning", (Copying,), {"fit": fit}))
    code, _, err = call(capsys, "shop.csv", "--out", "new.csv")
    assert code == 0
    assert err == "skgan: warning: a column is odd.\n"


def test_parquet_without_pyarrow_names_the_extra(shop, monkeypatch, capsys):
    monkeypatch.setattr("skgan.__main__.find_spec", lambda name: None)
    code, _, err = call(capsys, "shop.csv", "--out", "new.parquet")
    assert code == 2 and 'python -m pip install "skgan[parquet]"' in err


def test_help_is_code_zero(capsys):
    code, out, _ = call(capsys, "--help")
    assert code == 0
    assert "--max-time SECONDS" in out


def test_module_runs_as_a_command(folder):
    result = subprocess.run(
        [sys.executable, "-m", "skgan", "missing.csv", "--out", "new.csv"], capture_output=True, text=True
    )
    assert result.returncode == 2
    assert result.stderr == "skgan: error: missing.csv does not exist.\n"


@pytest.mark.parametrize(("cells", "dtype"), [
    (["1", "", "3"], "Int64"),
    (["1", "2", "3"], "int64"),
    (["9007199254740993", "", "1"], "Int64"),
    (["1.0", "", "3"], "float64"),
    (["1e3", "", "3"], "float64"),
    (["0.5", "0", "3"], "float64"),
    (["True", "", "False"], "boolean"),
    (["True", "True", "False"], "bool"),
    (["", "", ""], "float64"),
    (["00501", "10001", "90210"], "text"),
    (["00501", "", "90210"], "text"),
    (["a", "", "00501"], "text"),
])
def test_csv_columns_stay_what_they_are(folder, cells, dtype):
    (folder / "data.csv").write_text("a,b\n" + "".join(f"{cell},x\n" for cell in cells))
    column = read_csv("data.csv")["a"]
    assert column.isna().tolist() == [cell == "" for cell in cells]
    if dtype == "text":
        assert column.dropna().tolist() == [cell for cell in cells if cell]
    else:
        assert column.dtype == dtype
    if dtype == "Int64":
        assert column.dropna().tolist() == [int(cell) for cell in cells if cell]


@pytest.mark.parametrize("dates", [
    ["2020-01-02", "1999-12-31", None],
    ["2020-01-02 10:11", None, "2021-12-31 23:59"],
    ["2020-01-02T10:11:12", "2020-02-29T00:00:00"],
    ["2020-01-02T10:11:12.123Z", None],
    ["2020-01-02 10:11:12.123456"],
])
@pytest.mark.parametrize("dtype", [None, object])
def test_iso_dates_are_read_and_written_back_as_they_were(dates, dtype):
    text = pd.Series(dates, dtype=dtype)
    parsed, write = parse_dates(text)
    assert parsed.dtype.kind == "M"
    assert write(parsed).equals(text)


@pytest.mark.parametrize("values", [
    ["bread", "milk"],
    ["2020-1-2"],
    ["2020-02-30"],
    ["20200102"],
    ["2020-01-02", "2020-01-02 10:00"],
    ["2020-01-02T10:00:00+02:00"],
    ["2020-01-02", "soon"],
    [None, None],
    [1.5, 2.5],
    [True, False],
    [],
])
def test_other_columns_are_no_dates(values):
    assert parse_dates(pd.Series(values, dtype=object)) == (None, None)


@pytest.mark.parametrize(
    "text, words", [("a\tb\n1\t2\n", "tabs"), ("a|b\n1|2\n", "bars"), ("a,b\nx,1,0\n", "more fields")]
)
def test_columns_that_are_not_where_they_seem(tmp_path, capsys, text, words):
    (tmp_path / "odd.csv").write_text(text)
    assert main([str(tmp_path / "odd.csv"), "--out", str(tmp_path / "new.csv")]) == 2
    assert words in capsys.readouterr().err and not (tmp_path / "new.csv").exists()


@pytest.mark.parametrize("holdout", [[], ["--holdout", "0.25"]])
def test_a_report_is_written_beside(folder, copying, capsys, holdout):
    code, told, _ = call(capsys, "penguins", "--out", "rows.csv", "--seed", 0, "--report", "report.html", *holdout)
    assert code == 0
    assert told.startswith("Wrote 344 rows of 7 columns to rows.csv in ")
    assert told.endswith("\nWrote the report on them to report.html.\n")
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>") and text.endswith("</html>\n")
    assert ("nearest_record_share" in text) == bool(holdout)
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "rows.csv"]


@pytest.mark.parametrize(("arguments", "says"), [
    (["--report", "report.txt"], "report.txt must end in .html"),
    (["--report", "nowhere/report.html"], "cannot be written"),
    (["--holdout", "0.2"], "--holdout leaves rows out for a report; add --report FILE"),
    (["--holdout", "1"], "must be a number between 0 and 1, got 1"),
    (["--report", "report.html", "--holdout", "0.01"], "splits 344 rows into 341 and 3; each part needs 20"),
])
def test_what_is_wrong_with_a_report_is_told_before_the_fit(folder, capsys, arguments, says):
    code, _, told = call(capsys, "penguins", "--out", "rows.csv", *arguments)
    assert code == 2 and says in told
    assert list(folder.iterdir()) == []


def test_a_report_that_fails_leaves_the_rows(shop, copying, folder, capsys):
    shop.head(5).to_csv("few.csv", index=False)
    code, out, err = call(capsys, "few.csv", "--out", "new.csv", "--report", "report.html")
    assert code == 1
    assert out.startswith("Wrote 5 rows of 6 columns to new.csv in ") and out.count("\n") == 1
    why = "real has 5 rows, but a report needs"
    assert err.startswith(f"skgan: error: report.html was not written, the rows are in new.csv: {why}")
    assert (folder / "new.csv").read_bytes() == (folder / "few.csv").read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["few.csv", "new.csv", "shop.csv"]


@pytest.mark.parametrize(("error", "code", "says"), [
    (ZeroDivisionError("no\nrows"), 1, "skgan: error: report.html was not written, the rows are in new.csv: no rows."),
    (MemoryError(), 1, "skgan: error: report.html was not written, the rows are in new.csv: MemoryError."),
    (KeyboardInterrupt(), 130, "skgan: interrupted; report.html was not written, the rows are in new.csv."),
])
def test_whatever_stops_the_report_leaves_the_rows(shop, copying, monkeypatch, folder, capsys, error, code, says):
    def evaluate(*_, **__):
        raise error

    monkeypatch.setattr(skgan, "evaluate", evaluate)
    found = call(capsys, "shop.csv", "--out", "new.csv", "--report", "report.html")
    assert found[::2] == (code, says + "\n")
    assert sorted(path.name for path in folder.iterdir()) == ["new.csv", "shop.csv"]
