"""Real, synthetic and held-out rows as tables of one form, or as images with their features."""

from dataclasses import dataclass, field

import numpy as np

from skgan._forms import open_images, read_like, read_table, warn_of_text, without_columns
from skgan._identifiers import free_texts_of, identifiers_of
from skgan.metrics import extract
from skgan.metrics._images import read_images

from ._sections import Images


@dataclass(frozen=True)
class Sides:
    """The rows that a report compares.

    Attributes
    ----------
    real, synthetic : Table or Images
    holdout : Table, Images or None
    target : int or None
        Position of the column to predict.
    set_apart : dict
        What columns that are not compared hold, by their names.
    whole : None, or real, synthetic and holdout with the columns that are set apart
        None for images.
    """

    real: object
    synthetic: object
    holdout: object = None
    target: int | None = None
    set_apart: dict = field(default_factory=dict)
    whole: tuple | None = None

    @property
    def is_table(self):
        return self.whole is not None


def read_tables(real, synthetic, holdout, target, categorical_features, infer_types):
    """Tables of one form, with columns of identifiers and free text set apart."""
    whole = _in_one_form(real, synthetic, holdout, categorical_features, infer_types)
    form = whole[0].form
    position = None if target is None else _position(target, whole[0])
    apart = _set_apart(whole[0], position)
    kept = [j for j in range(len(form.names)) if j not in apart]
    compared = [None if table is None else table.select(kept) for table in whole] if apart else whole
    return Sides(
        *compared,
        target=None if position is None else kept.index(position),
        set_apart={form.names[j]: what for j, what in apart.items()},
        whole=whole,
    )


def read_stacks(real, synthetic, holdout, labels, features, channel_axis, seed):
    """Stacks of images with their features; channels are on the last axis if `channel_axis` is given."""
    stacks = {"real": real, "synthetic": synthetic} | ({} if holdout is None else {"holdout": holdout})
    stacks = {name: np.asarray(open_images(stack, name)) for name, stack in stacks.items()}
    read_images(*stacks.values(), names=tuple(stacks), channel_axis=channel_axis)
    if channel_axis == 1:
        stacks = {name: np.moveaxis(stack, 1, -1) for name, stack in stacks.items()}
        channel_axis = -1
    if features == "auto":
        features = "random" if labels is None else "classifier"
    names = tuple(stacks)[1:]
    found = extract(
        *stacks.values(),
        features=features,
        names=names,
        real_name="real",
        y_real=labels,
        y_name="target",
        channel_axis=channel_axis,
        random_state=seed,
    )
    return Sides(*(Images(*side) for side in zip(stacks.values(), found, strict=True)))


def _in_one_form(real, synthetic, holdout, categorical_features, infer_types):
    """The tables in the form of `real`, without columns of free text that synthetic rows do not have."""
    options = {"categorical_features": categorical_features, "infer_types": infer_types}
    real = read_table(real, name="real", **options)
    warn_of_text(real, **options)
    lacking = _texts_that_lack(real, synthetic)
    if lacking:
        holdout = None if holdout is None else without_columns(holdout, lacking)
        real = real.select([j for j, name in enumerate(real.form.names) if name not in lacking])
    synthetic = read_like(real.form, synthetic, "synthetic", real_name="real")
    holdout = None if holdout is None else read_like(real.form, holdout, "holdout", real_name="real")
    # Copies, because the report keeps them for its pictures.
    return tuple(None if table is None else table.copy() for table in (real, synthetic, holdout))


def _texts_that_lack(real, synthetic):
    """The names of columns of free text that synthetic rows do not have: samplers may leave them out."""
    given = list(getattr(synthetic, "columns", real.form.names))
    return [real.form.names[j] for j in free_texts_of(real) if real.form.names[j] not in given]


def _set_apart(real, target):
    """What columns of identifiers and free text hold, by their position; without that of the target.

    Both tell rows apart and say little else: identifiers that are new are no fault, and those of real rows no merit.
    """
    found = {j: each.name for j, each in identifiers_of(real).items() if each.certain}
    found |= dict.fromkeys(free_texts_of(real, found), "free text")
    found = {j: what for j, what in sorted(found.items()) if j != target}
    return found if len(found) < len(real.columns) else {}


def _position(target, table):
    names = list(table.form.names)
    try:
        position = names.index(target)
    except ValueError:
        raise ValueError(f"target={target!r} is not a column of real; its columns are {names}.") from None
    if len(names) == 1:
        raise ValueError(f"target={target!r} is the only column of real; leave target out, or pass more columns.")
    return position
