"""A report as text, as HTML in notebooks, and as one file that a browser shows completely."""

import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from skgan.datasets import make_mixed
from skgan.report import evaluate

CHROMIUM = next(filter(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome")), None)
LONG_NAME = "a rather long name of a column, longer than any cell is wide " * 2
ODD_NAMES = {"price": "a <b>price</b> & $x_1$", "weight": LONG_NAME}


@pytest.fixture(scope="module")
def report():
    real, synthetic, holdout = (make_mixed(n, random_state=n).rename(columns=ODD_NAMES) for n in (300, 201, 100))
    synthetic["grade"] = synthetic["grade"].iloc[0]
    return evaluate(real, synthetic, holdout=holdout, target="pets", baselines="independent", random_state=0)


@pytest.fixture(scope="module")
def page(report, tmp_path_factory):
    pytest.importorskip("matplotlib")
    path = tmp_path_factory.mktemp("report") / "report.html"
    report.save(path)
    return path


class Strict(HTMLParser):
    """Checks that tags are closed in order, and collects links."""

    def __init__(self, text):
        super().__init__()
        self.open, self.linked, self.tags = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.linked += [value for name, value in attributes if name in ("src", "href", "srcset")]
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_terminal_shows_the_numbers_and_what_to_look_at(report):
    lines = str(report).splitlines()
    assert str(report) == repr(report)
    assert "100 synthetic rows" in lines[0] and "300 real" in lines[0]
    assert any(line.split()[:2] == ["column_shapes", f"{report.to_frame()['value'][0]:.4f}"] for line in lines)
    first = next(i for i, line in enumerate(lines) if line.startswith("- "))
    shown = " ".join(line.strip() for line in lines[first:])
    assert shown == " ".join(f"- {finding}" for finding in report.findings)
    assert max(map(len, lines)) < 110


def test_the_fragment_is_whole_and_safe(report):
    text = report._repr_html_()
    parsed = Strict(text)
    assert parsed.linked == [] and "script" not in parsed.tags
    assert "a &lt;b&gt;price&lt;/b&gt; &amp; $x_1$" in text and "<b>price" not in text
    assert text.count('class="verdict off"') > 0


def test_the_page_needs_nothing_else(page):
    text = page.read_text(encoding="utf-8")
    parsed = Strict(text)
    assert len(parsed.linked) >= 4 and all(link.startswith("data:image/png;base64,") for link in parsed.linked)
    assert not re.search(r"https?://|@import|url\(", text)
    assert "script" not in parsed.tags


def test_all_columns_and_pairs_are_on_the_page(report, page):
    text, frame = page.read_text(encoding="utf-8"), report.to_frame()
    n_shown = text.count('class="name"')
    parts = frame[frame["metric"].isin(["column_shapes", "pair_trends"]) | frame["column"].isna()]
    assert n_shown == len(parts)


def test_saving_leaves_matplotlib_as_it_was(report, tmp_path):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    before, figures = dict(pyplot.rcParams), pyplot.get_fignums()
    report.save(tmp_path / "report.html")
    assert dict(pyplot.rcParams) == before and pyplot.get_fignums() == figures


def test_without_matplotlib_the_page_says_so(report, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    report.save(tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    Strict(text)
    assert "<img" not in text and "skgan[plot]" in text


def test_images_have_a_page(tmp_path):
    pytest.importorskip("matplotlib")
    images = np.random.default_rng(0).random((90, 16, 16, 3))
    evaluate(images[:60], images[60:], random_state=0).save(tmp_path / "report.html")
    assert len(Strict((tmp_path / "report.html").read_text()).linked) == 3


def test_a_report_can_be_pickled(report):
    import pickle

    again = pickle.loads(pickle.dumps(report))
    pd.testing.assert_frame_equal(again.to_frame(), report.to_frame())
    assert again.findings == report.findings


# Evaluated on the page in the browser.
QUESTIONS = """
<pre id="answers"></pre><script>
const all = selector => Array.from(document.querySelectorAll(selector));
all("details").forEach(part => part.open = true);
const boxes = all("main > *").map(part => part.getBoundingClientRect());
document.getElementById("answers").textContent = JSON.stringify({
  errors: window.errors,
  pictures: all("img").map(image => image.complete && image.naturalWidth > 300),
  wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  crooked: all("table").filter(table => new Set(Array.from(table.rows).map(row =>
    Array.from(row.cells).reduce((sum, cell) => sum + cell.colSpan, 0))).size > 1).length,
  overlaps: boxes.filter((box, i) => i && box.top < boxes[i - 1].bottom - 1).length,
  cut: all("td, th, li, h2, p").filter(cell => cell.scrollWidth > cell.clientWidth + 1).length,
  empty: all("td.number, td.name").filter(cell => !cell.textContent.trim()).length,
  rows: all("tbody tr").length,
});
</script>
"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("width", [1200, 500])
def test_a_browser_shows_no_broken_part(page, tmp_path, width):
    text = page.read_text(encoding="utf-8")
    listen = "addEventListener('error', event => errors.push(String(event.message)), true);"
    listen = f"<head><script>window.errors = []; {listen}</script>"
    asked = tmp_path / "asked.html"
    asked.write_text(text.replace("<head>", listen, 1).replace("</body>", QUESTIONS + "</body>"), encoding="utf-8")
    shown = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900", "--virtual-time-budget=5000",
         "--dump-dom", asked.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout
    answers = json.loads(re.search(r'<pre id="answers">(.*?)</pre>', shown, re.S)[1])
    assert answers["errors"] == []
    assert len(answers["pictures"]) >= 4 and all(answers["pictures"])
    assert not answers["wide"] and answers["crooked"] == answers["overlaps"] == answers["cut"] == answers["empty"] == 0
    assert answers["rows"] > 30
