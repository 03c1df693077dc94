"""Labels of a target column as arrays that keep their types."""

import numpy as np

from ._plain import objects

# Types that NumPy has dtypes for, with values unchanged.
NATIVE = (bool, int, float, str)


def labels_of(column):
    """A decoded column of n rows, an array or series of any library, as an array of labels, shape (n,)."""
    if isinstance(column, np.ndarray) and column.dtype != object:
        return column
    labels = column.to_list() if hasattr(column, "to_list") else list(column)
    labels = [label.item() if isinstance(label, np.number | np.bool_) else label for label in labels]
    types = set(map(type, labels))
    if len(types) == 1 and types <= set(NATIVE):
        native = np.array(labels)
        # NumPy changes text that ends in NUL, and integers too large for its dtypes.
        if native.dtype != object and native.tolist() == labels:
            return native
    return objects(labels)


def label_order(labels):
    """The positions of labels (n,) in sorted order, numbers before text; by type and text if they have no order."""
    listed = list(labels)
    try:
        return sorted(range(len(listed)), key=lambda i: (isinstance(listed[i], str), listed[i]))
    except TypeError:
        return sorted(range(len(listed)), key=lambda i: (type(listed[i]).__name__, str(listed[i])))
