"""The directions of `docs/design.md`, held by reading the imports: who may know whom, and who alone may open what."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "classifier"

#: Room → the rooms that it may import directly; what those may import, it may too.
BELOW: dict[str, set[str]] = {
    "errors": set(),
    "taxonomy": {"errors"},
    "comments": {"taxonomy"},
    "folding": set(),
    "text": {"comments", "folding"},
    "signals": {"text"},
    "features": {"text"},
    "lexicon": {"features"},
    "scoring": {"lexicon"},
    "heads": {"scoring"},
    "evidence": {"heads"},
    "bundle": {"heads"},
    "released": {"errors"},
    "predictor": {"bundle", "evidence", "signals", "released"},
    "threads": {"signals"},
    "policies": set(),
    "policy": {"comments", "policies"},
    "audit": {"signals", "policy"},
    "moderator": {"predictor", "threads", "policy", "audit"},
    "exports": {"text"},
    "reports": {"exports", "policy", "audit"},
    "batch": {"moderator", "exports", "reports"},
    "training": {"predictor"},
    "tracking": {"training"},
    "distributed": {"predictor"},
    "cli": {"batch", "training", "tracking", "distributed"},
    "__main__": {"cli"},
}

#: Library → the only rooms that may import it. `threads` keeps a working file of its own, never the audit log.
OWNERS = {
    "mlflow": {"tracking"},
    "pyspark": {"distributed"},
    "sqlalchemy": {"audit"},
    "sqlite3": {"audit", "threads"},
    "psycopg": {"audit"},
    "sklearn": {"training"},
    "click": {"cli"},
}

#: Rooms that need an extra of `pyproject.toml`; the others run on the base installation.
WITH_EXTRAS = {"training", "tracking", "distributed"}

#: Libraries of the base installation, by the name that is imported.
BASE = {
    "click", "cryptography", "ftfy", "holidays", "jinja2", "markupsafe", "numpy", "openpyxl", "sqlalchemy", "tqdm",
    "xlsxwriter", "yaml",
}  # fmt: skip

#: Libraries of an extra that a base room may load where its function is called, with an error that names the extra.
ON_DEMAND = {"pyarrow": {"exports", "reports"}, "psycopg": {"audit"}}


def module_name(path: Path) -> str:
    """Dotted name of a source file, from the package's root (`classifier.audit.log`)."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_imports(source: str, package: str) -> Iterator[tuple[str, bool]]:
    """Every module that a source imports, wherever the import stands, and whether it runs at import time.

    `package` is the package that relative imports start from.
    """
    tree = ast.parse(source)
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            child.parent = parent  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            stem = ".".join([*start, *([node.module] if node.module else [])])
            # `from . import x` and `from classifier import x` name modules of ours.
            whole = stem == "classifier" or (node.level and not node.module)
            names = [f"{stem}.{alias.name}" for alias in node.names] if whole else [stem]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            first = node.args[0] if node.args else None
            names = [str(first.value)] if isinstance(first, ast.Constant) else []
        yield from ((name, runs_at_import(node)) for name in names)


def runs_at_import(node: ast.AST) -> bool:
    """Whether a node is outside any function and any `if TYPE_CHECKING`."""
    above = getattr(node, "parent", None)
    while above is not None:
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        if isinstance(above, ast.If) and "TYPE_CHECKING" in ast.unparse(above.test):
            return False
        above = getattr(above, "parent", None)
    return True


def room_of(name: str) -> str:
    """Room of a module of ours: `classifier.audit.log` → `audit`; the package itself → the empty string."""
    return name.split(".")[1] if "." in name else ""


def all_below(room: str) -> set[str]:
    found = set(BELOW[room])
    for other in BELOW[room]:
        found |= all_below(other)
    return found


def list_imports() -> list[tuple[str, str, str, bool]]:
    """(file, its room, imported module, at import time) for the whole package but its root, which loads on demand."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = module_name(path)
        if room_of(name):
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            for imported, early in read_imports(path.read_text(encoding="utf-8"), package):
                found.append((str(path.relative_to(PACKAGE)), room_of(name), imported, early))
    return found


IMPORTS = list_imports()


def test_every_room_has_its_place() -> None:
    rooms = {room for _, room, _, _ in IMPORTS}
    assert len(rooms) > 5
    assert rooms - set(BELOW) == set()


def test_imports_run_one_way() -> None:
    wrong = [
        f"{file} imports {imported}"
        for file, room, imported, _ in IMPORTS
        if imported.startswith("classifier.")
        and room_of(imported) not in {room, "__version__"}
        and room_of(imported) not in all_below(room)
    ]
    assert wrong == []


def test_the_predictor_knows_no_policy_and_the_router_no_model() -> None:
    assert not {"policy", "policies", "audit"} & all_below("predictor")
    assert not {"predictor", "bundle", "heads", "audit"} & all_below("policy")


@pytest.mark.parametrize(("library", "owners"), OWNERS.items())
def test_a_library_keeps_to_its_rooms(library: str, owners: set[str]) -> None:
    wrong = [
        f"{file} imports {imported}"
        for file, room, imported, _ in IMPORTS
        if imported.split(".")[0] == library and room not in owners
    ]
    assert wrong == []


def test_the_base_installation_is_enough_outside_training() -> None:
    wrong = []
    for file, room, imported, early in IMPORTS:
        library = imported.split(".")[0]
        if room in WITH_EXTRAS or library in BASE | {"classifier"} or library in sys.stdlib_module_names:
            continue
        if early or room not in ON_DEMAND.get(library, set()):
            wrong.append(f"{file} imports {imported}")
    assert wrong == []


def load_fresh(statement: str) -> set[str]:
    """Top-level names of the modules that a new interpreter holds after `statement`."""
    script = f"import sys\n{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing() -> None:
    loaded = load_fresh("import classifier")
    assert "classifier" in loaded
    assert loaded & {"numpy", "yaml", "click", "sqlalchemy", "jinja2", "openpyxl", "sklearn", "mlflow"} == set()


def test_the_service_s_names_load_no_training_library() -> None:
    loaded = load_fresh("from classifier import Comment, Moderator, Predictor")
    assert "numpy" in loaded
    heavy = {"sklearn", "scipy", "pandas", "spacy", "mlflow", "dvc", "pyspark", "matplotlib", "joblib", "openpyxl"}
    assert loaded & heavy == set()


def test_the_command_line_loads_no_training_library() -> None:
    loaded = load_fresh(
        "import classifier.cli.main, classifier.cli.score, classifier.cli.predict, classifier.cli.audit"
    )
    assert loaded & {"sklearn", "scipy", "pandas", "spacy", "mlflow", "dvc", "pyspark", "matplotlib"} == set()


def test_the_reader_of_imports_sees_every_form() -> None:
    source = (
        "import mlflow.pyfunc\n"
        "from ..policy.router import route\n"
        "from . import log\n"
        "from classifier import released\n"
        "def load():\n    import sqlite3\n"
        "if TYPE_CHECKING:\n    from classifier.batch import Batch\n"
        "importlib.import_module('pyspark')\n"
    )
    assert set(read_imports(source, "classifier.audit")) == {
        ("mlflow.pyfunc", True),
        ("classifier.policy.router", True),
        ("classifier.audit.log", True),
        ("classifier.released", True),
        ("sqlite3", False),
        ("classifier.batch", False),
        ("pyspark", True),
    }
