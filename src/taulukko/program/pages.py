"""The two sheets that buttons write: the result of the last press, and the log of everything that was changed.

They are known by the names that lead to them, whatever they are called and wherever they stand: a copy of one is
somebody's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from taulukko.program.host import Block, Book, Rows, target_of, typed
from taulukko.program.program import OWN

BRAND = "taulukko"
"""What stands in the first cell of the log, and begins that of the result."""
RESULT, LOG = OWN + "result", OWN + "log"
"""The names that lead to them."""
MOST = 1_000
"""Lines that the result shows; the log has them all."""
LOGGED = ("time", "user", "button", "cell", "old", "new", "run", "facts")
"""Columns of the log; the facts may go on to the right."""
RUN = LOGGED.index("run")
SHOWN = 1_000
"""Characters of what stood in a cell that the log shows; its facts have it whole."""
TITLE = 31
"""Characters of a sheet's title."""


class Page(NamedTuple):
    """A sheet that is added at the end of the workbook when it is not there.

    Attributes:
        name: the defined name that leads to it.
        widths: of its columns, in characters.
        header: the row of its headers, from 0.
    """

    name: str
    title: str
    widths: tuple[int, ...]
    header: int

    @property
    def bold(self) -> tuple[int, int]:
        """The rows of the heading and of the headers, from 1."""
        return 1, self.header + 1

    @property
    def target(self) -> str:
        """Where the name leads."""
        return "='{}'!$A$1".format(self.title.replace("'", "''"))


@dataclass(slots=True)
class Writing:
    """All that one press writes, or nothing of it.

    Attributes:
        cells: blocks of the report's own sheets.
        pages: the sheets of buttons, with the blocks that they get.
        figures: columns of the result that show euros.
    """

    cells: list[Block]
    pages: list[tuple[Page, Block]] = field(default_factory=list)
    figures: range = range(0)

    def figure_cells(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """The first and the last cell of those columns, row and column from 1; None where there are none."""
        page, block = self.pages[0]
        if not self.figures or len(block.rows) <= page.header + 1:
            return None
        return (page.header + 2, self.figures.start + 1), (len(block.rows), self.figures.stop)


def result_page(
    book: Book, words: Mapping[str, str], head: Sequence[str], headers: Sequence[str], lines: Sequence[Sequence[object]]
) -> tuple[Page, Block]:
    """The result of a press in place of the one before.

    Args:
        head: what was pressed, what came of it, and when and by whom.
        headers: keys of the words above the lines.
        lines: each begins with a place, such as `Riskit!E12`, which becomes a link.
    """
    shown = [[_link(str(place)), *map(typed, rest)] for place, *rest in lines[:MOST]]
    if len(lines) > MOST:
        shown.append([typed(words["more"].format(count=len(lines) - MOST))])
    table = [[], [typed(words[key]) for key in headers], *shown] if lines else []
    return _result(book, words["result"], head, table)


def refusal_page(book: Book, title: str, head: Sequence[str]) -> tuple[Page, Block]:
    """Why nothing was done, in place of a result.

    Args:
        title: of a new sheet.
        head: that nothing was done, and why.
    """
    return _result(book, title, head, [])


def noted(result: tuple[Page, Block], text: str) -> tuple[Page, Block]:
    """A result that says one thing more, where it says when and by whom the button was pressed."""
    page, block = result
    rows = [list(row) for row in block.rows]
    line = rows[page.header - 2]
    line[0] = f"{line[0]} · {text}"
    return page, block._replace(rows=rows)


def log_page(
    book: Book, words: Mapping[str, str], when: str, user: str, button: str, lines: Iterable[Sequence[object]]
) -> tuple[Page, Block]:
    """A run of changes below what the log has.

    Args:
        lines: cell, old and new, then the texts of facts.
    """
    title = _own(book, LOG) or _free(book, words["log"])
    there = book.values.get(title, ())
    run = 1 + max((int(number) for number, *_ in logged(book) if isinstance(number, int | float)), default=0)
    rows: list[list[object]] = [] if there else [[BRAND], [typed(words[key]) for key in LOGGED]]
    head = (when, user, button)
    rows += [[*map(typed, (*head, *map(_short, line[:3]))), run, *map(typed, line[3:])] for line in lines]
    return Page(LOG, title, (19, 18, 18, 28, 34, 34, 6, 12), 1), Block(title, len(there), 0, _over(rows))


def logged(book: Book) -> list[Sequence[object]]:
    """The rows of the log from the number of the run on."""
    rows = book.values.get(_own(book, LOG), ())
    return [row[RUN:] for row in rows[2:] if len(row) > RUN]


def _result(book: Book, new: str, head: Sequence[str], table: Sequence[Sequence[object]]) -> tuple[Page, Block]:
    title = _own(book, RESULT) or _free(book, new)
    first, *more = head
    rows: list[Sequence[object]] = [[f"{BRAND}: {first}"], *([typed(text)] for text in more), *table]
    there = book.values.get(title, ())
    return Page(RESULT, title, (34, 34, 40, *[16] * 7), len(head) + 1), Block(title, 0, 0, _over(rows, there))


def _own(book: Book, name: str) -> str:
    """The title of the sheet to which a name leads; empty when there is none."""
    found = target_of(book.names.get(name, ""))
    return found[0] if found and found[0] in book.values else ""


def _short(value: object) -> object:
    return value if not isinstance(value, str) or len(value) <= SHOWN else f"{value[: SHOWN - 1]}…"


def _free(book: Book, title: str) -> str:
    """A title that no other sheet has."""
    taken = {one.lower() for one in book.titles}
    numbered = (title if number == 1 else f"{title[: TITLE - 4]} {number}" for number in count(1))
    return next(one for one in numbered if one.lower() not in taken)


def _link(place: str) -> str:
    """A formula that leads to a place and shows it."""
    title, _, cell = place.rpartition("!")
    target = "#'" + title.replace("'", "''") + "'!" + cell
    quoted = (text.replace('"', '""') for text in (target, place))
    return '=HYPERLINK("{}","{}")'.format(*quoted)


def _over(rows: Sequence[Sequence[object]], there: Rows = ()) -> Rows:
    """Rows of one length, with blanks up to where something stood before."""
    width = max([*map(len, there), *map(len, rows)])
    blanks: list[Sequence[object]] = [[] for _ in range(len(there) - len(rows))]
    return [[*row, *[None] * (width - len(row))] for row in (*rows, *blanks)]


__all__ = ["LOG", "RESULT", "Page", "Writing", "log_page", "logged", "noted", "refusal_page", "result_page"]
