"""Files as programs export them: made-up rows, each file in the manner of one program.

``python tests/exports.py FOLDER`` writes them all. `EXPORTS` lists them: a name, and a function that returns the bytes
of the file.
"""

import gzip
import io
import sys
from pathlib import Path

import numpy as np

N = 60


def stream(name):
    return np.random.default_rng(sum(name.encode()))


def csv_of(header, columns, separator=",", line_end="\n"):
    lines = [separator.join(header), *map(separator.join, zip(*columns, strict=True))]
    return line_end.join(lines) + line_end


def german(text):
    return text.translate(str.maketrans(",.", ".,"))


def dates_of(rng, n=N, days=700):
    return np.datetime64("2023-01-01") + rng.integers(0, days, n)


def shown(dates, pattern):
    return [date.strftime(pattern) for date in dates.astype("M8[s]").tolist()]


def german_excel():
    """Semicolons, decimal commas, points between thousands, day.month.year, Windows-1252, CRLF."""
    rng = stream("german")
    amounts = [german(f"{value:,.2f}") for value in rng.lognormal(7, 1, N)]
    shares = [german(f"{value:.1f}") + " %" for value in rng.uniform(0, 100, N)]
    cities = rng.choice(["Köln", "München", "Berlin", "Düsseldorf"], N)
    text = csv_of(
        ["Datum", "Umsatz (€)", "Anteil", "Stadt"],
        [shown(dates_of(rng), "%d.%m.%Y"), amounts, shares, cities],
        ";",
        "\r\n",
    )
    return text.encode("cp1252")


def american():
    """Amounts in dollars that need quotes, negative ones in parentheses, month/day/year."""
    rng = stream("american")
    amounts = [f'"${value:,.2f}"' if value >= 1000 else f"${value:,.2f}" for value in rng.lognormal(6.5, 1, N)]
    balances = [f"({-value})" if value < 0 else str(value) for value in rng.integers(-500, 500, N).tolist()]
    text = csv_of(
        ["Order Date", "Amount", "Balance", "State"],
        [shown(dates_of(rng), "%m/%d/%Y"), amounts, balances, rng.choice(["NY", "CA", "TX"], N)],
    )
    return text.encode()


def latin_tabs():
    """Separated by tabs, Latin-1."""
    rng = stream("tabs")
    text = csv_of(
        ["nom", "âge", "taille"],
        [
            rng.choice(["Zoé", "René", "Léa"], N),
            map(str, rng.integers(18, 90, N)),
            [f"{value:.2f}" for value in rng.normal(1.7, 0.1, N)],
        ],
        "\t",
    )
    return text.encode("latin-1")


def compressed():
    """Separated by bars, with a mark of UTF-8, compressed."""
    rng = stream("gz")
    text = csv_of(
        ["sensor", "value"], [rng.choice(["a", "b"], N), [f"{value:.3f}" for value in rng.normal(0, 1, N)]], "|"
    )
    return gzip.compress(text.encode("utf-8-sig"), mtime=0)


def trailing_commas():
    """Each row ends in a comma, and the header does not."""
    rng = stream("trailing")
    ids = [f"{i:05d}" for i in range(1, N + 1)]
    rows = zip(ids, map(str, rng.integers(0, 100, N)), rng.choice(["x", "y"], N))
    return ("id,points,group\n" + "".join(",".join(row) + ",\n" for row in rows)).encode()


def doubled_headers():
    """A name twice, and a column without one."""
    rng = stream("doubled")
    numbers = [[str(value) for value in rng.integers(0, 9, N)] for _ in range(3)]
    return csv_of(["a", "a", "", "b"], [*numbers, rng.choice(["u", "v"], N)]).encode()


def not_missing():
    """Texts that other readers take for missing values, next to cells that are missing."""
    rng = stream("na")
    countries = rng.choice(["NA", "DE", "FR", "None", "NULL", "nan", ""], N)
    weights = [f"{value:.1f}" for value in rng.normal(70, 9, N)]
    weights[::7] = ["NA"] * len(weights[::7])
    return csv_of(["country", "weight"], [countries, weights]).encode()


def codes():
    """What a reader of numbers destroys: long ids, plus signs, leading zeros, codes that look like powers."""
    rng = stream("codes")
    return csv_of(
        ["order", "phone", "zip", "part"],
        [
            [f"1234567890123456{i:04d}" for i in rng.permutation(N)],
            [f"+4915{i:08d}" for i in rng.integers(0, 10**8, N)],
            [f"{i:05d}" for i in rng.choice([501, 10001, 90210], N)],
            rng.choice(["1E05", "2E07", "3A01"], N),
        ],
    ).encode()


def booleans():
    """Booleans in three spellings, yes and no."""
    rng = stream("booleans")
    return csv_of(
        ["active", "paid", "sent", "member"],
        [rng.choice(pair, N) for pair in (["TRUE", "FALSE"], ["true", "false"], ["True", ""], ["yes", "no"])],
    ).encode()


def offsets():
    """Times with an offset, times of day, whole numbers with missing cells, numbers with zeros at the end."""
    rng = stream("offsets")
    seconds = np.datetime64("2024-03-01T00:00:00") + rng.integers(0, 10**7, N)
    counts = [str(value) if value else "" for value in rng.integers(0, 6, N)]
    return csv_of(
        ["when", "opened", "count", "price"],
        [
            [f"{time}+02:00" for time in seconds],
            shown(seconds, "%H:%M"),
            counts,
            [f"{value:.2f}" for value in rng.choice([69.2, 5, 12.25], N)],
        ],
    ).encode()


def all_quoted():
    """Every cell is quoted; cells hold separators, quotes and line ends."""
    rng = stream("quoted")
    notes = rng.choice(["plain", 'says ""hello""', "one, two", "two\nlines", ""], N)
    columns = [notes, map(str, rng.integers(0, 50, N))]
    quoted = [[f'"{cell}"' for cell in column] for column in columns]
    return csv_of(['"note"', '"n"'], quoted).encode()


def with_hint():
    """The first line tells Excel the separator; UTF-16; the last line does not end."""
    rng = stream("hint")
    text = csv_of(["x", "y"], [map(str, rng.integers(0, 9, N)), rng.choice(["ä", "ö"], N)], ";", "\r\n")
    return ("\ufeffsep=;\r\n" + text.removesuffix("\r\n")).encode("utf-16-le")


def never_quoted():
    """A program that never quotes, and texts that start with a quote."""
    rng = stream("never")
    return csv_of(
        ["title", "year"],
        [rng.choice(['"Ghost" of the Opera', "Metropolis", 'The "M"'], N), map(str, rng.integers(1920, 1990, N))],
        "\t",
    ).encode()


def excel_sheet():
    """Typed cells: dates, amounts with a format, whole numbers with a text for missing ones, codes, a second sheet."""
    import openpyxl

    rng = stream("excel")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales 2024"
    sheet.append(["date", "amount", "pieces", "code", "amount", "written", "ok"])
    days = dates_of(rng).astype("M8[s]").tolist()
    for i, (amount, pieces) in enumerate(zip(rng.lognormal(5, 1, N).round(2), rng.integers(1, 9, N))):
        sheet.append([
            days[i], float(amount), "n/a" if i % 9 == 4 else int(pieces), f"{i % 7:04d}", i % 5 or None,
            f"{amount:,.2f} EUR", bool(i % 3),
        ])
        sheet.cell(i + 2, 1).number_format = "dd.mm.yyyy"
        sheet.cell(i + 2, 2).number_format = "#,##0.00"
    book.create_sheet("Notes").append(["=1+1"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


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
    "excel_sheet.xlsx": excel_sheet,
}


def write_exports(folder, names=EXPORTS):
    for name in names:
        (Path(folder) / name).write_bytes(EXPORTS[name]())


if __name__ == "__main__":
    write_exports(sys.argv[1])
