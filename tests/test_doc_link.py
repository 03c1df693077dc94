"""The HTML representation links to the pages of docs/api.md, or nowhere."""

import re
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from skgan import AugmentedClassifier, AugmentedRegressor
from skgan._doc_link import BASE_URL, DocLinkMixin, template_of

API = Path(__file__).parents[1] / "docs" / "api.md"


def estimators():
    yield AugmentedClassifier(LogisticRegression())
    yield AugmentedRegressor(Ridge())
    try:
        from skgan.over_sampling import GANOverSampler
    except ImportError:
        return
    yield GANOverSampler()


def pages():
    """The names of the pages that autosummary writes for docs/api.md."""
    module = ""
    for line in API.read_text(encoding="utf-8").splitlines():
        if line.startswith("<!-- api of "):
            module = re.match(r"<!-- api of ([\w.]+)", line)[1]
        elif name := re.match(r"\| `([\w.]+)` \|", line):
            yield f"{module}.{name[1]}"


@pytest.mark.parametrize("estimator", list(estimators()), ids=lambda estimator: type(estimator).__name__)
def test_links_go_to_the_estimators_page(monkeypatch, estimator):
    monkeypatch.setattr(DocLinkMixin, "_doc_link_template", template_of("https://example.org/skgan/"))
    link = estimator._get_doc_link()
    assert link.startswith("https://example.org/skgan/generated/") and link.endswith(".html")
    assert link.removeprefix("https://example.org/skgan/generated/").removesuffix(".html") in set(pages())
    assert f'href="{link}"' in estimator._repr_html_()


@pytest.mark.parametrize("estimator", list(estimators()), ids=lambda estimator: type(estimator).__name__)
def test_without_an_address_there_is_no_link(monkeypatch, estimator):
    monkeypatch.setattr(DocLinkMixin, "_doc_link_template", template_of(""))
    assert estimator._get_doc_link() == ""
    assert f"{type(estimator).__name__}.html" not in estimator._repr_html_()


def test_the_address_is_a_folder():
    assert BASE_URL == "" or (BASE_URL.startswith("https://") and BASE_URL.endswith("/"))
