"""X <-> plain columns or pixels: what X was, read once, so that rows can be handed back as X's own kind."""

from ._alike import read_like, read_tables, reworded_errors
from ._clock import WallClock
from ._form import Column, Form, Table, form_from_state, read_table, read_target
from ._images import ImageForm, Images, looks_like_images, read_images
from ._joint import joint_matrix
from ._rows import as_rows, rows_below, rows_taken

__all__ = [
    "Column",
    "Form",
    "ImageForm",
    "Images",
    "Table",
    "WallClock",
    "any_form_from_state",
    "as_rows",
    "form_from_state",
    "joint_matrix",
    "read",
    "read_images",
    "read_like",
    "read_table",
    "read_tables",
    "read_target",
    "reworded_errors",
    "rows_below",
    "rows_taken",
]


def read(X, *, image_shape=None, channel_axis=None, categorical_features="from_dtype", estimator=None):
    """X of any kind: `Images` where it is a stack of images or `image_shape` says so, else a `Table`."""
    if looks_like_images(X, image_shape):
        if not (isinstance(categorical_features, str) and categorical_features == "from_dtype"):
            raise ValueError(
                f"categorical_features={categorical_features!r} is for tables, but X is a stack of images; leave it "
                "'from_dtype'."
            )
        return read_images(X, image_shape=image_shape, channel_axis=channel_axis)
    if channel_axis is not None:
        raise ValueError(f"channel_axis={channel_axis!r} is for stacks of images, but X is a table; leave it None.")
    return read_table(X, categorical_features=categorical_features, estimator=estimator)


def any_form_from_state(state):
    """The form that `get_state` of either kind described."""
    return (ImageForm.from_state if state.get("kind") == "images" else form_from_state)(state)
