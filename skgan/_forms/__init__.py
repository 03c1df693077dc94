"""Read X into plain columns or pixels, and return generated rows in X's own type."""

from ._alike import read_like, read_tables
from ._clock import WallClock
from ._digits import columns_losing_digits
from ._form import Column, Table, TableForm, column_mask, form_from_state, read_table, read_target
from ._images import CHANNELS_FIRST, ImageForm, ImageRows, as_stack, check_image_shape, open_images, read_images
from ._index import indexed_like, numbered_from, without_index
from ._joined import alone, joined_form
from ._joint import joint_matrix
from ._labels import label_order
from ._modality import IMAGE_SUFFIXES, layout_of, modality_of, warn_of_table_parameters
from ._rows import as_rows, rows_below, rows_taken, without_columns
from ._text_columns import warn_of_text, warn_of_text_targets

__all__ = [
    "CHANNELS_FIRST",
    "IMAGE_SUFFIXES",
    "Column",
    "TableForm",
    "ImageForm",
    "indexed_like",
    "ImageRows",
    "Table",
    "WallClock",
    "alone",
    "any_form_from_state",
    "as_rows",
    "as_stack",
    "check_image_shape",
    "columns_losing_digits",
    "column_mask",
    "form_from_state",
    "joined_form",
    "joint_matrix",
    "modality_of",
    "numbered_from",
    "label_order",
    "layout_of",
    "open_images",
    "read",
    "read_images",
    "read_like",
    "read_table",
    "read_tables",
    "read_target",
    "rows_below",
    "rows_taken",
    "warn_of_text",
    "warn_of_text_targets",
    "why_not_savable",
    "without_columns",
    "without_index",
]


def read(
    X, *, image_shape=None, channel_axis=None, categorical_features="from_dtype", infer_types=False, estimator=None
):
    """Read X: `ImageRows` if it is a stack of images or `image_shape` is given, else a `Table`.

    An index of a pandas frame that holds data is read like columns.

    Warns
    -----
    TextColumnWarning
        As `warn_of_text`.
    """
    if modality_of(X, image_shape) == "images":
        if not (isinstance(categorical_features, str) and categorical_features == "from_dtype"):
            raise ValueError(
                f"categorical_features={categorical_features!r} is for tables, but X is a stack of images; leave it "
                "'from_dtype'."
            )
        if estimator is not None:
            warn_of_table_parameters(estimator)
        return read_images(X, image_shape=image_shape, channel_axis=channel_axis)
    if channel_axis is not None:
        raise ValueError(f"channel_axis={channel_axis!r} is for stacks of images, but X is a table; leave it None.")
    options = {"categorical_features": categorical_features, "infer_types": infer_types}
    table = read_table(X, estimator=estimator, index="data", **options)
    warn_of_text(table, **options)
    return table


def any_form_from_state(state):
    """The table or image form of a state that `get_state` returned."""
    return (ImageForm.from_state if state.get("modality") == "images" else form_from_state)(state)


def why_not_savable(form):
    """The reason why a file cannot hold a form, in a sentence that names the column and the cure; None if it can.

    The check takes milliseconds, so that it can be made before a fit and not only by `skgan.save` after it.
    """
    try:
        form.get_state()
    except ValueError as error:
        return str(error)
    return None
