"""A filled workbook: its inputs found by their keys and defined names, and read into a report.

Nothing is found by an address or a label, so a sorted table and a renamed or moved sheet read the same. What cannot be
read is a fault with its place, and is left out of the report; what could be read though it was not as it should be is a
note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from taulukko.errors import Fault, FaultsError
from taulukko.model import Acceptance, Input, Record, Report
from taulukko.numbers import NumberError, canonical, parse_amount, parse_integer, parse_share
from taulukko.sources import limits
from taulukko.sources.facts import text_fault
from taulukko.sources.field import SHARES, field_reader
from taulukko.sources.fields import ACCEPTANCE, ASSESSMENT, RETURN, RETURNS, Key, Marks, Place, mark, written
from taulukko.sources.folder import order_faults
from taulukko.sources.keys import Keyed, next_key, settle, strangers
from taulukko.sources.package import BLANK, Cell, Package, WorkbookError, open_package
from taulukko.sources.references import Area, a1
from taulukko.sources.shape import NAME, SCHEMA, shape_of, sheet_name, statement_name
from taulukko.sources.table import Row, rows_in_use
from taulukko.template import Template, find_template
from taulukko.template.kept import kept_template
from taulukko.template.schema import ChecksSection, Column, Line, Member, RecordsSection, StatementSection

EPOCH = date(1899, 12, 30)
LAST_DAY = 2_958_465
"""31.12.9999, the last day Excel knows."""

UNLIKELY: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, ArithmeticError, AssertionError)
UNLIKELY += (AttributeError, RecursionError)
"""What a garbled identity sheet may run into."""


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
        base: the marks of what each input was when the workbook was first built.
        places: `Sheet!A1` of each input cell.
        typed: what stands in the cells that could not be read.
        gone: sections whose rows could not be read.
        unclear: records of which nobody can tell which of two rows they are.
        doubtful: section and place of each row that is left out because of its key, and what it holds.
        faults: what could not be read, with its place.
        notes: what was read although it was not as it should be, likewise.
    """

    package: Package
    report: Report
    template: Template
    built: Report
    built_template: Template
    facts: dict[str, str]
    sheets: dict[str, str]
    base: Marks
    places: dict[Key, str] = field(default_factory=dict)
    typed: dict[Key, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unclear: set[Place] = field(default_factory=set)
    doubtful: list[tuple[str, str, Record]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


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
        built, base = shape_of(rows, template)
    except UNLIKELY as error:
        raise WorkbookError("not_ours", f"{NAME}: {error}"[:200]) from error
    report = _copy(built)
    titles = {key: title for kind, key, title in rows if kind == "sheet"}
    found = {key: package.area(sheet_name(number)) for number, key in enumerate(titles, 1)}
    sheets = {key: place[0] for key, place in found.items() if place}
    inputs = Inputs(package, report, template, built, template, facts, sheets, base)
    _Reader(inputs, titles).read_all()
    package.check_formulas()
    return inputs


def _identity(package: Package) -> list[tuple[str, str, str]]:
    if NAME not in package.sheets:
        ours = any(".column." in name for name in package.names)
        raise WorkbookError("identity_missing" if ours else "not_ours")
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
    titles: dict[str, str]
    """Title of each sheet by its key, as the workbook was built."""
    words: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def read_all(self) -> None:
        report, template = self.inputs.report, self.inputs.template
        self.inputs.template = self._with_parameters(template)
        report.assessments.clear()
        for key, section in template.sections.items():
            if isinstance(section, RecordsSection):
                if section.has_unit or not report.is_areas_part:
                    report.records[key] = list(self._records(key, section))
            elif isinstance(section, StatementSection):
                self._statement(key, section)
            elif isinstance(section, ChecksSection):
                report.acceptances = list(self._acceptances(key))
        if report.part:
            self._handover(report.part)

    def _has_sheet(self, key: str) -> bool:
        """Whether a sheet is there; a fault when it is not."""
        if key in self.inputs.sheets:
            return True
        self._fault("sheet_missing", self.titles[key], "", "", ())
        return False

    def _handover(self, unit: str) -> None:
        """What the sender says of the workbook on its cover."""
        row = {c.key: self._named((RETURNS, unit, c.key), f"{RETURNS}.{c.key}", c) for c in RETURN[1:]}
        self.inputs.report.returns = {unit: {"unit": unit, **row}} if _any(row) else {}

    def _records(self, key: str, section: RecordsSection) -> Iterator[Record]:
        """The rows in use, in the order they stand; a row with a spare key and nothing else is not in use."""
        columns = {column.key: column for column in section.columns if column.role != "computed"}
        own = next(column.key for column in columns.values() if column.role == "key")
        top = key
        while (above := self.inputs.template.records()[top].below) is not None:
            top = above
        areas = self._columns(key, columns) if self._has_sheet(top) else {}
        if own not in areas:
            self.inputs.gone.add(key)
            return
        sheet, first = areas[own]
        lefts = {c: area.left for c, (_, area) in areas.items() if c != own}
        headings = {text for label, text in self.inputs.built_template.labels.items() if label.startswith("sections.")}
        rows = list(rows_in_use(self.inputs.package, sheet, first, lefts.values(), headings))
        keyed, apart = self._keyed(key, section, rows, sheet, lefts, first)
        if apart:
            self._fault("keys_apart", sheet, own, ", ".join(sorted(apart)), ())
            self.inputs.gone.add(key)
            return
        for row, identity, code in keyed:
            place = f"{sheet}!{a1(row, first.left)}"
            unfit = identity.startswith("#") or bool(text_fault(identity))
            if code == "key_twice" or unfit:
                self._fault("key_unfit" if unfit else "key_twice", place, own, identity, ())
                self.inputs.unclear.add((key, identity))
                read = {c: self._read(self._cell(sheet, row, left), columns[c])[0] for c, left in lefts.items()}
                self.inputs.doubtful.append((key, place, {own: identity, **read}))
                continue
            if code:
                self._note(code, place, own, identity)
            record = {c: self._input((key, identity, c), sheet, row, left, columns[c]) for c, left in lefts.items()}
            if self.inputs.report.is_areas_part and record.get("unit") is None:
                record["unit"] = self.inputs.report.part
            self._check_order(key, identity, record)
            yield {own: identity, **record}

    def _keyed(
        self,
        key: str,
        section: RecordsSection,
        rows: list[Row],
        sheet: str,
        lefts: dict[str, int],
        keys: Area,
    ) -> tuple[list[Keyed], set[str]]:
        """The rows, each with a key of its own; and the keys that stand beside the values of others."""
        columns = {column.key: column for column in section.columns}
        marks = {
            row: {
                c: mark(written(self._read(self._cell(sheet, row, left), columns[c])[0])) for c, left in lefts.items()
            }
            for row, _ in rows
        }
        base = {record: was for (name, record), was in self.inputs.base.items() if name == key}
        standing = [shown(self._cell(sheet, row, keys.left)).strip() for row in self.inputs.package.rows(sheet, keys)]
        stem, _ = next_key(self.inputs.built, key, section)
        for row in (row for row in rows if row.outside):
            self._note("row_outside", f"{sheet}!{a1(row.number, min(lefts.values()))}", "", "")
        own = [(row, "" if outside else shown(self._cell(sheet, row, keys.left)).strip()) for row, outside in rows]
        return list(settle(own, marks, base, stem, [*standing, *base])), strangers(own, marks, base)

    def _check_order(self, key: str, identity: str, record: Record) -> None:
        """Ends that come before their beginnings are faults of both cells."""
        for fault in order_faults("", 0, record):
            start = fault.field.replace("end", "start")
            place = self.inputs.places[key, identity, fault.field]
            self._fault("order", place, fault.field, fault.found, fault.allowed)
            for column in (start, fault.field):
                self.inputs.typed[key, identity, column] = written(record[column])
                record[column] = None

    def _columns(self, name: str, columns: Iterable[str]) -> dict[str, tuple[str, Area]]:
        """Where each column stands, by its defined name; those that are gone are faults."""
        found = {column: self.inputs.package.area(f"{name}.column.{column}") for column in columns}
        where = next((place[0] for place in found.values() if place), self.inputs.package.path.name)
        for column, place in found.items():
            if place is None:
                self._fault("name_missing", where, column, "", (f"{name}.column.{column}",))
        return {column: place for column, place in found.items() if place}

    def _statement(self, key: str, section: StatementSection) -> None:
        report, built = self.inputs.report, self.inputs.built
        columns = {column.key: column for column in section.columns if column.role == "input"}
        lines = {line.key: line for line in section.lines}
        for number, unit in enumerate(report.units):
            name = statement_name(key, number)
            if not self._has_sheet(key if unit is report.whole else f"{key}.{unit.code}"):
                continue
            areas = self._columns(name, ("line", *columns))
            found = self._lines(key, unit.code, areas, columns, lines) if "line" in areas else {}
            for line, record in found.items():
                report.figures.pop((unit.code, line), None)
                if (unit.code, line) in built.figures or _any(record):
                    report.figures[unit.code, line] = record
            assessment = self._assessment(str(section.assessment), name, unit.code) if section.assessment else {}
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
        seen: set[str] = set()
        for row in self.inputs.package.rows(sheet, keys):
            identity = shown(self._cell(sheet, row, keys.left))
            block, _, line = identity.rpartition(".")
            if line not in lines or (not block and lines[line].kind not in ("line", "memo")):
                continue
            if identity in seen:
                self._fault("key_twice", f"{sheet}!{a1(row, keys.left)}", "line", identity, ())
                continue
            seen.add(identity)
            record = records.setdefault(line, dict.fromkeys(columns))
            for name, column in columns.items():
                if name in areas and column.place == ("notes" if block == "notes" else "table"):
                    left = areas[name][1].left
                    spot = (key, f"{unit}.{line}", name)
                    record[name] = self._input(spot, sheet, row, left, column)
                    if column.ledger:
                        self._check_ledger(spot, record)
        return records

    def _check_ledger(self, spot: Key, record: Record) -> None:
        """A figure of the ledger that a unit's workbook had is not the unit's to change."""
        section, place, column = spot
        was = self.inputs.base.get((section, place), {}).get(column, "")
        if self.inputs.report.part and was and mark(written(record[column])) != was and spot not in self.inputs.typed:
            found = written(record[column])
            self._fault("ledger_changed", self.inputs.places[spot], column, found, ())
            self.inputs.typed[spot] = found
            unit, line = place.split(".")
            record[column] = self.inputs.built.figures[unit, line].get(column)

    def _assessment(self, file: str, name: str, unit: str) -> Record:
        columns = {f"{name}.assessment.{column.key}": column for column in ASSESSMENT if column.role != "key"}
        return {column.key: self._named((file, unit, column.key), place, column) for place, column in columns.items()}

    def _acceptances(self, key: str) -> Iterator[Acceptance]:
        columns = {column.key: column for column in ACCEPTANCE}
        areas = self._columns(key, columns) if self._has_sheet(key) else {}
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
            self.inputs.typed[key] = shown(cell)
            return None
        if column.is_text is not isinstance(cell.value, str):
            self._note("number_in_text" if column.is_text else "number_as_text", place, column.key, shown(cell))
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
            said = self._without_symbol(str(value)) if words else ""
            known = next((key for word, key in words if word.strip().lower() == said), None)
            if words and known is None:
                return None, "value_outside", tuple(word for word, _ in words)
            text = known or _spelled(value)
        elif not isinstance(value, float):
            try:
                text = _number_said(str(value), column)
            except NumberError as error:
                return None, error.code, ()
        elif column.type == "date":
            if not 1 <= value <= LAST_DAY:
                return None, "value_outside", ("1900 – 9999",)
            text = (EPOCH + timedelta(days=int(value))).isoformat()
        else:
            text = _spelled(value)
        found, code, allowed = field_reader(column, report, template)(text)
        code = code or (text_fault(found) if isinstance(found, str) else None)
        plain = (column.is_text and not column.scale) or (not column.is_text and isinstance(value, str))
        return found, code and (code if plain else "value_outside"), allowed

    def _words(self, column: Column) -> list[tuple[str, str]]:
        """The words of a column's list as they stand on the lists sheet, each with its key; none for a free text."""
        report, template = self.inputs.built, self.inputs.built_template
        match column.scale:
            case None:
                return []
            case "units":
                return [(unit.code, unit.code) for unit in report.owners]
            case "strategic_goals":
                return [(goal.name, goal.key) for goal in report.strategic_goals]
        members = template.head.scales[column.scale].members
        return [(self._word(column.scale, member.key), member.key) for member in members]

    def _without_symbol(self, text: str) -> str:
        """A word as it may be typed by somebody who copies what the cell shows: ✓ Toteutuu."""
        symbols = "".join(tone.symbol for tone in self.inputs.built_template.theme.tones.values())
        return text.strip().lstrip(symbols).strip().lower()

    def _word(self, scale: str, key: str) -> str:
        found = self.inputs.package.at(f"{scale}.{key}").value
        return found if isinstance(found, str) else self.inputs.built_template.label(f"scales.{scale}.{key}")

    def _fault(self, code: str, place: str, column: str, found: str, allowed: tuple[str, ...]) -> None:
        self.inputs.faults.append(Fault(code, self.inputs.package.path.name, place, column, found[:80], allowed))

    def _note(self, code: str, place: str, column: str, found: str) -> None:
        self.inputs.notes.append(Fault(code, self.inputs.package.path.name, place, column, found[:80]))


_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


def _number_said(text: str, column: Column) -> str:
    """A number or day that stands in a cell as a text, spelled as in a data folder.

    Raises:
        NumberError: it is none, or could be more than one.
    """
    if column.type == "date":
        day = _DAY.fullmatch(text.strip())
        return f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}" if day else text
    if column.type in ("integer", "year"):
        return written(parse_integer(text))
    return written(parse_share(text) if column.type in SHARES else parse_amount(text))


def _any(record: Record) -> bool:
    return any(value is not None for value in record.values())


def _filled(cell: Cell) -> bool:
    return cell is not BLANK and bool(shown(cell).strip())


def _spelled(value: float | str | bool | None) -> str:
    if isinstance(value, float):
        return canonical(Decimal(repr(value)))
    return str(value).upper() if isinstance(value, bool) else value or ""


def shown(cell: Cell) -> str:
    """What a cell holds, for a message."""
    return cell.error or _spelled(cell.value)


__all__ = ["Inputs", "Key", "read_inputs", "shown"]
