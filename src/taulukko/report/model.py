"""A report as data: who, when, and the inputs of each section. Nothing computed is kept here."""

from __future__ import annotations

import hashlib
import numbers
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from taulukko.errors import FaultsError, Finding

if TYPE_CHECKING:
    import pandas

    from taulukko.template import Choice

Input = str | Decimal | int | date | None
Record = dict[str, Input]


@dataclass(frozen=True, slots=True)
class Unit:
    """A division or one of its service areas."""

    code: str
    name: str
    short: str
    level: str

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


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Somebody's reasoned acceptance of a failing check."""

    key: str
    reason: str
    name: str
    day: date | None


@dataclass(slots=True)
class Report:
    """The inputs of one report.

    Attributes:
        records: rows of each records section, by section key, in their order; money in euros, shares as fractions.
        figures: rows of the statement, by unit code and line key; revenue positive, costs negative. A row of a total is
            its given figure.
        assessments: what each unit says of its budget, by unit code.
        returns: what each unit says of its own workbook, by unit code: state, name, date.
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
    records: dict[str, list[Record]] = field(default_factory=dict)
    figures: dict[tuple[str, str], Record] = field(default_factory=dict)
    assessments: dict[str, Record] = field(default_factory=dict)
    controls: list[Control] = field(default_factory=list)
    acceptances: list[Acceptance] = field(default_factory=list)
    returns: dict[str, Record] = field(default_factory=dict)
    deadline: date | None = None
    contact: str = ""
    closed: bool = False
    last_year_preliminary: bool = False
    digest: str = ""
    part: str = ""
    others: tuple[Unit, ...] = ()
    spare_keys: dict[str, tuple[str, int]] = field(default_factory=dict)
    choice: Choice | None = field(default=None, compare=False)

    @property
    def owners(self) -> tuple[Unit, ...]:
        """The units that a row may be said to belong to."""
        return (*self.units, *self.others)

    @property
    def has_round(self) -> bool:
        """Whether the units fill in workbooks of their own."""
        return bool(self.deadline or self.returns)

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
        records = {key: [row for row in rows if row.get("unit") in codes] for key, rows in self.records.items()}
        whole = {key for key, rows in records.items() if len(rows) == len(self.records[key])}
        return replace(
            self,
            division=unit.name,
            units=(unit,),
            others=self.areas if unit.is_division else (),
            part=code,
            records=records,
            figures={place: row for place, row in self.figures.items() if place[0] == code},
            assessments={place: row for place, row in self.assessments.items() if place == code},
            returns={place: row for place, row in self.returns.items() if place == code},
            controls=[
                control
                for control in self.controls
                if control.unit == code or (not control.unit and unit.is_division and control.section in whole)
            ],
            spare_keys={key: self._spare_key(code, rows) for key, rows in self.records.items()},
        )

    def _spare_key(self, code: str, rows: list[Record]) -> tuple[str, int]:
        """Stem and next number of the keys of rows that a unit adds; they begin with its code."""
        stem = f"{code}-"
        taken = [str(row["id"])[len(stem) :] for row in rows if str(row["id"]).startswith(stem)]
        return stem, max((int(rest) for rest in taken if rest.isdecimal()), default=0) + 1

    def frame(self, section: str) -> pandas.DataFrame:
        """The inputs of a section as a pandas DataFrame, a row for each record.

        Args:
            section: a records section such as `risks`, or `income_statement`.

        Returns:
            One column for each input; amounts and shares as float, missing as NaN, dates as datetime64.

        Raises:
            KeyError: the report has no such section.
        """
        import pandas

        if section == "income_statement":
            rows: list[dict[str, Any]] = [{"unit": u, "line": li, **row} for (u, li), row in self.figures.items()]
        else:
            rows = [dict(row) for row in self.records[section]]
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
            FaultsError: values that no input can hold; `place` is the row, counted from 1.

        Example:
            >>> import taulukko
            >>> report = taulukko.load("workbooks/heinola-hyvinvointi-2024-09")
            >>> frame = report.frame("risks").assign(impact=1)
            >>> [risk["impact"] for risk in report.with_frame("risks", frame).records["risks"]]
            [1, 1, 1, 1, 1]
        """
        if section != "income_statement" and section not in self.records:
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
        columns = {"unit", "line"} if section == "income_statement" else set()
        missing = sorted(columns - set(map(str, frame.columns)))
        faults += [Finding("column_missing", section, "", key, ", ".join(map(str, frame.columns))) for key in missing]
        if faults:
            raise FaultsError(*faults)
        digest = hashlib.sha256(f"{self.digest} {section} {rows}".encode()).hexdigest()
        if section != "income_statement":
            return replace(self, records=self.records | {section: rows}, digest=digest)
        return replace(self, figures=_figures(rows), digest=digest)


def _figures(rows: list[Record]) -> dict[tuple[str, str], Record]:
    """Rows of the statement by unit and line.

    Raises:
        FaultsError: two rows for one line of a unit, or a row without either.
    """
    figures: dict[tuple[str, str], Record] = {}
    faults = []
    for number, row in enumerate(rows, 1):
        place = str(row["unit"] or ""), str(row["line"] or "")
        faults += [
            Finding("required", "income_statement", str(number), key) for key in ("unit", "line") if row[key] is None
        ]
        if place in figures:
            faults.append(Finding("key_twice", "income_statement", str(number), "unit, line", ", ".join(place)))
        figures[place] = {key: value for key, value in row.items() if key not in ("unit", "line")}
    if faults:
        raise FaultsError(*faults)
    return figures


def _input(value: Any) -> Input:
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


def _plain(value: Input) -> Any:
    return float(value) if isinstance(value, Decimal) else value
