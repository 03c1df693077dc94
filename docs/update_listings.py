"""Bring the listings and tables in docs/*.md up to date with their sources: python docs/update_listings.py

So a page is plain Markdown that reads well wherever it is shown, and what it shows is still the source. A comment
before a block of code says where it comes from. The same comment before a table, which ends at `<!-- end -->`, names a
file of Markdown or CSV:

    <!-- from skgan/losses.py: Hinge -->                        a class, function or method
    <!-- from skgan/losses.py: "LOSSES = {" to "}" -->          from the line with one text to the line with the other
    <!-- from skgan/losses.py: "class Hinge" before "class" --> the same without that last line
    <!-- from skgan/losses.py: "LOSSES = {" -->                 from that line to the end of the file
    <!-- from docs/_tables/report.txt -->                       a whole file

A table of public names, which also ends at `<!-- end -->`, gets the first sentence of each docstring:

    <!-- api of skgan.metrics -->                               each name has a page of its own in the built docs
    <!-- api of skgan.metrics, without members -->              the same, without a section for each attribute
    <!-- api of skgan.losses, on this page -->                  all classes of a module, documented on the built page

tests/test_docs_listings.py fails where a page is not up to date.
"""

import ast
import csv
import inspect
import re
from importlib import import_module
from pathlib import Path
from pydoc import locate
from textwrap import dedent, indent

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))

BLOCK = re.compile(
    r"""^(?P<indent>\ *)<!--\ (?P<kind>from|api\ of)\ (?P<what>.+?)\ -->\n
        (?:(?P<fence>\ *```\w*\n)(?:.*?\n)??\ *```$  |  .*?^\ *<!--\ end\ -->$)""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
LINES = re.compile(r'"(?P<first>.+?)"(?: (?P<how>to|before) "(?P<last>.+?)")?')
NAME = re.compile(r"^\| `([\w.]+)` \|", re.MULTILINE)


def updated(page):
    """The text of a page with every listing and table as the sources have it now."""
    return BLOCK.sub(updated_block, page)


def updated_block(block):
    comment = block[0].splitlines()[0].strip()
    if block["kind"] == "api of":
        parts = [comment, api_table(block["what"], block[0]), "<!-- end -->"]
    elif block["fence"]:
        parts = [comment, block["fence"].strip(), listing(block["what"]), "```"]
    else:
        parts = [comment, table(block["what"]), "<!-- end -->"]
    return indent("\n".join(parts), block["indent"])


def listing(what):
    """The lines that `what` names: a path, and after a colon an object or the texts of lines."""
    path, _, part = what.partition(": ")
    source = (ROOT / path).read_text(encoding="utf-8")
    lines = LINES.fullmatch(part)
    try:
        if lines:
            source = lines_of(source, lines["first"], lines["how"], lines["last"])
        elif part:
            source = object_of(source, part)
    except LookupError as error:
        raise ValueError(f"{path}: {error.args[0]}; correct the comment <!-- from {what} -->.") from None
    return dedent(source).rstrip()


def lines_of(source, first, how, last):
    lines = source.splitlines()
    start = place_of(first, lines, 0)
    if last is None:
        return "\n".join(lines[start:])
    stop = place_of(last, lines, start) + 1 if how == "to" else place_of(last, lines, start + 1)
    return "\n".join(lines[start:stop])


def place_of(text, lines, start):
    for place, line in enumerate(lines[start:], start):
        if text in line:
            return place
    raise LookupError(f"no line has the text {text!r}")


def object_of(source, name):
    node = ast.parse(source)
    for part in name.split("."):
        inside = [child for child in node.body if getattr(child, "name", None) == part]
        if not inside:
            raise LookupError(f"there is no {name!r}")
        node = inside[0]
    start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return "\n".join(source.splitlines()[start - 1 : node.end_lineno])


def table(path):
    """The text of a Markdown file, or a CSV file as a Markdown table."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if not path.endswith(".csv"):
        return text.rstrip()
    header, *rows = csv.reader(text.splitlines())
    return table_of([header, ["---"] * len(header), *rows])


def table_of(rows):
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows)


def api_table(what, old):
    """The names of the old table, or of a module, and the first sentence about each."""
    module, _, how = what.partition(", ")
    names = classes_of(module) if how == "on this page" else NAME.findall(old)
    rows = [[f"`{name}`", first_sentence(locate(f"{module}.{name}"))] for name in names]
    return table_of([["name", "what it is"], ["---", "---"], *rows])


def classes_of(module):
    found = vars(import_module(module)).items()
    return [name for name, value in found if isinstance(value, type) and value.__module__ == module and name[0] != "_"]


def first_sentence(thing):
    paragraph = " ".join(inspect.getdoc(thing).split("\n\n")[0].split())
    return re.split(r"(?<=\.) (?=[A-Z])", re.sub(r"( \[\d+\]_)+", "", paragraph))[0]


if __name__ == "__main__":
    for path in PAGES:
        page = path.read_text(encoding="utf-8")
        new = updated(page)
        if new != page:
            path.write_text(new, encoding="utf-8")
            print(f"updated {path.relative_to(ROOT)}")
