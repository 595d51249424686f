"""The very hidden sheet that says what the workbook is, and the names and keys by which its inputs are found again.

Defined names follow whoever renames or moves a sheet or inserts a column; keys in hidden columns follow whoever sorts.
The rest of the sheet is the shape, what the workbook was built from; the declarations, what its inputs are read by; and
the program, what computes it where nothing of ours is but what the workbook carries.
"""

from __future__ import annotations

from taulukko.formula.addresses import NOTES_KEY
from taulukko.formula.references import area_of
from taulukko.plan.book import Range, Sheet, Workbook, address, area_text, on_sheet
from taulukko.plan.compile import compile_program
from taulukko.plan.draft import HEADER, Draft
from taulukko.plan.shape import (
    NAME,
    PROTECTION,
    SCHEMA,
    Origin,
    base_rows,
    new_id,
    shape_rows,
    sheet_name,
    statement_name,
)
from taulukko.plan.sheets import checks
from taulukko.plan.statement import Statement, statements_of
from taulukko.program.packed import pack
from taulukko.program.program import KIND
from taulukko.template.schema import ChecksSection


def plan_identity(draft: Draft, origin: Origin | None, protected: bool) -> None:
    """Three columns: what it is about, its key, and its value when the workbook was built.

    Args:
        protected: whether the sheets are as the template says; else nobody has removed their protection.
    """
    sheet = Sheet(NAME, NAME, NAME, very_hidden=True, protected=True)
    head, report = draft.template.head, draft.report
    rows: list[tuple[str, str, str]] = [
        ("workbook", "schema", f"v{SCHEMA}"),
        ("workbook", "template", head.name),
        ("workbook", "template_version", f"v{head.version}"),
        ("workbook", "language", draft.template.language),
        ("workbook", "id", origin.id if origin else new_id(report, draft.template)),
        ("workbook", "municipality", report.municipality),
        ("workbook", "division", report.division),
        ("workbook", "period", report.period),
        ("workbook", "data", f"sha256:{report.digest}"),
    ]
    rows += [] if protected else [("workbook", PROTECTION, "none")]
    keys = [key for key in draft.sheet_names if key in draft.sheets]
    rows += [("sheet", key, draft.sheets[key].name) for key in keys]
    for other in draft.book.sheets:
        for table in other.tables:
            rows += [("table", table.name, other.name)]
    rows += shape_rows(report, draft.template)
    rows += base_rows(origin.base) if origin else ()
    sheet.widths |= {0: 12, 1: 30, 2: 60}
    draft.book.names |= {
        sheet_name(number): on_sheet(draft.sheets[key].name, address(0, 0, fixed=True))
        for number, key in enumerate(keys, 1)
    }
    for statement in statements_of(draft).values():
        _name_statement(draft, statement)
    _name_checks(draft)
    named: dict[str, set[int]] = {}
    for title, area in filter(None, map(area_of, draft.book.names.values())):
        named.setdefault(title, set()).add(area.left)
    for number, key in enumerate(keys, 1):
        _name_places(draft.book, draft.sheets[key], sheet_name(number), named.get(draft.sheets[key].name, set()))
    rows += [(KIND, str(number), chunk) for number, chunk in enumerate(pack(compile_program(draft)), 1)]
    for row, values in enumerate((("kind", "key", "value"), *rows)):
        for column, value in enumerate(values):
            sheet.put(row, column, value, "text")
    draft.book.sheets.append(sheet)


def _name_statement(draft: Draft, statement: Statement) -> None:
    """Keys beside the rows of every block, and a name for the key column, each input column and the assessment."""
    layout, sheet, book = statement.layout, statement.sheet, draft.book
    for key, row in layout.given.items():
        sheet.put(row, statement.help_place, f"given.{key}")
    for key, row in layout.notes.items():
        sheet.put(row, statement.help_place, f"{NOTES_KEY}{sheet.cells[layout.table[key], statement.help_place].value}")
    name = statement_name(statement.key, draft.report.units.index(statement.unit))
    every = [*layout.table.values(), *layout.given.values(), *layout.notes.values()]
    places = {c.key: statement.places[c.key] for c in statement.section.columns if c.role == "input"}
    for column, place in {"line": statement.help_place, **places}.items():
        area = Range(min(every), place, max(every), place)
        book.names[f"{name}.column.{column}"] = on_sheet(sheet.name, area_text(area))
    if statement.section.assessment and layout.explanations is not None:
        for part, place in (("text", 2), ("covers_lines", 5)):
            cell = address(layout.explanations + 1, place, fixed=True)
            book.names[f"{name}.assessment.{part}"] = on_sheet(sheet.name, cell)


def _name_places(book: Workbook, sheet: Sheet, name: str, named: set[int]) -> None:
    """A name for each column with a formula that has none yet, and for the last row: they follow what is put and taken.

    A column of a table has the name of its inputs' column, or that of what is counted of it.

    Args:
        named: columns that a name leads to.
    """
    columns: dict[int, list[int]] = {}
    for (row, column), cell in sheet.cells.items():
        if cell.formula or cell.node is not None:
            columns.setdefault(column, []).append(row)
    last = max((row for row, _ in sheet.cells), default=0)
    for column in sorted(columns.keys() - named):
        area = Range(min(columns[column]), column, max(columns[column]), column)
        book.names[f"{name}.column.{column}"] = on_sheet(sheet.name, area_text(area))
    book.names[f"{name}.last"] = on_sheet(sheet.name, address(last, 0, fixed=True))


def _name_checks(draft: Draft) -> None:
    for key, section in draft.template.sections.items():
        if not isinstance(section, ChecksSection):
            continue
        sheet = draft.sheets[key]
        rows = [row for row, column in sheet.cells if column == checks.KEY and row > HEADER]
        places = {column: place for place, column in enumerate(checks.COLUMNS, 1)} | {"key": checks.KEY}
        for column, place in places.items():
            area = Range(HEADER + 1, place, max(rows, default=HEADER + 1), place)
            draft.book.names[f"{key}.column.{column}"] = on_sheet(sheet.name, area_text(area))


__all__ = ["NAME", "plan_identity"]
