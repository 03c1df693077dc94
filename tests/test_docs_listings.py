"""The pages of docs/ are plain Markdown, and what they show of other files is what these files hold now."""

import re
import runpy
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
LISTINGS = runpy.run_path(str(ROOT / "docs" / "update_listings.py"))
SOURCE = """\
import math

@property
def first():
    return 1

class Second:
    def method(self):
        return {
            "a": 2,
        }

TABLE = {"one": first}
"""

each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)


def text_of(path):
    return path.read_text(encoding="utf-8")


def prose_of(path):
    """A page without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```$", "", text_of(path), flags=re.MULTILINE | re.DOTALL)


@each_page
def test_listings_and_tables_are_up_to_date(path):
    if path.name == "api.md":
        pytest.importorskip("imblearn")
        pytest.importorskip("matplotlib")
    page = text_of(path)
    assert LISTINGS["updated"](page) == page, f"{path.name} shows an older source: run python docs/update_listings.py"


@pytest.mark.parametrize("module", ["skgan", "skgan.datasets", "skgan.metrics", "skgan.plotting"])
def test_every_public_name_is_in_the_api(module):
    page = text_of(ROOT / "docs" / "api.md")
    assert [name for name in import_module(module).__all__ if f"`{name}`" not in page] == []


@each_page
def test_every_comment_of_a_source_is_read(path):
    """A comment that is not in the form that the script knows would never update its block."""
    comments = re.findall(r"^ *<!-- (?:from|api of) ", text_of(path), re.MULTILINE)
    assert len(LISTINGS["BLOCK"].findall(text_of(path))) == len(comments)


@each_page
def test_a_page_is_plain_markdown(path):
    page = text_of(path)
    assert not re.findall(r"^ *(?:```|:::)\{.*|^\(\w+\)=$|\{[\w:]+\}`", page, re.MULTILINE)


@each_page
def test_no_command_takes_the_package_from_an_index(path):
    """It is on none yet."""
    assert not re.findall(r"pip install [^`&\n]*\bskgan\b", text_of(path))


def anchors_of(path):
    """The anchors of the headings of a page, as code hosts and the built pages make them."""
    headings = re.findall(r"^#+ (.*)$", prose_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_links_lead_to_files_and_headings(path):
    broken = []
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose_of(path)):
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


@pytest.fixture
def source(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "a.csv").write_text('name,value\nx,"a|b"\n', encoding="utf-8")
    monkeypatch.setitem(LISTINGS["updated"].__globals__, "ROOT", tmp_path)


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("a.py: first", "@property\ndef first():\n    return 1"),
        ("a.py: Second.method", 'def method(self):\n    return {\n        "a": 2,\n    }'),
        ('a.py: "return {" to "}"', 'return {\n    "a": 2,\n}'),
        ('a.py: "def first" before "class"', "def first():\n    return 1"),
        ('a.py: "TABLE" to "}"', 'TABLE = {"one": first}'),
        ('a.py: "TABLE"', 'TABLE = {"one": first}'),
        ("a.py", SOURCE.rstrip()),
    ],
)
def test_a_listing_is_replaced(source, what, shown):
    page = f"Text.\n\n<!-- from {what} -->\n```python\nolder\n\nlines\n```\n\nMore.\n"
    new = LISTINGS["updated"](page)
    assert new == f"Text.\n\n<!-- from {what} -->\n```python\n{shown}\n```\n\nMore.\n"
    assert LISTINGS["updated"](new) == new


def test_an_empty_listing_inside_a_list_is_filled(source):
    page = "1. Text.\n\n   <!-- from a.py: first -->\n   ```python\n   ```\n"
    filled = "   @property\n   def first():\n       return 1\n"
    assert LISTINGS["updated"](page) == page.replace("python\n", "python\n" + filled)


def test_a_table_is_replaced(source):
    page = "<!-- from a.csv -->\nolder\n<!-- end -->\n"
    assert LISTINGS["updated"](page) == (
        "<!-- from a.csv -->\n| name | value |\n| --- | --- |\n| x | a\\|b |\n<!-- end -->\n"
    )


@pytest.mark.parametrize(
    ("what", "message"),
    [("a.py: third", "a.py: there is no 'third'"), ('a.py: "nowhere"', "a.py: no line has the text 'nowhere'")],
)
def test_what_is_no_longer_in_the_source_is_named(source, what, message):
    with pytest.raises(ValueError, match=message):
        LISTINGS["updated"](f"<!-- from {what} -->\n```python\n```\n")
