"""What a run needs is known before its first step, and a fit warns where the device has less."""

import warnings

import numpy as np
import pytest
import torch
from problems import small_array, small_frame

from skgan import GANSampler
from skgan._free_memory import free_memory, free_on_this_machine
from skgan.samplers import _estimate
from skgan.samplers._estimate import CountedTensors, estimate

PIXELS = np.random.default_rng(0).integers(0, 255, (40, 16, 16, 3), dtype=np.uint8)
CASES = {
    "table": (small_frame(200), {}),
    "images": (PIXELS, {"hidden_layer_sizes": (8, 8)}),
    "growing": (PIXELS, {"generator": "progressive", "discriminator": "progressive", "hidden_layer_sizes": (8, 8)}),
}


def run_of(X, **options):
    return GANSampler(random_state=0, max_iter=10, **options)._plan(X).run([])


def test_tensors_are_counted_once_and_as_long_as_they_live():
    with CountedTensors([]) as counted:
        a = torch.zeros(1000)
        view = a[:10]
        b = a + 1
        del a, view
        c = torch.zeros(250)
    assert counted.history == [4000, 8000, 5000] and counted.now == 5000
    assert len(b) + len(c) == 1250


@pytest.mark.parametrize("case", CASES)
def test_what_few_rows_need_says_what_many_need(case):
    X, options = CASES[case]
    run = run_of(X, n_jobs=1, **options)
    n_parts = len(run.batches.part_rngs)
    kept, history = _estimate._tried(run, run.batches.batch_size // n_parts)
    expected = max(history) + (n_parts - 1) * kept
    assert estimate(run).activations == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("case", CASES)
def test_what_is_allocated_in_a_run_is_counted_before_it(case):
    X, options = CASES[case]
    run = run_of(X, **options)
    needs = estimate(run)
    run.play()
    states = [state for optimizer in run.optimizers.values() for state in optimizer.state.values()]
    moments = sum(value.nbytes for state in states for value in state.values() if value.numel() > 1)
    assert needs.moments == pytest.approx(moments, rel=0.01)
    [average] = run.averages.values()
    kept = [average.module, *average.earlier]
    assert needs.averages == sum(p.nbytes for module in kept for p in (*module.parameters(), *module.buffers()))


@pytest.mark.parametrize("case", CASES)
def test_an_estimate_changes_nothing(case):
    X, options = CASES[case]
    with_estimate, without = (run_of(X, **options) for _ in range(2))
    before = torch.get_rng_state()
    estimate(with_estimate)
    assert torch.equal(torch.get_rng_state(), before)
    for run in (with_estimate, without):
        run.play()
    pairs = zip(with_estimate.parameters.values(), without.parameters.values(), strict=True)
    assert all(torch.equal(a, b) for ours, theirs in pairs for a, b in zip(ours, theirs, strict=True))


def test_too_little_memory_is_said_before_the_first_step(monkeypatch):
    monkeypatch.setattr(_estimate, "free_memory", lambda device: 100_000)
    message = r"needs about \d+ MB of memory, but cpu has 1 MB left.*smaller batch_size"
    with pytest.warns(UserWarning, match=message) as got:
        GANSampler(max_iter=2, random_state=0).fit(small_array(60))
    assert got[0].filename == __file__


@pytest.mark.parametrize("free", [10**12, None])
def test_enough_or_unknown_memory_is_not_mentioned(monkeypatch, free):
    monkeypatch.setattr(_estimate, "free_memory", lambda device: free)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        GANSampler(max_iter=2, random_state=0, refine=False).fit(small_array(60))
    assert [str(each.message) for each in caught] == []


def test_verbose_fits_say_what_they_plan(capsys):
    sampler = GANSampler(max_iter=3, random_state=0, verbose=1).fit(small_array(60))
    n = sum(parameter.numel() for parameter in sampler.generator_.last.parameters())
    first = capsys.readouterr().err.splitlines()[0]
    assert first.startswith("skgan: 3 steps planned, parameters: discriminator ")
    assert f"generator {n:,}, about " in first and first.endswith(" MB of memory")


def test_networks_that_cannot_be_tried_are_not_estimated(monkeypatch, capsys):
    monkeypatch.setattr(_estimate, "_tried", lambda run, n_rows: 1 / 0)
    GANSampler(max_iter=2, random_state=0, verbose=1).fit(small_array(60))
    assert "memory" not in capsys.readouterr().err


def machine(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


MEMINFO = {"proc/meminfo": "MemTotal: 9000 kB\nMemAvailable: 2000 kB\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 2000 * 1024),
        # The second version of control groups: the group of the process has no limit, the one around it has.
        (
            {
                "proc/self/cgroup": "0::/outer/inner\n",
                "sys/fs/cgroup/outer/inner/memory.max": "max\n",
                "sys/fs/cgroup/outer/inner/memory.current": "5\n",
                "sys/fs/cgroup/outer/memory.max": "1000000\n",
                "sys/fs/cgroup/outer/memory.current": "400000\n",
                "sys/fs/cgroup/outer/memory.stat": "anon 7\ninactive_file 100000\n",
            },
            700_000,
        ),
        # The first version.
        (
            {
                "proc/self/cgroup": "9:cpu:/\n4:memory:/job\n",
                "sys/fs/cgroup/memory/job/memory.limit_in_bytes": "1000000\n",
                "sys/fs/cgroup/memory/job/memory.usage_in_bytes": "400000\n",
            },
            600_000,
        ),
        ({"sys/fs/cgroup/memory.max": "9000000000\n", "sys/fs/cgroup/memory.current": "1\n"}, 2000 * 1024),
    ],
)
def test_free_memory_is_what_machine_and_groups_allow(tmp_path, files, expected):
    assert free_on_this_machine(machine(tmp_path, MEMINFO | files)) == expected


def test_unknown_devices_have_unknown_memory():
    assert free_memory(torch.device("meta")) is None
    free = free_memory(torch.device("cpu"))
    assert free is None or free > 0
