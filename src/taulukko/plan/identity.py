"""The very hidden sheet that says what the workbook is: whose, built from what, and which sheet and column is which."""

from __future__ import annotations

from taulukko.plan.book import Sheet
from taulukko.plan.draft import Draft

NAME = "_taulukko"
SCHEMA = 1


def plan_identity(draft: Draft) -> None:
    """Three columns: what it is about, its key, and its value when the workbook was built."""
    sheet = Sheet(NAME, NAME, NAME, very_hidden=True, protected=True)
    head, report = draft.template.head, draft.report
    rows: list[tuple[str, str, str]] = [
        ("workbook", "schema", f"v{SCHEMA}"),
        ("workbook", "template", head.name),
        ("workbook", "template_version", f"v{head.version}"),
        ("workbook", "language", draft.template.language),
        ("workbook", "municipality", report.municipality),
        ("workbook", "division", report.division),
        ("workbook", "period", report.period),
        ("workbook", "data", f"sha256:{report.digest}"),
    ]
    rows += [("sheet", key, draft.sheets[key].name) for key in draft.sheet_names if key in draft.sheets]
    for other in draft.book.sheets:
        for table in other.tables:
            rows += [("table", table.name, other.name)]
    for row, values in enumerate((("kind", "key", "value"), *rows)):
        for column, value in enumerate(values):
            sheet.put(row, column, value, "text")
    sheet.widths |= {0: 12, 1: 30, 2: 60}
    draft.book.sheets.append(sheet)
