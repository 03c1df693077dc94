"""A report as HTML: a fragment for notebooks, a page for a file."""

from html import escape

from ._pictures import pictures
from ._sections import MAX_PAIR_COLUMNS
from ._text import N_FIXED, TELLING, change, headline, legend, name_of, number
from ._words import WORDS

# Number of columns or pairs that are visible; the others can be unfolded.
SHOWN = 10

# A page follows the browser's light or dark theme. A fragment inherits the notebook's colours, and adds only
# transparent ones, which suit both.
PAGE_STYLE = """
:root { color-scheme: light dark; }
body { margin: 2rem auto; padding: 0 1rem; max-width: 72rem; background: Canvas; color: CanvasText; }
"""
# "&" stands for the report. Notebooks have rules of their own for tables (aligned to the right, columns of equal
# widths, stripes, black text), so it is written as often as makes these rules more specific.
STYLE = """
& { font: 15px/1.5 system-ui, sans-serif; color: inherit; max-width: 72rem; text-align: left; }
& h1 { font: inherit; font-size: 1.6rem; font-weight: 600; line-height: 1.25; margin: 0 0 .3rem; color: inherit;
  overflow-wrap: break-word; }
& h2 { font: inherit; font-size: 1.15rem; font-weight: 600; margin: 2rem 0 .5rem; color: inherit; }
& p, & ul { margin: 0 0 .5rem; }
& ul { padding-left: 1.3rem; }
& li { margin: .2rem 0; overflow-wrap: break-word; }
& .scroll { overflow-x: auto; }
& table { border-collapse: collapse; border: none; width: 100%; margin: 0; table-layout: auto; color: inherit;
  background: none; font-size: inherit; }
& thead, & tbody, & tbody tr { background: none; border: none; }
& th, & td { padding: .25rem .6rem .25rem 0; border: none; border-bottom: 1px solid rgba(128, 128, 128, .3);
  vertical-align: top; background: none; color: inherit; text-align: left; white-space: normal; line-height: inherit;
  max-width: none; }
& thead th { border-bottom: 2px solid rgba(128, 128, 128, .6); font-weight: 600; white-space: nowrap; }
& td.number, & th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
& td.better { white-space: nowrap; }
& th.section { padding-top: 1.1rem; border-bottom: 1px solid rgba(128, 128, 128, .6); }
& .what { display: flex; flex-wrap: wrap; gap: 0 .8rem; }
& .name { flex: 0 1 16rem; min-width: 8.5rem; font-weight: 600; overflow-wrap: anywhere; }
& .name:only-child { flex-basis: 100%; }
& .question { flex: 1 1 9rem; }
& .verdict { white-space: nowrap; padding: 0 .5rem; border-radius: .7rem; border: 1px solid rgba(128, 128, 128, .6); }
& .as-real { border-color: #1f77d0; background: rgba(31, 119, 208, .15); }
& .near { border-color: #b58900; background: rgba(181, 137, 0, .2); }
& .off { border-color: #d9531e; background: rgba(217, 83, 30, .25); font-weight: 600; }
& figure { margin: 1rem 0; }
& img { display: block; max-width: 100%; height: auto; margin: 0; }
& .note, & .question, & figcaption { opacity: .75; }
& summary { cursor: pointer; padding: .4rem 0; }
@media (max-width: 45rem) { & { font-size: 14px; } }
@media print { & details > * { display: block; } }
""".replace("&", ".skgan-report" * 3)


def fragment(report):
    """Numbers and findings, as a fragment for a notebook."""
    return f'<style>{STYLE}</style><div class="skgan-report">{_body(report)}</div>'


def page(report):
    """The whole report with pictures, as one page."""
    drawn = pictures(report)
    figures = "".join(
        f"<h2>{escape(title)}</h2><figure><img src=\"{data}\" alt=\"{escape(title)}\">"
        f"<figcaption>{escape(caption)}</figcaption></figure>"
        for title, caption, data in drawn
    )
    if not drawn:
        figures = '<p class="note">Pictures need matplotlib; run: python -m pip install matplotlib</p>'
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report._origin.title)}</title>"
        f"<style>{PAGE_STYLE}{STYLE}</style></head>"
        f'<body><main class="skgan-report">{_body(report)}{figures}</main></body></html>\n'
    )


def _is_pair(column):
    return isinstance(column, tuple)


def _body(report):
    frame = report.to_frame()
    parts = frame[frame["column"].notna()]
    whole = frame[frame["column"].isna()]
    findings = "".join(f"<li>{escape(finding)}</li>" for finding in report.findings)
    n_columns = report.sizes["columns"] or 0
    of_first = f" (of the first {MAX_PAIR_COLUMNS} of {n_columns} columns)" if n_columns > MAX_PAIR_COLUMNS else ""
    by_part = "".join(
        _parts(title, parts[parts["metric"].isin(names) & (parts["column"].map(_is_pair) == is_pair)])
        for title, names, is_pair in (
            ("Columns, the worst first", ["column_shapes"], False),
            (f"Pairs of columns, the worst first{of_first}", ["pair_trends"], True),
        )
    )
    return (
        f'<h1>{escape(report._origin.title)}</h1><p class="note">{escape(report._origin.details)}</p>'
        f"<p>{escape(headline(report))}</p><h2>Findings</h2><ul>{findings}</ul>"
        f"{_telling(report.telling_columns)}<h2>Metrics</h2>"
        f'<p class="note">{escape(legend(frame))}</p>{_whole(whole)}{by_part}'
    )


def _telling(columns):
    """A table of the columns by which a classifier tells rows apart; nothing where it does not."""
    if not len(columns):
        return ""
    rows = "".join(
        f'<tr><td>{_what(name_of(row["column"]))}</td><td class="number">{number(row["auc"])}</td>'
        f'<td class="number">{change(row["drop"])}</td></tr>'
        for _, row in columns.iterrows()
    )
    return (
        f'<h2>{TELLING}</h2><p>By these columns, a classifier tells synthetic rows from real ones. "Alone" is its AUC '
        'if it is given nothing else (0.5: a guess), "if shuffled" the change of the AUC of one that is given all '
        'columns.</p><div class="scroll"><table><thead><tr><th>column</th><th class="number">alone</th>'
        f'<th class="number">if shuffled</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _what(name, question=""):
    """A name, which may be broken after an underscore, and beside it or below it what it asks."""
    name, whole = escape(name).replace("_", "_<wbr>"), escape(name)
    question = f'<span class="question">{escape(question)}</span>' if question else ""
    return f'<div class="what"><span class="name" title="{whole}">{name}</span>{question}</div>'


def _whole(rows):
    """One table of the numbers about all columns, with a heading for each section."""
    sections = [
        (title, [(row["metric"], WORDS[row["metric"]].question, row) for _, row in part.iterrows()])
        for title, part in rows.groupby("section", sort=False)
    ]
    return _table("metric", sections)


def _parts(title, rows):
    """A table of single columns or pairs: the first rows are visible, the others can be unfolded."""
    if not len(rows):
        return ""
    cells = [(name_of(row["column"]), "", row) for _, row in rows.iterrows()]
    first, rest = (_table("column", [(None, some)]) if some else "" for some in (cells[:SHOWN], cells[SHOWN:]))
    more = f"<details><summary>{len(cells) - SHOWN} more</summary>{rest}</details>" if rest else ""
    return f"<h2>{escape(title)}</h2>{first}{more}"


def _table(head, sections):
    """A table of sections (title, rows), where a row is (name, question, numbers)."""
    baselines = list(sections[0][1][0][2].index[N_FIXED:])
    numbers = ["value", "floor", *baselines]
    head = f"<th>{head}</th><th></th>" + "".join(f'<th class="number">{escape(name)}</th>' for name in numbers)
    head += "<th>better</th>"
    width = len(numbers) + 3
    body = "".join(
        (f'<tr><th class="section" colspan="{width}">{escape(title)}</th></tr>' if title else "")
        + "".join(
            f"<tr><td>{_what(name, question)}</td><td>{_chip(row['verdict'])}</td>"
            + "".join(f'<td class="number">{number(row[column])}</td>' for column in numbers)
            + f'<td class="better">{row["better"]}</td></tr>'
            for name, question, row in cells
        )
        for title, cells in sections
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _chip(verdict):
    return f'<span class="verdict {verdict.replace(" ", "-")}">{verdict}</span>' if verdict else ""
