"""Several generators of one run, used as one."""

from __future__ import annotations

from torch import nn


class Mixture(nn.Module):
    """Generators that make rows in turn: row i comes from member ``i % n_members``.

    The errors of the generator at different moments of a run differ, so that the mixture is nearer to the data than
    any one of its members. Drawing from it costs no more [1]_.

    Parameters
    ----------
    members : list of Generator
        Of one layout.

    References
    ----------
    .. [1] Wang, Zhang and van de Weijer, "Ensembles of generative adversarial networks", NIPS 2016 workshop on
       adversarial training, section 3 ("self-ensembles").
    """

    def __init__(self, members):
        super().__init__()
        self.members = nn.ModuleList(members)
        self.noise_dim = members[-1].noise_dim
        self.train(members[-1].training)

    @property
    def last(self):
        """The generator at the end of the run, a smooth function of the latent."""
        return self.members[-1]

    def forward(self, latent, condition):
        """Standard normal latents (n, noise_dim) and conditions (n, condition_dim) to rows (n, width)."""
        n = len(self.members)
        parts = [member(latent[i::n], condition[i::n]) for i, member in enumerate(self.members)]
        rows = parts[0].new_empty(len(latent), parts[0].shape[1])
        for i, part in enumerate(parts):
            rows[i::n] = part
        return rows
