"""Every script of docs/examples runs, on a budget that learns nothing."""

import runpy
from pathlib import Path

import pytest

import skgan

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
GANSampler = skgan.GANSampler


@pytest.fixture(autouse=True)
def small_budget(monkeypatch):
    monkeypatch.setattr(skgan, "GANSampler", lambda **given: GANSampler(**{**given, "max_iter": 2, "refine": False}))


def run(name):
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


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


def test_every_example_is_run():
    assert {path.name for path in EXAMPLES.glob("*.py")} == {"grid_search.py", "optuna_search.py"}
