"""Files as programs export them: made-up rows, each file in the manner of one program, and what its columns are.

``python tests/exports.py FOLDER [ROWS]`` writes them all. `EXPORTS` lists them: a name, and a function from the number
of rows to an `Export`, which holds the bytes of the file and its columns. No name, address or number is anybody's.
"""

import csv
import gzip
import io
import re
import sys
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

N = 60
EPOCH = datetime(1970, 1, 1)
EMAIL = re.compile(r"[a-z0-9.]+@[a-z0-9]+\.[a-z]+")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CODE = re.compile(r"(?=.*[a-z])[a-z0-9]{12,}")


# Styles: how a value is shown, and how it is read ---------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """How the numbers or dates of a column are written.

    Attributes
    ----------
    show : callable
        A value as text.
    read : callable
        A text as the value; raises ValueError if it is none.
    measure : callable
        A value as a number, by which rows can be ordered.
    """

    show: object
    read: object
    measure: object = float

    def number(self, cell):
        return self.measure(self.read(cell))

    def accepts(self, cell):
        """Whether a cell is written in this style: reading and showing give it back."""
        try:
            return self.show(self.read(cell)) == cell
        except (TypeError, ValueError):
            return False


def decimals(n, prefix="", suffix="", comma=","):
    """Numbers such as 1,234.50, between a prefix and a suffix."""

    def read(text):
        return float(text.removeprefix(prefix).removesuffix(suffix).replace(",", ""))

    return Style(lambda value: f"{prefix}{value:{comma}.{n}f}{suffix}", read)


def german(n, suffix=""):
    """Numbers such as 1.234,50."""
    swapped = str.maketrans(",.", ".,")
    plain = decimals(n)
    return Style(
        lambda value: plain.show(value).translate(swapped) + suffix,
        lambda text: plain.read(text.removesuffix(suffix).translate(swapped)),
    )


def dates(pattern):
    """Dates and times by a pattern of strftime."""
    return Style(
        lambda value: value.strftime(pattern),
        lambda text: datetime.strptime(text, pattern),
        lambda value: (value.replace(tzinfo=None) - EPOCH).total_seconds(),
    )


def read_parentheses(text):
    return -int(text[1:-1]) if text.startswith("(") else int(text)


def as_typed(kinds, measure=float):
    """Values of an Excel file, which are what they are."""

    def read(value):
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise TypeError
        return value

    return Style(lambda value: value, read, measure)


WHOLE = Style(str, int)
PARENTHESES = Style(lambda value: f"({-value})" if value < 0 else str(value), read_parentheses)
SPACED = Style(lambda value: f"{value:,.2f}".translate(str.maketrans(",.", " ,")),
               lambda text: float(text.translate(str.maketrans(" ,", ",.")).replace(",", "")))  # fmt: skip
PLAIN = {n: decimals(n, comma="") for n in (1, 2, 3)}
AMERICAN_DATE, GERMAN_DATE, ISO_DATE = dates("%m/%d/%Y"), dates("%d.%m.%Y"), dates("%Y-%m-%d")
ISO_TIME = dates("%Y-%m-%d %H:%M:%S")
WITH_OFFSET = dates("%Y-%m-%dT%H:%M:%S+02:00")
CLOCK = Style(
    lambda value: value.strftime("%H:%M"),
    lambda text: datetime.strptime(text, "%H:%M"),
    lambda value: 60.0 * value.hour + value.minute,
)
EXCEL_DATE = as_typed(datetime, lambda value: (value - EPOCH).total_seconds())


# Columns ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A column of a file, and what is true of it.

    Attributes
    ----------
    name : str
        In the frame.
    kind : {"id", "text", "number", "date", "boolean", "category"}
        What must be found. "id" is an identifier or the name of a person, "text" is free text.
    cells : list of str
        In an Excel file, of any type; None or "" where missing.
    style : Style or None
        Of numbers and dates.
    missing : object
        The cell that stands for a missing value.
    """

    name: str
    kind: str
    cells: list
    style: Style | None = None
    missing: object = ""

    def is_missing(self, cell):
        return cell is None or cell in ("", self.missing)

    def keeps_style(self, cell):
        """Whether a cell of this column, in a file of synthetic rows, is written as the cells of the export are."""
        if self.is_missing(cell):
            return any(map(self.is_missing, self.cells))
        if self.kind == "text":
            return cell == "[text]"
        if self.kind == "id":
            shapes = set(map(shape_of, filter(None, self.cells)))
            # A code of letters and digits has no letter now and then.
            return shape_of(cell) in shapes or (str(cell).isdigit() and code_of(str(cell)) in shapes)
        return self.style.accepts(cell) if self.style else cell in self.cells

    def numbers(self, cells):
        """Cells as numbers, nan where missing or not written in the style."""
        fits = [not self.is_missing(cell) and self.style.accepts(cell) for cell in cells]
        return np.array([self.style.number(cell) if fit else np.nan for cell, fit in zip(cells, fits, strict=True)])


def shape_of(cell):
    """Runs of digits as 0 and runs of letters as a: "RE-2023-00017" is "a-0-0", so that numbers that count may grow."""
    if not isinstance(cell, str):
        return type(cell)
    if EMAIL.fullmatch(cell):
        return "e-mail address"
    if UUID.fullmatch(cell):
        return "UUID"
    if CODE.fullmatch(cell):
        return code_of(cell)
    shape = ""
    for character in cell:
        kind = "0" if character.isdigit() else "a" if character.isalpha() else character
        shape += kind * (kind not in "0a" or not shape.endswith(kind))
    return shape


def code_of(cell):
    return f"{len(cell)} letters and digits"


@dataclass(frozen=True)
class Export:
    """A file: its columns, its bytes, and how its cells are read back.

    Attributes
    ----------
    columns : list of Column
    data : bytes
    read : callable
        The bytes of such a file as rows of cells, with the header.
    """

    columns: list
    data: bytes
    read: object

    def cells_of(self, path):
        """The cells of a file in the manner of this one: a dict of column names to lists."""
        _, *rows = self.read(Path(path).read_bytes())
        return {column.name: [row[j] for row in rows] for j, column in enumerate(self.columns)}


def text_file(
    columns, *, header=None, separator=",", line_end="\n", encoding="utf-8", quoting=csv.QUOTE_MINIMAL, change=None
):
    """An export of separated values; `change` is a pair of functions, from the text to the bytes and back."""
    rules = {"delimiter": separator, "quoting": quoting, "quotechar": None if quoting == csv.QUOTE_NONE else '"'}
    pack, unpack = change or (lambda text: text.encode(encoding), lambda data: data.decode(encoding))
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=line_end, **rules)
    writer.writerow(header or [column.name for column in columns])
    writer.writerows(zip(*[column.cells for column in columns], strict=True))

    def read(data):
        return list(csv.reader(io.StringIO(unpack(data), newline=""), **rules))

    return Export(columns, pack(file.getvalue()), read)


# Values -------------------------------------------------------------------------------------------------------

FIRST = "Anna Peter Laura Thomas Maria Daniel Sarah Michael Julia Martin Emma Paul Nina Simon Lisa Robert".split()
ONSETS, VOWELS, ENDS = "B D F G H K L M N P R S T V W".split(), "a e i o u".split(), "nd rt ll s ck hm n".split()
NOTES = {
    "english": (
        ("Customer", "Driver", "Supplier", "Manager", "Neighbour", "Front desk", "Accountant", "Colleague"),
        ("called about", "asked for", "complained about", "wrote twice about", "was happy with", "cancelled"),
        ("the late parcel", "a second invoice", "the broken handle", "a discount", "the new address", "a refund"),
        ("on Monday", "before noon", "last week", "by phone", "by letter", "again", "without a reason"),
        ("please call back", "nothing to do", "see the file", "wait for an answer", "told the office", "done"),
    ),
    "german": (
        ("Kunde", "Fahrer", "Lieferant", "Nachbar", "Büro", "Kollegin", "Werkstatt"),
        ("fragt nach", "wartet auf", "beschwert sich über", "dankt für", "schreibt wegen"),
        ("Rechnung und Mahnung", "der späten Lieferung", "dem neuen Vertrag", "dem Angebot", "der Gutschrift"),
        ("seit Montag", "zum zweiten Mal", "per Brief", "am Telefon", "wie besprochen", "ohne Grund"),
        ("bitte zurückrufen", "erledigt", "siehe Akte", "Antwort steht aus", "Termin folgt", "an Büro gegeben"),
    ),
}


def stream(name):
    return np.random.default_rng(sum(name.encode()))


def sparse(rng, cells, share, missing=""):
    """The cells with this share of them missing."""
    return [missing if gone else cell for cell, gone in zip(cells, rng.random(len(cells)) < share, strict=True)]


def persons(rng, n):
    """Distinct names of persons."""
    names = {}
    while len(names) < n:
        word = "".join(rng.choice(part) for part in (ONSETS, VOWELS, ["l", "n", "r", "st"], VOWELS, ENDS))
        names[f"{rng.choice(FIRST)} {word}"] = None
    return list(names)


def emails(names):
    return [f"{name.lower().replace(' ', '.')}@mail{i % 5}.example" for i, name in enumerate(names)]


def notes(rng, n, language="english", share_missing=0.2):
    """Sentences, of which most occur once, and missing cells."""
    parts = zip(*[rng.choice(words, n) for words in NOTES[language]], strict=True)
    return sparse(rng, [f"{a} {b} {c} {d}; {e}" for a, b, c, d, e in parts], share_missing)


def days(rng, n, span=700):
    """Days from 2023 on."""
    return np.datetime64("2023-01-01T00:00:00") + rng.integers(0, span, n).astype("m8[D]")


def later(rng, times, scale, unit="D"):
    """Times after these by as many units as a gamma distribution of shape 2 says."""
    return times + np.maximum(1, rng.gamma(2, scale, len(times))).astype(int).astype(f"m8[{unit}]")


def column(name, kind, values, style, rng=None, share=0.0, missing=""):
    """A column of numbers or dates: values as the style shows them, with a share of missing cells."""
    values = values.astype("M8[s]").tolist() if isinstance(values, np.ndarray) and values.dtype.kind == "M" else values
    values = values.tolist() if isinstance(values, np.ndarray) else values
    cells = [style.show(value) for value in values]
    return Column(name, kind, sparse(rng, cells, share, missing) if share else cells, style, missing)


def priced(rng, quantities, unit, spread=0.3):
    """Amounts that depend on quantities."""
    return (unit * quantities * rng.lognormal(0, spread, len(quantities))).round(2)


# The files ----------------------------------------------------------------------------------------------------


def german_excel(n=N):
    """Semicolons, decimal commas, points between thousands, day.month.year, Windows-1252, CRLF."""
    rng = stream("german")
    issued, pieces = days(rng, n), rng.integers(1, 60, n)
    amounts = priced(rng, pieces, 80)
    shares = np.clip(5 + amounts / 150 + rng.normal(0, 6, n), 0, 99)
    return text_file(
        [
            column("Datum", "date", issued, GERMAN_DATE),
            column("Umsatz (€)", "number", amounts, german(2)),
            column("Anteil", "number", shares, german(1, " %")),
            Column("Stadt", "category", rng.choice(["Köln", "München", "Berlin", "Düsseldorf"], n).tolist()),
            Column("Rechnungsnr", "id", [f"RE-2023-{i:05d}" for i in range(1, n + 1)]),
            Column("Kunde", "id", persons(rng, n)),
            column("Menge", "number", pieces, WHOLE, rng, 0.05),
            column("Fällig", "date", later(rng, issued, 12), GERMAN_DATE),
            Column("Notiz", "text", notes(rng, n, "german")),
        ],
        separator=";",
        line_end="\r\n",
        encoding="cp1252",
    )


def american(n=N):
    """Amounts in dollars that need quotes, negative ones in parentheses, month/day/year."""
    rng = stream("american")
    ordered, quantities = days(rng, n), rng.integers(1, 25, n)
    amounts = priced(rng, quantities, 70)
    names = persons(rng, n)
    return text_file([
        column("Order Date", "date", ordered, AMERICAN_DATE),
        column("Amount", "number", amounts, decimals(2, "$")),
        column("Balance", "number", (0.3 * amounts - 250 + rng.normal(0, 90, n)).round().astype(int), PARENTHESES),
        Column("State", "category", rng.choice(["NY", "CA", "TX"], n).tolist()),
        Column("Order ID", "id", [f"#{i}" for i in range(10001, 10001 + n)]),
        Column("Customer Name", "id", names),
        Column("Email", "id", sparse(rng, emails(names), 0.03)),
        column("Quantity", "number", quantities, WHOLE),
        column("Ship Date", "date", later(rng, ordered, 4), AMERICAN_DATE, rng, 0.08),
        Column("Notes", "text", notes(rng, n, share_missing=0.4)),
    ])


def latin_tabs(n=N):
    """Separated by tabs, Latin-1."""
    rng = stream("tabs")
    heights = rng.normal(1.7, 0.1, n)
    return text_file(
        [
            Column("nom", "category", rng.choice(["Zoé", "René", "Léa"], n).tolist()),
            column("âge", "number", rng.integers(18, 90, n), WHOLE),
            column("taille", "number", heights, PLAIN[2]),
            column("poids", "number", 24 * heights**2 + rng.normal(0, 5, n), PLAIN[1], rng, 0.05),
            Column("courriel", "id", emails(persons(rng, n))),
            Column("n° dossier", "id", [f"D{i:06d}" for i in rng.permutation(9 * n)[:n]]),
        ],
        separator="\t",
        encoding="latin-1",
    )


def compressed(n=N):
    """Separated by bars, with a mark of UTF-8, compressed: the log of sensors."""
    rng = stream("gz")
    values = rng.normal(0, 1, n)
    return text_file(
        [
            Column("sensor", "category", rng.choice(["a", "b"], n).tolist()),
            column("value", "number", values, PLAIN[3]),
            Column("reading_id", "id", [str(uuid.UUID(bytes=rng.bytes(16), version=4)) for _ in range(n)]),
            column("at", "date", days(rng, n, 60) + rng.integers(0, 86400, n).astype("m8[s]"), ISO_TIME),
            column("celsius", "number", 20 + 4 * values + rng.normal(0, 2, n), PLAIN[1], rng, 0.04, "NaN"),
        ],
        separator="|",
        change=(lambda text: gzip.compress(text.encode("utf-8-sig"), mtime=0),
                lambda data: gzip.decompress(data).decode("utf-8-sig")),
    )  # fmt: skip


def trailing_commas(n=N):
    """Each row ends in a comma, and the header does not."""
    rng = stream("trailing")
    points = rng.integers(0, 100, n)
    plain = text_file([
        Column("id", "id", [f"{i:05d}" for i in range(1, n + 1)]),
        column("points", "number", points, WHOLE),
        Column("group", "category", rng.choice(["x", "y"], n).tolist()),
        column("bonus", "number", points * 2.5 + rng.gamma(2, 20, n), PLAIN[2]),
    ])
    header, *rows = plain.data.splitlines(keepends=True)
    return Export(plain.columns, header + b"".join(row.replace(b"\n", b",\n") for row in rows), plain.read)


def doubled_headers(n=N):
    """A name twice, and a column without one: answers to a survey."""
    rng = stream("doubled")
    first = rng.integers(0, 9, n)
    second, third = (np.clip(first + rng.integers(-2, 3, n), 0, 8) for _ in range(2))
    columns = [
        column("a", "number", first, WHOLE),
        column("a (2)", "number", second, WHOLE),
        column("column 3", "number", third, WHOLE, rng, 0.1),
        Column("b", "category", rng.choice(["u", "v"], n).tolist()),
        Column("token", "id", ["".join(rng.choice(list("abcdefghjkmnpqrstuvwxyz23456789"), 12)) for _ in range(n)]),
        Column("comment", "text", notes(rng, n, share_missing=0.3)),
    ]
    return text_file(columns, header=["a", "a", "", "b", "token", "comment"])


def not_missing(n=N):
    """Texts that other readers take for missing values, next to cells that are missing."""
    rng = stream("na")
    heights = rng.normal(172, 9, n).round().astype(int)
    weights = [f"{value:.1f}" for value in 0.9 * (heights - 100) + rng.normal(5, 6, n)]
    weights[::7] = ["NA"] * len(weights[::7])
    countries = rng.choice(["NA", "DE", "FR", "None", "NULL", "nan", ""], n).tolist()
    return text_file([
        Column("country", "category", countries),
        Column("weight", "number", weights, PLAIN[1], "NA"),
        column("height", "number", heights, WHOLE),
        Column("patient", "id", persons(rng, n)),
        column("admitted", "date", days(rng, n), ISO_DATE, rng, 0.05),
    ])


def codes(n=N):
    """What a reader of numbers destroys: long ids, plus signs, leading zeros, codes that look like powers."""
    rng = stream("codes")
    pieces = rng.integers(1, 40, n)
    return text_file([
        Column("order", "id", [f"1234567890123456{i:04d}" for i in rng.permutation(n)]),
        Column("phone", "id", [f"+4915{i:08d}" for i in rng.integers(0, 10**8, n)]),
        Column("zip", "category", [f"{i:05d}" for i in rng.choice([501, 10001, 90210], n)]),
        Column("part", "category", rng.choice(["1E05", "2E07", "3A01"], n).tolist()),
        column("pieces", "number", pieces, WHOLE),
        column("total", "number", priced(rng, pieces, 3, 0.4), decimals(2, suffix=" USD", comma="")),
    ])


def booleans(n=N):
    """Booleans in three spellings, yes and no: the users of a shop."""
    rng = stream("booleans")
    logins = rng.poisson(rng.gamma(2, 10, n))
    seen = np.datetime64("2023-01-01") + np.clip(8 * logins + rng.integers(0, 120, n), 0, 700).astype("m8[D]")
    return text_file([
        Column("active", "boolean", rng.choice(["TRUE", "FALSE"], n).tolist()),
        Column("paid", "boolean", rng.choice(["true", "false"], n).tolist()),
        Column("sent", "boolean", rng.choice(["True", ""], n).tolist()),
        Column("member", "category", rng.choice(["yes", "no"], n).tolist()),
        Column("user_id", "id", [str(i) for i in rng.permutation(n) + 4000]),
        Column("email", "id", emails(persons(rng, n))),
        column("logins", "number", logins, WHOLE),
        column("last_seen", "date", seen, ISO_DATE, rng, 0.06),
    ])


def offsets(n=N):
    """Times with an offset, times of day, whole numbers with missing cells, numbers with zeros at the end."""
    rng = stream("offsets")
    seconds = np.datetime64("2024-03-01T00:00:00") + rng.integers(0, 10**7, n).astype("m8[s]")
    counts = rng.integers(0, 6, n)
    counted = [str(value) if value else "" for value in counts.tolist()]
    return text_file([
        column("when", "date", seconds, WITH_OFFSET),
        column("opened", "number", seconds, CLOCK),
        Column("count", "number", counted, WHOLE),
        column("price", "number", rng.choice([69.2, 5, 12.25], n), PLAIN[2]),
        column("paid", "number", priced(rng, counts + 1, 9), PLAIN[2]),
        column("sent", "date", later(rng, seconds, 3e5, "s"), WITH_OFFSET),
        Column("session", "id", [rng.bytes(12).hex() for _ in range(n)]),
    ])


def all_quoted(n=N):
    """Every cell is quoted; cells hold separators, quotes and line ends: tickets of a help desk."""
    rng = stream("quoted")
    opened = days(rng, n) + rng.integers(0, 86400, n).astype("m8[s]")
    hours = rng.gamma(2, 30, n)
    replies = np.clip(hours / 15 + rng.normal(0, 1.5, n), 0, None).round().astype(int)
    closed = opened + (3600 * hours).astype(int).astype("m8[s]")
    texts = [note.replace("; ", ",\n").replace("the ", 'the "old" ') for note in notes(rng, n, share_missing=0.1)]
    columns = [
        Column("note", "category", rng.choice(["plain", 'says "hello"', "one, two", "two\nlines", ""], n).tolist()),
        column("n", "number", replies, WHOLE),
        Column("ticket", "id", [f"HELP-{i}" for i in range(1200, 1200 + n)]),
        column("opened", "date", opened, ISO_TIME),
        column("closed", "date", closed, ISO_TIME, rng, 0.1),
        column("hours", "number", hours, PLAIN[1]),
        Column("description", "text", texts),
    ]
    return text_file(columns, quoting=csv.QUOTE_ALL)


def with_hint(n=N):
    """The first line tells Excel the separator; UTF-16; the last line does not end."""
    rng = stream("hint")
    x = rng.integers(0, 9, n)
    return text_file(
        [
            column("x", "number", x, WHOLE),
            Column("y", "category", rng.choice(["ä", "ö"], n).tolist()),
            column("Preis", "number", priced(rng, x + 1, 400), german(2, " €")),
            Column("Konto", "id", [f"DE{i:020d}" for i in rng.integers(10**17, 10**18, n)]),
            column("Buchung", "date", days(rng, n), GERMAN_DATE),
        ],
        separator=";",
        line_end="\r\n",
        change=(lambda text: ("\ufeffsep=;\r\n" + text.removesuffix("\r\n")).encode("utf-16-le"),
                lambda data: data.decode("utf-16-le").removeprefix("\ufeffsep=;\r\n")),
    )  # fmt: skip


def never_quoted(n=N):
    """A program that never quotes, and texts that start with a quote."""
    rng = stream("never")
    years = rng.integers(1920, 1990, n)
    budgets = np.exp((years - 1900) / 15 + rng.normal(0, 0.5, n)).round().astype(int) * 1000
    return text_file(
        [
            Column("title", "category", rng.choice(['"Ghost" of the Opera', "Metropolis", 'The "M"'], n).tolist()),
            column("year", "number", years, WHOLE),
            Column("film_id", "id", [f"tt{97 * i:07d}" for i in rng.permutation(10**5)[:n]]),
            column("budget", "number", budgets, WHOLE, rng, 0.1, "\\N"),
            column("score", "number", np.clip(rng.normal(6, 1, n), 1, 10), PLAIN[1]),
        ],
        separator="\t",
        quoting=csv.QUOTE_NONE,
    )


def bank(n=N):
    """A statement of account: spaces between thousands, debit or credit, a balance, text about each booking."""
    rng = stream("bank")
    booked = days(rng, n)
    amounts = rng.lognormal(5.5, 1, n).round(2)
    is_debit = rng.random(n) < 0.6
    balances = (9000 + np.where(is_debit, -4, 4) * amounts + rng.normal(0, 900, n)).round(2)
    debits, credits = (
        [cell if shown else "" for cell, shown in zip(map(SPACED.show, amounts), here, strict=True)]
        for here in (is_debit, ~is_debit)
    )
    return text_file(
        [
            Column("Reference", "id", [f"{i:012d}" for i in rng.choice(10**12, n)]),
            column("Booked", "date", booked, dates("%d/%m/%Y")),
            column("Value date", "date", later(rng, booked, 2), dates("%d/%m/%Y")),
            Column("IBAN", "id", [f"FR76{i:023d}" for i in rng.integers(10**17, 10**18, n)]),
            Column("Purpose", "text", notes(rng, n, share_missing=0)),
            Column("Debit", "number", debits, SPACED),
            Column("Credit", "number", credits, SPACED),
            column("Balance", "number", balances, SPACED),
        ],
        separator=";",
    )


def excel_sheet(n=N):
    """Typed cells: dates, amounts with a format, whole numbers with a text for missing ones, codes, a second sheet."""
    import openpyxl

    rng = stream("excel")
    sold, pieces = days(rng, n), rng.integers(1, 9, n)
    amounts = priced(rng, pieces, 40)
    money = decimals(2, suffix=" EUR")
    columns = [
        Column("date", "date", sold.tolist(), EXCEL_DATE),
        Column("amount", "number", amounts.tolist(), as_typed((int, float))),
        Column("pieces", "number", ["n/a" if i % 9 == 4 else int(value) for i, value in enumerate(pieces)],
               as_typed(int), "n/a"),
        Column("code", "category", [f"{i % 7:04d}" for i in range(n)]),
        Column("amount (2)", "number", [i % 5 or None for i in range(n)], as_typed(int)),
        Column("written", "number", list(map(money.show, amounts)), money),
        Column("ok", "boolean", [bool(i % 3) for i in range(n)]),
        Column("delivered", "date", sparse(rng, later(rng, sold, 5).tolist(), 0.1, None), EXCEL_DATE),
        Column("customer no", "id", [int(i) for i in 70_000 + rng.permutation(n)]),
        Column("e-mail", "id", emails(persons(rng, n))),
    ]  # fmt: skip
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales 2024"
    sheet.append([column.name.removesuffix(" (2)") for column in columns])
    for row in zip(*[column.cells for column in columns], strict=True):
        sheet.append(row)
        for j, shown in ((1, "dd.mm.yyyy"), (2, "#,##0.00"), (8, "dd.mm.yyyy")):
            if row[j - 1] is not None:
                sheet.cell(sheet.max_row, j).number_format = shown
    book.create_sheet("Notes").append(["=1+1"])
    file = io.BytesIO()
    book.save(file)

    def read(data):
        return list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))

    return Export(columns, file.getvalue(), read)


EXPORTS = {
    "german_excel.csv": german_excel,
    "american.csv": american,
    "latin_tabs.tsv": latin_tabs,
    "compressed.csv.gz": compressed,
    "trailing_commas.csv": trailing_commas,
    "doubled_headers.csv": doubled_headers,
    "not_missing.csv": not_missing,
    "codes.csv": codes,
    "booleans.csv": booleans,
    "offsets.csv": offsets,
    "all_quoted.csv": all_quoted,
    "with_hint.txt": with_hint,
    "never_quoted.tsv": never_quoted,
    "bank.csv": bank,
    "excel_sheet.xlsx": excel_sheet,
}


def write_exports(folder, names=EXPORTS, n=N):
    """Write the files of these names with n rows each."""
    for name in names:
        (Path(folder) / name).write_bytes(EXPORTS[name](n).data)


if __name__ == "__main__":
    write_exports(sys.argv[1], n=int(sys.argv[2]) if len(sys.argv) > 2 else N)
