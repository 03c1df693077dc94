"""Asserts in files that the tests share say as much as those in the tests themselves."""

import pytest

pytest.register_assert_rewrite("sampler_checks", "problems")
