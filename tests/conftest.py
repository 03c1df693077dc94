"""Asserts in files that the tests share say as much as those in the tests themselves; files are shared out whole."""

import pytest

pytest.register_assert_rewrite("sampler_checks", "problems")

# Tests of these files fit nothing that they share.
ONE_BY_ONE = ("test_common.py", "test_docs_examples.py", "test_losses.py", "test_over_sampling.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With several processes, all tests of a file run in one, so that what they share is fitted once."""
    from xdist.scheduler import LoadScopeScheduling

    class FileScheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file, _ = nodeid.split("::", 1)
            return nodeid if file.endswith(ONE_BY_ONE) else file

    return FileScheduling(config, log)
