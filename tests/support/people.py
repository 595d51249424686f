"""People who fill in copies of one workbook, and a model of what each of them meant.

A copy is the cells of a workbook that was built and opened once; what people do to them is read by the reader itself.
Every text that is typed is typed once, so whatever stands in a data folder tells who meant it, and for which record.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from unittest.mock import patch

from support.returned import START
from taulukko.errors import Finding
from taulukko.formula.addresses import NOTES_KEY
from taulukko.report.inputs import Key, Place
from taulukko.round import receive as receiving
from taulukko.template.kinds.statement import StatementSection
from taulukko.xlsx.aside import aside
from taulukko.xlsx.cells import BLANK, Cell
from taulukko.xlsx.inputs import Inputs
from taulukko.xlsx.package import Package
from taulukko.xlsx.workbook import inputs_of, read_inputs

Spot = tuple[str, int, int]
TEXTS: list[Key] = [
    *(
        ("income_statement", f"VAKA.{line}", column)
        for line in ("fees", "materials")
        for column in ("explanation", "measure")
    ),
    *(("risks", record, column) for record in ("R1", "R3") for column in ("risk", "treatment")),
]
NUMBERS: list[Key] = [("income_statement", f"VAKA.{line}", "forecast_manual") for line in ("fees", "materials")]
SPARE: list[Place] = [("risks", "VAKA-1"), ("risks", "VAKA-2")]
BEGINNINGS = ("", "", "+5 % ", "@", "=> ", "- ")


@dataclass(repr=False)
class Workbook:
    """A workbook as it was sent, and where its inputs stand."""

    package: Package
    inputs: Inputs

    @classmethod
    def of(cls, package: Package) -> Workbook:
        return cls(package, inputs_of(package))

    def spot(self, key: Key) -> Spot:
        sheet = {"income_statement": "income_statement.unit1"}.get(key[0], key[0])
        place = self.package.area(f"{sheet}.column.{key[2]}")
        assert place
        if key in self.inputs.places:
            return (
                place[0],
                int("".join(filter(str.isdigit, self.inputs.places[key].split("!")[1]))) - 1,
                place[1].left,
            )
        return place[0], self.row(key[:2]), place[1].left

    def row(self, place: Place) -> int:
        keys = self.package.area(f"{place[0]}.column.id")
        assert keys
        cells = self.package.cells(keys[0])
        return next(row for row in self.package.rows(*keys) if cells[row, keys[1].left].value == place[1])

    def locked(self) -> list[tuple[int, int]]:
        """The cells of totals in the column of forecasts by hand, where nothing is filled in."""
        keys = self.package.area("income_statement.unit1.column.line")
        assert keys
        cells, column = self.package.cells(keys[0]), self.spot(NUMBERS[0])[2]
        section = self.inputs.template.sections["income_statement"]
        assert isinstance(section, StatementSection)
        totals = {f"{NOTES_KEY}{line.key}" for line in section.lines if line.kind == "total"}
        return [
            (row, column) for row in self.package.rows(*keys) if cells.get((row, keys[1].left), BLANK).value in totals
        ]

    def columns(self, section: str) -> tuple[str, int, list[int]]:
        """The sheet of a table, the column of its keys, and the columns that are filled in."""
        keys = self.package.area(f"{section}.column.id")
        assert keys
        inputs = {key[2] for key in self.inputs.places if key[0] == section}
        return keys[0], keys[1].left, [self.spot((section, "R1", column))[2] for column in sorted(inputs)]


@dataclass(repr=False)
class Person:
    """Somebody's copy, as it is saved now.

    Attributes:
        meant: text by field, records added by people under the first text they were given.
        typed: all values that were typed into inputs, in this copy or in those it was made from.
        unread: fields in whose cells something stands that nobody can read.
        computed: what was typed where no input is.
        refused: whether cells of the risks stand beside other keys.
        withdrawn: records that were removed; overwritten: those over which another was copied.
    """

    book: Workbook
    name: str
    cells: dict[Spot, Cell] = field(default_factory=dict)
    saved: datetime = START
    meant: dict[Key, str] = field(default_factory=dict)
    unread: set[Key] = field(default_factory=set)
    computed: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    overwritten: set[str] = field(default_factory=set)
    refused: bool = False
    _read: Inputs | None = None

    def another(self, name: str) -> Person:
        parts = (dict(self.cells), self.saved, dict(self.meant), {*self.unread}, {*self.computed})
        return Person(self.book, name, *parts, {*self.withdrawn}, {*self.overwritten}, self.refused)

    @property
    def is_final(self) -> bool:
        """Whether rows no longer stand where they stood."""
        return self.refused or bool(self.overwritten or self.withdrawn)

    def type(self, key: Key, value: str | float) -> None:
        self.cells[self.book.spot(key)] = Cell(value)
        self.meant[key] = value if isinstance(value, str) else f"{value:g}"
        self.unread.discard(key)

    def leave_unknown(self, key: Key) -> None:
        """A formula as programs write it that do not compute."""
        self.cells[self.book.spot(key)] = Cell(None, "1+1")
        self.meant.pop(key, None)
        self.unread.add(key)

    def over_formula(self, value: str | float, draw: Random) -> None:
        """Type where something is computed, such as a total below what is filled in."""
        sheet = draw.choice(["Riskit", "Tuloslaskelma"])
        places = [place for place, cell in self.book.package.cells(sheet).items() if cell.formula is not None]
        locked = self.book.locked() if sheet == "Tuloslaskelma" else []
        self.cells[(sheet, *draw.choice(sorted(draw.choice([places, locked or places]))))] = Cell(value)
        self.computed.add(value if isinstance(value, str) else f"{value:g}")

    def shift(self) -> None:
        """Delete the cells of the first risk and shift up those below, beside the hidden keys."""
        sheet, _, columns = self.book.columns("risks")
        first = self.book.row(("risks", "R1"))
        for row in range(first, first + 6):
            self._copy(sheet, row + 1, row, columns)
        self.refused = True

    def copy_over(self) -> None:
        """Copy the whole row of a risk over another's."""
        sheet, keys, columns = self.book.columns("risks")
        self._copy(sheet, self.book.row(("risks", "R1")), self.book.row(("risks", "R3")), [keys, *columns])
        self.overwritten.add("R3")

    def remove(self) -> None:
        sheet, _, columns = self.book.columns("risks")
        for column in columns:
            self.cells[sheet, self.book.row(("risks", "R3")), column] = Cell(None)
        self.withdrawn.add("R3")

    def _copy(self, sheet: str, source: int, target: int, columns: list[int]) -> None:
        for column in columns:
            self.cells[sheet, target, column] = self._cell(sheet, source, column)

    def _cell(self, sheet: str, row: int, column: int) -> Cell:
        built = self.book.package.cells(sheet).get((row, column), Cell(None))
        return self.cells.get((sheet, row, column), built)

    def read(self) -> Inputs:
        """What the reader reads; the copy is not changed any more."""
        self._read = self._read or self._reading()
        return replace(self._read, faults=[*self._read.faults], notes=[*self._read.notes])

    def _reading(self) -> Inputs:
        package = self.book.package
        there = Package(package.path, package.container, package.sheets, package.names, package.tables)
        there._cells = {title: dict(package.cells(title)) for title in package.sheets}
        for (sheet, row, column), cell in self.cells.items():
            there._cells[sheet][row, column] = cell
        there.__dict__["_properties"] = type(package._properties)(None, self.saved.isoformat(), self.name)
        return inputs_of(there)


def live(person: Person, draw: Random, numbers: count[int]) -> None:
    """Do something to a copy as somebody would; what moves rows is done last."""
    token = f"{draw.choice(BEGINNINGS)}{person.name} {next(numbers)}"
    action = draw.choice(["text", "text", "text", "number", "add", "add", "unknown", "over", "shift", "copy", "remove"])
    if person.is_final:
        return
    if action == "text":
        person.type(draw.choice(TEXTS), token)
    elif action == "number":
        person.type(draw.choice(NUMBERS), float(next(numbers)))
    elif action == "add":
        place = draw.choice(SPARE)
        person.type((*place, "risk"), token)
        person.type((*place, "likelihood"), float(draw.randint(1, 3)))
    elif action == "unknown":
        person.leave_unknown(draw.choice(TEXTS))
    elif action == "over":
        person.over_formula(f"Teksti {next(numbers)}" if draw.random() < 0.5 else float(next(numbers)), draw)
    elif action == "shift":
        person.shift()
    elif action == "copy":
        person.copy_over()
    else:
        person.remove()
    person.saved += timedelta(minutes=draw.randint(1, 90))


@contextmanager
def mailbox(people: dict[Path, Person]) -> Iterator[None]:
    """Let copies be read where their files are; any other file is opened as it is."""

    def read(path: Path, choice: object = None) -> Inputs:
        return people[path].read() if path in people else read_inputs(path, choice)  # type: ignore[arg-type]

    looked: dict[int, list[Finding]] = {}

    def look(inputs: Inputs) -> list[Finding]:
        """Once at each copy, and only where somebody has typed beside the inputs."""
        one = next(one for one in people.values() if one._read and one._read.package is inputs.package)
        if one.computed and id(one) not in looked:
            looked[id(one)] = aside(inputs)
        return looked.get(id(one), [])

    with patch.object(receiving, "read_inputs", read), patch.object(receiving, "aside", look):
        yield


__all__ = ["NUMBERS", "SPARE", "TEXTS", "Person", "Workbook", "live", "mailbox"]
