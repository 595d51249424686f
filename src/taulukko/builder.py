"""From a data folder or a report to a finished workbook on disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from taulukko.errors import FaultsError, Finding, OutputRefused
from taulukko.folder.store import spare_name
from taulukko.report.model import Report, Unit
from taulukko.template import Template, find_template, load_template
from taulukko.unswept import unswept

if TYPE_CHECKING:
    from taulukko.plan.book import Workbook
    from taulukko.template.schema import Theme

Kind = Literal["xlsx", "xlsm", "lite"]
KINDS: tuple[Kind, ...] = ("xlsx", "xlsm", "lite")
"""A workbook; the same with buttons whose macros start this package; the same with buttons for xlwings Lite."""
ENDINGS = {"xlsx": ".xlsx", "xlsm": ".xlsm", "lite": "-lite.xlsx"}
"""What the names of the kinds end with, unless they are given."""


def load(folder: str | Path, *, language: str | None = None, template: str | Path | None = None) -> Report:
    """Read a data folder.

    Args:
        folder: with report.toml and one CSV a section.
        language: of the labels; the report's own when None.
        template: folder of a template to use instead of the one that report.toml names.

    Raises:
        FaultsError: every fault of every file.

    Example:
        >>> load("workbooks/heinola-hyvinvointi-2024-09").period
        '1–9/2024'
    """
    from taulukko.folder import data_folder as folders

    return folders.load(folder, language, Path(template) if template else None)[0]


@unswept()
def build(
    source: str | Path | Report,
    output: str | Path | None = None,
    *,
    language: str | None = None,
    template: str | Path | None = None,
    unit: str | None = None,
    provenance: bool = False,
    force: bool = False,
    kind: Kind = "xlsx",
    python: str = "python",
) -> Path:
    """Build a workbook. It is written whole or not at all.

    Args:
        source: a data folder, or a report from `load`, perhaps with frames of your own.
        output: the file; by default named by the template, and by the unit if one is given, in the data folder, or for
            a report in the current folder.
        language: of the workbook; the report's own when None.
        template: folder of a template to use instead of the report's own.
        unit: build for this unit alone, by its code.
        provenance: note on the cells from which returned file and cell their figures were collected, as the journal of
            the data folder says.
        force: write over a file that would be refused, and keep a copy of it: FILE.bak, FILE.bak2 and so on.
        kind: `xlsm` adds buttons whose macros start this package; xlwings has to be installed. `lite` adds buttons and
            code for xlwings Lite and leaves the sheets unprotected, which is an experiment.
        python: the Python that the buttons start, by its full path.

    Returns:
        The path of the workbook.

    Raises:
        FaultsError: every fault of the input; nothing was written. Also when the workbook would be too large for Excel
            or to be read again, the output's name does not end as the kind does, or xlwings is not there.
        OutputRefused: the existing file is not ours, or somebody has saved it since it was built.
        OSError: the file cannot be written.

    Example:
        >>> build("workbooks/heinola-hyvinvointi-2024-09", "heinola.xlsx").name
        'heinola.xlsx'
    """
    from taulukko.plan.build import plan
    from taulukko.xlsx.size import check_size

    report, found = _read(source, language, Path(template) if template else None)
    if unit is not None:
        report = _for_unit(report, unit)
    name = file_name(found, report.whole.code if unit else None, kind)
    path = Path(output) if output is not None else _folder_of(source) / name
    _check_ending(path, kind)
    book = plan(report, found, protected=kind != "lite")
    if provenance and not isinstance(source, Report):
        from taulukko.folder.journal import standing_entries
        from taulukko.plan.provenance import note_sources

        note_sources(book, report, found, standing_entries(Path(source)))
    check_size(book)
    _add_kind(book, found, kind, python)
    save_all({path: lambda: book}, found, force=force)
    return path


def build_units(
    source: str | Path | Report,
    output: str | Path | None = None,
    *,
    language: str | None = None,
    template: str | Path | None = None,
    force: bool = False,
    kind: Kind = "xlsx",
    python: str = "python",
) -> list[Path]:
    """Build a workbook for each unit, to be filled in and returned; the division's holds what belongs to no unit.

    All files are written or none is, but for what the system refuses while finished files are put in their places.

    Args:
        source: as in `build`.
        output: the folder of the workbooks, made when it is not there; by default `units` in the data folder, or for
            a report in the current folder.
        language: as in `build`.
        template: as in `build`.
        force: as in `build`, for each file.
        kind: as in `build`, as is `python`.

    Returns:
        The paths of the workbooks, in the order of the units.

    Raises:
        FaultsError: every fault of the input, or one of the workbooks would be too large; nothing was written.
        OutputRefused: an existing file is not ours, or somebody has saved it since it was built.
        OSError: a file cannot be written.

    Example:
        >>> build_units("workbooks/heinola-hyvinvointi-2024-09", "units")[0].name
        'osavuosikatsaus-TOIMIALA.xlsx'
    """
    return list(_built_units(source, output, language, template, force, kind, python))


def send_units(folder: str | Path, output: str | Path | None = None, **options: Any) -> list[Path]:
    """Build the workbooks of units and list them in `sent.csv` of the data folder, each with its hash.

    Args:
        folder: a data folder.
        output: as in `build_units`, as are the options.

    Raises:
        FaultsError, OutputRefused, OSError: as in `build_units`; or the list cannot be read and nothing was written, or
            not be written, and the workbooks were.
    """
    from taulukko.folder.journal import Told
    from taulukko.folder.sent import Sent, list_sent, read_sent
    from taulukko.folder.store import digest_of

    read_sent(Path(folder))
    wanted = {"language": None, "template": None, "force": False, "kind": "xlsx", "python": "python"} | options
    built, told = _built_units(folder, output, **wanted), Told.now()
    list_sent(
        Path(folder),
        [Sent(told.time, unit, path.name, str(digest_of(path)), id_, told.by) for path, (unit, id_) in built.items()],
    )
    return list(built)


def _built_units(
    source: str | Path | Report,
    output: str | Path | None,
    language: str | None,
    template: str | Path | None,
    force: bool,
    kind: Kind,
    python: str,
) -> dict[Path, tuple[str, str]]:
    """Build the workbooks of units; of each its unit and its id."""
    from taulukko.folder.remarks import notes_for, read_questions, standing_comments
    from taulukko.plan.build import plan
    from taulukko.plan.provenance import note_remarks
    from taulukko.plan.shape import new_id
    from taulukko.xlsx.size import check_size

    def planned(unit: Unit) -> Workbook:
        book = plan(report.for_unit(unit.code), found, protected=kind != "lite")
        note_remarks(book, notes_for(unit.code, questions, comments), questions.get(unit.code, ()))
        check_size(book)
        _add_kind(book, found, kind, python)
        return book

    report, found = _read(source, language, Path(template) if template else None)
    questions = {} if isinstance(source, Report) else read_questions(Path(source), report)
    comments = {} if isinstance(source, Report) else standing_comments(Path(source))
    folder = Path(output) if output is not None else _folder_of(source) / "units"
    units = {folder / file_name(found, unit.code, kind): unit for unit in report.units}
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        save_all({path: partial(planned, unit) for path, unit in units.items()}, found, force=force)
    except FaultsError:
        if is_new:
            folder.rmdir()
        raise
    return {path: (unit.code, new_id(report.for_unit(unit.code), found)) for path, unit in units.items()}


def save_all(books: Mapping[Path, Callable[[], Workbook]], template: Template, *, force: bool = False) -> None:
    """Write each workbook beside its place, and put them there when all are finished.

    Args:
        books: what plans each of them when its turn has come, so that one is held at a time.

    Raises:
        FaultsError, OutputRefused, OSError: as in `build`.
    """

    def written(planned: Callable[[], Workbook]) -> Callable[[Path], None]:
        def writing(part: Path) -> None:
            book = planned()
            words = {"report": f"{book.author} · {book.title}", "page": template.label("words.page")}
            _write(book, template.theme, part, words)

        return writing

    put_all({path: written(planned) for path, planned in books.items()}, force=force)


def put_all(files: Mapping[Path, Callable[[Path], object]], *, force: bool = False) -> None:
    """Write each file beside its place, and put them there when all are finished.

    Args:
        files: what writes each of them.

    Raises:
        FaultsError, OutputRefused, OSError: as in `build`.
    """
    refused = {path: refusal for path in files if (refusal := _refusal(path))}
    if refused and not force:
        raise OutputRefused(*refused.values())
    finished = {path: _hidden_beside(path.resolve()) for path in files}
    path = Path()
    try:
        for path, writing in files.items():
            writing(finished[path])
        for path, part in finished.items():
            if path in refused:
                shutil.copy2(path.resolve(), spare_name(path.resolve()))
            os.replace(part, path.resolve())
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        for part in finished.values():
            part.unlink(missing_ok=True)


def _hidden_beside(target: Path) -> Path:
    """A name that keeps its ending and is hidden, so that no program opens the half-written file."""
    return target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")


def _read(source: str | Path | Report, language: str | None, folder: Path | None) -> tuple[Report, Template]:
    if not isinstance(source, Report):
        from taulukko.folder.data_folder import load as load_folder

        return load_folder(source, language, folder)
    from taulukko.folder.frames import checked

    template = load_template(folder or source.choice or find_template(source.template), language or source.language)
    return checked(source, template), template


def _for_unit(report: Report, code: str) -> Report:
    codes = tuple(unit.code for unit in report.units)
    known = next((one for one in codes if one.lower() == code.lower()), None)
    if known is None:
        raise FaultsError(Finding("value", field="unit", found=code, expected=codes))
    return report.for_unit(known)


def _add_kind(book: Workbook, template: Template, kind: Kind, python: str) -> None:
    if kind == "xlsm":
        from taulukko.in_excel.macro_book import add_macros

        add_macros(book, template, python)
    elif kind == "lite":
        from taulukko.in_excel.lite_book import add_lite

        add_lite(book, template)


def _check_ending(path: Path, kind: Kind) -> None:
    """Refuse a name by which Excel would take the file for one of another kind and not open it."""
    ending, wanted = path.suffix.lower(), ".xlsm" if kind == "xlsm" else ".xlsx"
    if ending != wanted and (kind != "xlsx" or ending in (".xlsm", ".xlam")):
        raise FaultsError(Finding("value", field="output", found=path.name, expected=(f"*{wanted}",)))


def _folder_of(source: str | Path | Report) -> Path:
    return Path() if isinstance(source, Report) else Path(source)


def file_name(template: Template, unit: str | None, kind: Kind) -> str:
    """What a workbook is called that is given no name."""
    return "-".join(part for part in (template.head.name, unit) if part) + ENDINGS[kind]


def _refusal(path: Path) -> Finding | None:
    """Why the file may not simply be replaced, if so."""
    from taulukko.xlsx.existing import state_of

    if not path.exists():
        return None
    match state_of(path):
        case "untouched":
            return None
        case "filled":
            return Finding("output_filled", str(path))
        case "foreign":
            return Finding("output_not_ours", str(path))


def _write(book: Workbook, theme: Theme, path: Path, words: dict[str, str]) -> None:
    """Write, and let what keeps a file from being written be the system's own error, which XlsxWriter wraps."""
    from taulukko.xlsx.write import write

    try:
        write(book, theme, path, words)
    except Exception as error:
        raise next((cause for cause in error.args if isinstance(cause, OSError)), error) from None
    if book.carried:
        from taulukko.in_excel.lite import embed

        embed(path, book.carried)


__all__ = ["KINDS", "Kind", "build", "build_units", "file_name", "load", "put_all", "save_all", "send_units"]
