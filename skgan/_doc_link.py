"""Links to the documentation in the HTML representation of estimators."""

# Address of the published documentation, with a slash at the end. Empty, without links, until it is published.
BASE_URL = ""


def template_of(base_url):
    """The address of an estimator's page, with ``{page}`` for its name."""
    return base_url + "generated/{page}.html" if base_url else ""


class DocLinkMixin:
    """Mixin that links to this package's pages; it must come before scikit-learn's base classes."""

    _doc_link_module = "skgan"
    _doc_link_template = template_of(BASE_URL)
    # The module that the documentation lists the estimator in.
    _documented_in = "skgan"

    def _doc_link_url_param_generator(self):
        return {"page": f"{self._documented_in}.{type(self).__name__}"}
