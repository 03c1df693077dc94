"""The command line: fits with a checkpoint that are stopped by a signal, and the command that continues them."""

import os
import shlex
import signal
from pathlib import Path

import numpy as np
import pytest

from skgan import GANSampler, load
from skgan.__main__ import main
from skgan._cli._arguments import build_fit_parser, build_resume_parser
from skgan._cli._checkpoint import command_of
from skgan.callbacks import Checkpoint

FIT = ["--max-iter", 6, "--seed", 0]
pytestmark = [pytest.mark.filterwarnings("ignore::UserWarning"), pytest.mark.usefixtures("few_trees")]


@pytest.fixture
def shop(folder):
    """A file whose reading is decided by options."""
    rng = np.random.default_rng(0)
    lines = ["day;price;kind;zip"]
    for _ in range(80):
        price, kind = f"{rng.lognormal(3, 1):.2f}".replace(".", ","), rng.choice(["tea", "milk"])
        lines.append(f"0{rng.integers(1, 9)}/0{rng.integers(1, 9)}/2024;{price};{kind};{rng.integers(100, 105)}")
    Path("shop.csv").write_text("\n".join(lines))


def call(capsys, *arguments):
    """Return the exit code, stdout and stderr of one call."""
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def stopped(capsys, *arguments, step=3, by=signal.SIGINT):
    """The exit code and the error of a fit that a signal stops after a step."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        written = Checkpoint.on_step_end

        def on_step_end(self, run):
            written(self, run)
            if run.n_iter == step:
                os.kill(os.getpid(), by)

        monkeypatch.setattr(Checkpoint, "on_step_end", on_step_end)
        code, _, err = call(capsys, *arguments)
    return code, err


def resumed(capsys, err):
    """What the command in a message says."""
    words = shlex.split(err.split("go on: ")[1])
    assert words[:4] == ["python", "-m", "skgan", "resume"]
    code, out, err = call(capsys, *words[3:])
    assert code == 0, err
    return out


def sample(capsys, model):
    code, _, err = call(capsys, "sample", model, "--rows", 50, "--out", f"{model}.csv")
    assert code == 0, err
    return Path(f"{model}.csv").read_bytes()


READING = [
    [],
    ["--target", "kind", "--drop", "zip"],
    ["--month-first", "--types", "zip=text", "--separator", ";", "--decimal", "comma", "--encoding", "utf-8"],
    ["--id-column", "zip", "--target", "kind", "--target", "price", "--text", "keep", "--every", 30],
]


@pytest.mark.parametrize("options", READING)
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_fit_that_is_stopped_goes_on_by_the_command_that_it_says(shop, capsys, options, by):
    before = signal.getsignal(signal.SIGTERM)
    code, _, err = call(capsys, "fit", "shop.csv", "--out", "whole", *FIT, *options)
    if "--every" in options:
        assert code == 2 and "--every needs --checkpoint FILE" in err
        options = options[:-2]
        assert call(capsys, "fit", "shop.csv", "--out", "whole", *FIT, *options)[0] == 0
    code, err = stopped(
        capsys, "fit", "shop.csv", "--out", "model", "--checkpoint", "a fit", *FIT, *options, by=by
    )
    assert code == 128 + by
    assert "interrupted; the model was not written, but the fit can go on: " in err
    assert sorted(os.listdir()) == ["a fit", "a fit.previous", "shop.csv", "whole"]
    said = resumed(capsys, err)
    assert said.splitlines()[-1].startswith("Finished the fit and saved the model to model in ")
    assert sorted(os.listdir()) == ["model", "shop.csv", "whole"]
    assert sample(capsys, "model") == sample(capsys, "whole")
    assert load("model").n_iter_ == 6
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_resumed_fit_is_stopped_again(shop, capsys):
    call(capsys, "fit", "shop.csv", "--out", "whole", *FIT)
    _, err = stopped(capsys, "fit", "shop.csv", "--out", "model", "--checkpoint", "fit", *FIT, step=2)
    again = shlex.split(err.split("go on: ")[1])[3:]
    code, err = stopped(capsys, *again, step=4, by=signal.SIGTERM)
    assert code == 143 and shlex.join(again) in err
    resumed(capsys, err)
    assert sample(capsys, "model") == sample(capsys, "whole")


def test_a_fit_that_ends_leaves_no_checkpoint(shop, capsys):
    code, _, err = call(capsys, "fit", "shop.csv", "--out", "model", "--checkpoint", "fit", "--every", 5, *FIT)
    assert code == 0, err
    assert sorted(os.listdir()) == ["model", "shop.csv"]


def test_an_interruption_before_the_first_step_says_that_nothing_was_written(shop, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(GANSampler, "fit", interrupted)
    code, _, err = call(capsys, "fit", "shop.csv", "--out", "model", "--checkpoint", "fit")
    assert code == 130 and err == "skgan: interrupted before the first checkpoint; nothing was written.\n"


def test_a_checkpoint_that_exists_is_not_overwritten(shop, capsys):
    stopped(capsys, "fit", "shop.csv", "--out", "model", "--checkpoint", "fit", *FIT)
    kept = Path("fit").read_bytes()
    code, _, err = call(capsys, "fit", "shop.csv", "--out", "model", "--checkpoint", "fit", *FIT)
    command = "python -m skgan resume fit shop.csv --out model"
    assert code == 2 and err == f"skgan: error: fit exists; remove it, or go on from it: {command}\n"
    assert Path("fit").read_bytes() == kept


def test_what_differs_is_said_in_words_of_the_command_line(shop, capsys):
    stopped(capsys, "fit", "shop.csv", "--out", "model", "--checkpoint", "fit", "--drop", "zip", *FIT)
    code, _, err = call(capsys, "resume", "fit", "shop.csv", "--out", "model")
    assert code == 2
    assert err.startswith(
        "skgan: error: the fit cannot go on: DATA is not that of the checkpoint: DATA has 'zip' (numeric), unlike that "
        "of the fit. Say the same file, --drop, --target and options of reading as to fit; "
    )
    lines = Path("shop.csv").read_text().splitlines()
    Path("shop.csv").write_text("\n".join(lines[:-1]))
    code, _, err = call(capsys, "resume", "fit", "shop.csv", "--drop", "zip", "--out", "model")
    assert code == 2 and "DATA has 79 rows, and that of the fit had 80" in err
    assert not Path("model").exists()


def test_wrong_checkpoints(shop, capsys):
    for arguments, said in {
        ("resume", "none", "shop.csv", "--out", "model"): "none does not exist.",
        ("resume", "shop.csv", "shop.csv", "--out", "model"): "shop.csv is the data itself; write the checkpoint",
        ("fit", "shop.csv", "--out", "model", "--checkpoint", "model"): "--out and the checkpoint are the same file",
        ("fit", "shop.csv", "--out", "model", "--checkpoint", "no/fit"): "cannot be written: No such file or directory",
    }.items():
        code, _, err = call(capsys, *arguments)
        assert code == 2 and said in err, err
    Path("other").write_text("a,b\n1,2\n")
    code, _, err = call(capsys, "resume", "other", "shop.csv", "--out", "model")
    assert code == 2 and "Cannot resume" in err and "it is of another kind" in err


def test_the_command_has_all_options_of_reading():
    given = ["data.csv", "--out", "a model", "--drop", "a", "--drop", "b c", "--target", "t", "--types", "x=y=date",
             "--separator", "tab", "--header", "none", "--decimal", "comma", "--encoding", "cp1252", "--sheet", "2",
             "--day-first", "--seed", "1", "--max-iter", "9", "--checkpoint", "k"]  # fmt: skip
    arguments = build_fit_parser().parse_args(given)
    words = shlex.split(command_of(arguments))[4:]
    found = vars(build_resume_parser().parse_args(words))
    shared = (vars(arguments).keys() & found.keys()) - {"text", "no_id_columns"}
    assert len(shared) > 10
    assert {name: found[name] for name in shared} == {name: getattr(arguments, name) for name in shared}
    assert not {"--seed", "--max-iter"} & set(words)
    arguments = build_fit_parser().parse_args(["d.csv", "--out", "m", "--header", "3", "--month-first"])
    assert command_of(arguments).endswith("d.csv --out m --header 3 --month-first")
