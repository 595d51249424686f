"""The Heinola report, planned and built once for each language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from support import office as libreoffice
from support.built import HEINOLA, LANGUAGES, Built
from support.xlsx_parts import Package
from taulukko.builder import build
from taulukko.folder.data_folder import load
from taulukko.plan.build import plan

collect_ignore = ["support/office_server.py"]
"""Runs in another Python."""


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
def office() -> libreoffice.Session:
    """One LibreOffice for all tests that use it."""
    return libreoffice.shared()


def pytest_sessionfinish() -> None:
    if libreoffice.shared.cache_info().currsize:
        libreoffice.shared().quit()
