"""Every formula of the Heinola workbook has the value that LibreOffice and IronCalc compute, in each language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support import engines, needs
from support.built import LANGUAGES, Built
from support.reading import planned
from taulukko.xlsx.write import write

ENGINES: dict[str, Callable[[list[Path]], list[engines.Values]]] = {
    "libreoffice en-US": lambda paths: engines.libreoffice_values_many(paths, "en-US"),
    "libreoffice fi-FI": lambda paths: engines.libreoffice_values_many(paths, "fi-FI"),
    "ironcalc": lambda paths: [engines.ironcalc_values(path) for path in paths],
}
MARGIN = "income_statement.division.operating_margin"
FORMULAS = 3000


@pytest.fixture(scope="module")
def computed(built_in: Callable[[str], Built]) -> Callable[[str, str], engines.Values]:
    """What an engine computes of the workbook in a language; all languages in one start of the engine."""

    @cache
    def all_of(engine: str) -> dict[str, engines.Values]:
        paths = [built_in(language).path for language in LANGUAGES]
        return dict(zip(LANGUAGES, ENGINES[engine](paths), strict=True))

    def values(engine: str, language: str) -> engines.Values:
        needs.require_engine(engine.split()[0])
        return all_of(engine)[language]

    return values


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_cached_value_is_what_the_engine_computes(
    built_in: Callable[[str], Built], computed: Callable[[str, str], engines.Values], engine: str, language: str
) -> None:
    path = built_in(language).path
    cells = [cell for sheet in engines.cached_values(path).values() for cell in sheet.values()]
    assert sum(cell.formula is not None for cell in cells) > FORMULAS
    assert engines.disagreements(path, computed(engine, language))[:20] == []


@pytest.mark.parametrize("engine", ENGINES)
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
