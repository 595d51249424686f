"""What a machine and a workbook need for the buttons to work, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import taulukko
from taulukko.errors import FaultsError, Finding, WorkbookError, reading
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
ITS_CONFIG = "taulukko.conf"
"""Likewise in the add-in."""
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

Kind = Literal["xlsx", "xlsm", "lite", "xlam"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found.

    Attributes:
        signs: what the buttons depend on: as it should be (`note`), worth knowing (`remark`), or what keeps them from
            working (`error`).
        error: why the workbook was not read, if so.
    """

    signs: list[Finding]
    error: Finding | None = None

    @property
    def is_good(self) -> bool:
        return self.error is None and all(sign.severity != "error" for sign in self.signs)


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
        path: the workbook whose buttons are to work, or the add-in; without one only the machine is looked at.

    Raises:
        OSError: there is no such file.
    """
    if path is None:
        return Diagnosis([*_platform(machine), *_python(machine, {}), *_add_in(machine), *_rules(machine)])
    path.stat()
    around = [*_around(machine, path)]
    try:
        with reading(path):
            file = _read(path)
    except WorkbookError as error:
        return Diagnosis(around, error.findings[0])
    if file.kind == "xlam":
        return Diagnosis([*_of_the_add_in(machine, file), *around, *_rules(machine)])
    signs = [*_ours(file), *around]
    if file.kind == "lite":
        return Diagnosis([*signs, *_lite(machine, file)])
    signs += [*_platform(machine), *_settings(machine, file), *_python(machine, file.settings)]
    signs += [] if file.kind == "xlsm" else [*_add_in(machine)]
    return Diagnosis([*signs, *_rules(machine)])


def _read(path: Path) -> _File:
    package = open_package(path)
    files = carried(path)
    with_macros: Kind = "xlam" if ITS_CONFIG in package.sheets else "xlsm"
    file = _File(path, "lite" if files else with_macros if MACROS in package.container else "xlsx", package)
    file.code = files.get("main.py", "")
    if NAME in package.sheets:
        rows = _texts(package, NAME, 3)
        file.facts = {key: value for kind, key, value in rows if kind == "workbook"}
        file.programs = sum(kind == "program" for kind, _, _ in rows)
    for sheet in {CONFIG, ITS_CONFIG} & package.sheets.keys():
        file.settings = _settings_of(_texts(package, sheet, 2))
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


def _ours(file: _File) -> Iterator[Finding]:
    """Whether it is our workbook, of which template and with which program."""
    name, version, language = (file.facts.get(key, "") for key in ("template", "template_version", "language"))
    if not name:
        yield Finding("not_ours", file.path.name)
        return
    yield Finding("kind", file.path.name, found=file.kind, severity="note")
    try:
        known = f"v{load_template(find_template(name), language).head.version}"
    except FaultsError:
        yield Finding("template_absent", file.path.name, found=name, severity="remark")
    else:
        if known == version:
            yield Finding("template", name, found=version, severity="note")
        else:
            yield Finding("template_other", name, found=version, expected=(known,), severity="remark")
    if not file.programs:
        yield Finding("program_missing", file.path.name)


def _around(machine: Machine, path: Path) -> Iterator[Finding]:
    """Where the file is, what it is called and what may be done with it."""
    text = str(path.resolve())
    if _CLOUD.search(text):
        yield Finding("cloud", text, severity="remark")
    if _COPY.search(path.stem):
        yield Finding("copy", path.name, severity="remark")
    if _ODD & set(path.name):
        yield Finding("name_odd", path.name, found=" ".join(sorted(_ODD & set(path.name))), severity="remark")
    if machine.is_from_the_web(str(path)):
        yield Finding("from_the_web", str(path))
    if not machine.is_writable(str(path)):
        yield Finding("read_only", str(path))


def _lite(machine: Machine, file: _File) -> Iterator[Finding]:
    """What xlwings Lite needs: the add-in from the store, our code, and sheets it can write in."""
    yield Finding("lite_needs", severity="remark")
    made = re.search(r"^Made by taulukko (\S+)", file.code, re.MULTILINE)
    if made is None:
        yield Finding("code_foreign", "main.py", severity="remark")
    elif made[1] != taulukko.__version__:
        yield Finding("code_other", "main.py", found=made[1], expected=(taulukko.__version__,), severity="remark")
    closed = [sheet for sheet in file.package.sheets if sheet != NAME and file.package.is_protected(sheet)]
    if closed:
        yield Finding("protected", file.path.name, found=", ".join(closed))
    yield Finding("licence", field=LICENCE, severity="note" if machine.environ.get(LICENCE) else "remark")


def _platform(machine: Machine) -> Iterator[Finding]:
    if machine.platform in (WINDOWS, MAC):
        yield Finding("platform", found=machine.platform, severity="note")
    else:
        yield Finding("platform_other", found=machine.platform)


def _of_the_add_in(machine: Machine, file: _File) -> Iterator[Finding]:
    """Whether the add-in finds its Python.

    Where Excel looks when it starts, it starts that Python at any press; so it is asked there, and only there.
    """
    yield Finding("addin", file.path.name, severity="note")
    yield from _platform(machine)
    yield from _settings(machine, file)
    is_installed = str(file.path.resolve()) in _places_of_add_in(machine)
    yield from _python(machine, file.settings, ITS_CONFIG, is_trusted=is_installed)


def _settings(machine: Machine, file: _File) -> Iterator[Finding]:
    """The settings that a workbook with macros carries."""
    if file.kind == "xlsm" and not file.settings:
        yield Finding("settings_missing", field=CONFIG)
    for part in file.settings.get("PYTHONPATH", "").split(";"):
        folder = _expanded(part.strip(), machine)
        if folder and not _is_far(folder) and not machine.is_there(folder):
            yield Finding("folder_missing", field="PYTHONPATH", found=part.strip())


def _python(
    machine: Machine, settings: Mapping[str, str], sheet: str = CONFIG, is_trusted: bool = False
) -> Iterator[Finding]:
    """The Python that the buttons start, and what it can import.

    A workbook may name any program, so one that it names by its path is not started, unless it is the one that runs.

    Args:
        sheet: where the settings stand.
        is_trusted: whether the program is started all the same.
    """
    key = "INTERPRETER_MAC" if machine.platform == MAC else "INTERPRETER_WIN"
    asked = _expanded(settings.get(key) or settings.get("INTERPRETER") or "", machine)
    python = machine.find(asked) if asked.lower() in PYTHONS else asked or machine.python
    if python is None or not (_is_far(python) or machine.is_there(python)):
        yield Finding("python_missing", field=key, found=asked, expected=(sheet,))
    elif python == asked != machine.python and not (is_trusted and not _is_far(python)):
        yield Finding("python_not_asked", field=key, found=asked, severity="remark")
    elif (versions := machine.ask(python)) is None:
        yield Finding("python_silent", python, expected=(sheet,))
    else:
        yield from _versions(python, versions)
        yield from _macros(machine, versions.get("xlwings"), settings.get(MADE_WITH.upper()))
    if settings and asked.lower() in (*PYTHONS, "") and machine.platform == WINDOWS:
        yield Finding("python_any", field=key, found=asked, expected=(sheet,), severity="remark")


def _versions(python: str, versions: Mapping[str, str]) -> Iterator[Finding]:
    version, oldest = versions["python"], ".".join(map(str, OLDEST_PYTHON))
    if _numbers(version) >= OLDEST_PYTHON:
        yield Finding("python", python, found=version, severity="note")
    else:
        yield Finding("python_old", python, found=version, expected=(oldest,))
    yield from _package(python, versions.get("taulukko"))
    yield from _xlwings(python, versions.get("xlwings"))


def _package(python: str, version: str | None) -> Iterator[Finding]:
    if version is None:
        yield Finding("package_missing", python, expected=("taulukko",))
    elif version != taulukko.__version__:
        yield Finding("package_other", python, found=version, expected=(taulukko.__version__,), severity="remark")
    else:
        yield Finding("package", python, found=version, severity="note")


def _xlwings(python: str, version: str | None) -> Iterator[Finding]:
    oldest = ".".join(map(str, OLDEST_XLWINGS))
    if version is None:
        yield Finding("xlwings_missing", python, expected=(oldest,))
    elif _numbers(version) < OLDEST_XLWINGS:
        yield Finding("xlwings_old", python, found=version, expected=(oldest,))
    else:
        yield Finding("xlwings", python, found=version, severity="note")


def _macros(machine: Machine, installed: str | None, made: str | None) -> Iterator[Finding]:
    """Whether macros of one version of xlwings meet the same version, and on a Mac the script through which they ask.

    Args:
        made: the version whose macros the workbook has, if it says so.
    """
    if made and installed and made != installed:
        yield Finding("xlwings_other", found=installed, expected=(made,), severity="remark")
    if machine.platform == MAC and (version := made or installed):
        path = f"{machine.home}/Library/Application Scripts/com.microsoft.Excel/xlwings-{version}.applescript"
        is_there = machine.is_there(path)
        yield Finding("script" if is_there else "script_missing", path, severity="note" if is_there else "error")


def _places_of_add_in(machine: Machine) -> list[str]:
    """Where Excel looks for the add-in when it starts, and where it finds one that was chosen from its list."""
    if machine.platform == WINDOWS:
        base = f"{machine.environ.get('APPDATA', '')}\\Microsoft"
        folders = [f"{base}\\Excel\\XLSTART\\", f"{base}\\AddIns\\"]
    elif machine.platform == MAC:
        content = f"{machine.home}/Library/Group Containers/UBF8T346G9.Office/User Content.localized"
        folders = [f"{content}/Startup.localized/Excel/", f"{content}/Add-Ins.localized/"]
    else:
        folders = []
    return [f"{folder}{ADD_IN}" for folder in folders]


def _add_in(machine: Machine) -> Iterator[Finding]:
    """The add-in that gives buttons to plain workbooks."""
    places = _places_of_add_in(machine)
    found = [place for place in places if machine.is_there(place)]
    if places and not found:
        yield Finding("addin_missing", ADD_IN, expected=(places[0].removesuffix(ADD_IN),), severity="remark")
    for path in found:
        yield Finding("addin", path, severity="note")
        if machine.is_from_the_web(path):
            yield Finding("from_the_web", path)


def _rules(machine: Machine) -> Iterator[Finding]:
    """What the organisation or the user has forbidden."""
    values = [value for key in SECURITY if (value := machine.policy(key, "VBAWarnings")) is not None]
    if values and values[0] in (NO_MACROS, SIGNED_ONLY):
        yield Finding("macros_forbidden" if values[0] == NO_MACROS else "macros_signed", field="VBAWarnings")
    if machine.policy(SHIELD, CHILDREN) == 1:
        yield Finding("programs_forbidden", field=CHILDREN)


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


__all__ = ["Diagnosis", "doctor"]
