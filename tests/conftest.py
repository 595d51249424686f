"""The Heinola report, planned and built once for each language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import office as libreoffice
from engines import require_engine
from taulukko.builder import build
from taulukko.folder.data_folder import load
from taulukko.plan.book import Sheet, Workbook
from taulukko.plan.build import plan
from taulukko.report.model import Report
from taulukko.template import Template
from xlsx_parts import Package

ROOT = Path(__file__).parents[1]
HEINOLA = ROOT / "workbooks" / "heinola-hyvinvointi-2024-09"
TEMPLATE = ROOT / "templates" / "osavuosikatsaus"
LANGUAGES = ("fi", "sv", "en")

collect_ignore = ["office_server.py"]
"""Runs in another Python."""


@dataclass(frozen=True, repr=False)
class Built:
    """The report in one language, as a plan and as a file.

    Without repr: pytest shows it when a test fails, and a plan in full is endless.
    """

    language: str
    report: Report
    template: Template
    plan: Workbook
    package: Package

    @property
    def path(self) -> Path:
        return self.package.path

    def sheet(self, key: str) -> Sheet:
        return next(sheet for sheet in self.plan.sheets if sheet.key == key)


@pytest.fixture(scope="session")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """The report in a language, built when first asked for."""
    folder = tmp_path_factory.mktemp("built")

    @cache
    def built(language: str) -> Built:
        report, template = load(HEINOLA, language)
        path = build(HEINOLA, folder / f"{language}.xlsx", language=language)
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
def office() -> Iterator[libreoffice.Session]:
    """One LibreOffice for all tests that edit workbooks with it."""
    require_engine("libreoffice")
    require_engine("uno")
    with libreoffice.office() as session:
        yield session
