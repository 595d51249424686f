"""Control figures and acceptances must be of something that is there."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from support.built import HEINOLA
from taulukko.errors import FaultsError, Finding
from taulukko.folder.data_folder import load
from taulukko.plan.build import plan

HEADER = "section,unit,record,column,printed\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HEINOLA, tmp_path / "data", ignore=shutil.ignore_patterns("*.xlsx")))


def faults(folder: Path) -> list[Finding]:
    with pytest.raises(FaultsError) as caught:
        plan(*load(folder))
    return caught.value.findings


@pytest.mark.parametrize(
    ("row", "field", "found"),
    [
        ("income_statement,VAKA,no_such_line,budget,1", "record", "no_such_line"),
        ("income_statement,KOULU,fees,budget,1", "unit", "KOULU"),
        ("income_statement,VAKA,fees,status,1", "column", "status"),
        ("income_statement,VAKA,revenue_heading,budget,1", "record", "revenue_heading"),
        ("budget_summary,TOIMIALA,margin,budget,1", "record", "margin"),
        ("projects,,H99,funding,1", "record", "H99"),
        ("projects,,H1,name,1", "column", "name"),
        ("projects,VAKA,H1,funding,1", "unit", "VAKA"),
    ],
)
def test_a_figure_of_nothing(folder: Path, row: str, field: str, found: str) -> None:
    (folder / "controls.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    (fault,) = faults(folder)
    assert (fault.code, fault.file, fault.place, fault.field, fault.found) == (
        "value",
        "controls.csv",
        "2",
        field,
        found,
    )


def test_an_acceptance_of_no_check(folder: Path) -> None:
    (folder / "checks.csv").write_text("key,reason,name,date\nunbudgeted.KOULU,x,y,2024-10-01\n", encoding="utf-8")
    (fault,) = faults(folder)
    assert (fault.file, fault.field, fault.found) == ("checks.csv", "key", "unbudgeted.KOULU")
    assert "unbudgeted.VAKA" in fault.expected


def test_printed_costs_are_turned_with_the_inputs(folder: Path) -> None:
    """Amounts of cost lines and of totals of costs; shares and margins stay as they are."""
    rows = [
        "income_statement,VAKA,fees,budget,260000",
        "income_statement,VAKA,materials,budget,91300",
        "income_statement,VAKA,materials,used_share,0.4955",
        "income_statement,VAKA,operating_expenses,budget,8409500",
        "income_statement,VAKA,operating_margin,budget,-7913900",
        "budget_summary,TOIMIALA,expenditure,budget,32611450",
    ]
    (folder / "controls.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    toml = folder / "report.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('"costs_negative"', '"costs_positive"'), encoding="utf-8")
    report, _ = load(folder)
    amounts = [260000, -91300, Decimal("0.4955"), -8409500, -7913900, -32611450]
    assert [control.printed for control in report.controls] == amounts
