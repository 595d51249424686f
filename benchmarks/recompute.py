"""CPU of recomputing a workbook inside Excel against reading and writing the same cells, and of functions for cells.

    XLWINGS_LICENSE_KEY=noncommercial python benchmarks/recompute.py [ROUNDS]

The host is xlwings' remote engine, as on a server and in xlwings Lite: the workbook comes as JSON, its sheets and names
are read, the same cells are written and the answer leaves as JSON: on one side with everything computed in between, on
the other by xlwings alone, which writes the cells of a column that stand together. Heinola's report, and the same with
50 000 risks. Then 100 000 variances of two ranges, without numpy and with it, against numpy alone, which is given what
a cell's function is given, lists of rows with blanks, and gives rows back.

Prints ratios of CPU time, measured in alternation within one run. Exits 1 when a ratio is above its limit.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import xlwings

from taulukko.folder.data_folder import load
from taulukko.in_excel.functions.catalogue import catalogue
from taulukko.in_excel.functions.measures import functions, spread
from taulukko.in_excel.functions.vectors import vector
from taulukko.in_excel.remote import RemoteDesk
from taulukko.in_excel.words import words_of
from taulukko.plan.book import Workbook, address
from taulukko.plan.build import plan
from taulukko.program.actions import press
from taulukko.program.host import Block, target_of
from taulukko.program.pages import Writing
from taulukko.report.model import Report
from taulukko.template import Template

FOLDER = Path(__file__).parents[1] / "workbooks" / "heinola-hyvinvointi-2024-09"
LIMITS = {"Heinola": 1.3, "50 000 rows": 1.3, "100 000 variances": 10.0, "the same by numpy": 3.0}
ROWS, VARIANCES = 50_000, 100_000
LISTS = ("notes", "pictures", "shapes", "charts", "tables", "pivot_tables")


class Kept(RemoteDesk):
    """Keeps what it writes."""

    writing: Writing

    def write(self, writing: Writing) -> None:
        self.writing = writing
        super().write(writing)


class Column(NamedTuple):
    """Cells below each other that are written at once, as plain code writes them; row and column from 1."""

    sheet: str
    row: int
    column: int
    cells: list[list[Any]]


def columns_of(block: Block, sheet: str) -> Iterator[Column]:
    for place in range(len(block.rows[0])):
        yield Column(sheet, block.row + 1, block.column + place + 1, [[row[place]] for row in block.rows])


def payload(book: Workbook) -> str:
    """What the client sends of a planned workbook."""
    titles = [sheet.name for sheet in book.sheets]
    shown = {"name": "raportti.xlsx", "active_sheet_index": 0, "selection": "A1"}
    names = []
    for name, target in book.names.items():
        found = target_of(f"={target}")
        assert found is not None
        title, top, left, bottom, right = found
        place = f"{address(top, left)}:{address(bottom, right)}"
        facts = {"sheet_index": titles.index(title), "address": place, "book_scope": True}
        names.append({"name": name, "refers_to": f"={target}", "scope_sheet_name": None, **facts})
    sheets = []
    for sheet in book.sheets:
        height, width = (max(place[one] for place in sheet.cells) + 1 for one in (0, 1))
        rows: list[list[Any]] = [[""] * width for _ in range(height)]
        for (row, column), cell in sheet.cells.items():
            rows[row][column] = "" if cell.value is None else cell.value
        for table in sheet.tables:
            rows[table.area.top][table.area.left : table.area.right + 1] = table.headers
        used = {"used_range_address": f"A1:{address(height - 1, width - 1)}", "values": rows}
        sheets.append({"name": sheet.name, **used, **{name: [] for name in LISTS}})
    return json.dumps({"client": "Office.js", "version": "0.37.8", "book": shown, "sheets": sheets, "names": names})


def recomputed(text: str) -> Writing:
    """Press the button; what it writes."""
    book = xlwings.Book(json=json.loads(text))
    desk = Kept(book, words_of("fi"))
    press(desk, "recompute")
    json.dumps(book.json())
    return desk.writing


def passed_through(text: str, columns: list[Column], pages: list[Column]) -> None:
    """Read everything and write the same by xlwings alone, computing nothing."""
    book = xlwings.Book(json=json.loads(text))
    assert all(name.refers_to for name in book.names)
    for sheet in book.sheets:
        assert sheet.used_range.options(ndim=2, err_to_str=True).value
    for title in dict.fromkeys(page.sheet for page in pages):
        book.sheets.add(title, after=book.sheets[-1])
    for one in (*columns, *pages):
        first, last = (one.row, one.column), (one.row + len(one.cells) - 1, one.column)
        book.sheets[one.sheet].range(first, last).value = one.cells
    json.dumps(book.json())


def grown(report: Report) -> Report:
    """A report with many risks."""
    some, chance = report.rows("risks"), random.Random(1)
    risks = [
        {
            **chance.choice(some),
            "id": f"R{number + 1}",
            "risk": f"Riski {number + 1}",
            "unit": chance.choice([unit.code for unit in report.units]),
            "likelihood": chance.randint(1, 3),
            "impact": chance.randint(1, 3),
        }
        for number in range(ROWS)
    ]
    return report.with_rows("risks", risks)


def cpu(action: Callable[[], object]) -> float:
    """User and system time of this process spent on an action, after clearing away what others have left behind."""
    gc.collect()
    gc.freeze()
    start = time.process_time()
    action()
    return time.process_time() - start


def compare(name: str, ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> bool:
    """Alternate both, print the least of each, which other work disturbs least; whether their ratio will do."""
    ours(), theirs()
    pairs = [(cpu(ours), cpu(theirs)) for _ in range(rounds)]
    one, other = (min(times) for times in zip(*pairs, strict=True))
    ratio = one / other
    print(f"{name:20} {one * 1000:8.1f} ms / {other * 1000:8.1f} ms = {ratio:5.2f}  (at most {LIMITS[name]:.1f})")
    return ratio <= LIMITS[name]


def workbook(name: str, report: Report, template: Template, rounds: int) -> bool:
    text = payload(plan(report, template, protected=False))
    writing = recomputed(text)
    columns = [one for block in writing.cells for one in columns_of(block, block.sheet)]
    pages = [one for page, block in writing.pages for one in columns_of(block, page.title)]
    return compare(name, lambda: recomputed(text), lambda: passed_through(text, columns, pages), rounds)


def variances(template: Template, rounds: int) -> bool:
    import numpy

    chance = random.Random(1)
    budget, forecast = (
        [[None if chance.random() < 0.05 else round(chance.uniform(-1e6, 1e6), 2)] for _ in range(VARIANCES)]
        for _ in range(2)
    )
    ours = functions(catalogue({"fi": template}), "fi")["VARIANCE"]

    def theirs() -> list[list[Any]]:
        found = numpy.array(forecast, dtype=float) - numpy.array(budget, dtype=float)
        return numpy.where(numpy.isnan(found), "", found.astype(object)).tolist()  # type: ignore[no-any-return]

    assert spread(ours, budget, forecast) == vector(ours, budget, forecast) == theirs()
    return all(
        [
            compare("100 000 variances", lambda: spread(ours, budget, forecast), theirs, rounds),
            compare("the same by numpy", lambda: vector(ours, budget, forecast), theirs, rounds),
        ]
    )


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    report, template = load(FOLDER, "fi")
    results = [
        workbook("Heinola", report, template, rounds),
        variances(template, rounds),
        workbook("50 000 rows", grown(report), template, min(rounds, 3)),
    ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
