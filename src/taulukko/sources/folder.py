"""A data folder: report.toml and one CSV a section, read into a report and written back canonically."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from taulukko.errors import Fault, FaultsError
from taulukko.model import Acceptance, Control, Input, Record, Report, StrategicGoal, Unit
from taulukko.numbers import canonical
from taulukko.sources.field import Reader, field_reader
from taulukko.template import Template, find_template, load_template
from taulukko.template.schema import Column, RecordsSection, StatementSection

FACTS = {
    "template": str,
    "language": str,
    "municipality": str,
    "division": str,
    "board": str,
    "year": int,
    "period_start": date,
    "period_end": date,
    "date_of_issue": date,
    "responsible": str,
    "signs": str,
}
SIGNS = ("costs_negative", "costs_positive")
LEVELS = ("division", "service_area")
ASSESSMENT = (
    Column(key="unit", type="choice", scale="units", role="key"),
    Column(key="text", type="prose"),
    Column(key="covers_lines", type="choice", scale="yes_no"),
)
CONTROL = tuple(Column(key=key, type="text") for key in ("section", "unit", "record", "column")) + (
    Column(key="printed", type="number", required=True),
)
ACCEPTANCE = (
    Column(key="key", type="text", role="key"),
    Column(key="reason", type="text"),
    Column(key="name", type="text"),
    Column(key="date", type="date"),
)


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
    """
    folder = Path(folder)
    faults: list[Fault] = []
    content = _report_toml(folder, faults)
    if faults:
        raise FaultsError(faults)
    template = load_template(template_folder or find_template(content["template"]), language or content["language"])
    report = Report(
        **{key: content[key] for key in FACTS if key != "signs"},
        units=tuple(Unit(u["code"], u["name"], u.get("short", u["name"]), u["level"]) for u in content["units"]),
        strategic_goals=tuple(
            StrategicGoal(g["key"], g["name"], tuple(g["subgoals"])) for g in content["strategic_goals"]
        ),
        digest=_digest(folder),
    )
    _Folder(folder, report, template, faults).read_all(content["signs"])
    if faults:
        raise FaultsError(faults)
    return report, template


def _report_toml(folder: Path, faults: list[Fault]) -> dict[str, Any]:
    name = "report.toml"
    try:
        content = tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(Fault("file_missing", name, found=str(folder)))
        return {}
    except UnicodeDecodeError:
        faults.append(Fault("encoding", name))
        return {}
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault("toml", name, found=str(error)))
        return {}
    content.setdefault("signs", SIGNS[0])
    content.setdefault("strategic_goals", [])
    faults += _fact_faults(name, content)
    faults += _list_faults(name, content, "units", ("code", "name", "level"), ("short",))
    faults += _list_faults(name, content, "strategic_goals", ("key", "name", "subgoals"), ())
    return content


def _fact_faults(name: str, content: dict[str, Any]) -> Iterator[Fault]:
    for key, kind in FACTS.items():
        if key not in content:
            yield Fault("key_missing", name, field=key)
        elif type(content[key]) is not kind:
            yield Fault("type", name, field=key, found=str(content[key]), allowed=(kind.__name__,))
        elif kind is str and (code := text_fault(content[key])):
            yield Fault(code, name, field=key, found=content[key])
    for key in content.keys() - FACTS.keys() - {"units", "strategic_goals"}:
        yield Fault("key_unknown", name, field=key, allowed=tuple(FACTS))
    if content.get("signs") not in SIGNS:
        yield Fault("value", name, field="signs", found=str(content.get("signs")), allowed=SIGNS)
    start, end, issue = (content.get(key) for key in ("period_start", "period_end", "date_of_issue"))
    if isinstance(start, date) and isinstance(end, date):
        if end < start or start.year != content.get("year") or end.year != content.get("year"):
            yield Fault("period", name, field="period_end", found=str(end), allowed=(f"{start} …",))
        if isinstance(issue, date) and issue < start:
            yield Fault("date_outside", name, field="date_of_issue", found=str(issue), allowed=(f"{start} …",))


def _list_faults(
    name: str, content: dict[str, Any], key: str, needed: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[Fault]:
    rows = content.get(key)
    if not isinstance(rows, list) or (key == "units" and not rows):
        yield Fault("key_missing", name, field=f"[[{key}]]")
        return
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        place = f"{key}[{number}]"
        yield from (Fault("key_missing", name, place, part) for part in needed if part not in row)
        yield from (
            Fault("key_unknown", name, place, part, allowed=(*needed, *optional))
            for part in row
            if part not in (*needed, *optional)
        )
        identity = str(row.get(needed[0], "")).lower()
        if identity in seen:
            yield Fault("key_twice", name, place, needed[0], identity)
        seen.add(identity)
        if key == "units" and row.get("level") not in LEVELS:
            yield Fault("value", name, place, "level", str(row.get("level")), LEVELS)
    if key == "units" and sum(row.get("level") == "division" for row in rows) != 1:
        yield Fault("one_division", name, key, "level")


def text_fault(text: str) -> str | None:
    """What keeps a text out of a cell: a code of the message files, or None."""
    if len(text) > 32767:
        return "text_long"
    if any(ord(char) < 32 and char not in "\n\t" or char in "\x7f\ufffe\uffff" for char in text):
        return "control_character"
    if text.lstrip()[:1] in ("=", "+", "@"):
        return "formula_like"
    return None


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted([folder / "report.toml", *folder.glob("*.csv")]):
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


@dataclass(slots=True)
class _Folder:
    path: Path
    report: Report
    template: Template
    faults: list[Fault]

    def read_all(self, signs: str) -> None:
        known = {"report.toml"}
        for key, section in self.template.sections.items():
            if isinstance(section, RecordsSection):
                inputs = tuple(column for column in section.columns if column.role != "computed")
                self.report.records[key] = self._records(f"{key}.csv", inputs)
                known.add(f"{key}.csv")
            elif isinstance(section, StatementSection):
                self._statement(f"{key}.csv", section, signs)
                known |= {f"{key}.csv", f"{section.assessment}.csv"}
                for row in self._records(f"{section.assessment}.csv", ASSESSMENT):
                    self.report.assessments[str(row["unit"])] = row
        self._controls()
        for row in self._records("checks.csv", ACCEPTANCE):
            day = row["date"]
            self.report.acceptances.append(
                Acceptance(
                    str(row["key"]),
                    str(row["reason"] or ""),
                    str(row["name"] or ""),
                    day if isinstance(day, date) else None,
                )
            )
        known |= {"controls.csv", "checks.csv"}
        for path in sorted(self.path.glob("*.csv")):
            if path.name not in known:
                self.faults.append(Fault("file_unknown", path.name, allowed=tuple(sorted(known))))

    def _records(self, name: str, columns: tuple[Column, ...]) -> list[Record]:
        key = next((column.key for column in columns if column.role == "key"), None)
        rows, seen = [], set()
        for line, row in self._rows(name, columns):
            identity = str(row[key] or "").lower() if key else ""
            if key and not identity:
                self.faults.append(Fault("required", name, str(line), key))
            elif key and identity in seen:
                self.faults.append(Fault("key_twice", name, str(line), key, str(row[key])))
            seen.add(identity)
            start, end = row.get("start_date"), row.get("end_date")
            if isinstance(start, date) and isinstance(end, date) and end < start:
                self.faults.append(Fault("period", name, str(line), "end_date", str(end), (f"{start} …",)))
            rows.append(row)
        return rows

    def _statement(self, name: str, section: StatementSection, signs: str) -> None:
        lines = {line.key: line for line in section.lines if line.kind != "heading"}
        inputs = tuple(column for column in section.columns if column.role == "input")
        keys = (
            Column(key="unit", type="choice", scale="units", required=True),
            Column(key="line", type="text", required=True),
        )
        costs = {key for key, line in lines.items() if line.sign == "cost"}
        costs |= {key for key, line in lines.items() if line.parts and set(line.parts) <= costs}
        money = [column.key for column in inputs if column.type == "euro"]
        for number, row in self._rows(name, keys + inputs):
            unit, line = str(row.pop("unit") or ""), str(row.pop("line") or "")
            if line and line not in lines:
                self.faults.append(Fault("value", name, str(number), "line", line, tuple(lines)))
            elif (unit, line) in self.report.figures:
                self.faults.append(Fault("key_twice", name, str(number), "unit, line", f"{unit}, {line}"))
            elif unit and line:
                if signs == "costs_positive" and line in costs:
                    row |= {key: -row[key] for key in money if row[key] is not None}  # type: ignore[operator]
                self.report.figures[unit, line] = row

    def _controls(self) -> None:
        sections = (*self.template.records(), *self.template.statements(), *self._excerpts())
        for line, row in self._rows("controls.csv", CONTROL):
            if str(row["section"]) not in sections:
                self.faults.append(Fault("value", "controls.csv", str(line), "section", str(row["section"]), sections))
            elif row["printed"] is not None:
                place = (str(row[key] or "") for key in ("section", "unit", "record", "column"))
                self.report.controls.append(Control(*place, printed=row["printed"]))  # type: ignore[arg-type]

    def _excerpts(self) -> Iterator[str]:
        return (key for key, section in self.template.sections.items() if section.kind == "excerpt")

    def _rows(self, name: str, columns: tuple[Column, ...]) -> Iterator[tuple[int, Record]]:
        """The rows of a CSV with their line numbers; a missing file has none."""
        path = self.path / name
        if not path.exists():
            return
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self.faults.append(Fault("encoding", name, str(line)))
            return
        if not text.strip():
            self.faults.append(Fault("file_empty", name, allowed=tuple(column.key for column in columns)))
            return
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = next(reader)
            if not self._header_is_right(name, header, columns):
                return
            readers = [field_reader(column, self.report, self.template) for column in columns]
            places = [header.index(column.key) for column in columns]
            line = reader.line_num + 1
            for row in reader:
                if len(row) != len(header):
                    self.faults.append(
                        Fault("row_width", name, str(line), found=str(len(row)), allowed=(str(len(header)),))
                    )
                elif any(row):
                    yield line, self._record(name, line, row, columns, readers, places)
                line = reader.line_num + 1
        except csv.Error as error:
            self.faults.append(Fault("csv", name, str(reader.line_num), found=str(error)))

    def _header_is_right(self, name: str, header: list[str], columns: tuple[Column, ...]) -> bool:
        keys = [column.key for column in columns]
        found = [Fault("column_missing", name, "1", key, ",".join(header)) for key in keys if key not in header]
        found += [Fault("column_unknown", name, "1", key, key, tuple(keys)) for key in header if key not in keys]
        found += [Fault("key_twice", name, "1", key) for key in sorted({k for k in header if header.count(k) > 1})]
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
            value, code, allowed = reader(row[place])
            if code is None and isinstance(value, str) and value:
                code = text_fault(value)
            if code:
                self.faults.append(Fault(code, name, str(line), column.key, row[place][:80], allowed))
                value = None
            record[column.key] = value
        return record


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[dict[str, Input]]) -> None:
    """Write one section canonically: the same inputs give the same bytes."""
    keys = list(columns)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(keys)
    writer.writerows([_written(row.get(key)) for key in keys] for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def _written(value: Input) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return value.isoformat() if isinstance(value, date) else canonical(value)


__all__ = ["load", "text_fault", "write_csv"]
