"""A frame as float columns and back, for methods and measures that need numbers."""

import numpy as np
import pandas as pd


class Columns:
    """Numbers and dates as float64, categories as codes; missing values as NaN.

    Parameters
    ----------
    frame : DataFrame
        Determines the dtypes and categories.

    Attributes
    ----------
    categorical : ndarray of bool, shape (n_columns,)
    """

    def __init__(self, frame):
        self.dtypes = frame.dtypes
        self.categorical = np.array([_is_categorical(dtype) for dtype in frame.dtypes])
        self.levels = {
            name: pd.Index(pd.Categorical(frame[name]).categories)
            for name, categorical in zip(frame.columns, self.categorical)
            if categorical
        }

    def to_matrix(self, frame):
        """`frame` as float64, shape (n_rows, n_columns); unknown categories share one code of their own."""
        return np.column_stack([self._floats(name, frame[name]) for name in self.dtypes.index])

    def to_frame(self, matrix):
        """The frame that `matrix` encodes, with the original dtypes; integer columns are rounded."""
        columns = {name: self._column(name, values) for name, values in zip(self.dtypes.index, matrix.T)}
        return pd.DataFrame(columns)

    def _floats(self, name, column):
        missing = column.isna().to_numpy()
        if name in self.levels:
            codes = self.levels[name].get_indexer(column.astype(object)).astype(float)
            values = np.where(codes < 0, len(self.levels[name]), codes)
        elif pd.api.types.is_datetime64_any_dtype(column.dtype):
            values = column.astype("int64").to_numpy().astype(float)
        else:
            values = column.to_numpy(float, na_value=np.nan)
        return np.where(missing, np.nan, values)

    def _column(self, name, values):
        dtype = self.dtypes[name]
        if name in self.levels:
            codes = np.where(np.isnan(values), -1, values).astype(int)
            return pd.Series(pd.Categorical.from_codes(codes, self.levels[name])).astype(dtype)
        if pd.api.types.is_float_dtype(dtype):
            return pd.Series(values).astype(dtype)
        return pd.Series(np.round(values)).astype("Int64").astype(dtype)


def _is_categorical(dtype):
    numeric = pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)
    return not (numeric or pd.api.types.is_datetime64_any_dtype(dtype))
