"""What a data folder of the next period begins with, column by column as the template says."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from taulukko.folder.data_folder import CONTROL, write_csv
from taulukko.folder.signs import signed
from taulukko.next_period.last_year import LastYear
from taulukko.report.model import Record, Report
from taulukko.template.inputs import InputFile


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


def carried_over(report: Report, past: LastYear, year: int, signs: str) -> NextPeriod:
    """The files of the next period's folder, all but report.toml.

    A figure of last year that the report has stays within the year, unless it was preliminary and last year's folder
    has a newer one.

    Args:
        year: of the next period.
        signs: of costs in the files, as report.toml says.
    """
    new = NextPeriod()
    for name, file in report.files.items():
        rows: list[Record] = []
        if file.stem is not None or file.lines:
            carried = _carried(new, report, name, file, past, year == report.year).items()
            rows = [signed(file.key(record) | row, file, signs) for record, row in carried]
        elif report.rows(name):
            new.left.append(f"{name}.csv")
        new.files[f"{name}.csv"] = [column.key for column in (*file.keys, *file.columns)], rows
    new.left += ["controls.csv"] if report.controls else []
    new.files["controls.csv"] = [column.key for column in CONTROL], []
    kept = year == report.year and report.last_year_preliminary and "year_end" not in past.folders
    if kept or (not past.closed and any(taken.count for taken in new.taken)):
        new.preliminary = year - 1
    return new


def _carried(
    new: NextPeriod,
    report: Report,
    section: str,
    file: InputFile,
    past: LastYear,
    same_year: bool,
) -> dict[str, Record]:
    """The rows of a file, and in the new folder's notes what became of each column."""
    name = f"{section}.csv"
    rows = report.inputs[section]
    carried: dict[str, Record] = {record: {} for record in rows}
    for column in file.columns:
        stays = column.carried and (same_year or not column.annual)
        for record, row in rows.items():
            carried[record][column.key] = row.get(column.key) if stays else None
        if column.from_last_year:
            until, source = column.from_last_year.until, column.from_last_year.column
            taken = Taken(name, column.key, past.ends[until], past.folders.get(until), stays)
            older = past.reports[until].inputs.get(section, {}) if until in past.reports else {}
            for record, row in older.items():
                known = record in rows or _is_line(row, report, file)
                figure, kept = row.get(source), carried.get(record, {}).get(column.key)
                if known and figure is not None and (kept is None or report.last_year_preliminary):
                    carried.setdefault(record, {})[column.key] = figure
                    taken.count += 1
            new.taken += [taken] if carried else []
        elif not stays and rows:
            new.empty.setdefault(name, []).append(column.key)
    return carried


def _is_line(row: Record, report: Report, file: InputFile) -> bool:
    """Whether the report could have a row there: a line of last year's that it does not have yet."""
    return row.get("line") in file.lines and row["unit"] in {unit.code for unit in report.units}


__all__ = ["NextPeriod", "Taken", "carried_over"]
