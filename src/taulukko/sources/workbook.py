"""A filled workbook: its inputs found by their keys and defined names, and read into a report.

Nothing is found by an address or a label, so a sorted table and a renamed or moved sheet read the same. What cannot be
read is a fault with its place, and is left out of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from taulukko.errors import Fault, FaultsError
from taulukko.model import Acceptance, Input, Record, Report
from taulukko.numbers import canonical
from taulukko.sources import limits
from taulukko.sources.field import field_reader
from taulukko.sources.folder import ACCEPTANCE, ASSESSMENT
from taulukko.sources.package import BLANK, Cell, Package, WorkbookError, open_package
from taulukko.sources.references import Area, a1
from taulukko.sources.shape import NAME, SCHEMA, report_of, sheet_name, statement_name
from taulukko.template import Template, find_template
from taulukko.template.kept import kept_template
from taulukko.template.schema import ChecksSection, Column, Line, Member, RecordsSection, StatementSection

EPOCH = date(1899, 12, 30)
LAST_DAY = 2_958_465
"""31.12.9999, the last day Excel knows."""

UNLIKELY: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, ArithmeticError, AssertionError)
UNLIKELY += (AttributeError, RecursionError)
"""What a garbled identity sheet may run into."""

Key = tuple[str, str, str]
"""Section, key of the row, field. The row of a statement is `VAKA.fees`."""


@dataclass(slots=True)
class Inputs:
    """What a filled workbook holds.

    Attributes:
        report: as the workbook is filled in now.
        template: with the parameters and limits that stand in the workbook.
        built: what the workbook was laid out from, with fillers for free texts.
        built_template: as it was then.
        facts: what the identity sheet says of the workbook itself.
        sheets: title of each sheet by its key, without those that are gone.
        places: `Sheet!A1` of each input cell.
        faults: what could not be read, with its place.
    """

    package: Package
    report: Report
    template: Template
    built: Report
    built_template: Template
    facts: dict[str, str]
    sheets: dict[str, str]
    places: dict[Key, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_inputs(path: Path, template_folder: Path | None = None) -> Inputs:
    """Read the inputs of a workbook that this package built and somebody may have filled in.

    Args:
        template_folder: instead of the template that the workbook names.

    Raises:
        WorkbookError: the file is damaged, not ours, or of another version of its template.
    """
    package = open_package(path)
    rows = _identity(package)
    facts = {key: value for kind, key, value in rows if kind == "workbook"}
    if facts.get("schema") != f"v{SCHEMA}":
        raise WorkbookError("other_version", facts.get("schema", ""), f"v{SCHEMA}")
    template = _template(facts, template_folder)
    try:
        built = report_of(rows, template)
    except UNLIKELY as error:
        raise WorkbookError("not_ours", f"{NAME}: {error}"[:200]) from error
    report = _copy(built)
    keys = [key for kind, key, _ in rows if kind == "sheet"]
    found = {key: package.area(sheet_name(number)) for number, key in enumerate(keys, 1)}
    sheets = {key: place[0] for key, place in found.items() if place}
    inputs = Inputs(package, report, template, built, template, facts, sheets)
    _Reader(inputs).read_all()
    package.check_formulas()
    return inputs


def _identity(package: Package) -> list[tuple[str, str, str]]:
    if NAME not in package.sheets:
        raise WorkbookError("not_ours")
    cells = package.cells(NAME)
    rows = sorted({row for row, _ in cells} - {0})
    limits.FACTS.check(len(rows))
    texts = ([str(cells.get((row, column), BLANK).value or "") for column in range(3)] for row in rows)
    return [(kind, key, value) for kind, key, value in texts]


def _copy(report: Report) -> Report:
    """Another report of the same records, each of which may be replaced but not changed."""
    return replace(
        report,
        records=dict(report.records),
        figures=dict(report.figures),
        assessments=dict(report.assessments),
        controls=list(report.controls),
        acceptances=list(report.acceptances),
    )


def _template(facts: dict[str, str], folder: Path | None) -> Template:
    name, language, version = (facts.get(key, "") for key in ("template", "language", "template_version"))
    if not folder and not name.isidentifier():
        raise WorkbookError("not_ours", name[:200])
    try:
        template = kept_template(folder or find_template(name), language)
    except FaultsError as error:
        raise WorkbookError("not_ours", f"{name} {language}: {error}"[:200]) from error
    if version != f"v{template.head.version}":
        raise WorkbookError("other_version", f"{name} {version}", f"{name} v{template.head.version}")
    return template


CellRead = tuple[Input, str | None, tuple[str, ...]]
"""Value, code of the fault if there is one, what would be allowed."""


@dataclass(slots=True)
class _Reader:
    inputs: Inputs
    words: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def read_all(self) -> None:
        report, template = self.inputs.report, self.inputs.template
        self.inputs.template = self._with_parameters(template)
        report.assessments.clear()
        for key, section in template.sections.items():
            if isinstance(section, RecordsSection):
                report.records[key] = list(self._records(key, section))
            elif isinstance(section, StatementSection):
                self._statement(key, section)
            elif isinstance(section, ChecksSection):
                report.acceptances = list(self._acceptances(key))

    def _records(self, key: str, section: RecordsSection) -> Iterator[Record]:
        """The rows in use, in the order they stand; a row with a spare key and nothing else is not in use."""
        columns = {column.key: column for column in section.columns if column.role != "computed"}
        own = next(column.key for column in columns.values() if column.role == "key")
        areas = self._columns(key, columns)
        if own not in areas:
            return
        sheet, first = areas[own]
        seen: set[str] = set()
        for row in self.inputs.package.rows(sheet, first._replace(bottom=self._bottom(sheet, first))):
            inputs = {c: area.left for c, (_, area) in areas.items() if c != own}
            if not any(_filled(self._cell(sheet, row, left)) for left in inputs.values()):
                continue
            identity = self._identity(sheet, row, first.left, own, seen)
            record: Record = {own: identity}
            for column, left in inputs.items():
                record[column] = self._input((key, identity, column), sheet, row, left, columns[column])
            yield record

    def _identity(self, sheet: str, row: int, left: int, own: str, seen: set[str]) -> str:
        """The key of a record; one of its own for a row without a key or with another row's."""
        identity = shown(self._cell(sheet, row, left)).strip()
        if not identity or identity.lower() in seen:
            self._fault("key_twice" if identity else "required", f"{sheet}!{a1(row, left)}", own, identity, ())
            identity = f"{identity}#{row + 1}"
        seen.add(identity.lower())
        return identity

    def _columns(self, name: str, columns: Iterable[str]) -> dict[str, tuple[str, Area]]:
        """Where each column stands, by its defined name; those that are gone are faults."""
        found = {column: self.inputs.package.area(f"{name}.column.{column}") for column in columns}
        for column, place in found.items():
            if place is None:
                self._fault("name_missing", self.inputs.package.path.name, column, "", (f"{name}.column.{column}",))
        return {column: place for column, place in found.items() if place}

    def _bottom(self, sheet: str, area: Area) -> int:
        """The last row of a column, also when its table has grown since the name was given."""
        tables = [table.area for table in self.inputs.package.tables.values() if table.sheet == sheet]
        return next((table.bottom for table in tables if table.top == area.top - 1), area.bottom)

    def _statement(self, key: str, section: StatementSection) -> None:
        report, built = self.inputs.report, self.inputs.built
        columns = {column.key: column for column in section.columns if column.role == "input"}
        lines = {line.key: line for line in section.lines}
        for number, unit in enumerate(report.units):
            name = statement_name(key, number)
            areas = self._columns(name, ("line", *columns))
            found = self._lines(key, unit.code, areas, columns, lines) if "line" in areas else {}
            for line, record in found.items():
                report.figures.pop((unit.code, line), None)
                if (unit.code, line) in built.figures or _any(record):
                    report.figures[unit.code, line] = record
            assessment = self._assessment(key, name, unit.code)
            if _any(assessment):
                report.assessments[unit.code] = {"unit": unit.code, **assessment}

    def _lines(
        self,
        key: str,
        unit: str,
        areas: dict[str, tuple[str, Area]],
        columns: dict[str, Column],
        lines: dict[str, Line],
    ) -> dict[str, Record]:
        """Each line's figures from the table, or from where a total is given, and its notes from the block below."""
        sheet, keys = areas["line"]
        records: dict[str, Record] = {}
        for row in self.inputs.package.rows(sheet, keys):
            block, _, line = shown(self._cell(sheet, row, keys.left)).rpartition(".")
            if line not in lines or (not block and lines[line].kind != "line"):
                continue
            record = records.setdefault(line, dict.fromkeys(columns))
            for name, column in columns.items():
                if name in areas and column.place == ("notes" if block == "notes" else "table"):
                    left = areas[name][1].left
                    record[name] = self._input((key, f"{unit}.{line}", name), sheet, row, left, column)
        return records

    def _assessment(self, key: str, name: str, unit: str) -> Record:
        columns = {f"{name}.assessment.{column.key}": column for column in ASSESSMENT if column.role != "key"}
        return {
            column.key: self._named((key, unit, f"assessment.{column.key}"), place, column)
            for place, column in columns.items()
        }

    def _acceptances(self, key: str) -> Iterator[Acceptance]:
        columns = {column.key: column for column in ACCEPTANCE}
        areas = self._columns(key, columns)
        if len(areas) < len(columns):
            return
        sheet, first = areas["key"]
        for row in self.inputs.package.rows(sheet, first):
            identity = shown(self._cell(sheet, row, first.left))
            reason, name, day = (
                self._input((key, identity, c), sheet, row, areas[c][1].left, columns[c])
                for c in ("reason", "name", "date")
            )
            if identity and (reason or name or day):
                yield Acceptance(identity, str(reason or ""), str(name or ""), day if isinstance(day, date) else None)

    def _with_parameters(self, template: Template) -> Template:
        """The template with the thresholds that stand in the workbook; facts among them go to the report."""
        parameters, scales = dict(template.head.parameters), dict(template.head.scales)
        for key, parameter in parameters.items():
            if parameter.formula:
                continue
            column = Column(key=key, type=parameter.format)
            value = self._named(("parameters", key, "value"), f"parameters.{key}", column)
            if value is not None and parameter.report:
                setattr(self.inputs.report, parameter.report, value)
            elif isinstance(value, int | Decimal):
                parameters[key] = parameter.model_copy(update={"value": float(value)})
        for key, scale in scales.items():
            if scale.members[0].from_ is not None:
                scales[key] = scale.model_copy(update={"members": tuple(self._with_limits(key, scale.members))})
        head = template.head.model_copy(update={"parameters": parameters, "scales": scales})
        return template.model_copy(update={"head": head})

    def _with_limits(self, key: str, members: tuple[Member, ...]) -> Iterator[Member]:
        place = self.inputs.package.area(f"lists.{key}_from")
        for number, member in enumerate(members):
            column = Column(key=member.key, type="number")
            limit = self._at(("lists", f"{key}_from", member.key), place, number, column) if place else None
            yield member if limit is None else member.model_copy(update={"from_": float(limit)})  # type: ignore[arg-type]

    def _named(self, key: Key, name: str, column: Column) -> Input:
        """The input in the cell of a defined name."""
        place = self.inputs.package.area(name)
        if place is None:
            self._fault("name_missing", self.inputs.package.path.name, column.key, "", (name,))
            return None
        return self._at(key, place, 0, column)

    def _at(self, key: Key, place: tuple[str, Area], row: int, column: Column) -> Input:
        sheet, area = place
        return self._input(key, sheet, area.top + row, area.left, column)

    def _input(self, key: Key, sheet: str, row: int, left: int, column: Column) -> Input:
        cell, place = self._cell(sheet, row, left), f"{sheet}!{a1(row, left)}"
        self.inputs.places[key] = place
        if not _filled(cell):
            return None
        value, code, allowed = self._read(cell, column)
        if code:
            self._fault(code, place, column.key, shown(cell), allowed)
            return None
        return value

    def _cell(self, sheet: str, row: int, left: int) -> Cell:
        return self.inputs.package.cells(sheet).get((row, left), BLANK)

    def _read(self, cell: Cell, column: Column) -> CellRead:
        """Spell the cell as a data folder would and read it by the rules of the data folder."""
        report, template = self.inputs.built, self.inputs.built_template
        value = cell.value
        if cell.error:
            return None, "cell_error", ()
        if column.is_text:
            words = self.words.get(column.scale or "")
            if words is None:
                words = self.words[column.scale or ""] = self._words(column)
            known = next((key for word, key in words if word.strip().lower() == str(value).strip().lower()), None)
            if words and known is None:
                return None, "value_outside", tuple(word for word, _ in words)
            text = known or _spelled(value)
        elif not isinstance(value, float):
            return None, "text_in_number", ()
        elif column.type == "date":
            if not 1 <= value <= LAST_DAY:
                return None, "value_outside", ("1900 – 9999",)
            text = (EPOCH + timedelta(days=int(value))).isoformat()
        else:
            text = _spelled(value)
        found, code, allowed = field_reader(column, report, template)(text)
        return found, code and (code if column.is_text and not column.scale else "value_outside"), allowed

    def _words(self, column: Column) -> list[tuple[str, str]]:
        """The words of a column's list as they stand on the lists sheet, each with its key; none for a free text."""
        report, template = self.inputs.built, self.inputs.built_template
        match column.scale:
            case None:
                return []
            case "units":
                return [(unit.code, unit.code) for unit in report.units]
            case "strategic_goals":
                return [(goal.name, goal.key) for goal in report.strategic_goals]
        members = template.head.scales[column.scale].members
        return [(self._word(column.scale, member.key), member.key) for member in members]

    def _word(self, scale: str, key: str) -> str:
        found = self.inputs.package.at(f"{scale}.{key}").value
        return found if isinstance(found, str) else self.inputs.built_template.label(f"scales.{scale}.{key}")

    def _fault(self, code: str, place: str, column: str, found: str, allowed: tuple[str, ...]) -> None:
        self.inputs.faults.append(Fault(code, self.inputs.package.path.name, place, column, found[:80], allowed))


def _any(record: Record) -> bool:
    return any(value is not None for value in record.values())


def _filled(cell: Cell) -> bool:
    return cell is not BLANK and bool(shown(cell).strip())


def _spelled(value: float | str | bool | None) -> str:
    if isinstance(value, float):
        return canonical(Decimal(repr(value)))
    return str(value or "")


def shown(cell: Cell) -> str:
    """What a cell holds, for a message."""
    return cell.error or _spelled(cell.value)


__all__ = ["Inputs", "Key", "read_inputs", "shown"]
