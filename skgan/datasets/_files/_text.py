"""Text files of separated values: from bytes to columns of text, and back in the file's own layout."""

import codecs
import csv
import gzip
import io
import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice

from skgan._state import Flag, ListOf, Rule, Stateful, Text, Whole, Word, demand

from ._header import title_doubt
from ._scan import (
    find_separator,
    is_quoted,
    narrow_doubt,
    other_separator_doubt,
    quoting_of,
    spaces_doubt,
)

# Marks at the start of a file, and the encoding that each of them says.
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# In this order: nearly no other text is valid UTF-8, and every file is valid Latin-1.
GUESSES = ("utf-8", "cp1252", "latin-1")
GZIP = b"\x1f\x8b"
# The first bytes of Excel files, which are ZIP archives.
ZIP = b"PK\x03\x04"
ROWS_AT_A_TIME = 10_000
# Distinct texts of a column of which one object is kept for all its rows.
MAX_SHARED = 50_000
# Separators at the end of a row that no column belongs to.
MAX_ENDS = 100_000


class MarkRule(Rule):
    """A byte order mark, or none."""

    def __str__(self):
        return "a byte order mark"

    def allows(self, value):
        return isinstance(value, bytes) and value in (b"", *(mark for mark, _ in MARKS))


@dataclass(frozen=True)
class Layout(Stateful):
    """How a text file is written, apart from its cells.

    Attributes
    ----------
    encoding : str
    mark : bytes
        The byte order mark.
    separator : str
    line_end : {"\\n", "\\r\\n", "\\r"}
    hint : bool
        Whether the first line is ``sep=;``, which tells Excel the separator.
    quotes : bool
        Whether cells with a separator are quoted; without it, quotes are characters like any other.
    quoted_header, quoted_missing : bool
        Whether these are quoted where they need not be.
    quoted : tuple of bool
        The same for each column.
    header_ends, row_ends : int
        Separators at the end of the header and of each row, with nothing behind them.
    ends_with_line : bool
        Whether the last line ends.
    is_gzip : bool
        Whether the file is compressed.
    has_header : bool
        Whether the first row has the names of the columns.
    """

    encoding: str = "utf-8"
    mark: bytes = b""
    separator: str = ","
    line_end: str = "\n"
    hint: bool = False
    quotes: bool = True
    quoted_header: bool = False
    quoted_missing: bool = False
    quoted: tuple = ()
    header_ends: int = 0
    row_ends: int = 0
    ends_with_line: bool = True
    is_gzip: bool = False
    has_header: bool = True
    STATE = {
        "encoding": Text(),
        "mark": MarkRule(),
        "separator": Text(),
        "line_end": Word(("\n", "\r\n", "\r")),
        **dict.fromkeys(("hint", "quotes", "quoted_header", "quoted_missing", "ends_with_line"), Flag()),
        **dict.fromkeys(("is_gzip", "has_header"), Flag()),
        "quoted": ListOf(Flag()),
        **dict.fromkeys(("header_ends", "row_ends"), Whole(0, MAX_ENDS)),
    }

    def complete(self):
        demand(len(self.separator) == 1, "separator", "be one character")
        "".encode(self.encoding)

    def with_columns(self, positions):
        """The layout of a file with the columns at these positions (None for new ones)."""
        known = dict(enumerate(self.quoted))
        return replace(self, quoted=tuple(known.get(position, False) for position in positions))


def preferred_separator(suffix):
    return "\t" if suffix == ".tsv" else ","


def unpacked(data):
    try:
        return gzip.decompress(data)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(f"it is a damaged gzip archive ({error}); copy it again from its source") from None


def read_text(path, suffix, *, sep, encoding, header):
    """Read a text file.

    Parameters
    ----------
    path : Path
    suffix : {".csv", ".tsv", ".txt"}
    sep, encoding : str
        "auto" finds them out.
    header : "auto", int or None
        The line of the header, from 0. "auto" is the first that is not empty; None says that there is none.

    Returns
    -------
    layout : Layout
    header : list of str
        Empty texts where there is none.
    columns : list of lists of str
    doubts : list of str
        What may be wrong with the header.
    """
    data = path.read_bytes()
    is_gzip = data.startswith(GZIP)
    data = unpacked(data) if is_gzip else data
    if data.startswith(ZIP):
        raise ValueError("it is no text, but looks like an Excel file; name it .xlsx")
    text, encoding, mark = decoded(data, encoding)
    if "\0" in text[:1000]:
        raise ValueError(_not_text(data))
    if sep != "auto" and len(sep) != 1:
        raise ValueError(f"sep must be one character or 'auto', got {sep!r}")
    hint, body = without_hint(text)
    body = body if header in ("auto", None, 0) else below(body, header)
    separator = sep if sep != "auto" else hint or find_separator(body, preferred_separator(suffix))
    with long_cells():
        records, quotes = parsed(body, separator)
        doubts = title_doubt(records) if header == "auto" else []
        names, n_header, n_row = _widths(records, body, separator, quotes, header is not None)
    if len(names) == 1:
        titles = narrow_doubt(body) if header == "auto" and sep == "auto" else []
        doubts = doubts or titles or other_separator_doubt(body, separator) or spaces_doubt(body)
    quotings = quoting_of(body, separator, header is not None) if quotes else (False, [], False)
    quoted_header, quoted, quoted_missing = quotings
    layout = Layout(
        encoding=encoding,
        mark=mark,
        separator=separator,
        line_end=line_end_of(text),
        hint=bool(hint),
        quotes=quotes,
        quoted_header=quoted_header,
        quoted_missing=quoted_missing,
        quoted=tuple(quoted[: len(names)]),
        header_ends=n_header,
        row_ends=n_row,
        ends_with_line=text.endswith(("\n", "\r")),
        is_gzip=is_gzip,
        has_header=header is not None,
    )
    return layout, names, columns_of(records, len(names)), doubts


def _not_text(data):
    """The sentence on bytes that hold zeros: text of two bytes a character, or no text at all."""
    start = data[:1000]
    # In UTF-16, the zeros of ordinary letters stand in every second place.
    n_even, n_odd = start[::2].count(0), start[1::2].count(0)
    for encoding, n, n_others in (("utf-16-le", n_odd, n_even), ("utf-16-be", n_even, n_odd)):
        if n > len(start) / 4 and n_others < len(start) / 20:
            return f"it looks like text in UTF-16 without a mark; pass its encoding, {encoding!r}"
    return "it holds characters with the code 0, which no text has; remove them, or export the file again"


def below(text, n_lines):
    """The text with its first lines emptied, so that lines are counted as in the file."""
    lines = re.split(r"\r\n|\n|\r", text, maxsplit=n_lines)
    if len(lines) <= n_lines or not lines[-1].strip():
        raise ValueError(f"it has no line {n_lines + 1} that could be the header; pass a smaller header")
    return "\n" * n_lines + lines[-1]


def decoded(data, encoding):
    """The text of a file, its encoding, and the mark at its start, which is not part of the text."""
    try:
        asked = encoding if encoding == "auto" else codecs.lookup(encoding).name
        for mark, name in MARKS:
            if data.startswith(mark) and asked in ("auto", name, name[:6], "utf-8-sig"):
                return data[len(mark) :].decode(name), name, mark
        if encoding != "auto":
            return data.decode(encoding), encoding, b""
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not {error.encoding} text; leave the encoding 'auto', or say the right one") from None
    except LookupError:
        raise ValueError(f"no encoding is called {encoding!r}; say one such as 'utf-8' or 'cp1252'") from None
    for name in GUESSES:
        try:
            return data.decode(name), name, b""
        except UnicodeDecodeError:
            pass


def without_hint(text):
    """The separator of a first line ``sep=;`` (else ""), and the text below it."""
    line, _, below = text.partition("\n")
    line = line.removesuffix("\r")
    # An empty line in its place, so that lines are counted as in the file.
    return (line[4], "\n" + below) if len(line) == 5 and line.lower().startswith("sep=") else ("", text)


def line_end_of(text):
    """The end of the first line."""
    first = text[: text.find("\n") + 1] if "\n" in text else text
    if first.endswith("\r\n"):
        return "\r\n"
    return "\n" if "\n" in text or "\r" not in text else "\r"


def parsed(text, separator):
    """The records of a text, and whether quotes mean anything in it."""
    try:
        return list(reader_of(text, separator, True)), True
    except csv.Error as error:
        # Some programs never quote, and write texts that start with a quote.
        records = list(reader_of(text, separator, False))
        is_even = len({len(record) for record in records if record}) == 1
        if is_even and not any(is_quoted(cell) for record in records for cell in record):
            return records, False
        reader = reader_of(text, separator, True)
        line = 1
        try:
            for _ in reader:
                line = reader.line_num + 1
        except csv.Error:
            pass
        raise ValueError(f"line {line} has a quote that is not closed or not at the end of its cell") from error


@contextmanager
def long_cells():
    """Let the csv module read cells of any length."""
    limit = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def reader_of(text, separator, quotes):
    how = {"strict": True} if quotes else {"quoting": csv.QUOTE_NONE}
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, **how)


def _widths(records, text, separator, quotes, has_header):
    """The header, and the number of separators at the end of it and of each row that no column belongs to.

    Records are changed: empty lines are removed, except where there is one column, whose missing values they are.
    """
    while records and not records[-1]:
        records.pop()
    header = next(filter(None, records), None)
    if header is None:
        raise ValueError("it is empty; it needs a header, and a row below it")
    if not has_header:
        header = [""] * len(header)
        records.insert(0, header)
    if len(header) == 1:
        del records[: records.index(header) + 1]
        records[:] = [record or [""] for record in records]
    else:
        records[:] = [record for record in records if record][1:]
    widths = {len(record) for record in records} or {len(header)}
    n_extra = max(widths) - len(header)
    if len(widths) > 1 or n_extra < 0 or any(any(record[len(header) :]) for record in records):
        raise ValueError(_uneven(text, separator, quotes, len(header), has_header))
    n_columns = len(header)
    while n_columns > 1 and not header[n_columns - 1] and not any(record[n_columns - 1] for record in records):
        n_columns -= 1
    return header[:n_columns], len(header) - n_columns, max(widths) - n_columns


def _uneven(text, separator, quotes, n_fields, has_header):
    """The sentence that names the first line with another number of fields than the header."""
    reader, line, found = reader_of(text, separator, quotes), 1, []
    for record in reader:
        if record and len(record) != n_fields:
            found.append((line, len(record)))
        line = reader.line_num + 1
    line, n = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    first = "header" if has_header else "first row"
    cure = f"; if line {line} is the header, pass header={line - 1}" if has_header and more else ""
    return (
        f"line {line}{more} has {n} field{'s' * (n != 1)}, but the {first} has {n_fields}; give each column a name, "
        f"and each row a cell per column{cure}"
    )


def columns_of(records, n_columns):
    """The first cells of records as columns; equal texts of a column are one object, to save memory."""
    columns = [[] for _ in range(n_columns)]
    shared = [{} for _ in columns]
    records = iter(records)
    while chunk := list(islice(records, ROWS_AT_A_TIME)):
        for column, seen, cells in zip(columns, shared, zip(*chunk)):
            if len(seen) > MAX_SHARED:
                column.extend(cells)
            else:
                column.extend([seen.setdefault(cell, cell) for cell in cells])
    return columns


def text_of(layout, header, columns):
    """The text of a file.

    Parameters
    ----------
    layout : Layout
        Of these columns.
    header : list of str
    columns : list of lists of str

    Returns
    -------
    str
    """
    needing = (layout.separator, '"', "\n", "\r")

    def written(cell, always):
        if not cell:
            return '""' if layout.quoted_missing and always else ""
        if layout.quotes and (always or any(mark in cell for mark in needing)):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    written_columns = []
    for column, always in zip(columns, layout.quoted):
        known = {cell: written(cell, always) for cell in set(column)}
        written_columns.append([known[cell] for cell in column])
    lines = [layout.separator.join(cells) + layout.separator * layout.row_ends for cells in zip(*written_columns)]
    if layout.has_header:
        names = layout.separator.join([written(name, layout.quoted_header) for name in header])
        lines.insert(0, names + layout.separator * layout.header_ends)
    if len(columns) == 1 and layout.quotes:
        # An empty line would be no row.
        lines = [line or '""' for line in lines]
    if layout.hint:
        lines.insert(0, f"sep={layout.separator}")
    return layout.line_end.join(lines) + layout.line_end * layout.ends_with_line


def write_text(layout, header, columns, file):
    """Write a text file to a path."""
    data = layout.mark + text_of(layout, header, columns).encode(layout.encoding)
    # Without the time, so that the same cells give the same file.
    file.write_bytes(gzip.compress(data, mtime=0) if layout.is_gzip else data)
