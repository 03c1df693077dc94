"""What the word "auto" stands for: settings that grow with the data."""

from __future__ import annotations

from dataclasses import dataclass

from skgan.regularizers import AUTO_REGULARIZER


@dataclass(frozen=True)
class Settings:
    """The constructor's choices with every "auto" worked out."""

    regularizer: str | None
    latent_dim: int
    hidden_layer_sizes: tuple
    max_iter: int
    batch_size: int
    learning_rate: float


def settle(sampler, n_rows, width) -> Settings:
    """Settings of `sampler` for `n_rows` rows of `width` encoded columns."""
    auto = {
        "regularizer": AUTO_REGULARIZER.get(sampler.loss),
        "latent_dim": min(128, max(16, width)),
        "hidden_layer_sizes": _hidden_layer_sizes(n_rows),
        "max_iter": int(min(4 * n_rows, 40 * n_rows**0.5, 6000)),
        "batch_size": min(256, max(8, n_rows)),
        "learning_rate": 2e-3,
    }
    chosen = {name: getattr(sampler, name) for name in auto}
    chosen = {name: auto[name] if _is_auto(value) else value for name, value in chosen.items()}
    return Settings(**{**chosen, "hidden_layer_sizes": tuple(chosen["hidden_layer_sizes"])})


def _is_auto(value):
    return isinstance(value, str) and value == "auto"


def _hidden_layer_sizes(n_rows):
    for limit, sizes in ((500, (64, 64)), (2000, (128, 128))):
        if n_rows < limit:
            return sizes
    return (256, 256)


