"""The commands fit, sample and report: a model that is used later writes the rows of the one-line command."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from exports import write_exports

import skgan
from skgan import GANSampler, samplers
from skgan.__main__ import main
from skgan.datasets._files import How, Parts, open_table

FIT = ["--max-iter", 3, "--seed", 0]

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@pytest.fixture
def shop(folder):
    """A file with semicolons, decimal commas, days first and a column of texts, and a model of it."""
    rng = np.random.default_rng(0)
    lines = ["day;price;kind;paid"]
    for number in range(80):
        price = f"{rng.lognormal(3, 1):.2f}".replace(".", ",")
        day = f"{rng.integers(1, 29):02d}.{rng.integers(1, 13):02d}.2024"
        lines.append(f"{day};{price};{rng.choice(['tea', 'milk'])};{'TRUE' if number % 3 else 'FALSE'}")
    Path("shop.csv").write_bytes("\r\n".join(lines).encode("cp1252"))


def call(capsys, *arguments):
    """Return the exit code, stdout and stderr of one call."""
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def done(capsys, *arguments):
    """Return what a call that succeeds says."""
    code, out, err = call(capsys, *arguments)
    assert code == 0, err
    return out


# Each kind of file, encoding and quoting; tests/datasets/test_like.py has the manners of all.
FILES = ("german_excel.csv", "american.csv", "compressed.csv.gz", "with_hint.txt", "never_quoted.tsv",
         "excel_sheet.xlsx")  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_two_steps_write_the_same_file_as_one(folder, capsys, name):
    if name.endswith("xlsx"):
        pytest.importorskip("openpyxl")
    write_exports(folder, [name])
    done(capsys, name, "--out", f"one_{name}", "--rows", 70, *FIT, "--save", "saved")
    said = done(capsys, "fit", name, "--out", "model", *FIT)
    assert "Fitted a model to 60 rows of " in said and " and saved it to model in " in said
    said = done(capsys, "sample", "model", "--rows", 70, "--out", f"two_{name}")
    assert said.startswith("Wrote 70 rows of ") and f" to two_{name} in " in said
    assert_same_file(f"one_{name}", f"two_{name}")
    # The sampler of the one-line command has drawn rows already, so that its next ones are others.
    for model in ("model", "saved"):
        done(capsys, "sample", model, "--rows", 70, "--out", f"{model}_{name}", "--seed", 1)
    assert_same_file(f"model_{name}", f"saved_{name}")


def assert_same_file(one, two):
    if not one.endswith("xlsx"):
        assert Path(one).read_bytes() == Path(two).read_bytes()
        return
    # A sheet has the time at which it was written.
    one, two = (open_table(Path(name), How()) for name in (one, two))
    pd.testing.assert_frame_equal(one.frame, two.frame)
    assert (one.header, one.layout) == (two.header, two.layout)


def test_a_parquet_file_with_an_index(folder, capsys):
    pytest.importorskip("pyarrow")
    rng = np.random.default_rng(0)
    days = pd.date_range("2024-01-01", periods=60, unit="us", name="day")
    frame = pd.DataFrame({"x": rng.normal(size=60), "kind": pd.Categorical(rng.choice(["a", "b"], 60))}, index=days)
    frame.to_parquet("data.parquet")
    done(capsys, "data.parquet", "--out", "one.parquet", *FIT)
    done(capsys, "fit", "data.parquet", "--out", "model", *FIT)
    done(capsys, "sample", "model", "--rows", 60, "--out", "two.parquet")
    one, two = pd.read_parquet("one.parquet"), pd.read_parquet("two.parquet")
    pd.testing.assert_frame_equal(one, two)
    assert two.index.name == "day" and (two.dtypes == frame.dtypes).all()


def test_a_parquet_file_with_numbers_as_names_has_a_model_without_its_manner(folder, capsys):
    pytest.importorskip("pyarrow")
    pd.DataFrame(np.random.default_rng(0).normal(size=(40, 2))).to_parquet("data.parquet")
    done(capsys, "data.parquet", "--out", "one.parquet", *FIT)
    done(capsys, "fit", "data.parquet", "--out", "model", *FIT)
    done(capsys, "sample", "model", "--rows", 40, "--out", "two.parquet")
    one, two = pd.read_parquet("one.parquet"), pd.read_parquet("two.parquet")
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize("out", ["new.csv", "new.csv.gz", "new.parquet"])
def test_large_tables_are_written_in_chunks_and_alike(shop, folder, capsys, monkeypatch, out):
    pytest.importorskip("pyarrow")
    done(capsys, "fit", "shop.csv", "--out", "model", *FIT)
    done(capsys, "sample", "model", "--rows", 500, "--out", f"whole_{out}", "--seed", 1)
    monkeypatch.setattr(samplers, "CHUNK_SIZE", 200)
    for sampler in (samplers.GANSampler, samplers.ConditionalGANSampler):
        monkeypatch.setitem(sampler._bulk.__kwdefaults__, "chunk_size", 200)
    n_parts, add = [], Parts.add
    monkeypatch.setattr(Parts, "add", lambda self, *args: n_parts.append(1) or add(self, *args))
    said = done(capsys, "sample", "model", "--rows", 500, "--out", out, "--seed", 1)
    assert said.startswith(f"Wrote 500 rows of 4 columns to {out} in ") and len(n_parts) == 3
    if out.endswith("parquet"):
        pd.testing.assert_frame_equal(pd.read_parquet(out), pd.read_parquet(f"whole_{out}"))
    else:
        whole, parts = (open_table(folder / name, How(infer_types=False)) for name in (f"whole_{out}", out))
        pd.testing.assert_frame_equal(whole.frame, parts.frame)
        assert whole.layout == parts.layout
    # The one-line command does the same.
    done(capsys, "shop.csv", "--rows", 500, "--out", f"line_{out}", *FIT)
    assert len(n_parts) == 6
    done(capsys, "sample", "model", "--rows", 500, "--out", f"again_{out}")
    assert (folder / f"line_{out}").read_bytes() == (folder / f"again_{out}").read_bytes()


def test_an_interrupted_call_says_that_it_goes_on(shop, folder, capsys, monkeypatch):
    done(capsys, "fit", "shop.csv", "--out", "model", *FIT)
    monkeypatch.setattr(samplers, "CHUNK_SIZE", 200)
    monkeypatch.setitem(samplers.GANSampler._bulk.__kwdefaults__, "chunk_size", 200)
    add = Parts.add

    def interrupted(self, *args):
        if not self.is_empty:
            raise KeyboardInterrupt
        add(self, *args)

    arguments = ["sample", "model", "--rows", 500, "--out", "new.csv"]
    with monkeypatch.context() as patched:
        patched.setattr(Parts, "add", interrupted)
        code, _, err = call(capsys, *arguments)
    assert code == 130 and "the same command goes on" in err and not (folder / "new.csv").exists()
    _, _, err = call(capsys, *arguments)
    assert "skgan: going on after 200 rows of " in err
    assert len((folder / "new.csv").read_text().splitlines()) == 501


def test_a_call_that_was_killed_while_it_joined_its_parts(shop, folder, capsys, monkeypatch):
    done(capsys, "fit", "shop.csv", "--out", "model", *FIT)
    monkeypatch.setattr(samplers, "CHUNK_SIZE", 200)
    monkeypatch.setitem(samplers.GANSampler._bulk.__kwdefaults__, "chunk_size", 200)

    def interrupted(self, join):
        raise KeyboardInterrupt

    arguments = ["sample", "model", "--rows", 500, "--out", "new.csv"]
    with monkeypatch.context() as patched:
        patched.setattr(Parts, "join", interrupted)
        assert call(capsys, *arguments)[0] == 130
    assert done(capsys, *arguments).startswith("Wrote 500 rows to new.csv in ")
    assert len((folder / "new.csv").read_text().splitlines()) == 501


def test_seeds(shop, folder, capsys):
    done(capsys, "fit", "shop.csv", "--out", "model", *FIT)
    texts = []
    for seed in ([], [], ["--seed", 1], ["--seed", 1], ["--seed", 2]):
        done(capsys, "sample", "model", "--rows", 30, "--out", "new.csv", *seed)
        texts.append((folder / "new.csv").read_bytes())
    assert texts[0] == texts[1] and texts[2] == texts[3] and len(set(texts)) == 3


def test_conditions_of_a_saved_model(shop, folder, capsys):
    done(capsys, "fit", "shop.csv", "--out", "model", "--target", "kind", "--target", "paid", "--target", "price", *FIT)
    where = ["--where", "kind=tea", "--where", "paid=TRUE", "--where", "price=20,50"]
    done(capsys, "sample", "model", "--rows", 30, "--out", "new.csv", *where)
    lines = (folder / "new.csv").read_text().splitlines()
    assert lines[0] == "day;price;kind;paid"
    assert all(line.endswith(";20,50;tea;TRUE") for line in lines[1:])
    done(capsys, "sample", "model", "--rows", 30, "--out", "new.csv")
    assert len({line.split(";")[2] for line in (folder / "new.csv").read_text().splitlines()[1:]}) == 2
    for where, says in [
        (["kind=tea", "paid=TRUE"], "--where must name each target of model; add --where price=VALUE."),
        (["kind=wine"], "--where kind=wine: there is no such value; the values are milk, tea."),
        (["day=01.01.2024"], "there is no column 'day' for a condition; the columns are kind, paid, price."),
        (["kind=tea", "kind=milk"], "--where names 'kind' twice"),
        (["price=99999,00"], "--where price=99999,00: the value must be between "),
    ]:
        wheres = [word for text in where for word in ("--where", text)]
        code, _, err = call(capsys, "sample", "model", "--rows", 3, "--out", "new.csv", *wheres)
        assert code == 2 and says in err


def test_a_model_of_python_is_written_plainly(folder, capsys):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=50), "day": np.datetime64("2024-01-01") + np.arange(50)})
    sampler = GANSampler(max_iter=2, random_state=0).fit(frame)
    skgan.save(sampler, "model")
    done(capsys, "sample", "model", "--rows", 20, "--out", "new.csv", "--seed", 1)
    assert (folder / "new.csv").read_text() == sampler.sample(20, random_state=1).to_csv(index=False)
    skgan.save(skgan.ConditionalGANSampler(max_iter=2).fit(rng.normal(size=(50, 2)), rng.integers(0, 2, 50)), "model")
    done(capsys, "sample", "model", "--rows", 20, "--out", "new.csv", "--where", "0=1")
    assert set(pd.read_csv("new.csv")["y"]) == {1}


def test_a_report_on_two_files(shop, folder, capsys, monkeypatch):
    done(capsys, "shop.csv", "--out", "new.csv", "--rows", 60, *FIT)
    done(capsys, "shop.csv", "--out", "more.csv", "--rows", 60, *FIT)
    seen = {}

    class Report:
        findings = []

        def save(self, path):
            Path(path).write_text("<!DOCTYPE html>")

    def evaluate(real, synthetic, **given):
        seen.update(given, real=real, synthetic=synthetic)
        return Report()

    monkeypatch.setattr(skgan, "evaluate", evaluate)
    options = ["--holdout", "more.csv", "--target", "kind", "--drop", "day", "--seed", 3]
    said = done(capsys, "report", "shop.csv", "new.csv", "--out", "report.html", *options)
    assert said == "Wrote the report on 60 rows of new.csv to report.html.\n"
    assert (folder / "report.html").exists()
    assert list(seen["real"]) == ["price", "kind", "paid"] and len(seen["synthetic"]) == len(seen["holdout"]) == 60
    assert (seen["target"], seen["name"], seen["random_state"]) == ("kind", "shop.csv", 3)


def test_a_report_reads_both_files_alike(folder, capsys, monkeypatch):
    # The synthetic codes look like numbers, and its numbers are all whole.
    (folder / "real.csv").write_text("code,n\n" + "".join(f"{i:05d},{i / 2}\n" for i in range(40)))
    (folder / "new.csv").write_text("n,code,extra\n" + "".join(f"{i},{10_000 + i},x\n" for i in range(40)))
    seen = []
    monkeypatch.setattr(skgan, "evaluate", lambda *frames, **_: seen.extend(frames) or 1 / 0)
    code, _, err = call(capsys, "report", "real.csv", "new.csv", "--out", "report.html")
    assert code == 1 and err == "skgan: error: report.html was not written: division by zero.\n"
    real, new = seen
    assert new["code"].tolist()[0] == "10000" and new["n"].dtype.kind in "if" and set(new) == set(real)


def test_a_report_does_not_replace_the_rows_that_it_is_on(shop, folder, capsys):
    for name in ("shop", "new", "held"):
        (folder / f"{name}.csv").write_bytes((folder / "shop.csv").read_bytes())
        (folder / f"{name}.html").hardlink_to(f"{name}.csv")
    for name, what in [("shop", "the data"), ("new", "the synthetic rows"), ("held", "the held-out rows")]:
        options = ["--holdout", "held.csv", "--out", f"{name}.html"]
        code, _, err = call(capsys, "report", "shop.csv", "new.csv", *options)
        assert code == 2 and f"{name}.html is {what} itself; write the report to another file." in err
    (folder / "linked.html").symlink_to("shop.csv")
    assert call(capsys, "report", "shop.csv", "new.csv", "--out", "linked.html")[0] == 2


def test_a_whole_report(shop, folder, capsys):
    done(capsys, "shop.csv", "--out", "new.csv", "--rows", 60, *FIT)
    done(capsys, "report", "shop.csv", "new.csv", "--out", "report.html", "--seed", 0)
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(("arguments", "says"), [
    (["fit", "missing.csv", "--out", "model"], "missing.csv does not exist."),
    (["fit", "shop.csv"], "the following arguments are required: --out (python -m skgan fit --help shows the usage)."),
    (["fit", "shop.csv", "--out", "shop.csv"], "shop.csv is the data itself; save the model to another file."),
    (["fit", "shop.csv", "--out", "nowhere/model"], "nowhere/model cannot be written: No such file"),
    (["fit", "shop.csv", "--out", "model", "--target", "knid"], "there is no column 'knid' to be the target; did you"),
    (["fit", "shop.csv", "--out", "model", *(word for name in ("day", "price", "kind", "paid")
      for word in ("--target", name))], "--target names every column; leave --target out."),
    (["fit", "shop.csv", "--out", "model", "--rows", "5"], "unrecognized arguments: --rows 5"),
    (["sample", "missing", "--rows", "5", "--out", "new.csv"], "missing does not exist."),
    (["sample", "shop.csv", "--rows", "5", "--out", "new.csv"], "Cannot load 'shop.csv': it is of another kind"),
    (["sample", "model", "--out", "new.csv"], "the following arguments are required: --rows"),
    (["sample", "model", "--rows", "5", "--out", "new.json"], "new.json must end in .csv"),
    (["report", "shop.csv", "--out", "report.html"], "the following arguments are required: SYNTHETIC"),
    (["report", "shop.csv", "missing.csv", "--out", "report.html"], "missing.csv does not exist."),
    (["report", "shop.csv", "", "--out", "report.html"], " must end in .csv"),
    (["report", "shop.csv", "shop.csv", "--holdout", "", "--out", "report.html"], " must end in .csv"),
    (["fit", "shop.csv", "--out", "a\0b"], r"'a\x00b' is no name of a file: embedded null byte."),
    (["shop.csv", "--out", "new.csv", "--save", "a\0b"], "is no name of a file: embedded null byte."),
    (["fit", "shop.csv", "--out", "\ud800"], r"\ud800' is no name of a file: 'utf-8' codec can't encode"),
    (["report", "shop.csv", "shop.csv", "--out", "report.txt"], "report.txt must end in .html."),
    (["report", "shop.csv", "other.csv", "--out", "report.html"],
     "other.csv has no column 'day', which shop.csv has; --drop it, or add it."),
    (["report", "shop.csv", "shop.csv", "--out", "report.html", "--target", "z"], "there is no column 'z' to be the"),
])  # fmt: skip
def test_what_is_wrong_is_one_sentence(shop, folder, capsys, arguments, says):
    (folder / "other.csv").write_text("price;kind;paid\n1,50;tea;TRUE\n")
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("skgan: error: ") and err.count("\n") == 1
    assert says in err
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


@pytest.mark.parametrize("command", ["fit", "sample", "report"])
def test_each_command_has_a_help(capsys, command):
    assert f"usage: python -m skgan {command} " in done(capsys, command, "--help")
