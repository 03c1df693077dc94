"""Asserts in files that the tests share say as much as those in the tests themselves; files are shared out whole."""

import pytest

pytest.register_assert_rewrite("sampler_checks", "problems")

# Tests of these files fit nothing that they share.
ONE_BY_ONE = ("test_common.py", "test_docs_examples.py", "test_losses.py", "test_over_sampling.py")


def _few_trees(monkeypatch):
    # Imported here, because the process that only shares out the tests needs no torch.
    from skgan.metrics import _two_sample, _utility
    from skgan.refinement import _refine, _trees

    monkeypatch.setattr(_refine, "SCALE_ROWS", 1024)
    for settings in _trees.BOOSTING.values():
        monkeypatch.setitem(settings, "max_iter", 5)
    monkeypatch.setitem(_two_sample.NARROW_TREES, "max_iter", 5)
    for name in ("MIN_TREES", "MAX_TREES"):
        monkeypatch.setattr(_utility, name, 5)


@pytest.fixture
def few_trees(monkeypatch):
    """Density ratios, detection scores and utility have few trees: for tests that do not ask how good rows are."""
    _few_trees(monkeypatch)


@pytest.fixture(scope="module")
def few_trees_in_module():
    """The same, for fixtures of a module too."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        _few_trees(monkeypatch)
        yield


@pytest.fixture
def hasty(monkeypatch):
    """The classifier that makes features is trained for only a few steps."""
    monkeypatch.setattr("skgan.metrics._classifier_features.N_STEPS", 10)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With several processes, all tests of a file run in one, so that what they share is fitted once."""
    from xdist.scheduler import LoadScopeScheduling

    class FileScheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file, _ = nodeid.split("::", 1)
            return nodeid if file.endswith(ONE_BY_ONE) else file

    return FileScheduling(config, log)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
