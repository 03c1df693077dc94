"""A report as plain text."""

from textwrap import fill, wrap

from skgan._counted import counted

from ._sections import MAX_PAIR_COLUMNS
from ._words import VERDICTS

WORST = 5
WIDTH = 100
TELLING = "What gives rows away"
# Number of columns of a report's frame before those of the baselines.
N_FIXED = 8


def text(report):
    """The report as lines of text."""
    frame = report.to_frame()
    whole, parts = frame[frame["column"].isna()], frame[frame["column"].notna()]
    origin = report._origin
    title = wrap(f"{origin.title}, {origin.details}", WIDTH, break_on_hyphens=False, break_long_words=False)
    lines = [*title, *wrap(headline(report), WIDTH), ""]
    extra = list(frame.columns[N_FIXED:])
    for section, rows in whole.groupby("section", sort=False):
        lines += _table(section, [(row["metric"], row) for _, row in rows.iterrows()], extra)
    for title, metric, is_pair in (("Worst columns", "column_shapes", False), ("Worst pairs", "pair_trends", True)):
        rows = parts[(parts["metric"] == metric) & (parts["column"].map(lambda c: isinstance(c, tuple)) == is_pair)]
        if len(rows):
            lines += _table(title, [(name_of(row["column"]), row) for _, row in rows.head(WORST).iterrows()], extra)
    lines += _telling(report.telling_columns)
    lines += [*wrap(legend(frame), WIDTH), ""]
    findings = [fill(finding, WIDTH, initial_indent="- ", subsequent_indent="  ") for finding in report.findings]
    return "\n".join([*lines, *findings])


def headline(report):
    """A sentence about the rows that were compared."""
    sizes = report.sizes
    of = f" of {counted(sizes['columns'], 'column')}" if sizes["columns"] else ""
    _, synthetic, holdout = report._sides
    n, total = sizes["synthetic"], len(synthetic)
    rows = counted(n, "synthetic row") if n == total else f"{n:,} of {counted(total, 'synthetic row')}"
    sentences = (
        f"{rows}{of} compared with {counted(sizes['real'], 'real row')}. The floor is the value of "
        f"{counted(sizes['floor'], 'fresh real row')}."
    )
    if holdout is None:
        sentences += " No real rows were held out, so both are halves of the real rows."
    else:
        sentences += (
            " For privacy, all synthetic rows are compared with the real rows and one half of the held-out rows; the "
            "floor is that of the other half."
        )
    if max(sizes["real"], sizes["synthetic"]) > sizes["max_rows"]:
        sentences += f" Metrics that compare all pairs of rows use at most {sizes['max_rows']:,} of each."
    if (sizes["columns"] or 0) > MAX_PAIR_COLUMNS:
        sentences += f" Pairs of columns are those of the first {MAX_PAIR_COLUMNS} of {sizes['columns']} columns."
    return sentences


def legend(frame):
    """A sentence that says what the verdicts of a report mean."""
    found = [f'"{word}": {meaning}' for word, meaning in VERDICTS.items() if (frame["verdict"] == word).any()]
    return f"Verdicts: {'; '.join(found)}." if found else ""


def name_of(column):
    """The name of a column, or of a pair of columns, as text."""
    return " × ".join(map(str, column)) if isinstance(column, tuple) else str(column)


def number(value):
    """A number with four decimals where it is about 1, else with three significant digits."""
    if value is None or value != value:
        return "-"
    return f"{value:.4f}" if 0.001 <= abs(value) < 10 or value == 0 else f"{value:.3g}"


def _telling(columns):
    if not len(columns):
        return []
    lines = [f"{TELLING:<34}{'AUC alone':>13}{'if shuffled':>13}"]
    for _, row in columns.iterrows():
        lines.append(f"  {_shown(name_of(row['column'])):<32}{number(row['auc']):>13}{change(row['drop']):>13}")
    return [*lines, ""]


def change(drop):
    """By how much an AUC changes, from by how much it falls."""
    return "" if drop != drop else f"{-drop:+.4f}"


def _shown(name):
    return name if len(name) <= 32 else name[:31] + "…"


def _table(title, named_rows, extra):
    heads = ["value", "floor", *extra]
    lines = [f"{title:<34}" + "".join(f"{head:>13}" for head in heads) + "  better"]
    for name, row in named_rows:
        cells = "".join(f"{number(row[head]):>13}" for head in heads)
        lines.append(f"  {_shown(name):<32}{cells}  {row['better']:<10} {row['verdict']}".rstrip())
    return [*lines, ""]
