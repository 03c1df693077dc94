"""The command line: what it writes, and the one sentence it says where it cannot."""

import re
import subprocess
import sys
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from exports import EXPORTS, write_exports
from sklearn.exceptions import ConvergenceWarning

import skgan
from skgan.__main__ import main
from skgan._cli._options import in_options
from skgan.datasets import load_penguins, make_mixed
from skgan.datasets._files import How, open_table
from skgan.datasets._real import PENGUINS
from skgan.exceptions import InterruptedFitWarning

pytestmark = pytest.mark.usefixtures("few_trees_in_module")


@pytest.fixture
def shop(folder):
    """A small CSV file with whole numbers, missing values, text, booleans and dates; its frame as text."""
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

    def sample(self, n_samples, y=None):
        Copying.wanted = y
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
    told, wrote = out.splitlines()
    assert told == "Recognised day: a date as year-month-day; seen: a date and time as year-month-day."
    assert wrote.startswith("Wrote 200 rows of 6 columns to new.csv in ")
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
    call(capsys, "shop.csv", "--out", "new.csv", "--max-iter", 9, "--rare", "merge", "--device", "cpu")
    assert copying.options == {
        "random_state": None, "max_time": None, "verbose": 1,
        "max_iter": 9, "rare_categories": "merge", "device": "cpu",
    }
    call(capsys, "shop.csv", "--out", "new.csv", "--text", "drop", "--id-column", "kind", "--id-column", "day")
    assert copying.options["free_text"] == "drop" and copying.options["id_columns"] == ["kind", "day"]
    call(capsys, "shop.csv", "--out", "new.csv", "--no-id-columns")
    assert copying.options["id_columns"] is None


def test_rows_without_the_value_of_a_condition_are_not_learned(shop, copying, capsys):
    known = pd.read_csv("shop.csv")["pieces"].notna().sum()
    code, out, _ = call(capsys, "shop.csv", "--out", "new.csv", "--where", "pieces=1")
    assert code == 0 and f"Left out {60 - known} of 60 rows, which have no value in pieces." in out
    assert copying.wanted == 1


@pytest.mark.parametrize("target", [(), ("--target", "kind"), ("--target", "day"), ("--target", "seen")])
def test_text_survives_the_way_through(shop, copying, folder, capsys, target):
    code, _, err = call(capsys, "shop.csv", "--out", "new.csv", *target)
    assert code == 0, err
    assert (folder / "new.csv").read_bytes() == (folder / "shop.csv").read_bytes()


def test_rows_of_a_model_that_is_untrained_are_not_written(shop, folder, capsys):
    code, out, err = call(capsys, "shop.csv", "--out", "new.csv", "--max-time", 1e-9)
    assert code == 2 and "Wrote" not in out
    assert err.splitlines()[-1] == (
        "skgan: error: --max-time was over before the first step of training, so nothing was written; allow more "
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
    (["shop.xlsx", "--out", "new.csv"], "shop.xlsx does not exist."),
    (["shop.json", "--out", "new.csv"],
     "shop.json must end in .csv, .tsv, .txt (each also as .gz), .xlsx or .parquet."),
    (["shop.csv", "--out", "new.json"], "new.json must end in .csv, .tsv, .txt"),
    (["shop.csv", "--out", "new"], "new must end in .csv, .tsv, .txt"),
    (["shop.csv", "--out", "nowhere/new.csv"],
     "nowhere/new.csv cannot be written: No such file or directory."),
    (["shop.csv", "--out", "folder.csv"], "folder.csv is not a file that can be written."),
    (["shop.csv", "--out", "shop.csv"],
     "shop.csv is the data itself; write the synthetic rows to another file."),
    (["folder.csv", "--out", "new.csv"], "folder.csv cannot be read: Is a directory."),
    (["empty.csv", "--out", "new.csv"],
     "empty.csv cannot be read: it is empty; it needs a header, and a row below it."),
    (["header.csv", "--out", "new.csv"], "header.csv has no rows; a model needs at least one."),
    (["ragged.csv", "--out", "new.csv"], "ragged.csv cannot be read: line 3 has 4 fields, but the header has 2;"),
    (["latin.csv", "--out", "new.csv", "--encoding", "utf-8"], "latin.csv cannot be read: it is not utf-8 text;"),
    (["latin.csv", "--out", "new.csv", "--encoding", "latin-11"], "no encoding is called 'latin-11'"),
    (["shop.csv", "--out", "new.csv", "--separator", "::"],
     "argument --separator: must be one character, or one of comma, semicolon, tab, bar, space, got ::"),
    (["shop.csv", "--out", "new.csv", "--separator", ";"],
     "shop.csv cannot be read: it would have one column, but its header has 5 times ',', and so have its rows; pass "
     "--separator comma if that separates the columns"),
    (["shop.csv", "--out", "new.csv", "--day-first", "--month-first"],
     "argument --month-first: not allowed with argument --day-first"),
    (["shop.csv", "--out", "new.csv", "--types", "price"],
     "argument --types: must be COLUMN=TYPE, such as price=text, got price"),
    (["shop.csv", "--out", "new.csv", "--where", "price>40"],
     "argument --where: must be COLUMN=VALUE, got price>40; ranges are not possible: write more rows, and keep those "
     "that match"),
    (["shop.csv", "--out", "new.csv", "--where", "price>=40"],
     "--where price>=40: a condition is COLUMN=VALUE; ranges are not possible: write more rows, and keep those that"),
    (["shop.csv", "--out", "new.csv", "--where", "kind"], "argument --where: must be COLUMN=VALUE, got kind ("),
    (["shop.csv", "--out", "new.csv", "--types", "price=real"],
     "argument --types: must end in =text, =number, =date or =category, got price=real"),
    (["shop.csv", "--out", "new.csv", "--types", "kind=number"],
     "column 'kind' of shop.csv: it cannot be read as a number, for example"),
    (["shop.csv", "--out", "new.csv", "--types", "knid=text"],
     "types names the column 'knid', but shop.csv has 'price'"),
    (["shop.csv", "--out", "new.csv", "--drop", "knid"],
     "there is no column 'knid' to be dropped; did you mean 'kind'?"),
    (["one.csv", "--out", "new.csv", "--drop", "a"], "--drop leaves no column; drop fewer."),
    (["shop.csv", "--out", "new.csv", "--drop", "kind", "--target", "kind"],
     "there is no column 'kind' to be the target;"),
    (["shop.csv", "--out", "new.csv", "--where", "knid=tea"],
     "there is no column 'knid' for a condition; did you mean"),
    (["shop.csv", "--out", "new.csv", "--where", "kind=wine"],
     "--where kind=wine: there is no such value; the values are bread, milk, tea."),
    (["shop.csv", "--out", "new.csv", "--where", "paid=yes"],
     "--where paid=yes: there is no such value; the values are False, True."),
    (["shop.csv", "--out", "new.csv", "--where", "price=1000"], "--where price=1000: the value must be between "),
    (["shop.csv", "--out", "new.csv", "--where", "price=dear"], ", and written like these."),
    (["shop.csv", "--out", "new.csv", "--where", "day=2023-12-31"],
     "--where day=2023-12-31: the value must be between 2024-01-01 and 2024-02-29, and written like these."),
    (["shop.csv", "--out", "new.csv", "--where", "kind=tea", "--where", "kind=milk"], "--where names 'kind' twice;"),
    (["shop.csv", "--out", "new.csv", "--where", "kind=tea", "--target", "price"],
     "--where and --target price exclude each other; leave one of them out."),
    (["one.csv", "--out", "new.csv", "--where", "a=1"], "--where names every column; leave one out, to be generated."),
    (["shop.csv", "--out", "new.csv", "--id-column", "dya"],
     "there is no column 'dya' to be of identifiers; did you mean 'day'?"),
    (["shop.csv", "--out", "new.csv", "--id-column", "day", "--no-id-columns"],
     "--id-column and --no-id-columns exclude each other; leave one of them out."),
    (["shop.csv", "--out", "new.csv", "--rare", "drop"], "argument --rare: invalid choice: 'drop'"),
    (["shop.csv", "--out", "new.csv", "--max-iter", "0"],
     "argument --max-iter: must be a whole number of at least 1, got 0"),
    (["shop.csv", "--out", "new.csv", "--save", "nowhere/model"], "nowhere/model cannot be written: No such file"),
    (["shop.csv", "--out", "new.csv", "--save", "shop.csv"],
     "shop.csv is the data itself; save the model to another file."),
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
    (folder / "text.parquet").write_text("a,b\n1,2\n")
    (folder / "one.csv").write_text("a\n1\n2\n")
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    code, out, err = call(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("skgan: error: ") and err.count("\n") == 1
    assert says in err
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_unwritable_output_is_refused_before_the_fit(shop, monkeypatch, capsys):
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
    def write_text(layout, header, columns, path):
        path.write_text("half")
        raise error

    (folder / "new.csv").write_text("old")
    monkeypatch.setattr("skgan.datasets._files._table.write_text", write_text)
    assert call(capsys, "shop.csv", "--out", "new.csv")[0] == code
    assert sorted(path.name for path in folder.iterdir()) == ["new.csv", "shop.csv"]
    assert (folder / "new.csv").read_text() == "old"


def test_rows_of_a_run_that_ended_early_are_written_with_a_warning(shop, copying, monkeypatch, capsys):
    def fit(self, X, y=None):
        warnings.warn("max_time=1 ended the training after 42 of 544 steps", ConvergenceWarning, stacklevel=2)
        return Copying.fit(self, X, y)

    monkeypatch.setattr(skgan, "GANSampler", type("Short", (Copying,), {"fit": fit}))
    code, _, err = call(capsys, "shop.csv", "--out", "new.csv", "--max-time", 1)
    assert code == 0 and err == "skgan: warning: --max-time 1 ended the training after 42 of 544 steps.\n"


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
    monkeypatch.setattr("skgan.datasets._files._parquet.find_spec", lambda name: None)
    code, _, err = call(capsys, "shop.csv", "--out", "new.parquet")
    assert code == 2 and "python -m pip install pyarrow" in err


def test_version(capsys):
    assert call(capsys, "--version") == (0, f"skgan {skgan.__version__}\n", "")


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


@pytest.mark.parametrize("holdout", [[], ["--holdout", "0.25"]])
def test_a_report_is_written_beside(folder, copying, capsys, holdout):
    code, printed, _ = call(capsys, "penguins", "--out", "rows.csv", "--seed", 0, "--report", "report.html", *holdout)
    assert code == 0
    assert printed.startswith("Wrote 344 rows of 7 columns to rows.csv in ")
    assert printed.endswith("\nWrote the report on them to report.html.\n")
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
def test_what_is_wrong_with_a_report_is_said_before_the_fit(folder, capsys, arguments, says):
    code, _, error = call(capsys, "penguins", "--out", "rows.csv", *arguments)
    assert code == 2 and says in error
    assert list(folder.iterdir()) == []


def test_too_few_rows_for_a_report_are_told_before_the_fit(shop, copying, folder, capsys):
    shop.head(5).to_csv("few.csv", index=False)
    shop.head(40).to_csv("forty.csv", index=False)
    before = sorted(folder.iterdir())

    def refused(*arguments):
        code, out, err = call(capsys, *arguments, "--out", "new.csv", "--report", "report.html")
        assert (code, out) == (2, "") and sorted(folder.iterdir()) == before
        return err.removeprefix("skgan: error: ").strip()

    assert refused("few.csv", "--rows", 50) == (
        "a report needs at least 20 real rows, but there are 5; leave --report out."
    )
    assert refused("shop.csv", "--rows", 19) == (
        "a report needs at least 20 synthetic rows, but --rows is 19; write more."
    )
    n = int((shop["kind"].head(40) == "tea").sum())
    assert 1 < n < 20
    assert refused("forty.csv", "--where", "kind=tea") == (
        f"only {n} of the real rows that the report compares meet --where, but it needs at least 20; leave --report "
        "out, or some --where."
    )


def test_a_report_that_fails_leaves_the_rows(shop, copying, folder, capsys, monkeypatch):
    def evaluate(*args, **kwargs):
        raise ValueError("no report.")

    monkeypatch.setattr(skgan, "evaluate", evaluate)
    code, out, err = call(capsys, "shop.csv", "--out", "new.csv", "--report", "report.html")
    assert code == 1
    assert out.splitlines()[1].startswith("Wrote 60 rows of 6 columns to new.csv in ") and out.count("\n") == 2
    assert err == "skgan: error: report.html was not written, the rows are in new.csv: no report.\n"
    assert (folder / "new.csv").read_bytes() == (folder / "shop.csv").read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["new.csv", "shop.csv"]


def test_files_to_write_are_not_the_same(shop, copying, folder, capsys):
    (folder / "linked").symlink_to("new.csv")
    (folder / "old.csv").write_text("old")
    (folder / "hard.html").hardlink_to("old.csv")
    (folder / "data.html").hardlink_to("shop.csv")
    for arguments, says in [
        (("--out", "new.csv", "--save", "./new.csv"), "--out and --save are the same file, "),
        (("--out", "new.csv", "--save", "linked"), "--out and --save are the same file, "),
        (("--out", "old.csv", "--report", "hard.html"), "--out and --report are the same file, "),
        (("--out", "new.csv", "--save", "m.html", "--report", "m.html"), "--save and --report are the same file, "),
        (("--out", "new.csv", "--report", "data.html"), "is the data itself; write the report to another file."),
    ]:
        code, _, err = call(capsys, "shop.csv", *arguments)
        assert code == 2 and says in err
    assert not (folder / "new.csv").exists() and (folder / "old.csv").read_text() == "old"


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


# Messages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("message", "shown"), [
    ("Pass id_columns=None to model it like other columns", "Pass --no-id-columns to model it like other columns"),
    ("pass id_columns=['order no', 'x']; else pass id_columns=['x']",
     "pass --id-column 'order no' --id-column x; else pass --id-column x"),
    ("it is not in id_columns, so that rows show those of X",
     "it is not in --id-column, so that rows show those of DATA"),
    ("Pass free_text='drop', or free_text='keep' to show texts of X",
     "Pass --text drop, or --text keep to show texts of DATA"),
    ("If it could identify a person, set rare_categories='merge'", "If it could identify a person, set --rare merge"),
    ("column 'a' of y are held by fewer than min_frequency=5 rows",
     "column 'a' of the target are held by fewer than 5 rows"),
    ("max_time=0.5 was over. A full run needs about max_time=12", "--max-time 0.5 was over. A full run needs about "
     "--max-time 12"),
    ("convert it by astype(object) before the fit, or pass free_text='drop'", "say --types COLUMN=text, or pass "
     "--text drop"),
    ("Convert it with X['a'] = pd.to_datetime(X['a']), or pass infer_types=True",
     "Say --types COLUMN=number or --types COLUMN=date"),
    ("that occur in fewer than 5 rows (min_frequency=5). Generated", "that occur in fewer than 5 rows. Generated"),
    ("All categories of column 'Full name' are rare, so there is no common one to replace them by: drop it, or make",
     "All categories of column 'Full name' are rare, so there is no common one to replace them by: leave it out with "
     "--drop 'Full name', or make"),
    ("All categories of columns 'a', 'b' are rare, so there is no common one to replace them by: drop them, or make",
     "All categories of columns 'a', 'b' are rare, so there is no common one to replace them by: leave them out with "
     "--drop a --drop b, or make"),
    ("finds no category in column 'a b', so there is none to merge its 9 rare ones into; drop the column, replace",
     "finds no category in column 'a b', so there is none to merge its 9 rare ones into; leave it out with "
     "--drop 'a b', replace"),
    ("If they could identify a person, merge such classes before the fit",
     "If they could identify a person, merge such classes in DATA"),
    ("Columns 'a', 'b' of X hold whole numbers. If they are codes, convert them to text, by astype(str)",
     "Columns 'a', 'b' of DATA hold whole numbers. If they are codes, say --types a=text --types b=text"),
    ("If they are codes, pass id_columns=['a'] to generate new ones, or convert them to text, by astype(str)",
     "If they are codes, pass --id-column a to generate new ones, or say --types COLUMN=text"),
    ("All values of X are missing; check how X was read", "All values of DATA are missing; check how DATA was read"),
    ("Pass categorical_features=['PLZ', 'a b'] to generate",
     "Pass --types PLZ=category --types 'a b=category' to generate"),
    ("lower learning_rate or regularizer_weight, or leave both 'auto'", "use another --seed"),
    ("holdout has 1 row, but a report needs at least 20; pass more rows",
     "a report needs at least 20 held-out rows, but there is 1"),
    ("pass header=1 if that is a title", "pass --header 2 if that is a title"),
    ("('id_columns', 'X'); pass header=None", "('id_columns', 'X'); pass --header none"),
    ("the index ('a') is not written; call reset_index() on the frame before a sampler is fitted to it",
     "the index ('a') is not written"),
    ("cannot be written to a file; convert it with astype before fitting",
     "cannot be written to a file; leave it out with --drop"),
    ("cannot hold 'x'; draw fewer rows at a time, or convert it to a wider dtype before the fit",
     "cannot hold 'x'; write fewer --rows"),
    ("Column 'sold in X' of X has gaps", "Column 'sold in X' of DATA has gaps"),
    ("types names the column 'device=1'", "--types names the column 'device=1'"),
    ("max_time.csv of the device X.csv cannot be read", "max_time.csv of the device X.csv cannot be read"),
])
def test_messages_name_options_in_place_of_parameters(message, shown):
    assert in_options(message) == shown


def test_warnings_of_a_fit_and_findings_of_a_report_name_options(folder, monkeypatch, capsys):
    class Report:
        findings = [
            "No problem was found.",
            "Privacy is not measured: do not fit on some of the real rows, and pass them as holdout.",
        ]

        def save(self, path):
            path.write_text("\n".join(self.findings))

    monkeypatch.setattr(skgan, "evaluate", lambda *_, **__: Report())
    monkeypatch.setattr(skgan, "GANSampler", partial(skgan.GANSampler, max_iter=2, refine=False))
    write_exports(folder, ["american.csv"])
    code, _, err = call(capsys, "american.csv", "--out", "new.csv", "--report", "r.html")
    assert code == 0, err
    assert "Pass --no-id-columns to model them" in err and "Pass --text drop to leave it out, or --text keep" in err
    assert not re.search(r"id_columns|free_text|min_frequency|\bX\b", err)
    assert (folder / "r.html").read_text() == (
        "No problem was found.\nPrivacy is not measured: leave a share of DATA out by --holdout SHARE."
    )


def test_one_row_is_no_rows(shop, copying, capsys):
    dropped = [f"--drop={name}" for name in list(shop)[1:]]
    _, out, _ = call(capsys, "shop.csv", "--out", "new.csv", "--rows", 1, *dropped)
    assert out.startswith("Wrote 1 row of 1 column to new.csv in ")


def test_rows_are_not_generated_given_identifiers_or_free_text(folder, copying, capsys):
    write_exports(folder, ["bank.csv"])
    refused = "cannot name 'IBAN', which holds identifiers (codes of 27 characters)"
    for option in ("--where=IBAN=FR76", "--target=IBAN"):
        value = option
        if "where" in option:
            value += (folder / "bank.csv").read_text().splitlines()[1].split(";")[3].removeprefix("FR76")
        code, out, err = call(capsys, "bank.csv", "--out", "new.csv", value)
        assert code == 2 and "Wrote" not in out and refused in err and "or add --no-id-columns." in err
        assert call(capsys, "bank.csv", "--out", "new.csv", value, "--no-id-columns")[0] == 0
    code, _, err = call(capsys, "bank.csv", "--out", "new.csv", "--target", "Purpose")
    assert code == 2 and "cannot name 'Purpose', which holds free text" in err and "or add --text keep." in err
    assert call(capsys, "bank.csv", "--out", "new.csv", "--target", "Purpose", "--text", "keep")[0] == 0
    code, _, err = call(capsys, "bank.csv", "--out", "new.csv", "--target", "Booked", "--id-column", "Booked")
    assert code == 2 and "which holds identifiers, as --id-column says" in err


@pytest.mark.parametrize(("text", "says", "cure", "columns"), [
    ("Bob,34\nAnn,28\nZoe,51\nTim,44\n", "looks like data ('Bob', '34'); pass --header none", "none",
     ["column 1", "column 2"]),
    ("Sales 2024,\nday,n\n2024-01-02,3\n2024-01-03,4\n", "has one cell, 'Sales 2024'; pass --header 2", 2,
     ["day", "n"]),
])
def test_a_row_that_is_no_header_is_told_with_the_cure(folder, copying, capsys, text, says, cure, columns):
    (folder / "data.csv").write_text(text)
    code, _, err = call(capsys, "data.csv", "--out", "new.csv")
    assert code == 0 and err.startswith("skgan: warning: ") and says in err
    code, _, err = call(capsys, "data.csv", "--out", "new.csv", "--header", cure, "--id-column", columns[0])
    assert (code, err) == (0, "") and copying.options["id_columns"] == columns[:1]
    assert (folder / "new.csv").read_text() == text.removeprefix("Sales 2024,\n")
    assert call(capsys, "data.csv", "--out", "new.csv", "--header", "0")[2].endswith(
        "argument --header: must be a whole number of at least 1, got 0 (python -m skgan --help shows the usage).\n"
    )


# Files of other programs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPORTS)
def test_rows_are_written_as_the_file_was(folder, copying, capsys, name):
    if name.endswith("xlsx"):
        pytest.importorskip("openpyxl")
    write_exports(folder, [name])
    code, _, err = call(capsys, name, "--out", f"new_{name}")
    assert (code, err) == (0, "")
    old, new = (open_table(Path(path), How(infer_types=False)) for path in (name, f"new_{name}"))
    pd.testing.assert_frame_equal(new.frame, old.frame)
    assert new.header == old.header and new.layout == old.layout


def test_what_was_recognised_is_told(folder, copying, capsys):
    write_exports(folder, ["american.csv"])
    code, out, _ = call(capsys, "american.csv", "--out", "new.csv", "--drop", "Balance")
    assert code == 0 and out.startswith("Recognised Order Date: a date as month/day/year; Amount: an amount in ")
    assert (folder / "new.csv").read_text().startswith("Order Date,Amount,State,Order ID,")


@pytest.mark.parametrize(("order", "shown"), [
    ((), "month/day/year"), (("--month-first",), "month/day/year"), (("--day-first",), "day/month/year"),
])
def test_ambiguous_dates_are_told(folder, copying, capsys, order, shown):
    (folder / "data.csv").write_text("when,n\n" + "03/05/2024,1\n04/06/2024,2\n" * 9)
    code, out, err = call(capsys, "data.csv", "--out", "new.csv", *order)
    assert code == 0 and f"when: a date as {shown}." in out
    told = "skgan: warning: the dates of 'when' may start with the day or with the month, and are read as a date as "
    assert err == ("" if order else f"{told}month/day/year; say --day-first or --month-first.\n")
    assert (folder / "new.csv").read_bytes() == (folder / "data.csv").read_bytes()


def test_the_mark_of_decimals(folder, copying, capsys):
    (folder / "data.csv").write_text("a;b\n45.710;7,60\n1.250;8,10\n")
    code, out, err = call(capsys, "data.csv", "--out", "new.csv")
    assert code == 0 and err == (
        "skgan: warning: column 'a' may have marks of decimals or of thousands: 45.710 is read as 45.71, but column "
        "'b' has decimal commas; pass --decimal comma to read all columns so.\n"
    )
    for mark in ("comma", ","):
        assert call(capsys, "data.csv", "--out", "new.csv", "--decimal", mark)[::2] == (0, "")
        assert (folder / "new.csv").read_bytes() == (folder / "data.csv").read_bytes()
    call(capsys, "data.csv", "--out", "new.csv", "--where", "a=1.250", "--decimal", "comma")
    assert copying.wanted == 1250
    code, _, err = call(capsys, "data.csv", "--out", "new.csv", "--decimal", "both")
    assert code == 2 and "argument --decimal: must be comma or point, got both" in err


def test_options_say_how_the_data_are_read(folder, copying, capsys):
    (folder / "data.txt").write_bytes("ort=x n\nŁódź 1\nŁódź 22\n".encode("cp1250"))
    options = ["--separator", "space", "--encoding", "cp1250", "--types", "n=category", "--types", "ort=x=text"]
    assert call(capsys, "data.txt", "--out", "new.txt", *options)[::2] == (0, "")
    assert (folder / "new.txt").read_bytes() == (folder / "data.txt").read_bytes()
    assert call(capsys, "data.txt", "--out", "new.csv", *options, "--where", "ort=x=Łódź")[::2] == (0, "")
    assert copying.wanted == "Łódź"


@pytest.mark.parametrize("sheet", ["Sales 2024", "1"])
def test_a_sheet_becomes_text_and_another_file(folder, copying, capsys, sheet):
    pytest.importorskip("openpyxl")
    pytest.importorskip("pyarrow")
    write_exports(folder, ["excel_sheet.xlsx"])
    for out in ("new.csv", "new.parquet"):
        assert call(capsys, "excel_sheet.xlsx", "--out", out, "--sheet", sheet)[::2] == (0, "")
    assert (folder / "new.csv").read_text().startswith("date,amount,pieces,code,amount,written,ok,delivered,")
    assert pd.read_parquet("new.parquet")["date"].dtype.kind == "M"
    code, _, err = call(capsys, "excel_sheet.xlsx", "--out", "new.csv", "--sheet", "3")
    assert code == 2 and "it has no sheet '3'; its sheets are 'Sales 2024', 'Notes'." in err
    with pd.ExcelWriter("two.xlsx") as book:
        for name in ("Info", "All data"):
            pd.DataFrame({"a": [1, 2], "b": [3, 4]}).to_excel(book, sheet_name=name, index=False)
    _, _, err = call(capsys, "two.xlsx", "--out", "two.csv")
    assert err == (
        "skgan: warning: the first sheet, 'Info', is read, and not 'All data'; pass --sheet 'All data' to read "
        "another, or --sheet Info if it is the right one.\n"
    )
    code, _, err = call(capsys, "new.csv", "--out", "newer.csv", "--sheet", sheet)
    assert code == 2 and "new.csv has no sheets, but --sheet" in err and "leave --sheet out" in err


def test_the_index_of_a_parquet_file_is_kept(folder, copying, capsys):
    pytest.importorskip("pyarrow")
    days = pd.date_range("2024-01-01", periods=2, freq="D", unit="us", name="day")
    frame = pd.DataFrame({"x": [1.5, 2.5]}, index=days)
    frame.to_parquet("data.parquet")
    assert call(capsys, "data.parquet", "--out", "new.parquet")[::2] == (0, "")
    pd.testing.assert_frame_equal(pd.read_parquet("new.parquet"), frame, check_freq=False)
    assert call(capsys, "data.parquet", "--out", "new.parquet", "--drop", "day")[::2] == (0, "")
    pd.testing.assert_frame_equal(pd.read_parquet("new.parquet"), frame.reset_index(drop=True))


def test_rows_given_conditions_and_the_saved_model(folder, capsys):
    rng = np.random.default_rng(0)
    prices = [f"{value:.2f} EUR" for value in rng.uniform(1, 50, 80)]
    rows = zip(prices, rng.choice(["bread", "milk"], 80), rng.choice(["TRUE", "FALSE"], 80), strict=True)
    (folder / "data.csv").write_text("price,kind,paid\n" + "".join(",".join(row) + "\n" for row in rows))
    options = ["--where", "kind=milk", "--where", "paid=TRUE", "--rows", 30, "--max-iter", 5, "--seed", 0]
    code, out, err = call(capsys, "data.csv", "--out", "new.csv", *options, "--save", "shop.skgan")
    assert code == 0, err
    assert out.splitlines()[-1] == "Saved the model to shop.skgan."
    lines = (folder / "new.csv").read_text().splitlines()
    assert lines[0] == "price,kind,paid" and len(lines) == 31
    assert all(re.fullmatch(r"\d+\.\d\d EUR,milk,TRUE", line) for line in lines[1:])
    X, y = skgan.load("shop.skgan").sample(5, y={"kind": "bread", "paid": False})
    assert X["price"].dtype == float and y["kind"].tolist() == ["bread"] * 5


def test_a_condition_that_few_rows_meet_is_told_in_the_words_of_the_option(folder, quick, capsys):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"code": ["a"] * 50 + ["b"] * 3 + ["c"], "size": rng.normal(size=54).round(3)})
    frame["town"] = [f"town {i // 2}" for i in range(54)]
    frame.to_csv("data.csv", index=False)
    code, _, err = call(capsys, "data.csv", "--out", "new.csv", "--where", "town=town 7")
    assert code == 0 and "warning: only 2 rows of DATA have town=town 7, and" in err
    code, _, err = call(capsys, "data.csv", "--out", "new.csv", "--where", "code=b", "--drop", "town")
    assert code == 0 and "warning: only 3 rows of DATA have code=b, and rows for it resemble them" in err
    assert "target" not in err and "classes" not in err
    code, _, err = call(capsys, "data.csv", "--out", "new.csv", "--where", "code=a", "--drop", "town")
    assert code == 0 and "rows of DATA" not in err and "classes" not in err
    code, _, err = call(capsys, "data.csv", "--out", "new.csv", "--target", "code", "--drop", "town")
    assert code == 0 and "the target has classes that occur in fewer than 5 rows. Generated rows show them" in err


@pytest.mark.parametrize("name", ["Customer ID", "member"])
def test_identifiers_are_found_in_all_rows_before_some_are_held_out(folder, quick, capsys, name):
    rng = np.random.default_rng(0)
    numbers = np.sort(rng.choice(np.arange(100_000, 100_290), 160, replace=False))
    frame = pd.DataFrame({name: numbers, "size": rng.normal(size=160).round(3)})
    frame.to_csv("data.csv", index=False)
    options = ["--holdout", 0.4, "--report", "report.html", "--seed", 0]
    code, _, err = call(capsys, "data.csv", "--out", "new.csv", *options)
    assert code == 0, err
    assert f"Column {name!r} holds sequential numbers; generated rows get new ones. Pass --no-id-columns" in err
    assert err.count("sequential numbers") == 1
    new = pd.read_csv("new.csv")[name]
    # They continue above the largest number of the rows that the model was fitted on.
    assert new.is_unique and numbers[-20] < new.min() < new.max() < 100_460


def test_conditions_are_values_in_the_manner_of_the_file(shop, copying, capsys):
    for where, value in [("price=20", 20.0), ("day=2024-01-15", pd.Timestamp("2024-01-15")), ("paid=True", True)]:
        assert call(capsys, "shop.csv", "--out", "new.csv", "--where", where)[::2] == (0, "")
        assert copying.wanted == value


def test_a_model_that_cannot_be_saved_leaves_the_rows(shop, copying, folder, capsys):
    code, out, err = call(capsys, "shop.csv", "--out", "new.csv", "--save", "model")
    assert code == 1 and "Wrote 60 rows" in out
    assert err.startswith("skgan: error: model was not written, the rows are in new.csv: A file holds no code")
    assert sorted(path.name for path in folder.iterdir()) == ["new.csv", "shop.csv"]


def test_a_report_on_rows_given_a_condition_compares_with_such_rows(folder, copying, capsys, monkeypatch):
    def evaluate(real, synthetic, *, holdout, target, name, random_state):
        assert set(real["sex"]) == {"FEMALE"} and "species" not in real and target is None and len(holdout) > 20
        assert name == "data.csv"
        raise ZeroDivisionError("enough")

    class Meeting(Copying):
        def sample(self, n_samples, y=None):
            X, _ = Copying.sample(self, n_samples)
            return X, pd.Series([y] * n_samples)

    monkeypatch.setattr(skgan, "evaluate", evaluate)
    monkeypatch.setattr(skgan, "ConditionalGANSampler", Meeting)
    write_rows = [row for row in PENGUINS.read_text().splitlines() if "FEMALE" in row or row.startswith("species")]
    (folder / "data.csv").write_text("\n".join(write_rows))
    options = ["--where", "species=Adelie", "--report", "report.html", "--holdout", "0.4"]
    code, _, err = call(capsys, "data.csv", "--out", "new.csv", *options)
    assert code == 1 and err.endswith("the rows are in new.csv: enough.\n")
