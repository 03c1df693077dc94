"""Write a table of any length: a part for each chunk of its rows, and one file from the parts."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd

from ._parquet import check_pyarrow
from ._table import flat, in_manner, layout_for, suffix_of, write_rows_of_text
from ._text import preferred_separator


def writer_for(path, time_units, like=None):
    """What writes a file of this ending.

    Parameters
    ----------
    path : str or path-like
    time_units : dict of object to str
        The unit of NumPy that shows all times of a column.
    like : Manner or None, default=None
        The file in whose manner rows are written; None is as pandas writes them.

    Returns
    -------
    object
        With a `name`, ``write(frame, file, is_first, is_last)`` and ``join(parts, file)``.
    """
    suffix, is_gzip = suffix_of(path)
    if suffix == ".xlsx":
        raise ValueError(
            f"{path} must end in .csv, .tsv, .txt (each also as .gz) or .parquet: a sheet of Excel holds no more than "
            "1,048,576 rows, which write_table writes at once."
        )
    if suffix == ".parquet":
        check_pyarrow()
        return ParquetWriter(like)
    return PandasWriter(suffix, is_gzip, time_units) if like is None else LikeWriter(suffix, is_gzip, time_units, like)


class PandasWriter:
    """Text as pandas writes it."""

    def __init__(self, suffix, is_gzip, time_units):
        self.name = f"text as of pandas {suffix}{'.gz' * is_gzip}"
        self._separator = preferred_separator(suffix)
        # Without the time, so that the same rows give the same file.
        self._compression = {"method": "gzip", "mtime": 0} if is_gzip else None
        self._time_units = time_units

    def write(self, frame, file, is_first, is_last):
        frame = with_plain_times(flat(frame), self._time_units)
        frame.to_csv(file, index=False, header=is_first, sep=self._separator, compression=self._compression)

    def join(self, parts, file):
        append_all(parts, file)


class LikeWriter:
    """Text in the manner of another file, or plain where that is of another kind."""

    def __init__(self, suffix, is_gzip, time_units, like):
        self.name = f"text in a manner {suffix}{'.gz' * is_gzip}"
        self._kind = suffix, is_gzip, like
        self._time_units = time_units

    def write(self, frame, file, is_first, is_last):
        frame, layout, header, manners = layout_for(frame, *self._kind)
        without_style = [name for name in frame if name not in manners]
        frame[without_style] = with_plain_times(frame[without_style], self._time_units)
        if not is_first:
            layout = replace(layout, mark=b"", hint=False, has_header=False)
        if not is_last:
            layout = replace(layout, ends_with_line=True)
        write_rows_of_text(frame, file, layout, header, manners)

    def join(self, parts, file):
        append_all(parts, file)


class ParquetWriter:
    """A row group for each part."""

    def __init__(self, like):
        self.name = "Parquet" if like is None else "Parquet in a manner"
        self._like = like

    def write(self, frame, file, is_first, is_last):
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._like is not None:
            frame, layout, _, manners = layout_for(frame, ".parquet", False, self._like)
            frame = in_manner(frame, layout, manners)
        frame.attrs = {}
        try:
            table = pa.Table.from_pandas(frame)
        except (pa.ArrowException, TypeError, ValueError) as error:
            said = " ".join(map(str, error.args))
            raise ValueError(
                f"Parquet cannot hold these rows ({said}); write them to a .csv file, or convert the column by astype "
                "before the fit."
            ) from error
        pq.write_table(table, file, row_group_size=max(1, len(table)))

    def join(self, parts, file):
        """Write the row groups of all parts, one in memory at a time."""
        import pyarrow.parquet as pq

        schema = joint_schema([pq.read_schema(part) for part in parts], sum(map(n_rows_of, parts)))
        with pq.ParquetWriter(file, schema) as writer:
            for part in parts:
                table = pq.read_table(part)
                same = table.schema.equals(schema)
                table = (table if same else table.cast(schema)).replace_schema_metadata(schema.metadata)
                writer.write_table(table, row_group_size=max(1, len(table)))


def n_rows_of(file):
    import pyarrow.parquet as pq

    return pq.read_metadata(file).num_rows


def joint_schema(schemas, n_rows):
    """The schema of parts, in some of which a column may have no value, and so no type; with the metadata of pandas."""
    import pyarrow as pa

    joint = pa.unify_schemas([schema.remove_metadata() for schema in schemas], promote_options="permissive")
    metadata = [json.loads(schema.metadata[b"pandas"]) for schema in schemas]
    whole = metadata[0]
    for number, column in enumerate(whole["columns"]):
        of_parts = [part["columns"][number] for part in metadata]
        whole["columns"][number] = next((each for each in of_parts if each["pandas_type"] != "empty"), column)
    for index in whole["index_columns"]:
        if isinstance(index, dict):
            index["stop"] = index["start"] + n_rows * index["step"]
    return joint.with_metadata({b"pandas": json.dumps(whole).encode()})


def append_all(parts, file):
    """Write the bytes of all parts to a file."""
    with open(file, "wb") as joined:
        for part in parts:
            with open(part, "rb") as opened:
                shutil.copyfileobj(opened, joined, 2**20)


def with_plain_times(frame, units):
    """The frame with its times, durations and periods as text, None where missing; each the same in any frame."""
    return frame.assign(**{name: plain_times(frame[name], units.get(name)) for name in frame})


def plain_times(column, unit):
    """A column with times as text, None where missing; itself if it holds none."""
    is_plain = isinstance(column.dtype, np.dtype) and column.dtype.kind == "M"
    if not is_plain and not is_time(column.dtype):
        return column
    # Each distinct time is written once; the code of a missing one is -1.
    codes, distinct = pd.factorize(column)
    if is_plain:
        unit = unit or np.datetime_data(column.dtype)[0]
        texts = [text.replace("T", " ") for text in np.datetime_as_string(distinct.to_numpy().astype(f"M8[{unit}]"))]
    else:
        texts = list(map(str, distinct))
    return pd.Series(np.array([*texts, None], dtype=object)[codes], index=column.index, dtype=object)


def is_time(dtype):
    """Whether a dtype holds times with a zone, durations, periods, or times of Arrow."""
    if isinstance(dtype, pd.ArrowDtype):
        import pyarrow as pa

        return pa.types.is_temporal(dtype.pyarrow_dtype)
    return isinstance(dtype, pd.DatetimeTZDtype | pd.PeriodDtype) or dtype.kind == "m"
