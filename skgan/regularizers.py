"""What keeps a discriminator smooth, side by side.

A penalty is a function of the critic (rows -> scores), of real and generated rows, shape (n, width), and of uniform
numbers in [0, 1), shape (n, n_draws). It returns one value per sample, shape (n,), which is added to the
discriminator's loss with the weight `weight`. It is computed every `interval` steps with `interval` times the weight
(lazy regularization: Karras et al., CVPR 2020, appendix B). A regularizer may also constrain the weights after a step.
"""

from __future__ import annotations

import torch


def _squared_gradient(critic, rows):
    """``|d critic / d rows|^2``, one value per row, differentiable in the critic's weights."""
    rows = rows.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(rows).sum(), rows, create_graph=True)
    return gradient.square().flatten(1).sum(1)


class Regularizer:
    """No penalty and no constraint.

    Attributes
    ----------
    weight : float
        Of the penalty; 0 where there is none.
    interval : int
        The penalty is computed at every `interval`-th step.
    zero_centred : bool
        Whether more weight makes the discriminator smoother, so that few rows are not memorised.
    n_draws : int
        Uniform numbers per row that the penalty needs.
    """

    weight = 0.0
    interval = 1
    zero_centred = False
    n_draws = 0

    def penalty(self, critic, real, fake, draws):
        """One value per sample, shape (n,); zeros here."""
        return real.new_zeros(len(real))

    def constrain(self, discriminator):
        """Change the weights after a step so that they obey a constraint; nothing here."""


class ZeroCentred(Regularizer):
    """Base of the penalties that pull the gradient to zero."""

    weight = 0.1
    interval = 4
    zero_centred = True


class R1(ZeroCentred):
    """Zero-centred gradient penalty on real rows: ``|grad D(real)|^2 / 2`` [1]_.

    References
    ----------
    .. [1] Mescheder, Geiger and Nowozin, "Which training methods for GANs do actually converge?", ICML 2018, eq. 9.
    """

    def penalty(self, critic, real, fake, draws):
        return 0.5 * _squared_gradient(critic, real)


class R2(ZeroCentred):
    """Zero-centred gradient penalty on generated rows: ``|grad D(fake)|^2 / 2`` [1]_.

    References
    ----------
    .. [1] Mescheder, Geiger and Nowozin, "Which training methods for GANs do actually converge?", ICML 2018, eq. 10.
    """

    def penalty(self, critic, real, fake, draws):
        return 0.5 * _squared_gradient(critic, fake)


class R1R2(ZeroCentred):
    """R1 and R2 together: smooth around both distributions, which a relativistic loss needs [1]_.

    References
    ----------
    .. [1] Mescheder, Geiger and Nowozin, "Which training methods for GANs do actually converge?", ICML 2018,
       eq. 9 and 10.
    """

    def penalty(self, critic, real, fake, draws):
        both = 0.5 * _squared_gradient(critic, torch.cat([real, fake]))
        return both[: len(real)] + both[len(real) :]


class GradientPenalty(Regularizer):
    """Gradient norm pulled to 1 between real and generated rows: ``(|grad D(between)| - 1)^2`` [1]_.

    References
    ----------
    .. [1] Gulrajani et al., "Improved training of Wasserstein GANs", NeurIPS 2017, eq. 3.
    """

    # The paper's weight of 10 is for images; on rows in [-1, 1] it makes the critic so flat that modes are lost.
    weight = 1.0
    interval = 1
    n_draws = 1

    def penalty(self, critic, real, fake, draws):
        share = draws.reshape(-1, *[1] * (real.ndim - 1)).to(real)
        between = share * real + (1 - share) * fake
        # The slope of the square root at 0 is infinite: with a flat critic every weight would become NaN.
        return ((_squared_gradient(critic, between) + 1e-12).sqrt() - 1).square()


class WeightClipping(Regularizer):
    """Every weight clipped to [-limit, limit] after each step; no penalty [1]_.

    References
    ----------
    .. [1] Arjovsky, Chintala and Bottou, "Wasserstein generative adversarial networks", ICML 2017, algorithm 1.
    """

    limit = 0.01

    def constrain(self, discriminator):
        with torch.no_grad():
            for parameter in discriminator.parameters():
                parameter.clamp_(-self.limit, self.limit)


REGULARIZERS = {
    "r1": R1,
    "r2": R2,
    "r1_r2": R1R2,
    "gradient_penalty": GradientPenalty,
    "weight_clipping": WeightClipping,
}
