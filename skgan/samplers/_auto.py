"""What the word "auto" stands for: settings that grow with the data."""

from __future__ import annotations

from dataclasses import dataclass

from skgan.regularizers import AUTO_REGULARIZER

# From here on networks are as wide as they get, and runs are long.
MANY_ROWS = 4000


@dataclass(frozen=True)
class Settings:
    """The constructor's choices with every "auto" worked out, and what follows from the data alone."""

    regularizer: str | None
    smoothness: float
    latent_dim: int
    hidden_layer_sizes: tuple
    max_iter: int
    batch_size: int
    learning_rate: float


def settle(sampler, n_rows, width) -> Settings:
    """Settings of `sampler` for `n_rows` rows of `width` encoded columns."""
    auto = {
        "regularizer": AUTO_REGULARIZER.get(sampler.loss),
        "latent_dim": min(128, max(4, width)),
        "hidden_layer_sizes": _hidden_layer_sizes(n_rows),
        "max_iter": int(min(4 * n_rows, 300 + 4 * n_rows**0.75, 6000)),
        "batch_size": min(256, max(8, n_rows)),
        "learning_rate": 2e-3,
    }
    chosen = {name: getattr(sampler, name) for name in auto}
    chosen = {name: auto[name] if _is_auto(value) else value for name, value in chosen.items()}
    chosen["hidden_layer_sizes"] = tuple(chosen["hidden_layer_sizes"])
    return Settings(**chosen, smoothness=_smoothness(n_rows, width))


def generator_share(n_rows):
    """The generator's learning rate over the discriminator's.

    In long runs at one rate the shares of levels that hang together swing, and do not come to rest before the end: let
    the discriminator be faster (Heusel et al., NeurIPS 2017). Short runs need all the speed that they have.
    """
    return 1.0 if n_rows < MANY_ROWS else 0.7


def _smoothness(n_rows, width):
    """How many times the weight of a zero-centred penalty: wide rows, few of them, are soon learned by heart."""
    return min(100.0, max(1.0, 600.0 * width / n_rows))


def _is_auto(value):
    return isinstance(value, str) and value == "auto"


def _hidden_layer_sizes(n_rows):
    for limit, sizes in ((1500, (64, 64)), (MANY_ROWS, (128, 128))):
        if n_rows < limit:
            return sizes
    return (256, 256)


