"""One formula a column: whoever looks at one row of a block has seen them all, read from the file's own XML.

Rows may differ by their kind only, and these are all the kinds there are:

- a total adds up its own parts, which are other rows of other totals; where the data lacks some of them, somebody gives
  the total in a row of its own;
- a line that is the sum of the areas names their cells, and what is left over names them too;
- the first row of a text that is broken into lines begins it, and the last one says that there is more;
- a check, a counted fact, a tile of the summary are each a formula of their own, and stand in no block.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest
from openpyxl.formula.translate import Translator

from support.built import LANGUAGES, Built
from taulukko.formula.references import position
from taulukko.plan.book import Sheet, address
from taulukko.plan.draft import HEADER
from taulukko.template.schema import RecordsSection, StatementSection

FAR = 5000
SUM_OF_PARTS = re.compile(r"IF\(COUNT\(([^()]*)\)=\d+,SUM\(\1\),")
PARTS_KNOWN = re.compile(r"^=IF\(COUNT\([^()]*\)=\d+,1,0\)$")


class Block(NamedTuple):
    """Rows of one kind."""

    sheet: str
    name: str
    rows: frozenset[int]
    columns: frozenset[int] | None = None


def shapes(built: Built, block: Block) -> Mapping[int, set[str]]:
    """The formulas of each column of a block, each as it would read in one and the same row."""
    part = next(one for one in built.package.sheets if one.name == built.plan.sheet(block.sheet).name)
    found: dict[int, set[str]] = defaultdict(set)
    for cell in part.cells:
        row, column = position(cell.get("r"))
        formula = cell.findtext("{*}f")
        if formula and row in block.rows and (block.columns is None or column in block.columns):
            there = address(FAR, column)
            text = SUM_OF_PARTS.sub("IF(PARTS,", f"={formula}")
            text = PARTS_KNOWN.sub("=IF(PARTS,1,0)", text)
            found[column].add(Translator(text, address(row, column)).translate_formula(there))
    return found


def blocks(built: Built) -> Iterator[Block]:
    for sheet in built.plan.sheets:
        for table in sheet.tables:
            yield Block(sheet.key, table.name, frozenset(range(table.area.top + 1, table.area.bottom + 1)))
        section = built.template.sections.get(sheet.key.partition(".")[0])
        if isinstance(section, StatementSection):
            yield from of_statement(built, sheet, section)
        if isinstance(section, RecordsSection) and section.timeline:
            bars = {row for (row, _), cell in sheet.cells.items() if cell.style == "bar_year"}
            yield Block(sheet.key, "timeline", frozenset(bars))
    for key, columns in (("checks", {6, 8}), ("controls", {6, 8})):
        rows = {row for row, column in built.plan.sheet(key).cells if column == 8 and row > HEADER}
        yield Block(key, key, frozenset(rows), frozenset(columns))


def of_statement(built: Built, sheet: Sheet, section: StatementSection) -> Iterator[Block]:
    kinds = {line.key: line.kind for line in section.lines}
    keys = max(column for (row, column), cell in sheet.cells.items() if cell.value == section.lines[0].key)
    rows: dict[str, set[int]] = defaultdict(set)
    given = {cell.value[6:] for cell in sheet.cells.values() if str(cell.value).startswith("given.")}
    for (row, column), cell in sheet.cells.items():
        if column == keys and isinstance(cell.value, str) and cell.node is None:
            block, _, line = cell.value.rpartition(".")
            consolidated = line.startswith("areas:")
            kind = kinds.get(line.rpartition(":")[2], "text")
            kind = "given total" if line in given else "consolidated" if consolidated else kind
            rows[block if block in ("notes", "given") else kind].add(row)
    for kind in ("line", "memo", "total", "given total", "notes"):
        yield Block(sheet.key, kind, frozenset(rows[kind]))
    lines = sorted(row for row, column in sheet.cells if column == keys + 1)
    yield Block(sheet.key, "text", frozenset(lines[1:-1]), frozenset({2, keys + 1}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_column_of_a_block_has_one_formula(language: str, built_in) -> None:
    built = built_in(language)
    found = {(one.sheet, one.name): shapes(built, one) for one in blocks(built)}
    wrong = [
        (place, column, sorted(texts)[:3])
        for place, columns in found.items()
        for column, texts in columns.items()
        if len(texts) > 1
    ]
    assert wrong == []
    statements = [columns for (sheet, name), columns in found.items() if (name, sheet[:6]) == ("line", "income")]
    assert len(statements) == 5
    assert all(len(columns) >= 10 for columns in statements)
    assert sum(map(len, found.values())) > 150


def test_a_formula_that_names_the_row_of_a_note_would_be_seen() -> None:
    """Below each heading the notes are a row nearer than they were above it."""
    before = Translator("=IF(COUNT(C41)=1,C41,P7)", "J7").translate_formula("J5000")
    after = Translator("=IF(COUNT(C46)=1,C46,P13)", "J13").translate_formula("J5000")
    assert before != after
