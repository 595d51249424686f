"""A filled workbook: its inputs found by their keys and defined names, and read into a report.

Nothing is found by an address or a label, so a sorted table and a renamed or moved sheet read the same. What cannot be
read is a fault with its place, and is left out of the report; what could be read though it was not as it should be is a
note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from taulukko.errors import Finding
from taulukko.folder.data_folder import order_faults
from taulukko.folder.facts import text_fault
from taulukko.formula.addresses import address, block_of
from taulukko.formula.references import Area
from taulukko.plan.shape import statement_name
from taulukko.report.inputs import Fields, Key, Marks, Place, mark, with_fields, written
from taulukko.report.keys import NO_KEY, Keyed, next_key, settle, strangers
from taulukko.report.model import Input, Record, Report
from taulukko.template import Template
from taulukko.template.inputs import ACCEPTANCES, ASSESSMENT, CHECKS, RETURN, RETURNS, STATEMENT_KEYS, InputFile
from taulukko.template.schema import ChecksSection, Column, Line, Member, RecordsSection, StatementSection, Type
from taulukko.xlsx.cells import is_filled
from taulukko.xlsx.entries import FORMULAS, Entries, Entry, EntryReader, read_as, shown
from taulukko.xlsx.package import Package
from taulukko.xlsx.table import Row as TableRow
from taulukko.xlsx.table import rows_in_use


@dataclass(slots=True)
class Inputs:
    """What a filled workbook holds.

    Attributes:
        fields: what is filled in now.
        report: the same as a report.
        template: what is asked for, with the parameters and limits that stand in the workbook.
        built: what the workbook was built from, with fillers for free texts.
        carried: the declarations as they stand in the workbook; none in version 0.1.
        facts: what the identity sheet says of the workbook itself.
        sections: those it was built with.
        sheets: title of each sheet by its key, without those that are gone.
        base: the marks of what each input was when the workbook was first built.
        places: `Sheet!A1` of each input cell.
        typed: what stands in the cells that could not be read.
        gone: sections whose rows could not be read.
        unclear: records of which nobody can tell which of two rows they are, or that have lost what they are known by.
        doubted: sections with a row whose key is doubtful: which records are missing there, nobody can tell.
        doubtful: section and place of each row that is left out because of its key, and what it holds.
        faults: what could not be read, with its place.
        notes: what was read although it was not as it should be, likewise.
    """

    package: Package
    report: Report
    template: Template
    built: Report
    carried: tuple[str, ...]
    facts: dict[str, str]
    sections: frozenset[str]
    sheets: dict[str, str]
    base: Marks
    fields: Fields = field(default_factory=dict)
    places: dict[Key, str] = field(default_factory=dict)
    typed: dict[Key, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unclear: set[Place] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)
    doubtful: list[tuple[str, str, Record]] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    @property
    def file(self) -> str:
        return str(self.package.path)


class InputReader:
    """Finds the inputs of a workbook, and reads them into `Inputs`."""

    def __init__(self, inputs: Inputs, titles: dict[str, str]):
        """Begin to read the inputs of a workbook; `titles` are those of the sheets it was built with, by key."""
        self.inputs, self.titles = inputs, titles
        self.reader = EntryReader(inputs.package, inputs.built, inputs.template)
        labels = inputs.template.labels
        self.headings = {text for label, text in labels.items() if label.startswith("sections.")}

    def read_all(self) -> None:
        inputs, template = self.inputs, self.inputs.template
        inputs.report = replace(inputs.built)
        inputs.template = self._with_parameters(template)
        for key, section in template.sections.items():
            if isinstance(section, RecordsSection):
                if section.has_unit or not inputs.built.is_areas_part:
                    inputs.fields.update(self._records(key, section))
            elif isinstance(section, StatementSection):
                self._statement(key, section)
            elif isinstance(section, ChecksSection):
                inputs.fields.update(self._acceptances(key))
            elif self._has_sheet(section.above or key):
                for name, file in section.files(key):
                    inputs.fields.update(self._by_unit(name, file))
        if inputs.built.part:
            self._returned(inputs.built.part)
        inputs.report = with_fields(inputs.report, inputs.fields)

    def _has_sheet(self, key: str) -> bool:
        """Whether a sheet is there; a fault when it is not."""
        if key in self.inputs.sheets:
            return True
        self._fault("sheet_missing", self.titles.get(key, key), "", "", ())
        return False

    def _by_unit(self, name: str, file: InputFile) -> Iterator[tuple[Place, Record]]:
        """What stands in cells with names of their own, unit by unit."""
        for number, unit in enumerate(self.inputs.built.units, 1):
            named = {c.key: f"{name}.unit{number}.{c.key}" for c in file.columns}
            row = {c.key: self._named((name, unit.code, c.key), named[c.key], c) for c in file.columns}
            if _any(row):
                yield (name, unit.code), row

    def _returned(self, unit: str) -> None:
        """What the sender says of the workbook on its cover."""
        row = {c.key: self._named((RETURNS, unit, c.key), f"{RETURNS}.{c.key}", c) for c in RETURN.columns}
        self.inputs.fields.update({(RETURNS, unit): row} if _any(row) else {})

    def _records(self, key: str, section: RecordsSection) -> Iterator[tuple[Place, Record]]:
        """The rows in use, in the order they stand; a row with a spare key and nothing else is not in use."""
        columns = [column for column in section.columns if column.role != "computed"]
        own = next(column.key for column in columns if column.role == "key")
        top = key
        while (above := self.inputs.template.records()[top].below) is not None:
            top = above
        found = self._columns(key, own, columns) if self._has_sheet(top) else {}
        keys = found.pop(own, None)
        if keys is None:
            self.inputs.gone.add(key)
            return
        lefts = [entries.area.left for entries in found.values()]
        rows = list(rows_in_use(self.inputs.package, keys.sheet, keys.area, lefts, self.headings))
        read = {row: {c: entries.entry(row) for c, entries in found.items()} for row, _ in rows}
        for row, outside in rows:
            if outside:
                self._note("row_outside", f"{keys.sheet}!{address(row, min(lefts))}", "", "")
        keyed, apart = self._keyed(key, rows, keys, read)
        if apart:
            self._fault("keys_apart", keys.sheet, own, ", ".join(sorted(apart)), ())
            self.inputs.gone.add(key)
            return
        known = self._known_keys(key)
        below = {row for row, outside in rows if outside}
        for row, identity, code in keyed:
            place = keys.place(row)
            if row not in below and (code or not known(identity)):
                self.inputs.doubted.add(key)
            unfit = identity[:1] in NO_KEY or bool(text_fault(identity))
            if code == "key_twice" or unfit:
                self._fault("key_unfit" if unfit else "key_twice", place, own, identity, ())
                self.inputs.unclear.add((key, identity))
                values = {c: entry.value for c, entry in read[row].items()}
                self.inputs.doubtful.append((key, place, {own: identity, **values}))
                continue
            if code:
                self._note(code, place, own, identity)
            record = {c: self._input((key, identity, c), found[c], row, entry) for c, entry in read[row].items()}
            if self.inputs.built.is_areas_part and record.get("unit") is None:
                record["unit"] = self.inputs.built.part
            self._check_order(key, identity, record)
            self._check_named(section, (key, identity), record)
            yield (key, identity), record

    def _keyed(
        self, key: str, rows: list[TableRow], keys: Entries, read: dict[int, dict[str, Entry]]
    ) -> tuple[list[Keyed], set[str]]:
        """The rows, each with a key of its own; and the keys that stand beside the values of others."""
        marks = {row: {c: mark(written(one.value)) for c, one in entries.items()} for row, entries in read.items()}
        base = {record: was for (name, record), was in self.inputs.base.items() if name == key}
        standing = [shown(keys.cell(row)).strip() for row in self.inputs.package.rows(keys.sheet, keys.area)]
        stem, _ = next_key(self.inputs.built, key)
        own = [(row, "" if outside else shown(keys.cell(row)).strip()) for row, outside in rows]
        return list(settle(own, marks, base, stem, [*standing, *base])), strangers(own, marks, base)

    def _known_keys(self, section: str) -> Callable[[str], bool]:
        """Whether the workbook was sent out with a row of a key, in use or to spare."""
        built = self.inputs.built
        sent = {*built.inputs.get(section, ()), *(record for name, record in self.inputs.base if name == section)}
        stem, first = next_key(built, section)

        def is_known(key: str) -> bool:
            number = key.removeprefix(stem)
            return key in sent or (key != number and number.isdecimal() and int(number) >= first)

        return is_known

    def _check_named(self, section: RecordsSection, place: Place, record: Record) -> None:
        """A record that has lost the text it is known by is a fault, and nothing of it is taken."""
        texts = [one for one in section.columns if one.is_text and not one.scale and one.role == "input"]
        for column in [one for one in texts if one.required] or texts[:1]:
            key = (*place, column.key)
            was = self.inputs.base.get(place, {}).get(column.key)
            is_asked = key in self.inputs.places and key not in self.inputs.typed
            if was and is_asked and record.get(column.key) is None:
                self._fault("required", self.inputs.places[key], column.key, "", ())
                self.inputs.typed[key] = ""
                self.inputs.unclear.add(place)

    def _check_order(self, key: str, identity: str, record: Record) -> None:
        """Ends that come before their beginnings are faults of both cells."""
        for fault in order_faults("", 0, record):
            start = fault.field.replace("end", "start")
            place = self.inputs.places[key, identity, fault.field]
            self._fault("order", place, fault.field, fault.found, fault.expected)
            for column in (start, fault.field):
                self.inputs.typed[key, identity, column] = written(record[column])
                record[column] = None

    def _columns(self, name: str, own: str, columns: Iterable[Column]) -> dict[str, Entries]:
        """What stands in each column, found by its defined name; columns that are gone are faults.

        So are two on one place, and one that stands no longer beside the keys.
        """
        places = [(column, self.inputs.package.area(f"{name}.column.{column.key}")) for column in columns]
        where = next((place[0] for _, place in places if place), self.inputs.package.path.name)
        keys = next((place for column, place in places if column.key == own), None)
        spots = [place and (place[0], place[1].left, column.place) for column, place in places]
        found: dict[str, Entries] = {}
        for (column, place), spot in zip(places, spots, strict=True):
            apart = place and keys and (place[0], place[1].top) != (keys[0], keys[1].top)
            if place is None or apart or spots.count(spot) > 1:
                self._fault("name_missing", where, column.key, "", (f"{name}.column.{column.key}",))
            else:
                found[column.key] = self.reader.entries(column, place)
        return found

    def _statement(self, key: str, section: StatementSection) -> None:
        inputs = self.inputs
        columns = [column for column in section.columns if column.role == "input"]
        lines = {line.key: line for line in section.lines}
        for number, unit in enumerate(inputs.built.units):
            name = statement_name(key, number)
            if not self._has_sheet(key if unit is inputs.built.whole else f"{key}.{unit.code}"):
                continue
            found = self._columns(name, "line", (*STATEMENT_KEYS[1:], *columns))
            records = self._lines(key, unit.code, found, columns, lines) if "line" in found else {}
            self._check_notes(key, unit.code, found, records)
            for line, record in records.items():
                place = (key, f"{unit.code}.{line}")
                if place in inputs.base or _any(record):
                    inputs.fields[place] = record
            assessment = self._assessment(str(section.assessment), name, unit.code) if section.assessment else {}
            if _any(assessment):
                inputs.fields[str(section.assessment), unit.code] = assessment

    def _lines(
        self, key: str, unit: str, found: dict[str, Entries], columns: list[Column], lines: dict[str, Line]
    ) -> dict[str, Record]:
        """Each line's figures from the table, or from where a total is given, and its notes from the block below."""
        keys, blank = found["line"], dict.fromkeys(column.key for column in columns)
        held = {
            place: [found[column.key] for column in columns if column.place == place and column.key in found]
            for place in ("table", "notes")
        }
        records: dict[str, Record] = {}
        seen: set[str] = set()
        for row in self.inputs.package.rows(keys.sheet, keys.area):
            identity = shown(keys.cell(row))
            block, line = block_of(identity)
            if line not in lines or (not block and lines[line].kind not in ("line", "memo")):
                continue
            if identity in seen:
                self._fault("key_twice", keys.place(row), "line", identity, ())
                self.inputs.unclear.add((key, f"{unit}.{line}"))
                continue
            seen.add(identity)
            record = records.setdefault(line, dict(blank))
            for entries in held["notes" if block == "notes" else "table"]:
                if entries.column.lines_only and lines[line].kind == "total":
                    if is_filled(cell := entries.cell(row)):
                        self._fault("cell_locked", entries.place(row), entries.column.key, shown(cell), ())
                    continue
                spot = (key, f"{unit}.{line}", entries.column.key)
                record[entries.column.key] = self._input(spot, entries, row)
                if entries.column.ledger:
                    self._check_ledger(spot, record)
        return records

    def _check_notes(self, key: str, unit: str, found: dict[str, Entries], records: dict[str, Record]) -> None:
        """Notes that stand no longer beside their own lines are a fault, and none of them is read."""
        notes = [one.column.key for one in found.values() if one.column.place == "notes" and one.column.role == "input"]
        rows = list(enumerate(records))
        marks = {row: {c: mark(written(records[line][c])) for c in notes} for row, line in rows}
        base = {line: self.inputs.base.get((key, f"{unit}.{line}"), {}) for _, line in rows}
        was = {line: {c: one.get(c, "") for c in notes} for line, one in base.items() if any(map(one.get, notes))}
        filled = [(row, line) for row, line in rows if any(marks[row].values())]
        if apart := strangers(filled, marks, was):
            self._fault("keys_apart", found["line"].sheet, "line", ", ".join(sorted(apart)), ())
            self.inputs.unclear |= {(key, f"{unit}.{line}") for line in records}

    def _check_ledger(self, spot: Key, record: Record) -> None:
        """A figure of the ledger that a unit's workbook had is not the unit's to change."""
        section, place, column = spot
        was = self.inputs.base.get((section, place), {}).get(column, "")
        if self.inputs.built.part and was and mark(written(record[column])) != was and spot not in self.inputs.typed:
            found = written(record[column])
            self._fault("ledger_changed", self.inputs.places[spot], column, found, ())
            self.inputs.typed[spot] = found
            record[column] = self.inputs.built.inputs[section][place].get(column)

    def _assessment(self, file: str, name: str, unit: str) -> Record:
        columns = {f"{name}.assessment.{column.key}": column for column in ASSESSMENT.columns}
        return {column.key: self._named((file, unit, column.key), place, column) for place, column in columns.items()}

    def _acceptances(self, key: str) -> Iterator[tuple[Place, Record]]:
        columns = ACCEPTANCES.keys + ACCEPTANCES.columns
        found = self._columns(key, "key", columns) if self._has_sheet(key) else {}
        if len(found) < len(columns):
            return
        keys = found["key"]
        for row in self.inputs.package.rows(keys.sheet, keys.area):
            identity = shown(keys.cell(row))
            record = {c.key: self._input((key, identity, c.key), found[c.key], row) for c in ACCEPTANCES.columns}
            if identity and _any(record):
                yield (CHECKS, identity), record

    def _with_parameters(self, template: Template) -> Template:
        """The template with the thresholds that stand in the workbook; facts among them go to the report."""
        parameters, scales = dict(template.head.parameters), dict(template.head.scales)
        for key, parameter in parameters.items():
            if parameter.formula or not self.inputs.package.area(f"parameters.{key}"):
                continue  # computed, or younger than the workbook
            column = _named_column(key, parameter.format)
            value = self._named(("parameters", key, "value"), f"parameters.{key}", column)
            if value is not None and parameter.report:
                setattr(self.inputs.report, parameter.report, value)
            elif isinstance(value, int | Decimal) and value != parameter.value:
                parameters[key] = parameter.model_copy(update={"value": float(value)})
        for key, scale in scales.items():
            if scale.members[0].from_ is not None:
                scales[key] = scale.model_copy(update={"members": tuple(self._with_limits(key, scale.members))})
        head = template.head.model_copy(update={"parameters": parameters, "scales": scales})
        return template.model_copy(update={"head": head})

    def _with_limits(self, key: str, members: tuple[Member, ...]) -> Iterator[Member]:
        place = self.inputs.package.area(f"lists.{key}_from")
        for number, member in enumerate(members):
            column = _named_column(member.key, "number")
            limit = self._at(("lists", f"{key}_from", member.key), place, number, column) if place else None
            yield member if limit is None else member.model_copy(update={"from_": float(limit)})  # type: ignore[arg-type]

    def _named(self, key: Key, name: str, column: Column) -> Input:
        """The input in the cell of a defined name."""
        place = self.inputs.package.area(name)
        if place is None:
            self._fault("name_missing", "", column.key, "", (name,))
            return None
        return self._at(key, place, 0, column)

    def _at(self, key: Key, place: tuple[str, Area], row: int, column: Column) -> Input:
        return self._input(key, self.reader.entries(column, place), place[1].top + row)

    def _input(self, key: Key, entries: Entries, row: int, entry: Entry | None = None) -> Input:
        """The input in a row of a column; `entry` is what has been read of it already."""
        cell, value, code, allowed = entry or entries.entry(row)
        place = self.inputs.places[key] = entries.place(row)
        column = entries.column
        formula = "" if cell.formula is None else f"={cell.formula}"
        if code:
            said = formula if code in FORMULAS else shown(cell)
            self._fault(code, place, column.key, said, allowed)
            self.inputs.typed[key] = said
            return None
        if formula:
            self._note("formula_taken", place, column.key, formula)
        if note := read_as(column, cell, value):
            self._note(note, place, column.key, shown(cell))
        return value

    def _fault(self, code: str, place: str, column: str, found: str, allowed: tuple[str, ...]) -> None:
        self.inputs.faults.append(Finding(code, self.inputs.file, place, column, found[:80], allowed))

    def _note(self, code: str, place: str, column: str, found: str) -> None:
        self.inputs.notes.append(Finding(code, self.inputs.file, place, column, found[:80]))


@cache
def _named_column(key: str, kind: Type) -> Column:
    """What a cell of its own holds."""
    return Column(key=key, type=kind)


def _any(record: Record) -> bool:
    return any(value is not None for value in record.values())


__all__ = ["InputReader", "Inputs"]
