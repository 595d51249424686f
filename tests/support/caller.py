"""Runs the commands of macros as xlwings does, in a Python of its own, with a workbook that an engine shows as Excel's.

A request is read from standard input: the workbook, a fault to plant in it, and the commands one after another. The
answer tells what stood in the cell and in the sheets of results after each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from support import office
from support.desktop import Excel


def main() -> None:
    asked = json.load(sys.stdin)
    sheet, row, column, content = asked["fault"]
    answers = []
    assert "taulukko.in_excel.buttons" not in sys.modules
    with office.office() as session, Excel(session, Path(asked["path"])) as excel:
        excel.book().set_mock_caller()
        excel.type(sheet, row, column, content)
        for command in asked["commands"]:
            exec(compile(command, "command", "exec"), {})
            pages = {page.title: page.texts for page in excel.pages}
            told = {title: list(map(str, pages.get(title, {}).values())) for title in asked["pages"]}
            cell = pages[sheet].get((row, column))
            answers.append({"cell": cell, "alerts": excel.alerts, "active": excel.active, "pages": told})
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
