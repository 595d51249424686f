"""The Heinola report and where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from support.xlsx_parts import Package
from taulukko.plan.book import Sheet, Workbook
from taulukko.report.model import Report
from taulukko.template import Template

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
PURO = TESTS / "data" / "puro-sivistys-2025-04"
HEINOLA = ROOT / "workbooks" / "heinola-hyvinvointi-2024-09"
TEMPLATE = ROOT / "templates" / "osavuosikatsaus"
LANGUAGES = ("fi", "sv", "en")


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
