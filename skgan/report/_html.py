"""A report as HTML: a fragment for notebooks, a page for a file."""

from html import escape

from ._pictures import pictures
from ._text import N_FIXED, headline, name_of, number
from ._words import WORDS

# Number of columns or pairs that are visible; the others can be unfolded.
SHOWN = 10
PART = ("column", "metric")

PAGE_STYLE = "body { margin: 2rem auto; padding: 0 1rem; max-width: 72rem; background: #fff; }"
STYLE = """
.skgan-report { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; max-width: 72rem; }
.skgan-report h1 { font-size: 1.6rem; margin: 0 0 .3rem; }
.skgan-report h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.skgan-report .scroll { overflow-x: auto; }
.skgan-report table { border-collapse: collapse; width: 100%; margin: 0; }
.skgan-report th, .skgan-report td { padding: .25rem .6rem; border-bottom: 1px solid #d8dee4; vertical-align: top;
  background: none; color: inherit; text-align: left; white-space: normal; }
.skgan-report thead th { border-bottom: 2px solid #8c959f; font-weight: 600; white-space: nowrap; }
.skgan-report td.number, .skgan-report th.number { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.skgan-report td.name { font-weight: 600; overflow-wrap: anywhere; min-width: 14rem; }
.skgan-report td.better { white-space: nowrap; }
.skgan-report th.section { padding-top: 1.1rem; border-bottom: 1px solid #8c959f; }
.skgan-report .verdict { white-space: nowrap; padding: 0 .5rem; border-radius: .7rem; border: 1px solid; }
.skgan-report .as-real { color: #0b5394; background: #e7f1fb; }
.skgan-report .near { color: #6b5200; background: #fdf5d9; }
.skgan-report .off { color: #9a3412; background: #fdeae3; font-weight: 600; }
.skgan-report figure { margin: 1rem 0; }
.skgan-report img { max-width: 100%; height: auto; }
.skgan-report figcaption, .skgan-report .note { color: #57606a; }
.skgan-report summary { cursor: pointer; padding: .4rem 0; }
@media print { .skgan-report details > * { display: block; } }
"""


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
        figures = '<p class="note">Pictures need matplotlib; run: python -m pip install "skgan[plot]"</p>'
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Report on synthetic rows</title>'
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
    by_part = "".join(
        _parts(title, parts[parts["metric"].isin(names) & (parts["column"].map(_is_pair) == is_pair)])
        for title, names, is_pair in (
            ("Columns, the worst first", ["column_shapes"], False),
            ("Pairs of columns, the worst first", ["pair_trends"], True),
        )
    )
    return (
        f"<h1>Report on synthetic rows</h1><p>{escape(headline(report))}</p>"
        f"<h2>Findings</h2><ul>{findings}</ul><h2>Metrics</h2>{_whole(whole)}{by_part}"
    )


def _whole(rows):
    """One table of the numbers about all columns, with a heading for each section."""
    sections = [
        (title, [(row["metric"], WORDS[row["metric"]].question, row) for _, row in part.iterrows()])
        for title, part in rows.groupby("section", sort=False)
    ]
    return _table(("metric", "question"), sections)


def _parts(title, rows):
    """A table of single columns or pairs: the first rows are visible, the others can be unfolded."""
    if not len(rows):
        return ""
    cells = [(name_of(row["column"]), row["metric"], row) for _, row in rows.iterrows()]
    rest = cells[SHOWN:]
    more = f"<details><summary>{len(rest)} more</summary>{_table(PART, [(None, rest)])}</details>" if rest else ""
    return f"<h2>{escape(title)}</h2>{_table(PART, [(None, cells[:SHOWN])])}{more}"


def _table(heads, sections):
    """A table of sections (title, rows), where a row is (name, text, numbers)."""
    baselines = list(sections[0][1][0][2].index[N_FIXED:])
    numbers = ["value", "floor", *baselines]
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    head += "".join(f'<th class="number">{escape(name)}</th>' for name in numbers) + "<th>better</th><th></th>"
    width = len(heads) + len(numbers) + 2
    body = "".join(
        (f'<tr><th class="section" colspan="{width}">{escape(title)}</th></tr>' if title else "")
        + "".join(
            f'<tr><td class="name">{escape(name)}</td><td>{escape(text)}</td>'
            + "".join(f'<td class="number">{number(row[column])}</td>' for column in numbers)
            + f'<td class="better">{row["better"]}</td><td>{_chip(row["verdict"])}</td></tr>'
            for name, text, row in cells
        )
        for title, cells in sections
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _chip(verdict):
    return f'<span class="verdict {verdict.replace(" ", "-")}">{verdict}</span>' if verdict else ""
