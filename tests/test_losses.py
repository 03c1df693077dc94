"""Every loss: its values by hand, and what all of them must have in common.

A new loss joins `LOSS_VALUES` and inherits every test below.
"""

from math import exp, log

import numpy as np
import pytest
import torch

from skgan import GANSampler
from skgan.datasets import make_ring
from skgan.losses import LOSSES

# log(1 + e^x); all values of the logistic losses below are sums of these.
S = {x: log(1 + exp(x)) for x in range(-4, 5)}

# Of scores (real, fake) = (2, -1), (0, 0) and (-1, 3): the discriminator's loss, then the generator's.
SCORES = torch.tensor([[2.0, 0.0, -1.0], [-1.0, 0.0, 3.0]])
LOSS_VALUES = {
    "minimax": ([S[-2] + S[-1], 2 * S[0], S[1] + S[3]], [-S[-1], -S[0], -S[3]]),
    "non_saturating": ([S[-2] + S[-1], 2 * S[0], S[1] + S[3]], [S[1], S[0], S[-3]]),
    "wasserstein": ([-3.0, 0.0, 4.0], [1.0, 0.0, -3.0]),
    "least_squares": ([1.0, 0.5, 6.5], [2.0, 0.5, 2.0]),
    "hinge": ([0.0, 2.0, 6.0], [1.0, 0.0, -3.0]),
    "relativistic": ([S[-3], S[0], S[4]], [S[3], S[0], S[-4]]),
}

each_loss = pytest.mark.parametrize("loss", [pytest.param(loss(), id=word) for word, loss in LOSSES.items()])


def slopes(of, real_scores, fake_scores):
    """Derivatives of a loss by the real and by the generated scores."""
    scores = [torch.tensor(values, requires_grad=True) for values in (real_scores, fake_scores)]
    gradients = torch.autograd.grad(of(*scores).sum(), scores, allow_unused=True)
    return [torch.zeros(len(score)) if g is None else g for score, g in zip(scores, gradients)]


def test_the_list_is_complete():
    assert list(LOSSES) == ["minimax", "non_saturating", "wasserstein", "least_squares", "hinge", "relativistic"]
    assert LOSS_VALUES.keys() == LOSSES.keys()


@pytest.mark.parametrize("word", LOSS_VALUES)
def test_known_values(word):
    loss = LOSSES[word]()
    discriminator, generator = LOSS_VALUES[word]
    np.testing.assert_allclose(loss.discriminator_loss(*SCORES), discriminator, rtol=1e-6)
    np.testing.assert_allclose(loss.generator_loss(*SCORES), generator, rtol=1e-6)


@each_loss
def test_one_finite_value_a_sample(loss):
    real, fake = torch.cartesian_prod(*[torch.tensor([-1e4, -1.0, 0.0, 1.0, 1e4])] * 2).T
    for of in (loss.discriminator_loss, loss.generator_loss):
        values = of(real, fake)
        assert values.shape == (25,) and torch.isfinite(values).all()
        assert all(torch.isfinite(slope).all() for slope in slopes(of, real.tolist(), fake.tolist()))


@each_loss
def test_a_discriminator_that_separates_has_the_lower_loss(loss):
    # 1 and 0, because these are the targets of least squares.
    pairs = ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0))
    separating, blind, inverted = (loss.discriminator_loss(*torch.tensor([[real], [fake]])) for real, fake in pairs)
    assert separating < blind < inverted


@each_loss
def test_the_discriminator_is_pushed_apart(loss):
    real, fake = slopes(loss.discriminator_loss, [0.5, 0.0, -2.0], [0.5, 0.1, 2.0])
    assert (real < 0).all() and (fake > 0).all()


@each_loss
def test_the_generator_is_pushed_towards_real(loss):
    _, fake = slopes(loss.generator_loss, [0.5, 0.0, 2.0], [0.5, -1.0, -2.0])
    assert (fake < 0).all()


@pytest.mark.parametrize("word, slope", [("minimax", 4.5e-5), ("non_saturating", 1.0), ("relativistic", 1.0)])
def test_who_keeps_a_gradient_while_losing(word, slope):
    _, fake = slopes(LOSSES[word]().generator_loss, [0.0], [-10.0])
    assert -fake.item() == pytest.approx(slope, rel=0.02)


@pytest.mark.parametrize("word", ["wasserstein", "relativistic"])
def test_only_differences_of_scores_count(word):
    loss = LOSSES[word]()
    torch.testing.assert_close(loss.discriminator_loss(*SCORES), loss.discriminator_loss(*(SCORES + 5.0)))


def test_relativistic_players_are_each_other_s_mirror():
    loss = LOSSES["relativistic"]()
    real, fake = SCORES
    torch.testing.assert_close(loss.generator_loss(real, fake), loss.discriminator_loss(fake, real))


def test_minimax_players_play_for_the_same_stake():
    loss = LOSSES["minimax"]()
    real, fake = SCORES
    torch.testing.assert_close(
        loss.discriminator_loss(real, fake) + loss.generator_loss(real, fake), torch.nn.functional.softplus(-real)
    )


@each_loss
def test_equation_and_paper_are_documented(loss):
    told = type(loss).__doc__
    assert "Discriminator: ``" in told or "Generator: ``" in told
    assert ".. [1] " in told and ("eq. " in told or "section " in told)


def high_quality(X, n_modes=8, scale=0.05):
    """How many rows lie within 3 standard deviations of each mean of the ring, shape (n_modes,)."""
    angles = 2 * np.pi * np.arange(n_modes) / n_modes
    means = np.column_stack([np.cos(angles), np.sin(angles)])
    return (np.linalg.norm(X[:, None] - means, axis=2) <= 3 * scale).sum(0)


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("word", LOSSES)
def test_each_loss_learns_a_ring(word):
    # benchmarks/ring.py trains to the end; here each loss must be on its way there.
    X, _ = make_ring(500, random_state=0)
    sampler = GANSampler(
        loss=word, max_iter=350, learning_rate=4e-3, latent_dim=2, hidden_layer_sizes=(64,), batch_size=32,
        refine=False, device="cpu", random_state=0,
    )
    counts = high_quality(sampler.fit(X).sample(2000, random_state=0))
    shuffled = np.column_stack([np.random.default_rng(0).permutation(X[:, 0]), X[:, 1]])
    assert (counts >= 20).all()
    assert high_quality(shuffled).sum() / 500 < 0.4 < 0.6 < counts.sum() / 2000
