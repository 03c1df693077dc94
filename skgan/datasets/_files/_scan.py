"""Find out how the first records of a text file separate and quote their fields."""

import re
from collections import Counter

# In the order of preference where several separators fit as well.
SEPARATORS = ("\t", ";", "|", ",")
# Other marks that separate fields in some files, and are hardly ever within one.
OTHER_SEPARATORS = ("~", "^", "\x1f", "\x01", "\u00a6", "\u00a7")
N_SCANNED = 200
# Characters of the file that are looked at.
SAMPLE = 500_000


def records_of(text, separator):
    """The fields of the first records, as they stand in the file: with their quotes, and without empty lines."""
    sep = re.escape(separator)
    bare = rf"[^{sep}\r\n]*"
    pattern = re.compile(rf'("(?:[^"]|"")*"{bare}|{bare})({sep}|\r\n|\n|\r|\Z)')
    records, fields = [], []
    for match in pattern.finditer(text[:SAMPLE]):
        fields.append(match[1])
        if match[2] != separator:
            if fields != [""]:
                records.append(fields)
            fields = []
        if len(records) == N_SCANNED or match.end() == len(text):
            return records
    # The last record of a sample may be cut off.
    return records if len(text) <= SAMPLE else records[:-1] or records


def find_separator(text, preferred):
    """The separator by which most records have as many fields as the header.

    Parameters
    ----------
    text : str
        The file.
    preferred : str
        What separates where nothing speaks against it.

    Returns
    -------
    str
    """
    candidates = (preferred, *(separator for separator in SEPARATORS if separator != preferred))
    scores = {}
    for separator in candidates:
        header, *others = records_of(text, separator) or [[""]]
        if len(header) > 1:
            fitting = sum(fits(record, len(header)) for record in others)
            scores[separator] = (fitting / max(1, len(others)), len(header))
    if scores:
        return max(scores, key=scores.get)
    for separator in candidates:
        check_header(records_of(text, separator)[1:], separator)
    return next((separator for separator in candidates if separator not in text[:SAMPLE]), preferred)


def check_header(records, separator):
    """Raise if records are separated although the header is not: it is a title, and the header stands below it."""
    widths = Counter(map(len, records))
    width, n = widths.most_common(1)[0] if widths else (0, 0)
    numbers = all(set("".join(record)) <= set("0123456789+-. ") for record in records)
    if width > 2 and n > len(records) / 2 and not numbers:
        raise ValueError(
            f"its first line has no separator, but most others have {width} fields separated by {separator!r}; pass "
            f"header={1 + next(i for i, record in enumerate(records) if len(record) == width)} if the header stands "
            "below a title, or say another separator"
        )


def other_separator_doubt(text, separator):
    """Sentences where a file that is read as one column may have two by another separator: none or one.

    Raises if it has more than two, since each generated row would be a training row.
    """
    for other in (*SEPARATORS, *OTHER_SEPARATORS):
        header, *others = records_of(text, other) or [[""]]
        alike = sum(fits(record, len(header)) for record in others)
        if other == separator or len(header) < 2 or not others or alike <= 0.9 * len(others):
            continue
        said = f"its header has {len(header) - 1} times {other!r}, and so have its rows; pass sep={other!r}"
        if len(header) > 2:
            raise ValueError(
                f"it would have one column, but {said} if that separates the columns, and put each cell in quotes if "
                "there is one column"
            )
        # In "Price, EUR" the comma separates nothing.
        if not header[1].startswith(" "):
            return [f"the file is read as one column, {other.join(header)!r}, but {said} if that separates the columns"]
    return []


def spaces_doubt(text):
    """Sentences where spaces seem to separate the columns of a file that is read as one: none or one."""
    header, *others = [line.strip() for line in text[:SAMPLE].splitlines()[:N_SCANNED] if line.strip()] or [""]
    n_words = len(header.split())
    alike = sum(len(line.split()) == n_words for line in others)
    if n_words < 2 or '"' in header or not others or alike <= 0.95 * len(others):
        return []
    # A first name and a last name, or the words of a date, are no columns: some cell is a number.
    numbers = [word for line in others for word in line.split() if is_number(word)]
    if n_words == 2 and not numbers:
        return []
    is_single = not any("  " in line for line in (header, *others))
    cure = "pass sep=' '" if is_single else "write a comma between the columns"
    return [
        f"the file is read as one column, {header!r}, but its header and nearly all rows have {n_words} words; {cure} "
        "if spaces separate its columns"
    ]


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def narrow_doubt(text):
    """Sentences where the first line may be a title above two columns, and not the name of one: none or one."""
    for separator in SEPARATORS:
        first, *others = records_of(text, separator) or [[""]]
        pairs = [record for record in others if len(record) == 2 and all(record) and not record[1].startswith(" ")]
        # Names have no digits, and amounts such as 1,234 have some.
        named = pairs and pairs[0] is others[0] and not any(map(str.isdigit, "".join(pairs[0])))
        if len(first) == 1 and named and len(pairs) > max(2, 0.9 * len(others)):
            return [
                f"the file is read as one column, {first[0]!r}, but nearly all other lines have two fields separated "
                f"by {separator!r}; pass header=1 if the first line is a title"
            ]
    return []


def fits(record, n_fields):
    """Whether a record has this many fields, apart from empty ones at its end."""
    return len(record) == n_fields or (len(record) > n_fields and not any(record[n_fields:]))


def is_quoted(field):
    return len(field) > 1 and field.startswith('"') and field.endswith('"')


def needs_quotes(field, separator):
    """Whether the text of a quoted field could not stand without its quotes."""
    return any(mark in field[1:-1] for mark in (separator, '"', "\n", "\r"))


def quoting_of(text, separator, has_header):
    """Whether the header, each column, and missing values are quoted where they need not be.

    Returns
    -------
    header : bool
    columns : list of bool
        For the columns of the header.
    missing : bool
    """
    records = records_of(text, separator) or [[""]]
    header = records.pop(0) if has_header else [""] * len(records[0])
    columns = [[record[j] for record in records if j < len(record) and record[j]] for j in range(len(header))]
    # Cells such as "1,234.50" need their quotes, and do not tell. Where no other does, the header does.
    quoted_header = any(header) and all(map(is_quoted, filter(None, header)))
    telling = [[is_quoted(field) for field in fields if not needs_quotes(field, separator)] for fields in columns]
    return (
        quoted_header,
        [2 * sum(told) > len(told) if told else quoted_header for told in telling],
        any(field == '""' for record in records for field in record),
    )
