"""What each rule allows, and the one sentence when it is broken."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from skgan import GANSampler
from skgan._validation import (
    Flag,
    Positive,
    Sizes,
    Whole,
    check_is_no_name,
    check_n_samples,
    check_parameters,
    is_whole,
)

RULES = {
    Whole(): ([1, 5, np.int64(3), 2**63 - 1], [2**63, 0, -1, 1.0, "1", "auto", True, None, math.nan, [1]]),
    Whole(0): ([0, 1], [-1, False]),
    Whole(1, ("auto",)): (["auto", 1], ["Auto", "", 0, None]),
    Whole(0, (False, True)): ([False, True, 0, 2], [-1, "True", None]),
    Positive(): ([1e-300, 1, 2.5, np.float32(0.5)], [0, -1, math.inf, math.nan, True, "1", None, 1j]),
    Positive((None,)): ([None, 0.1], [0, "auto"]),
    Sizes(("auto",)): ([(1,), [64, 32], "auto", (np.int32(4),)], [(), [], 64, (0,), (1.5,), (True,), "64", None]),
    Flag(): ([True, False, np.True_], [0, 1, "True", None]),
}
CASES = [(rule, value, allowed) for rule, (good, bad) in RULES.items()
         for values, allowed in ((good, True), (bad, False)) for value in values]


@pytest.mark.parametrize("rule, value, allowed", CASES, ids=lambda part: str(part)[:40])
def test_rules(rule, value, allowed):
    assert bool(rule.allows(value)) is allowed


@pytest.mark.parametrize("value", [np.array([1, 2]), np.array("auto"), np.nan])
def test_rules_with_words_survive_arrays(value):
    assert not Whole(1, ("auto",)).allows(value)


def test_the_message_holds_the_whole_rule_that_is_broken_first():
    sampler = SimpleNamespace(max_iter=0, learning_rate=-1.0)
    rules = {"max_iter": Whole(1, ("auto",)), "learning_rate": Positive()}
    with pytest.raises(ValueError) as error:
        check_parameters(sampler, rules)
    assert str(error.value) == (
        "max_iter=0 of SimpleNamespace is not allowed; max_iter must be a whole number of at least 1 or 'auto'."
    )
    check_parameters(SimpleNamespace(max_iter="auto", learning_rate=1e-3), rules)


@pytest.mark.parametrize("name, value, most", [
    ("min_frequency", 2**63, 2**63 - 1), ("hidden_layer_sizes", (3, 2**70), 2**63 - 1), ("latent_dim", 2**25, 2**24),
    ("batch_size", 2**62, 2**24), ("n_critic", 10**6, 1000)])
def test_whole_numbers_that_are_too_large(name, value, most):
    with pytest.raises(ValueError, match=rf"^{name}=.* is not allowed; .*, and at most {most}\.$"):
        GANSampler(**{name: value}).fit(np.zeros((9, 1)))


def test_the_name_of_a_target_gives_the_cure():
    check_is_no_name(np.array(["Churn"]))
    check_is_no_name(["Churn"])
    with pytest.raises(ValueError) as error:
        check_is_no_name("Churn")
    assert 'pass X=df.drop(columns="Churn"), y=df["Churn"].' in str(error.value)


@pytest.mark.parametrize("n, error", [(0, ValueError), (-1, ValueError), (1.5, TypeError), ("a", TypeError),
                                      (None, TypeError), (True, TypeError), ([3], TypeError)])
def test_n_samples_that_cannot_be(n, error):
    with pytest.raises(error, match="n_samples="):
        check_n_samples(n)


@pytest.mark.parametrize("n", [1, np.int32(5), np.uint64(7)])
def test_n_samples_is_handed_on_as_an_int(n):
    assert check_n_samples(n) == n and type(check_n_samples(n)) is int


@pytest.mark.parametrize("value, whole", [(1, True), (np.int8(1), True), (True, False), (1.0, False), ("1", False)])
def test_whole_numbers(value, whole):
    assert is_whole(value) is whole
