"""Every formula of the Heinola workbook has the value that LibreOffice and IronCalc compute, in each language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support import engines
from support.built import LANGUAGES, Built
from support.reading import planned
from taulukko.xlsx.write import write

MARGIN = "income_statement.division.operating_margin"
FORMULAS = 3000
SMOKE = ("libreoffice fi-FI", "fi")
PAIRS = [
    pytest.param(engine, language, marks=pytest.mark.smoke if (engine, language) == SMOKE else one.marks)
    for one in engines.EACH
    for engine in one.values
    for language in LANGUAGES
]


@pytest.fixture(scope="module")
def computed(built_in: Callable[[str], Built]) -> Callable[[str, str], engines.Values]:
    """What an engine computes of the workbook in a language."""

    @cache
    def values(engine: str, language: str) -> engines.Values:
        return engines.engine_values(engine, built_in(language).path)

    return values


@pytest.mark.parametrize(("engine", "language"), PAIRS)
def test_every_cached_value_is_what_the_engine_computes(
    built_in: Callable[[str], Built], computed: Callable[[str, str], engines.Values], engine: str, language: str
) -> None:
    path = built_in(language).path
    cells = [cell for sheet in engines.cached_values(path).values() for cell in sheet.values()]
    assert sum(cell.formula is not None for cell in cells) > FORMULAS
    assert engines.disagreements(path, computed(engine, language))[:20] == []


@pytest.mark.parametrize("engine", engines.EACH)
@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (f"{MARGIN}.remaining", lambda value: value + 0.01),
        (f"{MARGIN}.used_share", lambda value: round(value, 6)),
        (f"{MARGIN}.status", lambda value: value + "."),
        (f"{MARGIN}.forecast", lambda value: ""),
    ],
)
def test_a_planted_wrong_value_is_caught(
    finnish: Built,
    computed: Callable[[str, str], engines.Values],
    tmp_path: Path,
    engine: str,
    path: str,
    wrong: Callable[[Any], Any],
) -> None:
    found = planned(finnish.report, finnish.template)
    cell = found.cell(path)
    cell.value = wrong(cell.value)
    write(found.book, finnish.template.theme, tmp_path / "wrong.xlsx", {"report": "", "page": ""})
    (line,) = engines.disagreements(tmp_path / "wrong.xlsx", computed(engine, "fi"))
    assert f"cached {cell.value!r}" in line
