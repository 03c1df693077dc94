"""Sheets of Excel files: from typed cells to columns, and back with the number formats of the columns."""

import datetime
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from skgan._state import Flag, ListOf, Rule, Stateful, Text

from ._find import MIN_ROWS, MISSING_WORDS
from ._header import title_doubt
from ._manners import Typed, integers

# A column of numbers may hold so many texts that stand for missing values, whatever they are.
MOST_TEXTS = 0.05
# Sheets that a message names.
MAX_NAMED = 10
DATE, DATE_TIME, GENERAL = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "General"
# Excel counts in float64.
INT64 = np.iinfo(np.int64)
EXCEL_TYPES = (str, bool, int, float, datetime.datetime, datetime.date, datetime.time, datetime.timedelta)


class CellRule(Rule):
    """What a cell of a header can be."""

    def __str__(self):
        return "None, text, a number, a date or a time"

    def allows(self, value):
        return value is None or isinstance(value, EXCEL_TYPES)


@dataclass(frozen=True)
class Sheet(Stateful):
    """What is kept of a sheet beside its cells.

    Attributes
    ----------
    title : str
    header : tuple
        The cells of the header.
    formats : tuple of str
        The most frequent number format of each column; "" for a new column.
    has_header : bool
        Whether the first row has the names of the columns.
    """

    title: str = "Sheet1"
    header: tuple = ()
    formats: tuple = ()
    has_header: bool = True
    STATE = {"title": Text(), "formats": ListOf(Text()), "header": ListOf(CellRule()), "has_header": Flag()}

    def with_columns(self, positions):
        """The sheet with the columns at these positions (None for new ones)."""
        known = dict(enumerate(self.formats))
        return replace(self, header=(), formats=tuple(known.get(position, "") for position in positions))


def openpyxl():
    try:
        import openpyxl
    except ImportError:
        raise ImportError("Excel files need openpyxl: python -m pip install openpyxl.") from None
    return openpyxl


def read_excel(path, sheet_name, header):
    """Read a sheet.

    Parameters
    ----------
    path : Path
    sheet_name : str or int
        The title, or the position from 0.
    header : "auto", int or None
        The row of the header, from 0. "auto" is the first that is not empty; None says that there is none.

    Returns
    -------
    sheet : Sheet
    header : list of str
        Empty texts where there is none.
    columns : list
        A column of text is a list of n str and None; any other column is a pair of its manner and a pandas array (n,).
    doubts : list of str
        What may be wrong with the header.
    more_doubts : list of str
        What may be wrong with the sheet.
    """
    load = openpyxl().load_workbook
    try:
        book = load(path, read_only=True, data_only=True)
    except Exception as error:
        if isinstance(error, OSError):
            raise
        raise ValueError(f"it is no Excel file ({error})") from None
    try:
        page = sheet_of(book, sheet_name)
        page.reset_dimensions()
        rows = list(page.iter_rows())
        values = [[cell.value for cell in row] for row in rows]
        formats = [[cell.number_format if cell.value is not None else None for cell in row] for row in rows]
        others = others_of(book, page) if sheet_name == 0 and isinstance(sheet_name, int) else []
    finally:
        book.close()
    filled = [i for i, row in enumerate(values) if any(value is not None for value in row)]
    if not filled:
        named = f", such as {others[0]!r}" if others else ""
        raise ValueError(f"its sheet {page.title!r} is empty; choose another by sheet_name{named}")
    if header not in ("auto", None) and header not in filled:
        raise ValueError(f"its row {header + 1} has no cells, and cannot be the header; pass another header")
    width = max(j + 1 for row in values for j, value in enumerate(row) if value is not None)
    start, stop = (filled[0] if header in ("auto", None) else header) + (header is not None), filled[-1] + 1
    cells = [] if header is None else values[start - 1]
    columns = [[row[j] if j < len(row) else None for row in values[start:stop]] for j in range(width)]
    shown = [
        most_frequent([row[j] for row in formats[start:stop] if j < len(row) and row[j] is not None])
        for j in range(width)
    ]
    cells = [*cells, *[None] * width][:width]
    sheet = Sheet(page.title, tuple(cells), tuple(shown), header is not None)
    names = ["" if name is None else str(name) for name in cells]
    doubts = title_doubt(values) if header == "auto" else []
    return sheet, names, list(map(read_cells, columns)), doubts, sheet_doubt(page.title, others)


def sheet_of(book, sheet_name):
    titles = book.sheetnames
    if isinstance(sheet_name, str) and sheet_name in titles:
        return book[sheet_name]
    if isinstance(sheet_name, str) and sheet_name.isdecimal() and 0 < int(sheet_name) <= len(titles):
        # The command line gets texts only, and people count from 1.
        return book[titles[int(sheet_name) - 1]]
    if not isinstance(sheet_name, str) and 0 <= sheet_name < len(titles):
        return book[titles[sheet_name]]
    raise ValueError(f"it has no sheet {sheet_name!r}; its sheets are {', '.join(map(repr, titles))}")


def others_of(book, page):
    """The titles of the other sheets that have cells."""
    others = [sheet for sheet in book.worksheets if sheet.title != page.title]
    return [sheet.title for sheet in others if any(cell is not None for row in rows_of(sheet) for cell in row)]


def sheet_doubt(title, others):
    """Sentences where other sheets have cells, and the first is read because none was named: none or one."""
    if not others:
        return []
    listed = ", ".join(map(repr, others[:MAX_NAMED])) + (", ..." if len(others) > MAX_NAMED else "")
    return [
        f"the first sheet, {title!r}, is read, and not {listed}; pass sheet_name={others[0]!r} to read another, or "
        f"sheet_name={title!r} if it is the right one"
    ]


def rows_of(sheet):
    sheet.reset_dimensions()
    return sheet.iter_rows(values_only=True)


def most_frequent(formats):
    return Counter(formats).most_common(1)[0][0] if formats else ""


def read_cells(cells):
    """A column of text as a list of str and None, or a manner and a pandas array."""
    cells = [None if cell == "" else cell for cell in cells]
    texts = Counter(cell for cell in cells if isinstance(cell, str))
    types = {type(cell) for cell in cells if cell is not None and not isinstance(cell, str)}
    if texts and not types:
        return cells
    n_known = sum(cell is not None for cell in cells)
    are_missing = set(texts) <= MISSING_WORDS or sum(texts.values()) <= MOST_TEXTS * n_known
    read = next((read for kinds, read in READ if types <= kinds), None)
    if read is None or (texts and not are_missing):
        return Typed(), pd.array(pd.Series(cells, dtype=object), dtype=object)
    missing = None
    if texts:
        word, count = texts.most_common(1)[0]
        is_shown = word in MISSING_WORDS or count >= MIN_ROWS
        missing = word if is_shown and count > len(cells) - n_known else None
    values = [None if isinstance(cell, str) else cell for cell in cells]
    if read is whole and any(not INT64.min <= value <= INT64.max for value in values if value is not None):
        read = floats
    told = f'a number ("{next(iter(texts))}" means missing)' if texts and read in (whole, floats) else None
    return Typed(missing, told), read(values)


def floats(cells):
    return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)


def whole(cells):
    return integers(cells)


def booleans(cells):
    values = pd.array(cells, dtype="boolean")
    return values if values.isna().any() else values.to_numpy(dtype=bool)


def dates(cells):
    return np.array(cells, dtype="M8[us]")


def durations(cells):
    return np.array(cells, dtype="m8[us]")


# An empty column is one of floats.
READ = (
    (set(), floats),
    ({bool}, booleans),
    ({int}, whole),
    ({int, float}, floats),
    ({datetime.datetime, datetime.date}, dates),
    ({datetime.timedelta}, durations),
)


def write_excel(sheet, header, columns, file):
    """Write a file of one sheet.

    Parameters
    ----------
    sheet : Sheet
    header : list
    columns : list
        Lists of str and None, or Series.
    file : Path
    """
    excel = openpyxl()
    for text in {text for cells in (header, *columns) for text in cells if isinstance(text, str)}:
        if excel.cell.cell.ILLEGAL_CHARACTERS_RE.search(text):
            raise ValueError(f"Excel cannot hold control characters such as those in {text!r}")
    book = excel.Workbook(write_only=True)
    page = book.create_sheet(sheet.title)
    formats = [*sheet.formats, *[""] * len(columns)]

    def cell_of(value, shown):
        if isinstance(value, str):
            cell = excel.cell.WriteOnlyCell(page)
            cell.value = value
            # A text such as "=1+1" is no formula, and "#N/A" no error.
            cell.data_type = "s"
        elif shown in ("", GENERAL) and not isinstance(value, datetime.datetime):
            return value
        else:
            cell = excel.cell.WriteOnlyCell(page, value)
        if shown and value is not None:
            cell.number_format = shown
        return cell

    if sheet.has_header:
        page.append([cell_of(name, "") for name in header])
    ready = [cells_of(column, shown) for column, shown in zip(columns, formats)]
    for row in zip(*[cells for cells, _ in ready]):
        page.append([cell_of(value, shown) for value, (_, shown) in zip(row, ready)])
    book.save(file)


def cells_of(column, shown):
    """Cells that openpyxl can write, and their number format."""
    if isinstance(column, list):
        return column, shown
    known = column.notna().tolist()
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.map(str)
    elif column.dtype.kind == "M":
        is_date = (column.dropna() == column.dropna().dt.normalize()).all()
        shown = shown if shown not in ("", GENERAL) else DATE if is_date else DATE_TIME
        values = column.astype("datetime64[us]").to_numpy().astype(object)
        return [value if there else None for value, there in zip(values, known)], shown
    elif column.dtype.kind == "m":
        values = column.astype("timedelta64[us]").to_numpy().astype(object)
        return [value if there else None for value, there in zip(values, known)], shown
    return [plain(value) if there else None for value, there in zip(column.tolist(), known)], shown


def plain(value):
    return value if isinstance(value, EXCEL_TYPES) else str(value)
