"""Sphinx configuration: python -m sphinx -W -b html docs docs/_build/html"""

from importlib.metadata import version as installed_version

from skgan._doc_link import BASE_URL

project = "skgan"
author = "The skgan developers"
copyright = "2026, The skgan developers"
version = release = installed_version("skgan")

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "myst_parser"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
autosummary_generate = True
templates_path = ["_templates"]
numpydoc_show_class_members = False

html_baseurl = BASE_URL
html_theme = "pydata_sphinx_theme"
html_title = "skgan"
html_theme_options = {"show_toc_level": 2, "navigation_with_keys": False}
html_sidebars = {"**": []}
html_show_sourcelink = False
