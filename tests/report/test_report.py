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
from skgan.report._pictures import _pair_trends, pictures

CHROMIUM = next(filter(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome")), None)
LONG_NAME = "a rather long name of a column, longer than any cell is wide " * 2
ODD_NAMES = {"price": "a <b>price</b> & $x_1$", "weight": LONG_NAME}


@pytest.fixture(scope="module")
def report():
    real, synthetic, holdout = (make_mixed(n, random_state=n).rename(columns=ODD_NAMES) for n in (300, 201, 100))
    synthetic["grade"] = synthetic["grade"].iloc[0]
    synthetic["duration"] *= 3
    return evaluate(real, synthetic, holdout=holdout, target="pets", baselines="independent", random_state=7,
                    name="orders <1>.csv")


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
        if tag not in ("meta", "img", "br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_terminal_shows_the_numbers_and_what_to_look_at(report):
    lines = str(report).splitlines()
    assert str(report) == repr(report)
    assert re.fullmatch(
        r"Report on synthetic rows: orders <1>\.csv, \d{4}-\d\d-\d\d \d\d:\d\d, random_state=7(, skgan \S+)?", lines[0]
    )
    assert "100 of 201 synthetic rows" in lines[1] and "300 real" in lines[1]
    assert any(line.split()[:2] == ["column_shapes", f"{report.to_frame()['value'][0]:.4f}"] for line in lines)
    first = next(i for i, line in enumerate(lines) if line.startswith("- "))
    shown = " ".join(line.strip() for line in lines[first:])
    assert shown == " ".join(f"- {finding}" for finding in report.findings)
    assert max(map(len, lines)) < 110


def test_the_fragment_is_whole_and_safe(report):
    text = report._repr_html_()
    parsed = Strict(text)
    assert parsed.linked == [] and "script" not in parsed.tags
    assert "a &lt;b&gt;price&lt;/b&gt; &amp; $x_<wbr>1$" in text and "<b>price" not in text
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
    assert len(report.telling_columns) > 0
    assert n_shown == len(parts) + len(report.telling_columns)
    assert "<title>Report on synthetic rows: orders &lt;1&gt;.csv</title>" in text


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
    assert "<img" not in text and "pip install matplotlib<" in text


def test_pictures_agree_with_the_tables():
    """Of few rows, chance makes large differences: pairs that are as real are not dark, and other numbers are named."""
    rng = np.random.default_rng(0)
    def rows(n):
        return pd.DataFrame({name: rng.choice(list("vwxyz"), n) for name in ("size", "shape", "shade")})
    report = evaluate(rows(90), rows(300), random_state=0)
    pairs = report.to_frame().query("metric == 'pair_trends' and column.notna()")
    assert set(pairs["verdict"]) == {"as real"} and (pairs["floor"] - pairs["value"]).abs().max() > 0.01
    shown = _pair_trends(report).pairs
    np.testing.assert_array_equal(shown["value"], shown["floor"])
    captions = {title: caption for title, caption, _ in pictures(report)}
    assert "those of all 300 synthetic rows, while the tables compare 45 of them" in captions["Columns"]
    broken = rows(600)
    broken["shape"] = broken["size"]
    off = _pair_trends(evaluate(rows(600), broken, holdout=rows(300), random_state=0)).pairs
    assert (off["floor"] - off["value"]).max() > 0.3


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


# Evaluated on the page in the browser. A word is split if its letters are on two lines; names may be.
QUESTIONS = """
<pre id="answers"></pre><script>
const all = (selector, part = document) => Array.from(part.querySelectorAll(selector));
const channels = colour => [...colour.matchAll(/[0-9.]+/g)].map(Number);
const over = (below, above) => below.map((x, i) => x + (above[i] - x) * (above[3] ?? 1));
const behind = part => {
  const drawn = part.parentElement ? behind(part.parentElement) : [255, 255, 255];
  return over(drawn, channels(getComputedStyle(part).backgroundColor));
};
const light = colour => colour.map(x => x / 255).map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4)
  .reduce((sum, x, i) => sum + x * [.2126, .7152, .0722][i], 0);
const contrast = part => {
  const back = behind(part);
  const [a, b] = [light(over(back, channels(getComputedStyle(part).color))), light(back)].sort();
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
};
const isSplit = (text, start, end) => {
  const range = document.createRange();
  range.setStart(text, start);
  range.setEnd(text, end);
  return new Set(Array.from(range.getClientRects()).map(box => Math.round(box.top))).size > 1;
};
const splitWords = part => {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), found = [];
  for (let text; text = walker.nextNode();)
    for (const word of text.data.matchAll(/[A-Za-z0-9.,:]{2,}/g))
      if (isSplit(text, word.index, word.index + word[0].length)) found.push(word[0]);
  return found;
};
all("details").forEach(part => part.open = true);
document.getElementById("answers").textContent = JSON.stringify(all(".skgan-report").map(report => {
  const boxes = Array.from(report.children).map(part => part.getBoundingClientRect());
  return {
    errors: window.errors,
    pictures: all("img", report).map(image => image.complete && image.naturalWidth > 300),
    wide: report.parentElement.scrollWidth > report.parentElement.clientWidth,
    crooked: all("table", report).filter(table => new Set(Array.from(table.rows).map(row =>
      Array.from(row.cells).reduce((sum, cell) => sum + cell.colSpan, 0))).size > 1).length,
    overlaps: boxes.filter((box, i) => i && box.top < boxes[i - 1].bottom - 1).length,
    cut: all("td, th, li, h2, p", report).filter(cell => cell.scrollWidth > cell.clientWidth + 1).length,
    empty: all(".name", report).filter(cell => !cell.textContent.trim()).length,
    onTheRight: all("th, td, p, li, h2", report).filter(cell =>
      !cell.matches(".number") && !["left", "start"].includes(getComputedStyle(cell).textAlign)).length,
    splitWords: splitWords(report),
    faint: all("p, li, h1, h2, td, th, summary, .verdict, .name", report).filter(part => contrast(part) < 4.5).length,
    rows: all("tbody tr", report).length,
  };
}));
</script>
"""

# What the style sheets of JupyterLab and of the classic notebook say about the parts of a report.
NOTEBOOK_STYLE = """
X { color: var(--font); font-size: 14px; line-height: 1.5; }
X h1, X h2 { color: var(--font); line-height: 1; margin: 1em 0 .5em; }
X table { border-collapse: collapse; color: black; font-size: 12px; table-layout: fixed; margin-left: auto; }
X td, X th, X tr { text-align: right; vertical-align: middle; padding: .5em; line-height: normal; white-space: normal; }
X tbody tr:nth-child(odd) { background: var(--odd); }
X tbody tr:nth-child(even) { background: var(--even); }
X img { max-width: 100%; }
"""
THEMES = {
    "light": "--font: rgba(0, 0, 0, .87); --odd: #fff; --even: #f5f5f5; background: #fff",
    "dark": "--font: rgba(255, 255, 255, .87); --odd: #111; --even: #212121; background: #111",
}
WIDTHS = (400, 800, 1600)


def seen_in_a_browser(html, folder, *, width=1600, dark=False):
    """The answers to QUESTIONS for each report in the page."""
    listen = "addEventListener('error', event => errors.push(String(event.message)), true);"
    asked = folder / "asked.html"
    html = html.replace("<head>", f"<head><script>window.errors = []; {listen}</script>", 1)
    asked.write_text(html.replace("</body>", QUESTIONS + "</body>"), encoding="utf-8")
    shown = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--blink-settings=preferredColorScheme={0 if dark else 1}",
         f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900", "--virtual-time-budget=5000",
         "--dump-dom", asked.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout
    return json.loads(re.search(r'<pre id="answers">(.*?)</pre>', shown, re.S)[1])


def is_whole(answers):
    pictures, rows = answers.pop("pictures"), answers.pop("rows")
    assert all(pictures) and rows > 30
    assert not any(answers.values()), answers


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize(("width", "dark"), [(1200, False), (500, True)])
def test_a_browser_shows_no_broken_part(page, tmp_path, width, dark):
    [answers] = seen_in_a_browser(page.read_text(encoding="utf-8"), tmp_path, width=width, dark=dark)
    assert len(answers["pictures"]) >= 4
    is_whole(answers)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_notebooks_show_no_broken_part(report, tmp_path):
    """Their rules align cells to the right, make columns equally wide and colour the text of tables black."""
    styles = "".join(NOTEBOOK_STYLE.replace("X", name) for name in (".jp-RenderedHTMLCommon", ".rendered_html"))
    outputs = "".join(
        f'<div style="width: {width}px; {theme}"><div class="{name}">{report._repr_html_()}</div></div>'
        for name in ("jp-RenderedHTMLCommon", "rendered_html")
        for theme in THEMES.values()
        for width in WIDTHS
    )
    # The notebook's rules come last, so that they win where they are as specific as those of the report.
    html = f"<!DOCTYPE html><html><head></head><body>{outputs}<style>{styles}</style></body></html>"
    shown = seen_in_a_browser(html, tmp_path)
    assert len(shown) == 2 * len(THEMES) * len(WIDTHS)
    for answers in shown:
        is_whole(answers)
