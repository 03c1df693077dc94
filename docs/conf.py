"""Sphinx configuration: python -m sphinx -W -b html docs docs/_build/html

The pages are plain Markdown, so that they read well where the code is hosted. What only Sphinx needs is added to a page
when it is built.
"""

import re
from importlib.metadata import version as installed_version
from pathlib import Path

from skgan._doc_link import BASE_URL

project = "skgan"
author = "The skgan developers"
copyright = "2026, The skgan developers"
version = release = installed_version("skgan")

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "myst_parser"]
exclude_patterns = ["_build", "generated/names.rst"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
autosummary_generate = ["generated/names.rst"]
templates_path = ["_templates"]
numpydoc_show_class_members = False

html_baseurl = BASE_URL
html_theme = "pydata_sphinx_theme"
html_title = "skgan"
html_theme_options = {"show_toc_level": 2, "navigation_with_keys": False}
html_sidebars = {"**": []}
html_show_sourcelink = False

HERE = Path(__file__).parent
CHANGELOG = HERE.parent / "CHANGELOG.md"
API_TABLE = re.compile(r"<!-- api of ([\w.]+)(?:, ([\w ]+))? -->\n(.*?)<!-- end -->", re.DOTALL)
NAME = re.compile(r"^\| `([\w.]+)` \|", re.MULTILINE)
LISTED_PAGE = re.compile(r"^- \[(.+?)\]\((\w+)\.md\)", re.MULTILINE)


def with_toctree(page):
    """The pages that the index lists are those of the site."""
    entries = "\n".join(f"{title} <{name}>" for title, name in LISTED_PAGE.findall(page))
    return f"{page}\n```{{toctree}}\n:hidden:\n\n{entries}\n```\n"


def with_signatures(page):
    """A table of public names becomes a summary with a page for each name, or the documentation of a module."""
    return API_TABLE.sub(lambda table: f"```{{eval-rst}}\n{directive(*table.groups())}\n```", page)


def directive(module, how, table):
    if how == "on this page":
        return f".. automodule:: {module}\n   :members:\n   :undoc-members:\n   :member-order: bysource"
    template = "   :template: autosummary/result.rst\n" if how == "without members" else ""
    names = "\n".join(f"   {name}" for name in NAME.findall(table))
    options = f"   :toctree: generated\n   :nosignatures:\n{template}"
    return f".. currentmodule:: {module}\n\n.. autosummary::\n{options}\n{names}"


def write_names():
    """Where autosummary finds the names that get a page each: it looks for them in a file, before any page is read."""
    tables = API_TABLE.findall((HERE / "api.md").read_text(encoding="utf-8"))
    directives = "\n\n".join(directive(*table) for table in tables)
    folder = HERE / "generated"
    folder.mkdir(exist_ok=True)
    (folder / "names.rst").write_text(directives.replace(":toctree: generated", ":toctree: ."), encoding="utf-8")


FOR_SPHINX = {
    "index": with_toctree,
    "api": with_signatures,
    "changelog": lambda page: CHANGELOG.read_text(encoding="utf-8"),
}


def add_what_sphinx_needs(app, name, source):
    if name in FOR_SPHINX:
        source[0] = FOR_SPHINX[name](source[0])


def setup(app):
    write_names()
    app.connect("source-read", add_what_sphinx_needs)
