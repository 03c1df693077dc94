"""README, FAQ and every script of docs/examples run, mostly with so few steps that nothing is learned."""

import re
import runpy
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold

import skgan

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
SAMPLERS = {name: getattr(skgan, name) for name in ("GANSampler", "ConditionalGANSampler")}


@pytest.fixture(autouse=True)
def small_budget(monkeypatch):
    for name, sampler in SAMPLERS.items():
        small = partial(lambda make, **given: make(**{**given, "max_iter": 2, "refine": False}), sampler)
        monkeypatch.setattr(skgan, name, small)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """The folder from which examples read data, and to which they write plots."""
    plt = pytest.importorskip("matplotlib.pyplot")
    monkeypatch.setenv("SKGAN_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    plt.close("all")


def store(folder, name, **arrays):
    (folder / name).mkdir()
    np.savez(folder / name / "data.npz", **arrays)


def run(name):
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


def paste(page):
    """The names after all Python blocks of a page ran in order, in one namespace, as somebody pastes them."""
    names = {}
    for block in re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL):
        exec(block, names)
    return names


@pytest.mark.filterwarnings("ignore:The generator has collapsed")
def test_readme(monkeypatch, tmp_path):
    monkeypatch.setattr("skgan.samplers._for_targets.MAX_STEPS", 2)
    monkeypatch.setattr("sklearn.ensemble.RandomForestClassifier", partial(RandomForestClassifier, n_estimators=5))
    monkeypatch.chdir(tmp_path)
    pasted = paste("README.md")
    assert {path.name for path in tmp_path.iterdir()} == {"report.html", "penguins.skgan"}
    assert list(pasted["synthetic"]) == list(pasted["penguins"]) and len(pasted["synthetic"]) == 1000
    assert set(pasted["y_new"]) == {"Gentoo"}
    assert pasted["images"].shape == (3, 8, 8) and list(pasted["labels"]) == [3, 3, 7]


def patients(path):
    """The sheet that the FAQ reads."""
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "patient_id": [f"A{number}" for number in range(60)],
            "sex": rng.choice(["female", "male"], 60),
            "age": rng.normal(45, 10, 60),
            "amount": [f"${amount:,.2f}" for amount in rng.gamma(2, 900, 60)],
            "note": [f"note {number}" for number in range(60)],
        }
    )


@pytest.mark.filterwarnings("ignore::skgan.exceptions.RareCategoryWarning")
@pytest.mark.filterwarnings("ignore:The generator has collapsed")
def test_faq(monkeypatch):
    sheets = []
    monkeypatch.setattr("skgan.datasets.read_table", patients)
    monkeypatch.setattr("skgan.datasets.write_table", lambda frame, path, *, like: sheets.append(frame))
    pasted = paste("docs/faq.md")
    assert len(sheets[0]) == 1000
    assert pasted["table"]["amount"].dtype == float
    assert set(pasted["synthetic"]["patient_id"]).isdisjoint(pasted["table"]["patient_id"])
    assert pasted["synthetic"]["patient_id"].is_unique
    assert (pasted["women"]["age"] > 40).all() and set(pasted["women"]["sex"]) <= {"female"}
    assert (pasted["y_women"]["age"] > 40).all() and set(pasted["y_women"]["sex"]) == {"female"}
    assert len(pasted["X_women"]) == len(pasted["y_women"])
    assert list(pasted["X_women"]) == ["patient_id", "amount", "note"]
    assert pasted["first"].equals(pasted["again"])


def test_grid_search(capsys):
    run("grid_search.py")
    best, *scores = capsys.readouterr().out.splitlines()
    assert "'loss'" in best
    assert [line.split(":")[0] for line in scores] == ["two_sample", "pair_trends", "coverage"]


def test_optuna_search(monkeypatch, capsys):
    optuna = pytest.importorskip("optuna")
    optimize = optuna.Study.optimize
    monkeypatch.setattr(optuna.Study, "optimize", lambda study, objective, n_trials: optimize(study, objective, 2))
    run("optuna_search.py")
    assert "'loss'" in capsys.readouterr().out


def test_images_digits(folder, capsys):
    run("images_digits.py")
    assert "64 images of 8 by 8 pixels" in capsys.readouterr().out
    assert (folder / "digits_generated.png").exists()


def test_images_fashion_mnist(folder, capsys):
    images = np.random.default_rng(0).integers(0, 256, (60, 28, 28), dtype=np.uint8)
    store(folder, "fashion_mnist", x_train=images, y_train=np.arange(60) % 10)
    run("images_fashion_mnist.py")
    assert "bag, bag, sandal: uint8 of shape (3, 28, 28)" in capsys.readouterr().out
    assert (folder / "fashion_mnist.png").exists()


def test_images_faces(folder, monkeypatch, capsys):
    monkeypatch.setattr("skgan.samplers._latents.N_STEPS", 2)
    store(folder, "orl_faces", x=np.random.default_rng(0).integers(0, 256, (40, 28, 23), dtype=np.uint8))
    run("images_faces.py")
    assert "10 faces of shape (28, 23)" in capsys.readouterr().out
    assert {path.name for path in folder.glob("*.png")} == {"faces.png", "faces_interpolation.png"}


def test_balance_a_class(monkeypatch, capsys):
    pytest.importorskip("imblearn")
    import skgan.over_sampling  # noqa: F401  so that its own forest is not changed

    monkeypatch.setattr("skgan.samplers._for_targets.MAX_STEPS", 2)
    monkeypatch.setattr("sklearn.model_selection.StratifiedKFold", lambda n, **given: StratifiedKFold(2, **given))
    monkeypatch.setattr("sklearn.ensemble.RandomForestClassifier", partial(RandomForestClassifier, n_estimators=5))
    run("balance_a_class.py")
    printed = capsys.readouterr().out
    assert printed.count("generated rows") == 2 and printed.count("WRONG") == 4


def test_augment_in_cross_validation(monkeypatch, capsys):
    monkeypatch.setattr("sklearn.model_selection.StratifiedKFold", lambda n, **given: StratifiedKFold(2, **given))
    run("augment_in_cross_validation.py")
    printed = capsys.readouterr().out
    assert "n_synthetic=3.0" in printed and "rows added: [300, 300, 300]" in printed
    assert "held out" in printed and printed.count("WRONG") == 2


def test_training_run(monkeypatch, capsys):
    monkeypatch.undo()  # its budget is small, and callbacks act at certain steps
    run("training_run.py")
    printed = capsys.readouterr().out
    assert printed.count("column shapes") == 3 and "the power was cut; there is a checkpoint of" in printed
    assert "continued to step 60; the same rows as without a stop: True" in printed


def test_more_data(monkeypatch, capsys):
    monkeypatch.undo()  # its steps are counted
    run("more_data.py")
    printed = capsys.readouterr().out
    assert "'Chinstrap'" in printed and "100 steps in the last fit, 200 in all" in printed
    shares = re.findall(r"on Dream: (\d+)%", printed)
    assert int(shares[0]) > 95 and 25 < int(shares[1]) < 50


def test_watching(monkeypatch, capsys):
    pytest.importorskip("pyarrow")
    pytest.importorskip("matplotlib")
    monkeypatch.undo()  # the run has so many steps that rows become better
    run("watching.py")
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[1:5]] == ["50", "100", "150", "200"]
    assert [line.split(":")[0] for line in printed[5:10]] == [f"step_{step:08d}" for step in range(0, 201, 50)]
    assert float(printed[9].split()[-1]) > float(printed[5].split()[-1]) + 0.1


def test_scikit_learn_callbacks(monkeypatch, capsys):
    pytest.importorskip("sklearn.callback", reason="scikit-learn before 1.9 has no callbacks")
    monkeypatch.undo()  # a search clones the sampler
    run("scikit_learn_callbacks.py")
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in printed[1:8]] == [["fit", "0"]] + [["step", str(n)] for n in range(6)]
    assert printed[-1] == "30 scores of steps in the search"


def test_every_example_is_run():
    run_here = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert {path.stem for path in EXAMPLES.glob("*.py")} == run_here - {"readme", "faq", "every_example_is_run"}
