"""Imports point downward, and each file library has its few importers."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import taulukko

SOURCE = Path(taulukko.__file__).parent

FLOORS = {
    "errors": 0,
    "unswept": 0,
    "numbers": 0,
    "formula": 1,
    "messages": 1,
    "program": 2,
    "template": 2,
    "report": 3,
    "folder": 4,
    "next_period": 5,
    "plan": 5,
    "xlsx": 6,
    "in_excel": 7,
    "builder": 8,
    "explanation": 8,
    "round": 9,
    "__init__": 10,
    "commands": 10,
    "inside": 10,
    "cli": 11,
    "__main__": 12,
}
"""A module or package may import those of lower floors, and its own parts."""

IMPORTERS = {
    "xlsxwriter": ("xlsx/write.py", "xlsx/formats.py", "xlsx/worksheet.py"),
    "openpyxl": (),
    "python_calamine": (),
    "pandas": ("report/model.py", "folder/frames.py"),
    "xlwings": ("in_excel/",),
    "xlwings_server": ("in_excel/server.py",),
    "uvicorn": ("in_excel/server.py",),
    "tomlkit": ("next_period/folder.py",),
}
"""Who may import a library; a folder stands for its files."""

LATE = {"pandas": ("report/model.py",)}
"""Who may import a library only inside a function: it is slow, and a build does without."""


class Import(NamedTuple):
    module: str
    late: bool


def imports(source: str, checked: bool = False) -> Iterator[Import]:
    """What a module imports when it runs, and what only a type checker sees where that is asked for."""

    def walk(node: ast.AST, late: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test) and not checked:
                continue
            if isinstance(child, ast.Import):
                yield from (Import(name.name, late) for name in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, "imports are absolute"
                names = [child.module or ""]
                if child.module == "taulukko":
                    names = [f"taulukko.{name.name.replace('__version__', '__init__')}" for name in child.names]
                yield from (Import(name, late) for name in names)
            else:
                yield from walk(child, late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))

    return walk(ast.parse(source), late=False)


FILES = {path.relative_to(SOURCE).as_posix(): list(imports(path.read_text())) for path in SOURCE.rglob("*.py")}


def floor_of(file: str) -> int:
    return FLOORS[file.split("/")[0].removesuffix(".py")]


def test_every_module_has_a_floor():
    assert {file.split("/")[0].removesuffix(".py") for file in FILES} <= FLOORS.keys()


@pytest.mark.parametrize("file", FILES)
def test_imports_point_downward(file):
    own = file.split("/")[0].removesuffix(".py")
    ours = {one.module.split(".")[1] for one in FILES[file] if one.module.startswith("taulukko.")}
    assert [name for name in ours - {own} if FLOORS[name] >= floor_of(file)] == []


def needs() -> dict[str, set[str]]:
    """Which modules each module needs, to run and to be type-checked; the public names of the package aside."""
    modules = {".".join(path.relative_to(SOURCE).with_suffix("").parts): path for path in SOURCE.rglob("*.py")}
    modules = {f"taulukko.{name}".removesuffix(".__init__"): path for name, path in modules.items()}
    del modules["taulukko"]
    found: dict[str, set[str]] = {}
    for name, path in modules.items():
        source = path.read_text(encoding="utf-8")
        froms = (one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.ImportFrom))
        parts = {f"{one.module}.{part.name}" for one in froms for part in one.names}
        found[name] = ({one.module for one in imports(source, checked=True)} | parts) & modules.keys() - {name}
    return found


def circles(needed: dict[str, set[str]]) -> set[str]:
    """The modules that need each other in a circle, or need those that do: what is left when all others are taken."""
    left = dict(needed)
    while free := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in free}
    return set(left)


def test_no_modules_need_each_other():
    """Also inside a room: what a module is built on is never built on it."""
    assert circles(needs()) == set()


def test_circles_are_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == {"a", "b", "c"}
    assert "taulukko.plan.draft" in needs()["taulukko.plan.statement"]


@pytest.mark.parametrize("library", IMPORTERS)
def test_libraries_have_few_importers(library):
    found = {file for file in FILES if any(one.module.split(".")[0] == library for one in FILES[file])}
    assert {file for file in found if not file.startswith(IMPORTERS[library])} == set()


@pytest.mark.parametrize("library", LATE)
def test_slow_libraries_are_imported_late(library):
    early = {file for file in FILES if Import(library, False) in FILES[file]}
    assert {file for file in early if file.startswith(LATE[library])} == set()


def test_planning_loads_no_file_library():
    script = "import sys, taulukko.plan.build, taulukko.folder.data_folder; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"pandas", "openpyxl", "xlsxwriter", "python_calamine"} & set(run.stdout.split()) == set()


def test_imports_tells_early_late_and_checked():
    source = "import a.b\nif TYPE_CHECKING:\n    import c\ndef f():\n    from taulukko import plan\n"
    assert list(imports(source)) == [("a.b", False), ("taulukko.plan", True)]
