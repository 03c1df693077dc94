"""A file as a table: what its columns are, and rows like them written in the same manner."""

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ._decimal_mark import decimal_doubt
from ._excel import Sheet, read_excel, write_excel
from ._find import DECIMALS, LEAVE, WANTED, find_manner
from ._header import data_doubt
from ._manners import TEXT, Texts, Typed, texts_of
from ._parquet import Frame, read_parquet, with_index, write_parquet
from ._text import Layout, preferred_separator, read_text, write_text

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
SUFFIXES = (*TEXT_SUFFIXES, ".xlsx", ".parquet")
SAID = ".csv, .tsv, .txt (each also as .gz), .xlsx or .parquet"


@dataclass(frozen=True)
class How:
    """How a file is read: the parameters of `read_table`, and what columns must be by `types`."""

    sep: str = "auto"
    encoding: str = "auto"
    decimal: str = "auto"
    sheet_name: object = 0
    infer_types: bool = True
    day_first: bool | None = None
    types: object = None
    header: object = "auto"


@dataclass(frozen=True)
class TableFile:
    """A file that was read.

    Attributes
    ----------
    suffix : str
        Without ".gz".
    frame : DataFrame
        Its columns have unique names; those of an index come first.
    header : dict of str to object
        What the header says for each column.
    manners : dict of str to manner
        Of the columns that are text in the file; of an Excel file, of all columns.
    layout : Layout, Sheet or Frame
    doubts : list of str
        What may be wrong: the header, the separator, the sheet or the mark of decimals.
    """

    suffix: str
    frame: pd.DataFrame
    header: dict
    manners: dict
    layout: object
    doubts: list

    def without(self, dropped):
        """The table without these columns."""
        manners = {name: manner for name, manner in self.manners.items() if name not in dropped}
        layout = self.layout.without(dropped) if isinstance(self.layout, Frame) else self.layout
        return replace(self, frame=self.frame.drop(columns=dropped), manners=manners, layout=layout)

    @property
    def recognised(self):
        """What is told about columns: a dict of names to texts."""
        told = {name: manner.recognised for name, manner in self.manners.items()}
        return {name: text for name, text in told.items() if text is not None}

    @property
    def ambiguous(self):
        """The columns whose dates may start with the day or with the month."""
        return [name for name, manner in self.manners.items() if manner.ambiguous]


def suffix_of(path):
    """The suffix of a path that decides how it is read and written, and whether the file is compressed."""
    name = Path(path).name.lower()
    plain = name.removesuffix(".gz")
    suffix = Path(plain).suffix
    if suffix not in SUFFIXES or (plain != name and suffix not in TEXT_SUFFIXES):
        raise ValueError(f"{path} must end in {SAID}.")
    return suffix, plain != name


def open_table(path, how):
    """Read a file.

    Parameters
    ----------
    path : Path
    how : How

    Returns
    -------
    TableFile
    """
    suffix, _ = suffix_of(path)
    if how.decimal not in DECIMALS:
        raise ValueError(f"decimal must be one of {', '.join(map(repr, DECIMALS))}, got {how.decimal!r}.")
    check_header(how.header)
    if suffix != ".xlsx" and (how.sheet_name != 0 or isinstance(how.sheet_name, str)):
        raise ValueError(f"{path} has no sheets, but sheet_name={how.sheet_name!r}; leave sheet_name out.")
    doubts, more_doubts = [], []
    try:
        if suffix in TEXT_SUFFIXES:
            layout, header, columns, doubts = read_text(
                path, suffix, sep=how.sep, encoding=how.encoding, header=how.header
            )
            columns = [[cell or None for cell in column] for column in columns]
        elif suffix == ".xlsx":
            layout, header, columns, doubts, more_doubts = read_excel(path, how.sheet_name, how.header)
        else:
            layout, header, columns = read_parquet(path)
    except ValueError as error:
        raise ValueError(f"{path} cannot be read: {error}.") from error
    names = unique_names(header)
    types = checked_types(how.types, names, path)
    values, manners = {}, {}
    for name, column in zip(names, columns, strict=True):
        try:
            manner, values[name] = read_column(column, how, types.get(name), suffix in TEXT_SUFFIXES)
        except ValueError as error:
            raise ValueError(f"column {name!r} of {path}: {error}.") from error
        if manner is not None:
            manners[name] = manner
    said = names if how.header is None else layout.header if suffix == ".xlsx" else header
    frame = pd.DataFrame(values)
    if how.header == "auto" and suffix != ".parquet" and not doubts:
        doubts = data_doubt(said, frame, manners)
    if how.decimal == "auto" and how.infer_types:
        texts = {name: column for name, column in zip(names, columns, strict=True) if isinstance(column, list)}
        more_doubts = [*more_doubts, *decimal_doubt(texts, manners)]
    return TableFile(suffix, frame, dict(zip(names, said, strict=True)), manners, layout, [*doubts, *more_doubts])


def check_header(header):
    is_row = isinstance(header, int) and not isinstance(header, bool) and header >= 0
    if not (header is None or header == "auto" or is_row):
        raise ValueError(f"header must be 'auto', None or the number of a row, from 0, got {header!r}.")


def unique_names(header):
    """A name for each column: what the header says where that is unique, and something near it elsewhere."""
    names = []
    for j, said in enumerate(header):
        # A column of a Parquet file may be called 0.
        base = name = f"column {j + 1}" if said in ("", None) else said
        n = 1
        while name in names or (name != said and name in header):
            n += 1
            name = f"{base} ({n})"
        names.append(name)
    return names


def checked_types(types, names, path):
    types = dict(types or {})
    for name, wanted in types.items():
        if name not in names:
            raise ValueError(f"types names the column {name!r}, but {path} has {', '.join(map(repr, names))}.")
        if wanted not in WANTED:
            raise ValueError(f"types[{name!r}] must be one of {', '.join(map(repr, WANTED))}, got {wanted!r}.")
    return types


def read_column(column, how, wanted, is_text_file):
    """The manner of a column (None if its values have a type that needs none), and its values (n,)."""
    manner = None
    if isinstance(column, tuple):
        manner, column = column
    texts = column if isinstance(column, list) else texts_in(column)
    if texts is None:
        return manner, as_wanted(column, wanted)
    if not is_text_file and not (how.infer_types or wanted):
        return Texts(), column
    manner = find_manner(
        texts, infer_types=how.infer_types, day_first=how.day_first, decimal=how.decimal, wanted=wanted
    )
    # Text of a file that has types keeps the dtype that it has there.
    keeps = isinstance(column, pd.Series) and type(manner) is Texts
    return manner, column if keeps else manner.read(texts)


def texts_in(column):
    """The texts of a column that is text, with None for missing ones; None if it is something else."""
    dtype = column.dtype
    if not (isinstance(dtype, pd.StringDtype) or dtype.kind == "O"):
        return None
    texts = [None if missing else value for value, missing in zip(column, pd.isna(column))]
    has_texts = any(text is not None for text in texts) and all(text is None or isinstance(text, str) for text in texts)
    return texts if has_texts else None


def as_wanted(column, wanted):
    column = pd.Series(column)
    is_date = column.dtype.kind == "M"
    if wanted in ("text", "category"):
        return column.astype("category")
    if (wanted == "date" and not is_date) or (wanted == "number" and column.dtype.kind not in "iuf"):
        raise ValueError(f"it holds {column.dtype} and no {wanted}; {LEAVE}")
    return column


def write_file(frame, path, suffix, is_gzip, like=None):
    """Write a frame to a path, as a file of this kind.

    Parameters
    ----------
    frame : DataFrame
    path : Path
        Its own suffix does not matter.
    suffix : str
    is_gzip : bool
        Whether a text file is compressed.
    like : TableFile or None
        The file whose header the frame gets, and in whose manner it is written if that is of the same kind.
    """
    frame, layout, header, manners = layout_for(frame, suffix, is_gzip, like)
    WRITERS[KINDS[suffix]](frame, path, layout, header, manners)


def layout_for(frame, suffix, is_gzip, like):
    """What a frame is written as: it or its index as columns, and the layout, header and manners of its columns."""
    kind = KINDS[suffix]
    model = like if like is not None and KINDS[like.suffix] is kind else None
    layout = kind() if model is None else model.layout
    if kind is Layout:
        layout = replace(layout, separator=separator_of(suffix, model), is_gzip=is_gzip)
    if kind is not Frame:
        frame = flat(frame)
    known = [] if model is None else list(model.header)
    layout = layout.with_columns([known.index(name) if name in known else None for name in frame])
    header = {} if like is None else like.header
    return frame, layout, header, {} if model is None else model.manners


def separator_of(suffix, model):
    """The separator of the file that is the model; of a file with another suffix, not if one of both has tabs."""
    usual = preferred_separator(suffix)
    if model is None or (suffix != model.suffix and "\t" in (usual, model.layout.separator)):
        return usual
    return model.layout.separator


def write_rows_of_text(frame, path, layout, header, manners):
    columns = [[text or "" for text in texts_of(frame[name], manners.get(name))] for name in frame]
    said = [header.get(name, name) for name in frame]
    write_text(layout, ["" if text is None else str(text) for text in said], columns, path)


def write_sheet(frame, path, layout, header, manners):
    columns = [cells_in(frame[name], manners.get(name)) for name in frame]
    write_excel(layout, [header.get(name, name) for name in frame], columns, path)


def write_frame(frame, path, layout, _header, manners):
    write_parquet(in_manner(frame, layout, manners), path)


def in_manner(frame, layout, manners):
    """A frame as a Parquet file of this layout and these manners holds it, with its index."""
    columns = {name: as_in_file(frame[name], manners.get(name)) for name in frame}
    return with_index(layout, pd.DataFrame(columns, index=frame.index))


KINDS = {**dict.fromkeys(TEXT_SUFFIXES, Layout), ".xlsx": Sheet, ".parquet": Frame}
WRITERS = {Layout: write_rows_of_text, Sheet: write_sheet, Frame: write_frame}


def flat(frame):
    """The frame with its index as columns, unless that only numbers the rows."""
    is_plain = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    return frame if is_plain else frame.reset_index()


def cells_in(column, manner):
    """A column for an Excel file."""
    if manner is None:
        return column
    if not isinstance(manner, Typed):
        return texts_of(column, manner)
    if manner.missing is None:
        return column
    return pd.Series(column.astype(object).where(column.notna(), manner.missing), dtype=object)


def as_in_file(column, manner):
    """A column for a Parquet file."""
    if manner is None or type(manner) is Texts:
        return column
    return pd.Series(texts_of(column, manner), index=column.index, dtype=TEXT)


@contextmanager
def whole_file(path):
    """The path of a file beside `path`, which replaces it once it is complete; an error leaves `path` unchanged."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(path.parent)!r} to write {path.name!r} to; make it first")
    unfinished = unfinished_of(path)
    try:
        yield unfinished
        if path.exists():
            shutil.copymode(path, unfinished)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def unfinished_of(path):
    return path.with_name(f".{os.getpid()}-{path.name}")
