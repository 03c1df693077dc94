"""A run that is stopped at any step and continued in a new process ends in the same weights, to the last bit."""

import io
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from problems import adult_like, blobs

from skgan import ConditionalGANSampler, GANSampler
from skgan._budget import Budget
from skgan.callbacks import Callback

N_STEPS = 10
IMAGES = np.random.default_rng(0).integers(0, 256, (40, 16, 16), dtype=np.uint8)


def table():
    return GANSampler(max_iter=N_STEPS, batch_size=64, random_state=0), (adult_like(80),)


def table_given_classes():
    options = {"loss": "wasserstein", "n_critic": 2, "conditioning": "auxiliary"}
    return ConditionalGANSampler(max_iter=N_STEPS, batch_size=8, random_state=0, **options), blobs(40)


def growing_networks_with_adaptive_augmentation():
    words = {"generator": "progressive", "discriminator": "progressive", "hidden_layer_sizes": (4, 4)}
    options = {"batch_size": 8, "augmentation": ("flip", "cutout"), "random_state": 0}
    return GANSampler(max_iter=N_STEPS, **options, **words), (IMAGES,)


CASES = (table, table_given_classes, growing_networks_with_adaptive_augmentation)


class Stop(Callback):
    def __init__(self, step):
        self.step = step

    def on_step_end(self, run):
        if run.n_iter == self.step:
            run.stop()


def run_of(case, watchers=()):
    sampler, data = case()
    return sampler._plan(*data).run(watchers)


@cache
def expected_of(case):
    """The weights of a run that nothing stops."""
    return weights_of(run_of(case).play())


def weights_of(run):
    """All that a run keeps, as one list of tensors."""
    networks = [network for kept in run.snapshot().values() for network in kept]
    return [tensor for network in networks for tensor in network.state_dict().values()]


def continued(cases, step):
    """The weights of runs that were stopped at a step, and continued by one new process."""
    here = Path(__file__)
    code = (
        "import sys, io, torch; sys.path.insert(0, sys.argv[1]); import test_resume as t;"
        "states = torch.load(io.BytesIO(sys.stdin.buffer.read()), weights_only=True);"
        "runs = {name: t.run_of(getattr(t, name)).load_state_dict(state).play() for name, state in states.items()};"
        "torch.save({name: t.weights_of(run) for name, run in runs.items()}, sys.stdout.buffer)"
    )
    states = io.BytesIO()
    torch.save({case.__name__: run_of(case, [Stop(step)]).play().state_dict() for case in cases}, states)
    arguments = [sys.executable, "-c", code, str(here.parent)]
    found = subprocess.run(arguments, input=states.getvalue(), stdout=subprocess.PIPE, check=True, cwd=here.parents[1])
    return torch.load(io.BytesIO(found.stdout), weights_only=True)


def test_runs_continue_in_a_new_process():
    found = continued(CASES, 5)
    for case in CASES:
        expected = expected_of(case)
        assert len(found[case.__name__]) == len(expected) > 0
        assert all(torch.equal(a, b) for a, b in zip(found[case.__name__], expected, strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_run_continues_from_each_of_its_steps(case):
    states = []

    class Keep(Callback):
        def on_step_end(self, run):
            states.append(run.state_dict())

    run_of(case, [Keep()]).play()
    for state in states[:-1]:
        found = weights_of(run_of(case).load_state_dict(state).play())
        assert all(torch.equal(a, b) for a, b in zip(found, expected_of(case), strict=True))


@pytest.mark.parametrize("part", ["n_iter", "optimizers", "averages", "batches"])
def test_no_part_of_the_state_is_needless(part):
    case = growing_networks_with_adaptive_augmentation
    state = run_of(case, [Stop(5)]).play().state_dict()
    state[part] = run_of(case).state_dict()[part]
    found = weights_of(run_of(case).load_state_dict(state).play())
    assert not all(torch.equal(a, b) for a, b in zip(found, expected_of(case), strict=True))


def test_the_plan_of_a_continued_run_finishes_it():
    sampler, data = table()
    plan = sampler._plan(*data)
    run = plan.run([]).load_state_dict(run_of(table, [Stop(5)]).play().state_dict()).play()
    expected = table()[0].fit(*data)
    columns = plan.finish(run, Budget()).columns(20, plan.conditions, seed=3)
    for (values, missing), (other, gone) in zip(columns, expected._model.columns(20, plan.conditions, seed=3)):
        np.testing.assert_array_equal(values, other)
        np.testing.assert_array_equal(missing, gone)
