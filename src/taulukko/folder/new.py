"""A new data folder: the facts of a made-up report, each section's columns explained, its examples commented out."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from taulukko.errors import Finding, OutputRefused
from taulukko.folder.data_folder import CONTROL
from taulukko.folder.signs import NEGATIVE
from taulukko.report.inputs import written
from taulukko.report.model import Input, Record, Report, StrategicGoal, Unit
from taulukko.report.words import worded
from taulukko.template import Template, find_template, load_template
from taulukko.template.inputs import RETURNS, InputFile
from taulukko.template.schema import Column

COMMENT = "# "
EXAMPLES = 2
"""Example rows of each file."""


def new(folder: str | Path, template: str = "osavuosikatsaus", *, language: str | None = None) -> Path:
    """Make a data folder that builds at once: its data rows are comments until somebody fills them in.

    Args:
        folder: a folder that does not exist yet or is empty.
        template: name of a template, or its folder.
        language: of the report and of the comments; the template's first when None.

    Raises:
        OutputRefused: the folder exists and is not empty.
        FaultsError: there is no such template, or it has no such language.
        OSError: the folder cannot be written.
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise OutputRefused(Finding("folder_not_empty", str(folder)))
    example = Example.of(template, language or "fi", date.today().year)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.toml").write_text(example.report_toml(), encoding="utf-8", newline="\n")
    for name, content in example.files().items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return folder


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up report by a template, in one language."""

    template: Template
    words: dict[str, Any]
    report: Report

    @classmethod
    def of(cls, template: str, language: str, year: int) -> Example:
        """Read the template and the words of the language."""
        own = (Path(template) / "template.toml").is_file()
        found = load_template(Path(template) if own else find_template(template), language)
        words = tomllib.loads((Path(__file__).parent / f"new.{language}.toml").read_text(encoding="utf-8"))
        report = Report(
            template=found.head.name,
            language=language,
            **words["facts"],
            year=year,
            period_start=date(year, 1, 1),
            period_end=date(year, 9, 30),
            date_of_issue=date(year, 10, 31),
            units=tuple(Unit(**unit) for unit in words["units"]),
            strategic_goals=tuple(
                StrategicGoal(g["key"], g["name"], tuple(g["subgoals"])) for g in words["strategic_goals"]
            ),
            files=found.files(),
        )
        return cls(worded(found, report), words, report)

    def report_toml(self) -> str:
        """The facts, each group with what it is."""
        report, words, comments = self.report, self.words, self.words["comments"]
        lines = [COMMENT + comments["report"]]
        lines += [f"{key} = {_toml(getattr(report, key))}" for key in ("template", "language", *words["facts"])]
        lines += ["", COMMENT + comments["year"]]
        lines += [f"{key} = {getattr(report, key)}" for key in ("year", "period_start", "period_end", "date_of_issue")]
        lines += ["", COMMENT + comments["signs"], f"signs = {_toml(NEGATIVE)}", "", COMMENT + comments["units"]]
        for key, comment in (("units", ""), ("strategic_goals", comments["goals"])):
            lines += [COMMENT + comment] if comment else []
            for row in words[key]:
                lines += [f"[[{key}]]", *(f"{name} = {_toml(value)}" for name, value in row.items()), ""]
        return "\n".join(lines)

    def files(self) -> dict[str, str]:
        """The CSV files of the template by name."""
        files = {}
        for key, file in self.report.files.items():
            if key != RETURNS:
                columns = file.keys + file.columns
                files[f"{key}.csv"] = self._file(key, columns, self.rows(key))
        return files | {"controls.csv": self._file("", CONTROL, self._controls())}

    def _file(self, section: str, columns: tuple[Column, ...], examples: Any) -> str:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([column.key for column in columns])
        writer.writerow([COMMENT + self.words["comments"]["rows"]])
        writer.writerows([COMMENT + self._explained(section, column)] for column in columns)
        for row in examples:
            first, *rest = (written(row.get(column.key)) for column in columns)
            writer.writerow([COMMENT + first, *rest])
        return text.getvalue()

    def _explained(self, section: str, column: Column) -> str:
        """What a column holds: its label, its kind, whether it may be left empty."""
        report, words, comments = self.report, self.words, self.words["comments"]
        facts = {"year": report.year, "last_year": report.year - 1, "months": report.period_end.month}
        label = self.template.labels.get(f"columns.{section}.{column.key}", "").format(**facts)
        label = label or words["labels"].get(column.key, column.key)
        if column.scale:
            kind = comments["one_of"].format(allowed=" ".join(self._members(column)))
        elif column.key == "line" and column.role == "key":
            kind = comments["one_of"].format(allowed=" ".join(self.report.files[section].lines))
        else:
            kind = words["kinds"][column.type]
        needed = comments["required" if column.role == "key" or column.key == "printed" else "empty"]
        return str(comments["column"]).format(key=column.key, label=label, kind=f"{kind}; {needed}")

    def _members(self, column: Column) -> list[str]:
        if column.scale == "units":
            return [unit.code for unit in self.report.units]
        if column.scale == "strategic_goals":
            return [goal.key for goal in self.report.strategic_goals]
        members = self.template.head.scales[str(column.scale)].members
        return [str(member.value) if member.value is not None else member.key for member in members]

    def rows(self, section: str) -> Iterator[Record]:
        """The example rows of a file."""
        file = self.report.files[section]
        if file.lines:
            yield from self._figures(section, file)
        elif file.stem is not None:
            yield from (self._record(section, file.keys + file.columns, number) for number in range(EXAMPLES))
        elif not file.shared:
            texts: Record = {column.key: self._sample(column.key) for column in file.columns if column.type == "prose"}
            yield texts | {"unit": self.report.areas[0].code}

    def _record(self, section: str, columns: tuple[Column, ...], number: int) -> Record:
        """One example row; the later ones stand in other places of their lists."""
        return {
            column.key: f"{section[0].upper()}{number + 1}" if column.role == "key" else self._value(column, number)
            for column in columns
        }

    def _value(self, column: Column, number: int) -> Input:
        if column.scale:
            members = self._members(column)
            # The first unit is the division, whose examples would say little.
            return members[(number + (column.scale == "units")) % len(members)]
        match column.type:
            case "date":
                return None
            case "year" | "integer":
                return self.report.year
            case "percent" | "percent1" | "share":
                return Decimal("0.25") if column.required else None
            case "euro" | "number" | "variance":
                amount = Decimal(100000 * (number + 1))
                return amount if column.minimum is not None and column.minimum >= 0 else -amount
        return self._sample(column.key)[: column.most]

    def _controls(self) -> Iterator[Record]:
        """A printed figure of the first example row of each statement."""
        for key in self.template.statements():
            for row in list(self.rows(key))[:1]:
                column = next(column.key for column in self.report.files[key].columns if column.key in row)
                place = {"section": key, "unit": row["unit"], "record": row["line"], "column": column}
                yield place | {"printed": row[column]}

    def _figures(self, section: str, file: InputFile) -> Iterator[Record]:
        """Two lines of one area, a revenue and a cost, three quarters of the budget used."""
        lines = self.template.statements()[section].lines
        shares = {"last_year": "0.97", "last_year_to_date": "0.71", "budget": "1", "actual": "0.75"}
        for sign, whole in (("revenue", 100000), ("cost", -400000)):
            line = next((line.key for line in lines if line.kind == "line" and line.sign == sign), None)
            if line:
                row: Record = {"unit": self.report.areas[0].code, "line": line}
                figures = [c.key for c in file.columns if c.place == "table" and not c.is_text]
                yield row | {key: whole * Decimal(shares.get(key, "1")) for key in figures}

    def _sample(self, key: str) -> str:
        samples = self.words["samples"]
        return str(samples.get(key, samples["other"]))


def _toml(value: str | list[str]) -> str:
    """A text or a list of texts as TOML spells it, which is as JSON does."""
    return json.dumps(value, ensure_ascii=False)


__all__ = ["Example", "new"]
