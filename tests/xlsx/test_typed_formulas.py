"""What check tells of formulas that somebody has typed into a workbook that was sent out."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from support.built import Built
from support.edits import edited, put
from support.engines import MAIN
from taulukko.errors import Finding
from taulukko.messages import Say
from taulukko.xlsx.check import check

CODES = ("number_in_formula", "formulas_differ")


def told(finnish: Built, folder: Path, formulas: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """What is said of formulas typed into cells of one sheet."""

    def change(cells: dict[str, etree._Element]) -> None:
        for place, formula in formulas.items():
            put(cells[place], 1.0)
            text = etree.Element(f"{MAIN}f")
            text.text = formula
            cells[place].insert(0, text)

    sheet = finnish.plan.sheet("income_statement.VAKA").name
    found = check(edited(finnish.path, folder / "typed.xlsx", {sheet: change}))
    return [(one.code, one.place.partition("!")[2], one.found, one.severity) for one in found if one.code in CODES]


def test_a_workbook_as_it_was_sent_has_none(finnish: Built) -> None:
    assert [one for one in check(finnish.path) if one.code in CODES] == []


@pytest.mark.parametrize(
    ("formulas", "expected"),
    [
        ({"E7": "C7*1.1"}, [("number_in_formula", "E7", "1.1", "remark")]),
        ({"G7": "E7-F7*0.95"}, [("number_in_formula", "G7", "0.95", "remark")]),
        ({"E7": "IF(C7>500,C7,D7)+25"}, [("number_in_formula", "E7", "500", "remark"),
                                         ("number_in_formula", "E7", "25", "remark")]),
        ({"E7": "1200+350"}, []),
        ({"E7": "ROUND(C7/100,2)*100"}, []),
        ({"E7": "C7", "E8": "C8", "E9": "C9"}, []),
        ({"E7": "C7", "E8": "C8", "E9": "D9"}, [("formulas_differ", "E7:E9", "2", "remark")]),
    ],
)  # fmt: skip
def test_a_typed_formula_is_told(
    finnish: Built, tmp_path: Path, formulas: dict[str, str], expected: list[tuple[str, ...]]
) -> None:
    assert told(finnish, tmp_path, formulas) == expected


def test_the_formula_and_the_way_out_are_said() -> None:
    one = Finding("number_in_formula", "a.xlsx", "Tuloslaskelma VAKA!E7", "Myyntituotot", "1.1", ("=C7*1.1",), "remark")
    assert "=C7*1.1" in Say("en").finding(one)
    assert "1.1" in Say("fi").finding(one)
    assert "parameterbladet" in Say("sv").finding(one)
