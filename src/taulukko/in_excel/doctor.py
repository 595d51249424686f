"""What a machine and a workbook need for the buttons to work, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import taulukko
from taulukko.errors import FaultsError, WorkbookError
from taulukko.in_excel.lite import carried
from taulukko.in_excel.machine import MAC, WINDOWS, Machine
from taulukko.in_excel.settings import MADE_WITH
from taulukko.plan.shape import NAME
from taulukko.template import find_template, load_template
from taulukko.xlsx.package import Package, open_package

OLDEST_PYTHON, OLDEST_XLWINGS = (3, 11), (0, 37)
CONFIG = "xlwings.conf"
"""The sheet where xlwings looks for its settings."""
MACROS = "xl/vbaProject.bin"
ADD_IN = "taulukko.xlam"
LICENCE = "XLWINGS_LICENSE_KEY"
PYTHONS = ("python", "pythonw", "python3")
"""Names that mean whichever Python the system finds first."""
SECURITY = (r"Software\Policies\Microsoft\Office\16.0\Excel\Security", r"Software\Microsoft\Office\16.0\Excel\Security")
"""Where Excel's rules on macros are, those of the organisation first."""
SHIELD = r"SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
CHILDREN = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
"""The rule that keeps Office from starting other programs, and so from starting Python."""
NO_MACROS, SIGNED_ONLY = 4, 3
_COPY = re.compile(r"\(\d+\)$|^copy of | - copy$|^kopio |^kopia av | - kopio$| - kopia$", re.IGNORECASE)
_ODD = frozenset("=%$`")
"""Characters of a name that a command line or xlwings takes for something else."""
_CLOUD = re.compile(r"^https?:|onedrive|sharepoint|CloudStorage", re.IGNORECASE)

Level = Literal["good", "note", "fault"]
Kind = Literal["xlsx", "xlsm", "lite"]


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that the buttons depend on.

    Attributes:
        code: what it is about, a key of the messages.
        level: `good` as it should be, `note` worth knowing, `fault` it keeps the buttons from working.
        place: the file, setting or program it concerns.
        found: what there is.
        expected: what there should be.
    """

    code: str
    level: Level
    place: str = ""
    found: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found.

    Attributes:
        error: why the workbook was not read, if so.
    """

    signs: list[Sign]
    error: WorkbookError | None = None

    @property
    def is_good(self) -> bool:
        return self.error is None and all(sign.level != "fault" for sign in self.signs)


@dataclass(slots=True)
class _File:
    """A workbook, as far as it was read."""

    path: Path
    kind: Kind
    package: Package
    code: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    programs: int = 0


def doctor(machine: Machine, path: Path | None = None) -> Diagnosis:
    """Look at a machine, and at a workbook on it.

    Args:
        path: the workbook whose buttons are to work; without one only the machine is looked at.

    Raises:
        OSError: there is no such file.
    """
    if path is None:
        return Diagnosis([*_platform(machine), *_python(machine, {}), *_add_in(machine), *_rules(machine)])
    path.stat()
    around = [*_around(machine, path)]
    try:
        file = _read(path)
    except WorkbookError as error:
        return Diagnosis(around, error)
    signs = [*_ours(file), *around]
    if file.kind == "lite":
        return Diagnosis([*signs, *_lite(machine, file)])
    signs += [*_platform(machine), *_settings(machine, file), *_python(machine, file.settings)]
    signs += [] if file.kind == "xlsm" else [*_add_in(machine)]
    return Diagnosis([*signs, *_rules(machine)])


def _read(path: Path) -> _File:
    package = open_package(path, macros=True)
    files = carried(path)
    file = _File(path, "lite" if files else "xlsm" if MACROS in package.container else "xlsx", package)
    file.code = files.get("main.py", "")
    if NAME in package.sheets:
        rows = _texts(package, NAME, 3)
        file.facts = {key: value for kind, key, value in rows if kind == "workbook"}
        file.programs = sum(kind == "program" for kind, _, _ in rows)
    if CONFIG in package.sheets:
        file.settings = _settings_of(_texts(package, CONFIG, 2))
    return file


def _texts(package: Package, sheet: str, width: int) -> list[tuple[str, ...]]:
    """The first columns of a sheet, row by row."""
    cells = package.cells(sheet)
    last = max((row for row, _ in cells), default=-1)
    blank = {(row, column): "" for row in range(last + 1) for column in range(width)}
    texts = blank | {place: str(cell.value) for place, cell in cells.items() if cell.value is not None}
    return [tuple(texts[row, column] for column in range(width)) for row in range(last + 1)]


def _settings_of(rows: list[tuple[str, ...]]) -> dict[str, str]:
    """As xlwings reads them: up to the first blank, without regard to case."""
    names = [row[0] for row in rows]
    end = names.index("") if "" in names else len(names)
    return {name.upper(): value for name, value in rows[:end]}


def _ours(file: _File) -> Iterator[Sign]:
    """Whether it is our workbook, of which template and with which program."""
    name, version, language = (file.facts.get(key, "") for key in ("template", "template_version", "language"))
    if not name:
        yield Sign("not_ours", "fault", file.path.name)
        return
    yield Sign("kind", "good", file.path.name, file.kind)
    if file.kind == "xlsm" and file.path.suffix.lower() != ".xlsm":
        yield Sign("name_other", "fault", file.path.name, "", ".xlsm")
    try:
        known = f"v{load_template(find_template(name), language).head.version}"
    except FaultsError:
        yield Sign("template_unknown", "note", file.path.name, name)
    else:
        level: Level = "good" if known == version else "note"
        yield Sign("template" if known == version else "template_other", level, name, version, known)
    if not file.programs:
        yield Sign("program_missing", "fault", file.path.name)


def _around(machine: Machine, path: Path) -> Iterator[Sign]:
    """Where the file is, what it is called and what may be done with it."""
    text = str(path.resolve())
    if _CLOUD.search(text):
        yield Sign("cloud", "note", text)
    if _COPY.search(path.stem):
        yield Sign("copy", "note", path.name)
    if _ODD & set(path.name):
        yield Sign("name_odd", "note", path.name, " ".join(sorted(_ODD & set(path.name))))
    if machine.is_from_the_web(str(path)):
        yield Sign("from_the_web", "fault", str(path))
    if not machine.is_writable(str(path)):
        yield Sign("read_only", "fault", str(path))


def _lite(machine: Machine, file: _File) -> Iterator[Sign]:
    """What xlwings Lite needs: the add-in from the store, our code, and sheets it can write in."""
    yield Sign("lite_needs", "note")
    made = re.search(r"^Made by taulukko (\S+)", file.code, re.MULTILINE)
    if made is None:
        yield Sign("code_foreign", "note", "main.py")
    elif made[1] != taulukko.__version__:
        yield Sign("code_other", "note", "main.py", made[1], taulukko.__version__)
    closed = [sheet for sheet in file.package.sheets if sheet != NAME and file.package.is_protected(sheet)]
    if closed:
        yield Sign("protected", "fault", file.path.name, ", ".join(closed))
    yield Sign("licence", "good" if machine.environ.get(LICENCE) else "note", LICENCE)


def _platform(machine: Machine) -> Iterator[Sign]:
    if machine.platform in (WINDOWS, MAC):
        yield Sign("platform", "good", found=machine.platform)
    else:
        yield Sign("platform_other", "fault", found=machine.platform)


def _settings(machine: Machine, file: _File) -> Iterator[Sign]:
    """The settings that a workbook with macros carries."""
    if file.kind == "xlsm" and not file.settings:
        yield Sign("settings_missing", "fault", CONFIG)
    for part in file.settings.get("PYTHONPATH", "").split(";"):
        folder = _expanded(part.strip(), machine)
        if folder and not _is_far(folder) and not machine.is_there(folder):
            yield Sign("folder_missing", "fault", "PYTHONPATH", part.strip())


def _python(machine: Machine, settings: Mapping[str, str]) -> Iterator[Sign]:
    """The Python that the buttons start, and what it can import.

    A workbook may name any program, so one that it names by its path is not started, unless it is the one that runs.
    """
    key = "INTERPRETER_MAC" if machine.platform == MAC else "INTERPRETER_WIN"
    asked = _expanded(settings.get(key) or settings.get("INTERPRETER") or "", machine)
    python = machine.find(asked) if asked.lower() in PYTHONS else asked or machine.python
    if python is None or not (_is_far(python) or machine.is_there(python)):
        yield Sign("python_missing", "fault", key, asked)
    elif python == asked != machine.python:
        yield Sign("python_not_asked", "note", key, asked)
    elif (versions := machine.ask(python)) is None:
        yield Sign("python_silent", "fault", python)
    else:
        yield from _versions(python, versions)
        yield from _macros(machine, versions.get("xlwings"), settings.get(MADE_WITH.upper()))


def _versions(python: str, versions: Mapping[str, str]) -> Iterator[Sign]:
    good, oldest = _numbers(versions["python"]) >= OLDEST_PYTHON, ".".join(map(str, OLDEST_PYTHON))
    yield Sign("python" if good else "python_old", "good" if good else "fault", python, versions["python"], oldest)
    yield from _package(python, versions.get("taulukko"))
    yield from _xlwings(python, versions.get("xlwings"))


def _package(python: str, version: str | None) -> Iterator[Sign]:
    if version is None:
        yield Sign("package_missing", "fault", python, "", "taulukko")
    elif version != taulukko.__version__:
        yield Sign("package_other", "note", python, version, taulukko.__version__)
    else:
        yield Sign("package", "good", python, version)


def _xlwings(python: str, version: str | None) -> Iterator[Sign]:
    oldest = ".".join(map(str, OLDEST_XLWINGS))
    if version is None:
        yield Sign("xlwings_missing", "fault", python, "", oldest)
    elif _numbers(version) < OLDEST_XLWINGS:
        yield Sign("xlwings_old", "fault", python, version, oldest)
    else:
        yield Sign("xlwings", "good", python, version)


def _macros(machine: Machine, installed: str | None, made: str | None) -> Iterator[Sign]:
    """Whether macros of one version of xlwings meet the same version, and on a Mac the script through which they ask.

    Args:
        made: the version whose macros the workbook has, if it says so.
    """
    if made and installed and made != installed:
        yield Sign("xlwings_other", "note", "", installed, made)
    if machine.platform == MAC and (version := made or installed):
        path = f"{machine.home}/Library/Application Scripts/com.microsoft.Excel/xlwings-{version}.applescript"
        is_there = machine.is_there(path)
        yield Sign("script" if is_there else "script_missing", "good" if is_there else "fault", path)


def _add_in(machine: Machine) -> Iterator[Sign]:
    """The add-in that gives buttons to plain workbooks, where Excel looks when it starts."""
    if machine.platform == WINDOWS:
        base = f"{machine.environ.get('APPDATA', '')}\\Microsoft"
        folders = [f"{base}\\Excel\\XLSTART\\", f"{base}\\AddIns\\"]
    elif machine.platform == MAC:
        content = f"{machine.home}/Library/Group Containers/UBF8T346G9.Office/User Content.localized"
        folders = [f"{content}/Startup.localized/Excel/", f"{content}/Add-Ins.localized/"]
    else:
        return
    found = [f"{folder}{ADD_IN}" for folder in folders if machine.is_there(f"{folder}{ADD_IN}")]
    if not found:
        yield Sign("addin_missing", "note", ADD_IN, "", folders[0])
    for path in found:
        yield Sign("addin", "good", path)
        if machine.is_from_the_web(path):
            yield Sign("from_the_web", "fault", path)


def _rules(machine: Machine) -> Iterator[Sign]:
    """What the organisation or the user has forbidden."""
    values = [value for key in SECURITY if (value := machine.policy(key, "VBAWarnings")) is not None]
    if values and values[0] in (NO_MACROS, SIGNED_ONLY):
        yield Sign("macros_forbidden" if values[0] == NO_MACROS else "macros_signed", "fault", "VBAWarnings")
    if machine.policy(SHIELD, CHILDREN) == 1:
        yield Sign("programs_forbidden", "fault", CHILDREN)


def _is_far(path: str) -> bool:
    """Whether to look at a path would mean to greet another machine."""
    return path.startswith((r"\\", "//"))


def _expanded(text: str, machine: Machine) -> str:
    """A path with its variables filled in: `%NAME%`, `${NAME}` or `$NAME`."""

    def value(match: re.Match[str]) -> str:
        name = next(part for part in match.groups() if part)
        return machine.environ.get(name, machine.home if name == "HOME" else match[0])

    return re.sub(r"%(\w+)%|\$\{(\w+)\}|\$(\w+)", value, text)


def _numbers(version: str) -> tuple[int, ...]:
    """
    Example:
        >>> _numbers("0.37.8") >= (0, 37), _numbers("3.9.1rc1") >= (3, 11)
        (True, False)
    """
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


__all__ = ["Diagnosis", "Sign", "doctor"]
