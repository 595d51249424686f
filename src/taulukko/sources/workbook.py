"""A filled workbook: its inputs found by their keys and defined names, and read into a report.

Nothing is found by an address or a label, so a sorted table and a renamed or moved sheet read the same. What cannot be
read is a fault with its place, and is left out of the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from taulukko.errors import Fault, FaultsError
from taulukko.model import Acceptance, Input, Record, Report
from taulukko.numbers import canonical
from taulukko.sources.field import field_reader
from taulukko.sources.folder import ACCEPTANCE, ASSESSMENT
from taulukko.sources.package import BLANK, Cell, Package, WorkbookError, open_package
from taulukko.sources.references import Area, a1
from taulukko.sources.shape import NAME, SCHEMA, report_of, sheet_name, statement_name
from taulukko.template import Template, find_template, load_template
from taulukko.template.schema import ChecksSection, Column, Line, RecordsSection, StatementSection

EPOCH = date(1899, 12, 30)
LAST_DAY = 2_958_465
"""31.12.9999, the last day Excel knows."""

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
        built, report = report_of(rows, template), report_of(rows, template)
    except (ValueError, LookupError, TypeError) as error:
        raise WorkbookError("not_ours", f"{NAME}: {error}"[:200]) from error
    keys = [key for kind, key, _ in rows if kind == "sheet"]
    found = {key: package.area(sheet_name(number)) for number, key in enumerate(keys, 1)}
    sheets = {key: place[0] for key, place in found.items() if place}
    inputs = Inputs(package, report, template, built, template, facts, sheets)
    _Reader(inputs).read_all()
    return inputs


def _identity(package: Package) -> list[tuple[str, str, str]]:
    if NAME not in package.sheets:
        raise WorkbookError("not_ours")
    cells = package.cells(NAME)
    last = max((row for row, _ in cells), default=0)
    texts = ([str(cells.get((row, column), BLANK).value or "") for column in range(3)] for row in range(1, last + 1))
    return [(kind, key, value) for kind, key, value in texts]


def _template(facts: dict[str, str], folder: Path | None) -> Template:
    name, language, version = (facts.get(key, "") for key in ("template", "language", "template_version"))
    try:
        template = load_template(folder or find_template(name), language)
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

    def read_all(self) -> None:
        report, template = self.inputs.report, self.inputs.template
        self.inputs.template = self._parameters()
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
        id_key = next(column.key for column in columns.values() if column.role == "key")
        areas = self._columns(key, columns)
        if not areas:
            return
        sheet, first = areas[id_key] if id_key in areas else next(iter(areas.values()))
        cells, seen = self.inputs.package.cells(sheet), set[str]()
        for row in range(first.top, self._bottom(sheet, first) + 1):
            found = {c: cells.get((row, area.left), BLANK) for c, (_, area) in areas.items()}
            used = any(_filled(cell) for c, cell in found.items() if c != id_key)
            identity = str(found.get(id_key, BLANK).value or "").strip() or f"#{row + 1}"
            if used and (identity[0] == "#" or identity.lower() in seen):
                code = "required" if identity[0] == "#" else "key_twice"
                place = f"{sheet}!{a1(row, first.left)}"
                self._fault(code, place, id_key, identity, ())
                identity = identity if identity.lower() not in seen else f"{identity}#{row + 1}"
            seen.add(identity.lower())
            record: Record = {id_key: identity}
            for column, (_, area) in areas.items():
                if column != id_key:
                    place = f"{sheet}!{a1(row, area.left)}"
                    record[column] = self._input((key, identity, column), place, found[column], columns[column])
            if used:
                yield record

    def _columns(self, name: str, columns: dict[str, Column]) -> dict[str, tuple[str, Area]]:
        """Where each column stands, by its defined name; those that are gone are faults."""
        found = {column: self.inputs.package.area(f"{name}.column.{column}") for column in columns}
        for column, place in found.items():
            if place is None:
                self._fault("name_missing", name, column, "", (f"{name}.column.{column}",))
        return {column: place for column, place in found.items() if place}

    def _bottom(self, sheet: str, area: Area) -> int:
        """The last row of a column, also when its table has grown since the name was given."""
        tables = (t.area.bottom for t in self.inputs.package.tables.values() if t.sheet == sheet)
        tops = (t.area.top for t in self.inputs.package.tables.values() if t.sheet == sheet)
        return max((bottom for top, bottom in zip(tops, tables, strict=True) if top == area.top - 1), default=area.bottom)

    def _statement(self, key: str, section: StatementSection) -> None:
        report = self.inputs.report
        columns = {column.key: column for column in section.columns if column.role == "input"}
        line_column = Column(key="line", type="text", role="key")
        lines = {line.key: line for line in section.lines}
        for number, unit in enumerate(report.units):
            name = statement_name(key, number)
            areas = self._columns(name, {"line": line_column, **columns})
            if "line" in areas:
                for line, record in self._lines(key, unit.code, areas, columns, lines).items():
                    built = self.inputs.built.figures.get((unit.code, line))
                    report.figures.pop((unit.code, line), None)
                    if built or any(value is not None for value in record.values()):
                        report.figures[unit.code, line] = record
            assessment = self._assessment(key, name, unit.code)
            if any(value is not None for value in assessment.values()):
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
        sheet, place = areas["line"]
        cells = self.inputs.package.cells(sheet)
        records: dict[str, Record] = {}
        for row in range(place.top, place.bottom + 1):
            block, _, line = str(cells.get((row, place.left), BLANK).value or "").rpartition(".")
            if line not in lines or (not block and lines[line].kind != "line"):
                continue
            wanted = "notes" if block == "notes" else "table"
            record = records.setdefault(line, dict.fromkeys(columns))
            for column, (_, area) in areas.items():
                if column != "line" and columns[column].place == wanted:
                    cell, at = cells.get((row, area.left), BLANK), f"{sheet}!{a1(row, area.left)}"
                    record[column] = self._input((key, f"{unit}.{line}", column), at, cell, columns[column])
        return records

    def _assessment(self, key: str, name: str, unit: str) -> Record:
        record: Record = {}
        for column in ASSESSMENT[1:]:
            place = self.inputs.package.area(f"{name}.assessment.{column.key}")
            if place:
                sheet, area = place
                cell = self.inputs.package.cells(sheet).get((area.top, area.left), BLANK)
                at = f"{sheet}!{a1(area.top, area.left)}"
                record[column.key] = self._input((key, unit, f"assessment.{column.key}"), at, cell, column)
        return record

    def _acceptances(self, key: str) -> Iterator[Acceptance]:
        columns = {column.key: column for column in ACCEPTANCE}
        areas = self._columns(key, columns)
        if len(areas) < len(columns):
            return
        sheet, first = areas["key"]
        cells = self.inputs.package.cells(sheet)
        for row in range(first.top, first.bottom + 1):
            identity = str(cells.get((row, first.left), BLANK).value or "")
            record: Record = {}
            for column, (_, area) in areas.items():
                if column != "key":
                    cell, at = cells.get((row, area.left), BLANK), f"{sheet}!{a1(row, area.left)}"
                    record[column] = self._input((key, identity, column), at, cell, columns[column])
            if identity and any(value is not None for value in record.values()):
                day = record["date"]
                words = (str(record[part] or "") for part in ("reason", "name"))
                yield Acceptance(identity, *words, day if isinstance(day, date) else None)

    def _parameters(self) -> Template:
        """The template with the thresholds that stand in the workbook; facts among them go to the report."""
        template, report = self.inputs.template, self.inputs.report
        parameters, scales = dict(template.head.parameters), dict(template.head.scales)
        for key, parameter in parameters.items():
            if parameter.formula:
                continue
            column = Column(key=key, type=parameter.format)
            value = self._named(("parameters", key, "value"), f"parameters.{key}", column)
            if value is not None and parameter.report:
                setattr(report, parameter.report, value)
            elif isinstance(value, int | Decimal):
                parameters[key] = parameter.model_copy(update={"value": float(value)})
        for key, scale in scales.items():
            place = self.inputs.package.area(f"lists.{key}_from")
            if scale.members[0].from_ is None or place is None:
                continue
            sheet, area = place
            cells = [self.inputs.package.cells(sheet).get((area.top + n, area.left), BLANK) for n in range(len(scale.members))]
            members = tuple(
                member.model_copy(update={"from_": cell.value}) if isinstance(cell.value, float) else member
                for member, cell in zip(scale.members, cells, strict=True)
            )
            scales[key] = scale.model_copy(update={"members": members})
        head = template.head.model_copy(update={"parameters": parameters, "scales": scales})
        return template.model_copy(update={"head": head})

    def _named(self, key: Key, name: str, column: Column) -> Input:
        place = self.inputs.package.area(name)
        if place is None:
            self._fault("name_missing", name, column.key, "", (name,))
            return None
        sheet, area = place
        cell = self.inputs.package.cells(sheet).get((area.top, area.left), BLANK)
        return self._input(key, f"{sheet}!{a1(area.top, area.left)}", cell, column)

    def _input(self, key: Key, place: str, cell: Cell, column: Column) -> Input:
        self.inputs.places[key] = place
        if not _filled(cell):
            return None
        value, code, allowed = self._read(cell, column)
        if code:
            self._fault(code, place, column.key, shown(cell), allowed)
            return None
        return value

    def _read(self, cell: Cell, column: Column) -> CellRead:
        """Spell the cell as a data folder would and read it by the rules of the data folder."""
        report, template = self.inputs.built, self.inputs.built_template
        value = cell.value
        if column.is_text:
            words = self._words(column)
            if words is None:
                text = _spelled(value)
            elif (known := words.get(str(value).strip().lower())) is not None:
                text = known
            else:
                return None, "value_outside", tuple(words)
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

    def _words(self, column: Column) -> dict[str, str] | None:
        """Key of each word of a list, by the word as it stands on the lists sheet; None for a free text."""
        report, template = self.inputs.built, self.inputs.built_template
        if not column.scale:
            return None
        if column.scale == "units":
            return {unit.code.lower(): unit.code for unit in report.units}
        if column.scale == "strategic_goals":
            return {goal.name.strip().lower(): goal.key for goal in report.strategic_goals}
        keys = [member.key for member in template.head.scales[column.scale].members]
        return {self._word(column.scale, key).strip().lower(): key for key in keys}

    def _word(self, scale: str, key: str) -> str:
        found = self.inputs.package.at(f"{scale}.{key}").value
        return found if isinstance(found, str) else self.inputs.built_template.label(f"scales.{scale}.{key}")

    def _cell(self, sheet: str, row: int, column: int) -> tuple[str, Cell]:
        """A cell with its place."""
        return f"{sheet}!{a1(row, column)}", self.inputs.package.cells(sheet).get((row, column), BLANK)

    def _fault(self, code: str, place: str, column: str, found: str, allowed: tuple[str, ...]) -> None:
        self.inputs.faults.append(Fault(code, self.inputs.package.path.name, place, column, found[:80], allowed))


def _filled(cell: Cell) -> bool:
    return bool(cell.error) or (cell.value is not None and (not isinstance(cell.value, str) or bool(cell.value.strip())))


def _spelled(value: float | str | bool | None) -> str:
    if isinstance(value, float):
        return canonical(Decimal(repr(value)))
    return str(value or "")


def shown(cell: Cell) -> str:
    """What a cell holds, for a message."""
    return cell.error or _spelled(cell.value)


__all__ = ["Inputs", "Key", "read_inputs", "shown"]
