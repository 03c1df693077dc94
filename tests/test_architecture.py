"""The import order of docs/architecture.md: a file imports from lower rows only, never from its row.

Imports are read with ``ast``, so those inside functions and under ``TYPE_CHECKING`` count as well.
"""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ROWS = {
    11: "__main__",
    10: "_cli",
    9: "__init__",
    8: "persistence export",
    7: "over_sampling augmented imputation restoration translation semi_supervised outliers inspection",
    6: "samplers report",
    5: "callbacks plotting",
    4: "encoders networks losses regularizers augmentations degradations refinement games training metrics datasets",
    3: "_device _free_memory _doc_link _spec schedules _registry _validation _random _budget _forms _identifiers"
       " _model_file _json_tree _torch_settings",
    2: "_text_values",
    1: "_counted _forked _state _warnings",
    0: "exceptions",
}
ROW_OF = {unit: row for row, units in ROWS.items() for unit in units.split()}


def unit_of(module):
    """Return the row's entry that a dotted module belongs to: ``skgan.games._base`` is of ``games``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def module_of(path, root):
    """Return the dotted module that a file is, ``skgan.games`` for ``skgan/games/__init__.py``."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def file_of(module, root):
    """Return the file of a dotted module, relative to ``root``."""
    path = root.joinpath(*module.split("."))
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).relative_to(root)


def exists(module, root):
    path = root.joinpath(*module.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def imported_modules(path, root):
    """Return the dotted skgan modules that a file imports, wherever in it."""
    package = ".".join(path.relative_to(root).parent.parts)
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            names = [f"{base}.{alias.name}" for alias in node.names]
            found += [name if exists(name, root) else base for name in names]
    return [name for name in found if name.split(".")[0] == "skgan"]


def complaints(root):
    """Return a sentence for each file or import that breaks the order; none where it is kept."""
    found = []
    for path in sorted((root / "skgan").rglob("*.py")):
        importer = unit_of(module_of(path, root))
        here = path.relative_to(root)
        if importer not in ROW_OF:
            found.append(f"{here} is in no row; give {importer!r} one in ROWS and in docs/architecture.md.")
            continue
        for module in imported_modules(path, root):
            imported = unit_of(module)
            if imported == importer:
                continue
            there = file_of(module, root)
            if imported not in ROW_OF:
                found.append(f"{here} imports {there}, which is in no row.")
            elif ROW_OF[imported] >= ROW_OF[importer]:
                found.append(f"{here} (row {ROW_OF[importer]}) imports {there} (row {ROW_OF[imported]}).")
    return sorted(set(found))


def test_imports_go_downhill():
    found = complaints(ROOT)
    assert not found, "\n".join(found)


def plant(root, files):
    """Write ``files`` (path in skgan: source) beside a minimal lawful tree."""
    tree = {"__init__.py": "", "exceptions.py": "", "losses.py": "", "games/__init__.py": "",
            "games/_base.py": "", "samplers/__init__.py": "", "samplers/_gan.py": "", **files}
    for name, source in tree.items():
        path = root / "skgan" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)


@pytest.mark.parametrize(("name", "source", "complaint"), [
    ("losses.py", "from skgan.samplers import X",
     "skgan/losses.py (row 4) imports skgan/samplers/__init__.py (row 6)."),
    ("losses.py", "def f():\n    import skgan.samplers._gan",
     "skgan/losses.py (row 4) imports skgan/samplers/_gan.py (row 6)."),
    ("losses.py", "from skgan.games._base import Game",
     "skgan/losses.py (row 4) imports skgan/games/_base.py (row 4)."),
    ("games/_base.py", "from .. import losses",
     "skgan/games/_base.py (row 4) imports skgan/losses.py (row 4)."),
    ("games/_base.py", "from ..samplers._gan import X",
     "skgan/games/_base.py (row 4) imports skgan/samplers/_gan.py (row 6)."),
    ("exceptions.py", "from . import losses",
     "skgan/exceptions.py (row 0) imports skgan/losses.py (row 4)."),
    ("samplers/_gan.py", "from skgan import save",
     "skgan/samplers/_gan.py (row 6) imports skgan/__init__.py (row 9)."),
    ("samplers/_gan.py", "import skgan",
     "skgan/samplers/_gan.py (row 6) imports skgan/__init__.py (row 9)."),
    ("__init__.py", "from . import __main__",
     "skgan/__init__.py (row 9) imports skgan/__main__.py (row 11)."),
    ("losses.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from skgan import samplers",
     "skgan/losses.py (row 4) imports skgan/samplers/__init__.py (row 6)."),
    ("extras.py", "",
     "skgan/extras.py is in no row; give 'extras' one in ROWS and in docs/architecture.md."),
])
def test_a_planted_climb_is_found(tmp_path, name, source, complaint):
    plant(tmp_path, {"__main__.py": "", name: source})
    assert complaints(tmp_path) == [complaint]


@pytest.mark.parametrize(("name", "source"), [
    ("samplers/_gan.py", "from skgan import losses\nfrom ..games import _base\nfrom .. import exceptions"),
    ("samplers/__init__.py", "from skgan.samplers._gan import X\nfrom ._gan import Y\nfrom . import _gan"),
    ("games/_base.py", "import numpy\nfrom skganlike import samplers\nfrom skgan.exceptions import E"),
    ("__init__.py", "from skgan.samplers import X\nfrom .losses import LOSSES"),
    ("__main__.py", "import skgan\nfrom skgan import X"),
])
def test_downhill_imports_are_lawful(tmp_path, name, source):
    plant(tmp_path, {name: source})
    assert complaints(tmp_path) == []


# One fresh process for all that imports load, as it takes seconds to start.
IMPORTS = """
import json, sys
import numpy as np
import skgan.metrics
from skgan.metrics._extract import extract

X = np.eye(9)
extract(X, X, features="ranks"), extract(X, X, features="pca")
by_metrics = list(sys.modules)
import skgan.datasets, skgan.plotting
by_all = list(sys.modules)
sys.modules["imblearn"] = None
try:
    import skgan.over_sampling
except ImportError as error:
    message = str(error)
print(json.dumps([by_metrics, by_all, message]))
"""


@pytest.fixture(scope="module")
def imported():
    """Modules that metrics load, those that all of skgan loads, and the error of a missing imbalanced-learn."""
    return json.loads(subprocess.check_output([sys.executable, "-c", IMPORTS], text=True, cwd=ROOT))


def test_imports_load_nothing_optional(imported):
    loaded = {name.split(".")[0] for name in imported[1]}
    assert "skgan" in loaded
    assert not loaded & {"matplotlib", "umap", "PIL", "polars", "xgboost", "IPython", "imblearn"}


def test_metrics_of_tables_load_no_torch(imported):
    assert "skgan.metrics" in imported[0] and "torch" not in imported[0]


def test_without_imbalanced_learn_the_error_says_how_to_install_it(imported):
    assert "python -m pip install imbalanced-learn" in imported[2]


def test_no_sampler_game_or_trainer_asks_whether_there_are_images():
    found = []
    for folder in ("samplers", "games", "training"):
        for path in sorted((ROOT / "skgan" / folder).glob("*.py")):
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            tests = [ast.unparse(node.test) for node in nodes if isinstance(node, ast.If | ast.IfExp | ast.While)]
            found += [f"{path.name}: {test}" for test in tests if "image" in test.lower()]
    assert not found
