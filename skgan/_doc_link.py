"""Where an estimator's HTML representation links to."""

# Of the published documentation, with a slash at the end. It is not published yet, and so there are no links.
BASE_URL = ""


def template_of(base_url):
    """The address of an estimator's page, with ``{page}`` for its name."""
    return base_url + "generated/{page}.html" if base_url else ""


class DocLinkMixin:
    """Links to this package's pages; to be named before scikit-learn's bases."""

    _doc_link_module = "skgan"
    _doc_link_template = template_of(BASE_URL)
    # The module that the documentation lists the estimator in.
    _documented_in = "skgan"

    def _doc_link_url_param_generator(self):
        return {"page": f"{self._documented_in}.{type(self).__name__}"}
