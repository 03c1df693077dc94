"""Read tables from files, and write others in their manner."""

import os
from pathlib import Path

import pandas as pd

from skgan._warnings import warn

from ._excel import openpyxl
from ._find import WANTED
from ._like import Like
from ._manners import texts_of
from ._parquet import check_pyarrow, with_index
from ._parts import Parts
from ._table import How, open_table, suffix_of, unfinished_of, whole_file, write_file
from ._writers import writer_for

__all__ = [
    "WANTED",
    "How",
    "Like",
    "Parts",
    "check_package",
    "open_table",
    "read_table",
    "suffix_of",
    "texts_of",
    "unfinished_of",
    "whole_file",
    "write_file",
    "write_table",
    "writer_for",
]


def read_table(
    path,
    *,
    sep="auto",
    encoding="auto",
    decimal="auto",
    sheet_name=0,
    infer_types=True,
    day_first=None,
    types=None,
    header="auto",
):
    """Read a table from a file, and recognise numbers and dates that are written as text.

    Parameters
    ----------
    path : str or path-like
        A .csv, .tsv or .txt file, also compressed (.csv.gz), an .xlsx file (extra ``excel``) or a .parquet file (extra
        ``parquet``).
    sep : str, default="auto"
        What separates the cells of a text file. "auto" finds out which of comma, semicolon, tab and bar does.
    encoding : str, default="auto"
        Of a text file. "auto" is UTF-8, UTF-16 with a mark, or else Windows-1252 or Latin-1.
    decimal : {"auto", ".", ","}, default="auto"
        The mark of decimals in text. "auto" finds it out for each column.
    sheet_name : int or str, default=0
        The position, from 0, or the name of a sheet of an .xlsx file. 0 warns where other sheets have cells, too; the
        name of the first sheet does not.
    infer_types : bool, default=True
        Whether columns such as "$1,234.50", "1.234,50", "12 %" or "03/25/2024" become numbers and dates. Otherwise only
        those do that Python itself would write in the same way.
    day_first : bool or None, default=None
        Whether dates such as 03/05/2024 start with the day, in columns that leave it open. None chooses, and warns.
    types : dict of str to {"text", "number", "date", "category"} or None, default=None
        What columns must be, whatever they look like.
    header : "auto", int or None, default="auto"
        The line of a text file, or the row of a sheet, that has the names of the columns, from 0; what stands above it
        is left out. "auto" is the first that is not empty. None says that there is no header: columns are called
        "column 1", "column 2", and so on. "auto" warns where the header looks like a title or like a row of data.

    Returns
    -------
    frame : pandas.DataFrame
        Text is exactly the file's own: "NA" and "None" are texts, and only empty cells are missing. A column becomes
        numbers or dates if its cells could be written back alike; codes such as 00501 and ids of 20 digits stay text.
        In such a column the texts that do not fit, such as "n/a", are missing. A column name that occurs twice is
        numbered ("a (2)"), and a column without one is called "column 3". ``frame.attrs["recognised"]`` is a dict of
        columns to what they were recognised as, and ``frame.attrs["read_from"]`` holds the path and the parameters.
        The index of a Parquet file is kept.

    Raises
    ------
    ValueError
        If the file cannot be read; the message names the line, the sheet or the column.
    ImportError
        If the file needs a package that is not installed; the message names the extra.

    See Also
    --------
    write_table : Write a table in the manner of a file.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from skgan.datasets import read_table
    >>> path = Path(mkdtemp()) / "sales.csv"
    >>> _ = path.write_text("day;price\\n25.03.2024;1.234,50\\n26.03.2024;99,00\\n")
    >>> frame = read_table(path)
    >>> frame["price"].tolist()
    [1234.5, 99.0]
    >>> frame.attrs["recognised"]["day"]
    'a date as day.month.year'
    """
    path = Path(path)
    how = How(sep, encoding, decimal, sheet_name, infer_types, day_first, types, header)
    table = open_table(path, how)
    for doubt in table.doubts:
        warn(f"{path}: {doubt}.")
    if table.ambiguous:
        warn(
            f"{path}: the dates of column{'s' * (len(table.ambiguous) > 1)} {', '.join(map(repr, table.ambiguous))} "
            f"may start with the day or with the month, and are read as "
            f"{table.recognised[table.ambiguous[0]]}; pass day_first=True or day_first=False."
        )
    frame = table.frame
    if table.suffix == ".parquet":
        frame = with_index(table.layout, frame)
    frame.attrs["recognised"] = table.recognised
    frame.attrs["read_from"] = {"path": str(path), **vars(how)}
    return frame


def write_table(frame, path, *, like=None):
    """Write a table to a file, in the manner of another file.

    Parameters
    ----------
    frame : pandas.DataFrame
        Such as rows that a sampler generated.
    path : str or path-like
        The file; its suffix says of which kind it is, as in `read_table`. An existing file is replaced once the new one
        is complete.
    like : str, path-like, DataFrame or None, default=None
        The file that the table was read from. If `path` is of the same kind, separator, encoding, line ends, quotes and
        sheet are as there, each column is written in its own style, and missing values are the most frequent text for
        them that is usual (such as "n/a") or that five rows hold. The header is always that of the file. If it was
        read with other parameters than the defaults of `read_table`, pass the frame that `read_table` returned
        instead, which remembers them. None writes plain text.

    Raises
    ------
    ValueError
        If the file is of no known kind, or cannot hold a value.
    OSError
        If the file cannot be written.

    See Also
    --------
    read_table : Read a table.

    Examples
    --------
    >>> from skgan import GANSampler
    >>> from skgan.datasets import read_table, write_table
    >>> frame = read_table("sales.csv")  # doctest: +SKIP
    >>> synthetic = GANSampler(random_state=0).fit(frame).sample(100)  # doctest: +SKIP
    >>> write_table(synthetic, "synthetic.csv", like="sales.csv")  # doctest: +SKIP
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"frame must be a pandas DataFrame, got a {type(frame).__name__}; convert it.")
    suffix, is_gzip = suffix_of(path)
    table = None if like is None else open_like(like)
    with whole_file(Path(os.path.realpath(path))) as unfinished:
        write_file(frame, unfinished, suffix, is_gzip, table)


def open_like(like):
    """The file that `like` names: a path, or a frame that `read_table` returned."""
    if not isinstance(like, pd.DataFrame):
        return open_table(Path(like), How())
    if "read_from" not in like.attrs:
        raise ValueError("like is a frame that read_table did not return, or a copy that forgot it; pass the path.")
    how = dict(like.attrs["read_from"])
    return open_table(Path(how.pop("path")), How(**how))


def check_package(suffix):
    """Raise if files with this suffix need a package that is not installed."""
    check = {".xlsx": openpyxl, ".parquet": check_pyarrow}.get(suffix)
    if check is not None:
        check()
