"""A data folder: report.toml and one CSV a section, read into a report and written back canonically."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from taulukko.errors import FaultsError, Finding
from taulukko.folder.controls import misplaced
from taulukko.folder.facts import CHOSEN, KINDS, LIMITS, hinders, read_facts, word_fault
from taulukko.folder.field_text import Reader, field_reader
from taulukko.folder.harmless import bare, harmless
from taulukko.folder.signs import signed, signed_control
from taulukko.folder.store import recover
from taulukko.report.inputs import written
from taulukko.report.model import Control, Input, Record, Report, StrategicGoal, Unit
from taulukko.report.words import worded
from taulukko.template import Choice, Template, find_template, load_template
from taulukko.template.files import is_path
from taulukko.template.inputs import InputFile
from taulukko.template.schema import Column

JOURNAL = "journal.csv"
"""What was collected when and from where; it is no input."""
SENT = "sent.csv"
"""Which workbooks were sent out when; it is no input either."""
QUESTIONS = "questions.csv"
"""What is asked about fields, in notes on their cells; no input either."""
NO_INPUTS = (JOURNAL, SENT, QUESTIONS)
PLACE = ("section", "unit", "record", "column")
CONTROL = tuple(Column(key=key, type="text") for key in PLACE) + (Column(key="printed", type="number", required=True),)


def load(
    folder: str | Path, language: str | None = None, template_folder: Path | None = None
) -> tuple[Report, Template]:
    """Read a data folder and the template it names.

    Args:
        folder: with report.toml and the CSV files.
        language: of the labels; the report's own when None.
        template_folder: instead of the template that report.toml names.

    Raises:
        FaultsError: every fault of every file.
        OutputRefused: somebody is writing into the folder.
    """
    folder = Path(folder)
    recover(folder)
    faults: list[Finding] = []
    content = read_facts(folder, faults)
    if any(map(hinders, faults)):
        raise FaultsError(*faults)
    try:
        found = template_folder or find_template(content["template"], folder)
        choice = Choice(found, tuple(content.get(CHOSEN, ())), folder)
        template = load_template(choice, language or content["language"])
    except FaultsError as error:
        raise FaultsError(*faults + error.findings) from None
    facts: dict[str, Any] = {key: content.get(key) for key in KINDS if key != "signs"}
    report = Report(
        **facts | ({"template": template.head.name} if is_path(facts["template"]) else {}),
        choice=choice,
        units=tuple(
            Unit(u["code"], u["name"], u.get("short", u["name"]), u["level"], u.get("mail", ""))
            for u in content["units"]
        ),
        strategic_goals=tuple(
            StrategicGoal(g["key"], g["name"], tuple(g["subgoals"])) for g in content["strategic_goals"]
        ),
        files=template.files(),
        digest=_digest(folder),
    )
    inputs = Inputs(folder, report, template, faults)
    inputs.read_all(content["signs"])
    inputs.refuse_unknown_files()
    if faults:
        raise FaultsError(*faults)
    return report, worded(template, report)


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    inputs = (path for kind in ("*.csv", "labels.*.toml") for path in folder.glob(kind) if path.name not in NO_INPUTS)
    for path in sorted([folder / "report.toml", *inputs]):
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


@dataclass(slots=True)
class Inputs:
    """Reads every section of a data folder into the report, and gathers what is wrong."""

    path: Path
    report: Report
    template: Template
    faults: list[Finding]

    def read_all(self, signs: str) -> None:
        for key, file in self.report.files.items():
            self.report.inputs[key] = self._inputs(f"{key}.csv", file, signs)
        self._controls(signs)

    def refuse_unknown_files(self) -> None:
        known = sorted(f"{key}.csv" for key in (*self.report.files, "controls"))
        for path in sorted(self.path.glob("*.csv")):
            if path.name not in (*known, *NO_INPUTS):
                self.faults.append(Finding("file_unknown", path.name, expected=tuple(known)))

    def _inputs(self, name: str, file: InputFile, signs: str) -> dict[str, Record]:
        """The rows of a file by their keys."""
        keys = [column.key for column in file.keys]
        rows: dict[str, Record] = {}
        seen = set()
        for number, row in self._rows(name, file.keys + file.columns):
            self._require(name, number, row, *keys)
            record, line = file.record(row), row.get("line")
            if file.lines and line is not None and line not in file.lines:
                self.faults.append(Finding("value", name, str(number), "line", str(line), file.lines))
            elif record.lower() in seen:
                texts = ", ".join(str(row[key] or "") for key in keys)
                self.faults.append(Finding("key_twice", name, str(number), ", ".join(keys), texts))
            elif all(row[key] for key in keys):
                seen.add(record.lower())
            self.faults += order_faults(name, number, row)
            rows[record] = signed(row, file, signs)
        return rows

    def _require(self, name: str, line: int, row: Record, *keys: str) -> None:
        """A fault for each of the fields that is blank, unless it is faulty already."""
        for key in (key for key in keys if row[key] is None):
            if not any((f.file, f.place, f.field) == (name, str(line), key) for f in self.faults):
                self.faults.append(Finding("required", name, str(line), key))

    def _controls(self, signs: str) -> None:
        sections = (*self.template.records(), *self.template.statements(), *self._excerpts())
        for line, row in self._rows("controls.csv", CONTROL):
            self._require("controls.csv", line, row, "section", "printed")
            if row["section"] is not None and row["section"] not in sections:
                self.faults.append(
                    Finding("value", "controls.csv", str(line), "section", str(row["section"]), sections)
                )
            elif row["printed"] is not None:
                section, unit, record, column = (str(row[key] or "") for key in PLACE)
                printed = Decimal(str(row["printed"]))
                control = Control(section, unit, record, column, printed)
                wrong = list(misplaced(control, self.report, self.template))
                self.faults += [Finding("value", "controls.csv", str(line), *place) for place in wrong]
                if not wrong:
                    self.report.controls.append(signed_control(control, self.template, signs))

    def _excerpts(self) -> Iterator[str]:
        return (key for key, section in self.template.sections.items() if section.kind == "excerpt")

    def _rows(self, name: str, columns: tuple[Column, ...]) -> Iterator[tuple[int, Record]]:
        """The records of a section with their line numbers; a missing file has none."""
        table = self._table(name, columns)
        _, header = next(table, (0, []))
        if not header or not self._header_is_right(name, header, columns):
            return
        readers = [field_reader(column, self.report, self.template) for column in columns]
        places = [header.index(column.key) for column in columns]
        for line, row in table:
            if len(row) == len(header):
                yield line, self._record(name, line, row, columns, readers, places)
            else:
                self.faults.append(
                    Finding("row_width", name, str(line), found=str(len(row)), expected=(str(len(header)),))
                )

    def _table(self, name: str, columns: tuple[Column, ...]) -> Iterator[tuple[int, list[str]]]:
        """Header and rows of a CSV with their line numbers; blank lines and comments, which begin with #, left out."""
        path = self.path / name
        if not path.exists():
            return
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.faults.append(Finding("encoding", name, str(content[: error.start].count(b"\n") + 1)))
            return
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        line, empty = 1, True
        try:
            for row in reader:
                if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#"):
                    yield line, [cell.strip() for cell in row] if empty else row
                    empty = False
                line = reader.line_num + 1
        except csv.Error as error:
            if "field limit" in str(error):
                self.faults.append(Finding("text_long", name, str(line), expected=LIMITS["text_long"]))
            else:
                self.faults.append(Finding("csv", name, str(line), found=str(error)))
            return
        if empty:
            self.faults.append(Finding("file_empty", name, expected=tuple(column.key for column in columns)))

    def _said(self, text: str) -> str:
        """What a field of a file says."""
        return bare(text)

    def _text_fault(self, text: str) -> str | None:
        """What is wrong with a field of a file that is a text."""
        return word_fault(text)

    def _header_is_right(self, name: str, header: list[str], columns: tuple[Column, ...]) -> bool:
        keys = [column.key for column in columns]
        if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
            self.faults.append(Finding("csv_separator", name, "1", found=header[0][:80]))
            return False
        found = [Finding("column_missing", name, "1", key, ",".join(header)) for key in keys if key not in header]
        found += [Finding("column_unknown", name, "1", key, key, tuple(keys)) for key in header if key not in keys]
        found += [Finding("key_twice", name, "1", key) for key in sorted({k for k in header if header.count(k) > 1})]
        self.faults += found
        return not found

    def _record(
        self,
        name: str,
        line: int,
        row: list[str],
        columns: tuple[Column, ...],
        readers: list[Reader],
        places: list[int],
    ) -> Record:
        record: Record = {}
        for column, reader, place in zip(columns, readers, places, strict=True):
            value, code, allowed = reader(self._said(row[place]))
            if code is None and isinstance(value, str) and value:
                code = self._text_fault(row[place].replace("\r\n", "\n"))
            if code:
                self.faults.append(Finding(code, name, str(line), column.key, row[place][:80], allowed))
                value = None
            record[column.key] = value
        return record


def order_faults(name: str, line: int, row: Record) -> Iterator[Finding]:
    """Ends that come before their beginnings."""
    for first, last in (("start_date", "end_date"), ("start_year", "end_year")):
        start, end = row.get(first), row.get(last)
        if isinstance(start, date | int) and isinstance(end, date | int) and end < start:  # type: ignore[operator]
            yield Finding("order", name, str(line), last, str(end), (f"{start} …",))


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[dict[str, Input]]) -> None:
    """Write one section canonically: the same inputs give the same bytes."""
    keys = list(columns)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(keys)
    writer.writerows([harmless(written(row.get(key))) for key in keys] for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


__all__ = ["JOURNAL", "QUESTIONS", "SENT", "Inputs", "load", "order_faults", "write_csv"]
