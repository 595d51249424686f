"""What the formulas of a filled workbook give, by the program that it carries: record by record, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from taulukko.formula.addresses import block_of
from taulukko.plan.shape import statement_name
from taulukko.plan.sheets.records import table_name
from taulukko.program.evaluation import Evaluation, Spot
from taulukko.program.host import Value
from taulukko.program.program import Statement
from taulukko.report.inputs import Key
from taulukko.template.inputs import RETURNS
from taulukko.template.schema import Column, StatementSection
from taulukko.xlsx.inputs import Inputs
from taulukko.xlsx.judge import judge

TABLE = table_name("")
RETURNED = ("missing", "computed")
"""What the cover of a unit's workbook computes of its return."""


def results_of(inputs: Inputs) -> dict[Key, Value]:
    """The value of each computed column of a record or a line, on the sheets that are recognised.

    Raises:
        WorkbookError: the workbook carries no program that can be read.
        LookupError, ValueError: the program is not of this workbook.
    """
    evaluation = judge(inputs.package).evaluation
    return {key: evaluation.value(spot) for key, spot in _spots(inputs, evaluation) if spot in evaluation.formulas}


def _spots(inputs: Inputs, evaluation: Evaluation) -> Iterator[tuple[Key, Spot]]:
    layout, program = evaluation.layout, evaluation.layout.program
    for table, rows in zip(program.tables, layout.rows, strict=True):
        sheet, section = table.area.sheet, table.name.removeprefix(TABLE)
        if sheet in layout.lost:
            continue
        keys = layout.column(sheet, table.key)
        for row in rows:
            record = str(layout.book.value(layout.titles[sheet], row, keys) or "")
            for column, place in table.columns.items():
                yield (section, record, column), Spot(sheet, row, layout.column(sheet, place))
    for one in program.statements:
        declared = inputs.template.sections.get(one.section)
        if isinstance(declared, StatementSection) and one.sheet not in layout.lost:
            yield from _of_statement(inputs, evaluation, one, declared.columns)
    for name in RETURNED if inputs.built.part else ():
        area = program.names.get(f"{RETURNS}.{name}")
        there = layout.row(area.sheet, area.top) if area and area.sheet not in layout.lost else None
        if area and there is not None:
            yield (RETURNS, inputs.built.part, name), Spot(area.sheet, there, layout.column(area.sheet, area.left))


def _of_statement(
    inputs: Inputs, evaluation: Evaluation, one: Statement, columns: tuple[Column, ...]
) -> Iterator[tuple[Key, Spot]]:
    """The computed cells of the lines of a statement, by the keys beside them."""
    layout = evaluation.layout
    units = [unit.code for unit in inputs.built.units]
    area = layout.program.names[f"{statement_name(one.section, units.index(one.unit))}.column.line"]
    computed = [column for column in columns if column.role == "computed" and column.key in one.columns]
    for row in layout.all_rows(area):
        identity = layout.book.value(layout.titles[one.sheet], row, layout.column(one.sheet, area.left))
        block, line = block_of(str(identity or ""))
        for column in computed:
            if block == ("notes" if column.place == "notes" else "") and line:
                place = layout.column(one.sheet, one.columns[column.key])
                yield (one.section, f"{one.unit}.{line}", column.key), Spot(one.sheet, row, place)


__all__ = ["results_of"]
