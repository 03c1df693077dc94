"""Files as programs export them, from reading to writing synthetic rows: types, styles, identifiers and free text.

``benchmarks/exports.py`` does the same with many rows and full runs, and compares rank correlations too.
"""

import warnings

import pytest
from exports import EXPORTS

import skgan
from skgan.__main__ import main
from skgan.datasets import read_table, write_table
from skgan.exceptions import FreeTextWarning, IdentifierWarning, RareCategoryWarning

N_DRAWN = 200
# A file with free text and identifiers, one of another encoding, and typed cells.
BY_COMMAND = ("american.csv", "german_excel.csv", "excel_sheet.xlsx")
KIND_OF_DTYPE = {"M": "date", "f": "number", "i": "number", "b": "boolean"}


def exported(name, folder):
    """An export, and the path of its file."""
    if name.endswith("xlsx"):
        pytest.importorskip("openpyxl")
    export = EXPORTS[name]()
    path = folder / name
    path.write_bytes(export.data)
    return export, path


def check_written(export, path):
    """Cells keep their styles; identifiers are new and distinct; no free text is verbatim."""
    written = export.cells_of(path)
    for column in export.columns:
        cells = written[column.name]
        assert len(cells) == N_DRAWN
        assert [cell for cell in cells if not column.keeps_style(cell)] == [], column.name
        known = [cell for cell in cells if not column.is_missing(cell)]
        assert known or column.kind == "text", column.name
        if column.kind in ("id", "text"):
            assert not set(known) & set(column.cells), column.name
        if column.kind == "id":
            assert len(set(known)) == len(known), column.name


@pytest.mark.parametrize("name", EXPORTS)
def test_rows_of_an_export_through_python(tmp_path, name):
    export, path = exported(name, tmp_path)
    with warnings.catch_warnings():
        for category in (IdentifierWarning, FreeTextWarning, RareCategoryWarning):
            warnings.simplefilter("ignore", category)
        frame = read_table(path)
        sampler = skgan.GANSampler(max_iter=2, refine=False, random_state=0).fit(frame)
    found = {name: KIND_OF_DTYPE.get(dtype.kind, "category") for name, dtype in frame.dtypes.items()}
    found |= dict.fromkeys(sampler.id_columns_, "id") | dict.fromkeys(sampler.text_columns_, "text")
    assert found == {column.name: column.kind for column in export.columns}
    write_table(sampler.sample(N_DRAWN), tmp_path / f"new_{name}", like=path)
    check_written(export, tmp_path / f"new_{name}")


@pytest.mark.parametrize("name", BY_COMMAND)
def test_rows_of_an_export_through_the_command_line(tmp_path, capsys, name):
    export, path = exported(name, tmp_path)
    new, model = tmp_path / f"new_{name}", tmp_path / "model.skgan"
    arguments = [path, "--out", new, "--rows", N_DRAWN, "--max-iter", 2, "--seed", 0, "--save", model]
    assert main(list(map(str, arguments))) == 0, capsys.readouterr().err
    check_written(export, new)
    sampler = skgan.load(model)
    assert sampler.id_columns_ == [column.name for column in export.columns if column.kind == "id"]
    assert sampler.text_columns_ == [column.name for column in export.columns if column.kind == "text"]
