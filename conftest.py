"""The Heinola report, built once for each language; the tiers of the tests; where examples of docstrings run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from support import needs
from support import office as libreoffice
from support.built import HEINOLA, LANGUAGES, Built
from support.edits import edited, put
from support.places import place
from support.shelf import Shelf
from support.xlsx_parts import Package
from taulukko.folder.data_folder import load
from taulukko.plan.build import plan

collect_ignore = ["tests/support/office_server.py"]
"""Runs in another Python."""


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Built workbooks, shared by all processes of a run."""
    run = tmp_path_factory.getbasetemp()
    folder = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "shelf"
    folder.mkdir(exist_ok=True)
    return Shelf(folder)


@pytest.fixture(scope="session")
def built_in(shelf: Shelf) -> Callable[[str], Built]:
    """The report in a language, built when first asked for."""

    @cache
    def built(language: str) -> Built:
        report, template = load(HEINOLA, language)
        path = shelf.book(HEINOLA, language=language)
        return Built(language, report, template, plan(report, template), Package(path))

    return built


@pytest.fixture(scope="session", params=LANGUAGES)
def built(request: pytest.FixtureRequest, built_in: Callable[[str], Built]) -> Built:
    """The report in each language."""
    return built_in(request.param)


@pytest.fixture(scope="session")
def finnish(built_in: Callable[[str], Built]) -> Built:
    return built_in("fi")


@pytest.fixture(scope="session")
def office() -> libreoffice.Session:
    """One LibreOffice for all tests that use it."""
    return libreoffice.shared()


@pytest.fixture(scope="session")
def example_folder(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What examples of docstrings find: a data folder, and a workbook that a unit has returned."""
    folder = tmp_path_factory.mktemp("examples")
    shutil.copytree(HEINOLA, folder / "workbooks" / HEINOLA.name)
    sent = shelf.book(HEINOLA, unit="VAKA")
    sheet, cell = place(sent, "income_statement.unit1", "notes.fees", "explanation")
    (folder / "returned").mkdir()
    edited(
        sent,
        folder / "returned" / "osavuosikatsaus-VAKA.xlsx",
        {sheet: lambda cells: put(cells[cell], "Maksuja kertyi vähemmän")},
    )
    return folder


@pytest.fixture(autouse=True)
def _beside_examples(request: pytest.FixtureRequest) -> None:
    if isinstance(request.node, pytest.DoctestItem):
        folder = request.getfixturevalue("tmp_path") / "examples"
        shutil.copytree(request.getfixturevalue("example_folder"), folder)
        request.getfixturevalue("monkeypatch").chdir(folder)


TIERS = {"office": "office", "address": "browser", "pane": "browser", "pyodide": "browser"}
"""The tier of a test, by the fixture that needs more than Python."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for tier in {TIERS[name] for name in getattr(item, "fixturenames", ()) if name in TIERS}:
            if not item.get_closest_marker("smoke"):
                item.add_marker(tier)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    needs.tiers = {mark.name for mark in item.iter_markers()}


def pytest_sessionfinish() -> None:
    libreoffice.quit_shared()
