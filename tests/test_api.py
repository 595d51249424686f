"""What Python programs use: every verb takes a path as a text or a Path, and a template alike."""

from __future__ import annotations

import builtins
import inspect
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import taulukko
from support.built import HEINOLA
from support.variants import copy_template

VERBS = [name for name in taulukko.__all__ if inspect.isfunction(getattr(taulukko, name))]
CLASSES = [name for name in taulukko.__all__ if inspect.isclass(getattr(taulukko, name))]

Call = Callable[[Any, Any, dict[str, Any]], Any]
"""Takes what makes a path of a Path, a folder to write into, and the template as a keyword."""
CALLS: dict[str, Call] = {
    "load": lambda at, out, template: taulukko.load(at(HEINOLA), **template),
    "build": lambda at, out, template: taulukko.build(at(HEINOLA), at(out / "a.xlsx"), **template).read_bytes(),
    "build_units": lambda at, out, template: [
        path.read_bytes() for path in taulukko.build_units(at(HEINOLA), at(out / "units"), **template)
    ],
    "check": lambda at, out, template: [
        (one.code, one.place, one.found) for one in taulukko.check(at(returned(out)), **template)
    ],
    "collect": lambda at, out, template: [
        (one.returned.hash, one.changes)
        for one in taulukko.collect(
            [at(returned(out))], at(HEINOLA), dry_run=True, answers=at(out / "answers"), **template
        )
    ],
    "diff": lambda at, out, template: taulukko.diff(at(HEINOLA), at(returned(out)), **template).is_read,
    "explain": lambda at, out, template: taulukko.explain("risks.value", **template),
    "fix": lambda at, out, template: taulukko.fix(
        at(returned(out)), at(out / "fixed.xlsx"), **template
    ).path.read_bytes(),
    "history": lambda at, out, template: [
        (one.event, one.record) for one in taulukko.history(at(collected(out)), "VAKA", **template).events()
    ],
    "remind": lambda at, out, template: [
        (one.unit, one.missing) for one in taulukko.remind(at(collected(out)), at(out / "drafts"), **template)
    ],
    "undo_collect": lambda at, out, template: [
        (one.event, one.record) for one in taulukko.undo_collect(at(collected(out)), "returned.xlsx", **template).lines
    ],
    "read": lambda at, out, template: taulukko.read(at(returned(out)), **template),
    "rollover": lambda at, out, template: sorted(
        (path.name, path.read_text(encoding="utf-8"))
        for path in taulukko.rollover(at(HEINOLA), at(out / "next"), "2024-12", **template).iterdir()
    ),
    "status": lambda at, out, template: [
        (one.unit.code, one.filled) for one in taulukko.status(at(HEINOLA), **template).units
    ],
}


def returned(folder: Path) -> Path:
    path = folder / "returned.xlsx"
    return path if path.exists() else taulukko.build(HEINOLA, path, unit="VAKA")


def collected(folder: Path) -> Path:
    """A data folder into which a workbook has been collected."""
    data = Path(shutil.copytree(HEINOLA, folder / "data"))
    taulukko.collect([returned(folder)], data)
    return data


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template in a folder of its own."""
    return copy_template(tmp_path_factory.mktemp("templates") / "own")


def test_what_is_public_is_listed_and_is_there() -> None:
    assert dir(taulukko) == sorted(taulukko.__all__)
    assert [name for name in taulukko.__all__ if not getattr(taulukko, name)] == []
    named = [name for names in taulukko._PLACES.values() for name in names]
    assert sorted([*named, "__version__"]) == sorted(taulukko.__all__)


def test_every_verb_is_called_here() -> None:
    assert {*CALLS, "consolidate"} == set(VERBS)


@pytest.mark.parametrize("verb", CALLS)
def test_a_path_may_be_a_text(verb: str, own: Path, tmp_path: Path) -> None:
    said = []
    for number, at in enumerate((str, Path)):
        for template in ({}, {"template": at(own)}):
            folder = tmp_path / f"{number}{len(template)}"
            folder.mkdir()
            said.append(CALLS[verb](at, folder, template))
    assert said[0]
    assert said[1:] == [said[0]] * 3


@pytest.mark.parametrize("verb", CALLS)
def test_a_template_that_is_not_there_is_refused(verb: str, tmp_path: Path) -> None:
    """So that `template` is not merely taken and left alone; a workbook is read by what it carries all the same."""
    nothing = {"template": tmp_path / "nothing"}
    if verb == "check":
        codes = [[one[0] for one in CALLS[verb](Path, tmp_path, template)] for template in ({}, nothing)]
        assert codes[1] == [*codes[0], "judged_alone"]
        return
    if verb in ("fix", "read"):
        one, other = tmp_path / "a", tmp_path / "b"
        for folder in (one, other):
            folder.mkdir()
        assert CALLS[verb](Path, one, nothing) == CALLS[verb](Path, other, {})
        return
    with pytest.raises((taulukko.FaultsError, taulukko.WorkbookError)):
        CALLS[verb](Path, tmp_path, nothing)


@pytest.mark.parametrize("verb", VERBS)
def test_what_a_verb_raises_is_public(verb: str) -> None:
    said = inspect.getdoc(getattr(taulukko, verb)) or ""
    raised = re.findall(r"\b([A-Z]\w+(?:Error|Refused))\b", said.partition("Raises:")[2])
    assert raised
    assert [name for name in raised if name not in taulukko.__all__ and not hasattr(builtins, name)] == []


@pytest.mark.parametrize("verb", VERBS)
def test_what_a_verb_returns_is_public(verb: str) -> None:
    names = re.findall(r"\b[A-Z]\w+", str(inspect.signature(getattr(taulukko, verb)).return_annotation))
    assert [name for name in names if name not in (*CLASSES, "Path")] == []


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_an_example_that_runs(verb: str) -> None:
    said = inspect.getdoc(getattr(taulukko, verb)) or ""
    assert ">>> " in said
    assert "+SKIP" not in said


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "consolidate"])
def test_a_template_is_taken_by_its_name_only(verb: str) -> None:
    """Reports are put together without one."""
    parameter = inspect.signature(getattr(taulukko, verb)).parameters["template"]
    assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
    assert parameter.annotation.startswith("str | Path")


def test_something_else_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'bild'"):
        taulukko.bild  # noqa: B018
