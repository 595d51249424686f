"""What a data folder of the next period begins with, column by column as the template says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from taulukko.folder.controls import costs_of
from taulukko.folder.data_folder import CONTROL, write_csv
from taulukko.next_period.last_year import LastYear
from taulukko.report.inputs import fields_of, file_columns
from taulukko.report.model import Record, Report
from taulukko.template.schema import Column, RecordsSection, StatementSection, Template

Place = tuple[str, ...]
"""What a row is known by: its id, or its unit and line."""
Rows = dict[Place, Record]


@dataclass(slots=True)
class Taken:
    """A column of last year's figures.

    Attributes:
        end: the month in which the report that has them ends, such as 2023-12.
        folder: where that report is, if anywhere.
        stays: whether the column keeps what it had.
        count: how many figures were taken over.
    """

    file: str
    column: str
    end: str
    folder: Path | None
    stays: bool
    count: int = 0


@dataclass(slots=True)
class NextPeriod:
    """A data folder that is not written yet.

    Attributes:
        facts: text of report.toml.
        words: the report's own labels, by the names of their files.
        files: columns and rows of each CSV file, by its name.
        empty: columns that are left empty, by file.
        left: files none of whose rows are carried over.
        taken: the columns of last year's figures.
        preliminary: the year before, when figures of it are there and its accounts are not closed.
    """

    facts: str = ""
    files: dict[str, tuple[list[str], list[Record]]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    empty: dict[str, list[str]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    preliminary: int | None = None

    def write(self, folder: Path) -> Path:
        """Write it.

        Raises:
            OSError: the folder cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.toml").write_text(self.facts, encoding="utf-8", newline="")
        for name, words in self.words.items():
            (folder / name).write_text(words, encoding="utf-8", newline="")
        for name, (columns, rows) in self.files.items():
            write_csv(folder / name, columns, rows)
        return folder


def carried_over(report: Report, template: Template, past: LastYear, year: int, signs: str) -> NextPeriod:
    """The files of the next period's folder, all but report.toml.

    A figure of last year that the report has stays within the year, unless it was preliminary and last year's folder
    has a newer one.

    Args:
        year: of the next period.
        signs: of costs in the files, as report.toml says.
    """
    new = NextPeriod()
    given = {section for section, _ in fields_of(report, template)} | ({"controls"} if report.controls else set())
    for name, (keys, others) in (file_columns(template) | {"controls": (CONTROL, ())}).items():
        section, rows = template.sections.get(name), []
        if isinstance(section, RecordsSection | StatementSection):
            carried = _carried(new, report, name, section, others, past, year == report.year)
            if isinstance(section, StatementSection) and signs == "costs_positive":
                _turn(carried, section, others)
            names = [key.key for key in keys]
            rows = [{**dict(zip(names, place, strict=True)), **row} for place, row in carried.items()]
        elif name in given:
            new.left.append(f"{name}.csv")
        new.files[f"{name}.csv"] = [column.key for column in (*keys, *others)], rows
    kept = year == report.year and report.last_year_preliminary and "year_end" not in past.folders
    if kept or (not past.closed and any(taken.count for taken in new.taken)):
        new.preliminary = year - 1
    return new


def _carried(
    new: NextPeriod,
    report: Report,
    name: str,
    section: RecordsSection | StatementSection,
    columns: Sequence[Column],
    past: LastYear,
    same_year: bool,
) -> Rows:
    """The rows of a file, and in the new folder's notes what became of each column."""
    file = f"{name}.csv"
    rows = _rows(report, name, section)
    carried: Rows = {place: {} for place in rows}
    for column in columns:
        stays = column.carried and (same_year or not column.annual)
        for place, row in rows.items():
            carried[place][column.key] = row.get(column.key) if stays else None
        if column.from_last_year:
            until, source = column.from_last_year.until, column.from_last_year.column
            taken = Taken(file, column.key, past.ends[until], past.folders.get(until), stays)
            older = _rows(past.reports[until], name, section) if until in past.reports else {}
            for place, row in older.items():
                known = place in rows or (isinstance(section, StatementSection) and _is_line(place, report, section))
                figure, kept = row.get(source), carried.get(place, {}).get(column.key)
                if known and figure is not None and (kept is None or report.last_year_preliminary):
                    carried.setdefault(place, {})[column.key] = figure
                    taken.count += 1
            new.taken += [taken] if carried else []
        elif not stays and rows:
            new.empty.setdefault(file, []).append(column.key)
    return carried


def _rows(report: Report, name: str, section: RecordsSection | StatementSection) -> Rows:
    if isinstance(section, StatementSection):
        return {(unit, line): row for (unit, line), row in report.figures.items()}
    return {(str(row["id"]),): row for row in report.records.get(name, [])}


def _is_line(place: Place, report: Report, section: StatementSection) -> bool:
    """Whether the report could have a row there: a line of last year's that it does not have yet."""
    unit, line = place
    lines = {line.key for line in section.lines if line.kind != "heading"}
    return unit in {unit.code for unit in report.units} and line in lines


def _turn(rows: Rows, section: StatementSection, columns: Sequence[Column]) -> None:
    """Give costs the sign they have in a folder that writes them as positive figures."""
    costs, money = costs_of(section), [column.key for column in columns if column.type == "euro"]
    for (_, line), row in rows.items():
        if line in costs:
            row |= {key: -figure for key in money if isinstance(figure := row.get(key), Decimal)}


__all__ = ["NextPeriod", "Taken", "carried_over"]
