"""Every adversarial loss, side by side.

A loss is two functions of the discriminator's scores (real numbers, higher = more real), shape (n,) each. Both return
one value per sample, shape (n,), to be minimised; the game reduces. `generator_loss` is given the real scores too,
since a relativistic loss compares them. Each loss names the regularizer that ``regularizer="auto"`` stands for, and
the updates of the discriminator per update of the generator that ``n_critic="auto"`` stands for.
"""

from __future__ import annotations

from torch.nn.functional import relu, softplus


class Minimax:
    """The original game: the generator minimises what the discriminator maximises [1]_.

    Discriminator: ``-log s(real) - log(1 - s(fake))``; generator: ``log(1 - s(fake))``, with s the logistic function.

    References
    ----------
    .. [1] Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, eq. 1.
    """

    regularizer = "r1"
    n_critic = 1

    def discriminator_loss(self, real_scores, fake_scores):
        return softplus(-real_scores) + softplus(fake_scores)

    def generator_loss(self, real_scores, fake_scores):
        return -softplus(fake_scores)


class NonSaturating:
    """The discriminator of `Minimax`, and a generator whose gradient does not vanish while it loses [1]_.

    Generator: ``-log s(fake)``.

    References
    ----------
    .. [1] Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, section 3.
    """

    regularizer = "r1"
    n_critic = 1

    def discriminator_loss(self, real_scores, fake_scores):
        return softplus(-real_scores) + softplus(fake_scores)

    def generator_loss(self, real_scores, fake_scores):
        return softplus(-fake_scores)


class Wasserstein:
    """The earth mover's distance, by a critic that a regularizer keeps Lipschitz continuous [1]_.

    Discriminator: ``fake - real``; generator: ``-fake``.

    References
    ----------
    .. [1] Arjovsky, Chintala and Bottou, "Wasserstein generative adversarial networks", ICML 2017, eq. 2 and 3.
    """

    regularizer = "gradient_penalty"
    # The paper has 5. At equal numbers of updates 2 gave the better rows (benchmarks/n_critic.py).
    n_critic = 2

    def discriminator_loss(self, real_scores, fake_scores):
        return fake_scores - real_scores

    def generator_loss(self, real_scores, fake_scores):
        return -fake_scores


class LeastSquares:
    """Scores are regressed to 1 on real rows and to 0 on generated ones [1]_.

    Discriminator: ``((real - 1)^2 + fake^2) / 2``; generator: ``(fake - 1)^2 / 2``.

    References
    ----------
    .. [1] Mao et al., "Least squares generative adversarial networks", ICCV 2017, eq. 9.
    """

    regularizer = "r1"
    n_critic = 1

    def discriminator_loss(self, real_scores, fake_scores):
        return 0.5 * ((real_scores - 1).square() + fake_scores.square())

    def generator_loss(self, real_scores, fake_scores):
        return 0.5 * (fake_scores - 1).square()


class Hinge:
    """The hinge loss with a margin of 1 on both sides [1]_.

    Discriminator: ``max(0, 1 - real) + max(0, 1 + fake)``; generator: ``-fake``.

    References
    ----------
    .. [1] Lim and Ye, "Geometric GAN", 2017, arXiv:1705.02894, eq. 12 to 14.
    """

    regularizer = "r1"
    n_critic = 1

    def discriminator_loss(self, real_scores, fake_scores):
        return relu(1 - real_scores) + relu(1 + fake_scores)

    def generator_loss(self, real_scores, fake_scores):
        return -fake_scores


class Relativistic:
    """Pairs of a real and a generated row: the discriminator says which of the two is real [1]_ [2]_.

    Discriminator: ``softplus(-(real - fake))``; generator: ``softplus(-(fake - real))``.

    References
    ----------
    .. [1] Jolicoeur-Martineau, "The relativistic discriminator", ICLR 2019, eq. 5 and 6.
    .. [2] Sun, Fang and Schwing, "Towards a better global loss landscape of GANs", NeurIPS 2020, eq. 3.
    """

    regularizer = "r1_r2"
    n_critic = 1

    def discriminator_loss(self, real_scores, fake_scores):
        return softplus(fake_scores - real_scores)

    def generator_loss(self, real_scores, fake_scores):
        return softplus(real_scores - fake_scores)


LOSSES = {
    "minimax": Minimax,
    "non_saturating": NonSaturating,
    "wasserstein": Wasserstein,
    "least_squares": LeastSquares,
    "hinge": Hinge,
    "relativistic": Relativistic,
}
