"""A workbook that version 0.1 sent out is still collected, judged and built anew."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from support.built import HEINOLA, ROOT
from support.edits import edited, put
from taulukko import check, collect, fix, load, read
from taulukko.xlsx.workbook import read_inputs

SENT = ROOT / "tests" / "data" / "version-0.1-VAKA.xlsx"
FIGURE = ("income_statement", "VAKA.personnel_costs", "forecast_manual")


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    """The same with a forecast of its own."""
    title, _, cell = read_inputs(SENT).places[FIGURE].rpartition("!")
    return edited(SENT, tmp_path / "VAKA.xlsx", {title: lambda cells: put(cells[cell], -14000000.0)})


def test_what_was_filled_in_is_collected(returned: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(HEINOLA, tmp_path / "folder")
    (found,) = collect([returned], folder)
    assert found.returned.refused is None
    assert [one.code for one in found.returned.notes] == ["judged_alone"]
    assert load(folder).row("income_statement", "VAKA", "personnel_costs")["forecast_manual"] == Decimal(-14000000)


def test_it_is_judged_by_what_it_carries(returned: Path) -> None:
    codes = [one.code for one in check(returned)]
    assert "judged_alone" in codes
    assert "layout_changed" not in codes
    assert codes.count("value_stale") > 1


def test_it_is_put_right_with_what_was_filled_in(returned: Path, tmp_path: Path) -> None:
    fixed = fix(returned, tmp_path / "fixed.xlsx")
    report, faults = read(fixed.path)
    assert faults == []
    assert report.row("income_statement", "VAKA", "personnel_costs")["forecast_manual"] == Decimal(-14000000)
    assert "value_stale" not in [one.code for one in check(fixed.path)]
