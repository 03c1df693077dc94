"""The blocks of docs/files.md run in order, in one namespace, as somebody pastes them."""

import re
from functools import partial
from pathlib import Path

import pytest

import skgan

PAGE = Path(__file__).parents[1] / "docs" / "files.md"


@pytest.mark.filterwarnings("ignore:The generator has collapsed")
def test_the_page_about_files(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    few_steps = partial(lambda make, **given: make(**{**given, "max_iter": 5, "refine": False}), skgan.GANSampler)
    monkeypatch.setattr(skgan, "GANSampler", few_steps)
    names = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        exec(block, names)
    assert "'Datum': 'a date as day.month.year'" in capsys.readouterr().out
    lines = (tmp_path / "sales_synthetic.csv").read_bytes().decode("cp1252").split("\r\n")
    assert lines[0] == "Datum;Umsatz;Stadt" and len(lines) == 1001
    assert all(re.fullmatch(r"\d\d\.\d\d\.2024;[\d.]+,\d\d;(Köln|NA)", line) for line in lines[1:])
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "sales.csv").read_bytes()
    assert names["plain"]["Umsatz"].str.contains(",").all()
