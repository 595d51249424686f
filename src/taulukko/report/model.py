"""A report as data: who, when, and the inputs of each section. Nothing computed is kept here."""

from __future__ import annotations

import hashlib
import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from taulukko.errors import FaultsError, Finding
from taulukko.template.inputs import RETURNS, InputFile

if TYPE_CHECKING:
    import pandas

    from taulukko.template import Choice

Input = str | Decimal | int | date | None
Record = dict[str, Input]


@dataclass(frozen=True, slots=True)
class Unit:
    """A division or one of its service areas; `mail` is where it is reminded, and stands in no workbook."""

    code: str
    name: str
    short: str
    level: str
    mail: str = ""

    @property
    def is_division(self) -> bool:
        return self.level == "division"


@dataclass(frozen=True, slots=True)
class StrategicGoal:
    key: str
    name: str
    subgoals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """A figure printed in an older report, to be compared with ours."""

    section: str
    unit: str
    record: str
    column: str
    printed: Decimal


@dataclass(slots=True)
class Report:
    """The inputs of one report.

    Attributes:
        inputs: every row that is filled in, by its section and its record, in their order: `inputs["risks"]["R1"]`, or
            `inputs["income_statement"]["VAKA.fees"]` for a line of a unit. Money in euros, revenue positive, costs
            negative; shares as fractions. A row of a total is its given figure.
        files: by which columns the rows of each section are known, and what they say.
        controls: figures printed in an older report, to be compared with ours.
        deadline: the day by which the units return their workbooks.
        contact: whom they ask.
        closed: whether the year's accounts are final.
        last_year_preliminary: whether last year's were not, when its figures were taken over.
        digest: SHA-256 of the data folder's files.
        part: code of the unit whose own workbook this is; empty for the whole report.
        others: in the division's own workbook, the units that have theirs.
        spare_keys: stem and next number of the keys that spare rows carry, by section, where a part must not use
            those of the other parts.
        choice: where its template is and what it takes from it; by the template's name when None.
    """

    template: str
    language: str
    municipality: str
    division: str
    board: str
    year: int
    period_start: date
    period_end: date
    date_of_issue: date
    responsible: str
    units: tuple[Unit, ...]
    strategic_goals: tuple[StrategicGoal, ...]
    inputs: dict[str, dict[str, Record]] = field(default_factory=dict)
    files: Mapping[str, InputFile] = field(default_factory=dict, compare=False)
    controls: list[Control] = field(default_factory=list)
    deadline: date | None = None
    contact: str = ""
    closed: bool = False
    last_year_preliminary: bool = False
    digest: str = ""
    part: str = ""
    others: tuple[Unit, ...] = ()
    spare_keys: dict[str, tuple[str, int]] = field(default_factory=dict)
    choice: Choice | None = field(default=None, compare=False)

    def rows(self, section: str) -> list[Record]:
        """The rows of a section, in their order.

        Args:
            section: such as `risks`, `income_statement`, `assessments`, `checks` or `returns`.
        """
        return list(self.inputs.get(section, {}).values())

    def row(self, section: str, *key: str) -> Record:
        """What is filled in of one record, known by its id, or by its unit and line; nothing where it is not there.

        Example:
            >>> import taulukko
            >>> report = taulukko.load("workbooks/heinola-hyvinvointi-2024-09")
            >>> report.row("risks", "R1")["likelihood"], report.row("income_statement", "VAKA", "fees")["budget"]
            (1, Decimal('260000'))
        """
        return self.inputs.get(section, {}).get(".".join(key), {})

    @property
    def owners(self) -> tuple[Unit, ...]:
        """The units that a row may be said to belong to."""
        return (*self.units, *self.others)

    @property
    def has_round(self) -> bool:
        """Whether the units fill in workbooks of their own."""
        return bool(self.deadline or self.rows(RETURNS))

    @property
    def is_areas_part(self) -> bool:
        """Whether this is the workbook of a service area, to which only what carries its code belongs."""
        return bool(self.part) and not self.whole.is_division

    @property
    def whole(self) -> Unit:
        """The division; in a report of a single unit that unit."""
        return next((unit for unit in self.units if unit.is_division), self.units[0])

    @property
    def areas(self) -> tuple[Unit, ...]:
        """The units that the whole consists of."""
        return tuple(unit for unit in self.units if unit is not self.whole)

    @property
    def period(self) -> str:
        """The period as it is printed: 1–9/2024."""
        first, last = self.period_start.month, self.period_end.month
        return f"{first}–{last}/{self.year}" if first != last else f"{last}/{self.year}"

    def for_unit(self, code: str) -> Report:
        """What belongs to one unit, for a workbook of its own; to the division also what belongs to no unit.

        Raises:
            KeyError: there is no such unit.
        """
        unit = next((unit for unit in self.units if unit.code == code), None)
        if unit is None:
            raise KeyError(code)
        codes = (code, None) if unit.is_division else (code,)
        inputs = {
            key: {record: row for record, row in rows.items() if self.files[key].shared or row.get("unit") in codes}
            for key, rows in self.inputs.items()
        }
        whole = {key for key, rows in inputs.items() if len(rows) == len(self.inputs[key])}
        return replace(
            self,
            division=unit.name,
            units=(unit,),
            others=self.areas if unit.is_division else (),
            part=code,
            inputs=inputs,
            controls=[
                control
                for control in self.controls
                if control.unit == code or (not control.unit and unit.is_division and control.section in whole)
            ],
            spare_keys={
                key: self._spare_key(code, self.inputs.get(key, ()))
                for key, file in self.files.items()
                if file.stem is not None
            },
        )

    def _spare_key(self, code: str, records: Iterable[str]) -> tuple[str, int]:
        """Stem and next number of the keys of rows that a unit adds; they begin with its code."""
        stem = f"{code}-"
        taken = [record[len(stem) :] for record in records if record.startswith(stem)]
        return stem, max((int(rest) for rest in taken if rest.isdecimal()), default=0) + 1

    def frame(self, section: str) -> pandas.DataFrame:
        """The inputs of a section as a pandas DataFrame, a row for each record.

        Args:
            section: such as `risks` or `income_statement`.

        Returns:
            One column for each input; amounts and shares as float, missing as NaN, dates as datetime64.

        Raises:
            KeyError: the report has no such section.
        """
        import pandas

        if section not in self.files:
            raise KeyError(section)
        rows = self.rows(section)
        frame = pandas.DataFrame([{k: _plain(v) for k, v in row.items()} for row in rows])
        for key in frame.columns:
            if any(isinstance(row.get(key), date) for row in rows):
                frame[key] = pandas.to_datetime(frame[key])
        return frame

    def with_frame(self, section: str, frame: pandas.DataFrame) -> Report:
        """The same report with a section's inputs taken from a DataFrame, a record for each row.

        The columns and their values are checked against the template when the report is built.

        Args:
            section: as in `frame`.
            frame: columns named as the inputs of the section; NaN, NaT and None are missing.

        Raises:
            KeyError: the report has no such section.
            FaultsError: values that no input can hold, or a row that is not known by a key of its own; `place` is the
                row, counted from 1.

        Example:
            >>> import taulukko
            >>> report = taulukko.load("workbooks/heinola-hyvinvointi-2024-09")
            >>> frame = report.frame("risks").assign(impact=1)
            >>> [risk["impact"] for risk in report.with_frame("risks", frame).rows("risks")]
            [1, 1, 1, 1, 1]
        """
        if section not in self.files:
            raise KeyError(section)
        faults: list[Finding] = []
        rows: list[Record] = []
        for number, values in enumerate(frame.itertuples(index=False, name=None), 1):
            row: Record = {}
            for key, value in zip(map(str, frame.columns), values, strict=True):
                try:
                    row[key] = _input(value)
                except ValueError:
                    faults.append(Finding("frame_value", section, str(number), key, str(value)[:80]))
            rows.append(row)
        missing = self.files[section].key_names - {*map(str, frame.columns)} if rows else ()
        faults += [
            Finding("column_missing", section, "", key, ", ".join(map(str, frame.columns))) for key in sorted(missing)
        ]
        if faults:
            raise FaultsError(*faults)
        digest = hashlib.sha256(f"{self.digest} {section} {rows}".encode()).hexdigest()
        return replace(self.with_rows(section, rows), digest=digest)

    def with_rows(self, section: str, rows: Iterable[Record]) -> Report:
        """The same report with other rows of a section.

        Raises:
            KeyError: the report has no such section.
            FaultsError: two rows with one key, or a row without; `place` is the row, counted from 1.
        """
        names, found = [column.key for column in self.files[section].keys], dict[str, Record]()
        faults = []
        for number, row in enumerate(rows, 1):
            record = self.files[section].record(row)
            faults += [Finding("required", section, str(number), key) for key in names if row.get(key) is None]
            if record in found:
                texts = ", ".join(str(row.get(key) or "") for key in names)
                faults.append(Finding("key_twice", section, str(number), ", ".join(names), texts))
            found[record] = row
        if faults:
            raise FaultsError(*faults)
        return replace(self, inputs=self.inputs | {section: found})


def _input(value: object) -> Input:
    """What a cell of a DataFrame says, as an input.

    Raises:
        ValueError: it is infinite, or neither text, number nor day.
    """
    if value is None or type(value).__name__ in ("NaTType", "NAType") or bool(value != value):
        return None
    if isinstance(value, str):
        return value or None
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, numbers.Real | Decimal) and not isinstance(value, bool):
        exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
        if exact.is_finite():
            return exact
    raise ValueError(value)


def _plain(value: Input) -> object:
    return float(value) if isinstance(value, Decimal) else value
