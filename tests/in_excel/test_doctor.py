"""What keeps the buttons from working, on machines of every kind, none of which needs to be here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import openpyxl
import pytest

import taulukko
from support.built import Built
from support.folders import data_folder
from taulukko.builder import build
from taulukko.cli import run
from taulukko.in_excel.addin import write_addin
from taulukko.in_excel.doctor import CHILDREN, SECURITY, SHIELD, Diagnosis, doctor
from taulukko.in_excel.lite import embed
from taulukko.in_excel.machine import Machine, this_machine

VERSION = taulukko.__version__
WINDOWS_PYTHON, MAC_PYTHON = r"C:\Python\python.exe", "/opt/homebrew/bin/python3"
XLWINGS = version("xlwings")
HAS_ALL = {"python": "3.12.4", "taulukko": VERSION, "xlwings": XLWINGS}
STARTS = r"C:\Users\maija\AppData\Roaming\Microsoft\Excel\XLSTART\taulukko.xlam"
OFFICE_ON_MAC = "/Users/maija/Library/Group Containers/UBF8T346G9.Office/User Content.localized"
SCRIPT = f"/Users/maija/Library/Application Scripts/com.microsoft.Excel/xlwings-{XLWINGS}.applescript"
STARTS_ON_MAC = f"{OFFICE_ON_MAC}/Startup.localized/Excel/taulukko.xlam"


def machine(
    platform: str = "win32",
    *,
    versions: dict[str, str] | None = HAS_ALL,
    there: tuple[str, ...] = (),
    policies: dict[tuple[str, str], int] | None = None,
    from_the_web: tuple[str, ...] = (),
    writable: bool = True,
    **environ: str,
) -> Machine:
    """A machine with Python, the package and xlwings, and what else is said."""
    python = MAC_PYTHON if platform == "darwin" else WINDOWS_PYTHON
    return Machine(
        platform=platform,
        python=python,
        environ={"APPDATA": r"C:\Users\maija\AppData\Roaming"} | environ,
        home="/Users/maija",
        find=lambda name: python if name == "python" else None,
        ask=lambda path: versions,
        is_there=lambda path: path in (python, *there),
        is_writable=lambda path: writable,
        is_from_the_web=lambda path: os.path.basename(path.replace("\\", "/")) in from_the_web,
        policy=lambda key, name: (policies or {}).get((key, name)),
    )


def codes(found: Diagnosis, *levels: str) -> list[str]:
    return [sign.code for sign in found.signs if sign.severity in (levels or ("remark", "error"))]


@pytest.fixture
def workbook(tmp_path: Path, finnish: Built) -> Path:
    return Path(shutil.copy(finnish.path, tmp_path / "report.xlsx"))


def with_settings(path: Path, **settings: str) -> Path:
    """Give a workbook the sheet of xlwings' settings."""
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("xlwings.conf")
    for row in [*settings.items(), ("", "what stands below a blank is not read"), ("PYTHONPATH", "C:\\none")]:
        sheet.append(row)
    book.save(path)
    return path


# --- the machine alone ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "there", "more"), [("win32", (STARTS,), []), ("darwin", (STARTS_ON_MAC, SCRIPT), ["script"])]
)
def test_a_machine_that_has_everything(platform, there, more):
    found = doctor(machine(platform, there=there))
    assert codes(found, "note") == ["platform", "python", "package", "xlwings", *more, "addin"]
    assert codes(found) == []
    assert found.is_good


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"platform": "linux"}, ["platform_other"]),
        ({"versions": HAS_ALL | {"python": "3.9.1"}}, ["python_old"]),
        ({"versions": None}, ["python_silent"]),
        ({"versions": {"python": "3.12.4"}}, ["package_missing", "xlwings_missing"]),
        ({"versions": HAS_ALL | {"taulukko": "0.0.9"}}, ["package_other"]),
        ({"versions": HAS_ALL | {"xlwings": "0.30.12"}}, ["xlwings_old"]),
        ({"policies": {(SECURITY[1], "VBAWarnings"): 4}}, ["macros_forbidden"]),
        ({"policies": {(SECURITY[0], "VBAWarnings"): 3, (SECURITY[1], "VBAWarnings"): 1}}, ["macros_signed"]),
        ({"policies": {(SECURITY[0], "VBAWarnings"): 2, (SECURITY[1], "VBAWarnings"): 4}}, []),
        ({"policies": {(SHIELD, CHILDREN): 1}}, ["programs_forbidden"]),
        ({"policies": {(SHIELD, CHILDREN): 2}}, []),
        ({"from_the_web": ("taulukko.xlam",)}, ["from_the_web"]),
    ],
)
def test_what_a_machine_lacks(given, expected):
    given = {"there": (STARTS,)} | given
    assert codes(doctor(machine(**given))) == expected


def test_the_add_in_is_only_a_note_because_workbooks_do_without():
    found = doctor(machine())
    assert codes(found) == ["addin_missing"]
    assert found.is_good


# --- a workbook -------------------------------------------------------------------------------------------------------


def test_a_plain_workbook_needs_the_add_in(workbook):
    found = doctor(machine(there=(STARTS,)), workbook)
    assert set(codes(found)) <= {"program_missing"}
    assert codes(found, "note")[:2] == ["kind", "template"]


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("report (1).xlsx", {}, "copy"),
        ("Kopio report.xlsx", {}, "copy"),
        ("report - Copy.xlsx", {}, "copy"),
        ("a=b.xlsx", {}, "name_odd"),
        ("100 %.xlsx", {}, "name_odd"),
        ("OneDrive - Heinola/report.xlsx", {}, "cloud"),
        ("report.xlsx", {"from_the_web": ("report.xlsx",)}, "from_the_web"),
        ("report.xlsx", {"writable": False}, "read_only"),
    ],
)
def test_where_the_workbook_is_and_what_may_be_done_with_it(workbook, name, given, code):
    path = workbook.parent / name
    path.parent.mkdir(exist_ok=True)
    workbook.rename(path)
    before = {"program_missing", "addin_missing"}
    assert set(codes(doctor(machine(**given), path))) - before == {code}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"Interpreter_Win": "python"}, ["python_any"]),
        ({"Interpreter_Win": WINDOWS_PYTHON}, []),
        ({"interpreter_win": r"C:\none\python.exe"}, ["python_missing"]),
        ({"Interpreter_Win": r"%LOCALAPPDATA%\python.exe"}, ["python_not_asked"]),
        ({"Interpreter_Win": r"\\server\share\python.exe"}, ["python_not_asked"]),
        ({"Interpreter_Mac": "/none"}, ["python_any"]),
        ({"Interpreter_Win": "python", "PYTHONPATH": r"C:\tools;C:\none"}, ["folder_missing", "python_any"]),
    ],
)
def test_the_settings_that_a_workbook_carries(workbook, settings, expected):
    with_settings(workbook, **settings)
    there = (STARTS, r"C:\tools", r"D:\local\python.exe")
    found = doctor(machine(there=there, LOCALAPPDATA=r"D:\local"), workbook)
    assert [code for code in codes(found) if code != "program_missing"] == expected


def test_a_program_that_a_workbook_names_is_not_started_and_no_other_machine_is_greeted(workbook):
    with_settings(workbook, Interpreter_Win=r"\\server\share\python.exe", PYTHONPATH=r"\\server\share")
    greeted: list[str] = []

    def note(path: str) -> bool:
        greeted.append(path)
        return True

    given = machine(there=(STARTS,))
    asked = Machine(**{name: getattr(given, name) for name in Machine.__slots__} | {"ask": note, "is_there": note})
    doctor(asked, workbook)
    assert [path for path in greeted if "server" in path] == []


def test_of_lite_neither_python_nor_macros_are_asked_for(workbook):
    embed(workbook, {"main.py": f'"""Buttons.\n\nMade by taulukko {VERSION} from its own modules."""\n'})
    policies = {(SECURITY[0], "VBAWarnings"): 4}
    found = doctor(machine("linux", versions=None, policies=policies), workbook)
    assert [code for code in codes(found) if code != "program_missing"] == ["lite_needs", "protected", "licence"]
    protected = next(sign for sign in found.signs if sign.code == "protected")
    assert "Tuloslaskelma VAKA" in protected.found
    assert "_taulukko" not in protected.found
    assert "licence" in codes(doctor(machine(XLWINGS_LICENSE_KEY="noncommercial"), workbook), "note")


@pytest.mark.parametrize(
    ("code", "expected"), [("Made by taulukko 0.0.1 from", "code_other"), ("import xlwings", "code_foreign")]
)
def test_code_of_another_version_or_of_somebody_else(workbook, code, expected):
    embed(workbook, {"main.py": code})
    assert expected in codes(doctor(machine(), workbook))


def test_a_workbook_with_macros_is_looked_at_by_its_settings(tmp_path):
    path = build(data_folder(tmp_path / "data"), kind="xlsm", python=r"C:\none\python.exe")
    forbidden = {(SECURITY[1], "VBAWarnings"): 4}
    assert codes(doctor(machine(policies=forbidden), path)) == ["python_missing", "macros_forbidden"]
    assert codes(doctor(machine("darwin"), path)) == ["script_missing"]
    assert codes(doctor(machine("darwin", there=(SCRIPT,)), path)) == []
    other = HAS_ALL | {"xlwings": f"{XLWINGS}.1"}
    assert codes(doctor(machine("darwin", versions=other, there=(SCRIPT,)), path)) == ["xlwings_other"]
    named = path.rename(tmp_path / "report.xlsx")
    assert doctor(machine(), named).error.code == "dangerous"


def test_the_add_in_is_known_and_its_python_is_asked_where_excel_starts_it(tmp_path):
    python = "/opt/taulukko/bin/python"
    asked: list[str] = []

    def ask(path: str) -> dict[str, str]:
        asked.append(path)
        return HAS_ALL

    at = replace(machine("darwin", there=(python, SCRIPT)), ask=ask)
    elsewhere = write_addin(tmp_path / "taulukko.xlam", "fi", python=python)
    found = doctor(at, elsewhere)
    assert found.error is None
    assert (codes(found, "note"), codes(found), asked) == (["addin", "platform"], ["python_not_asked"], [])
    assert "taulukko.conf" not in found.signs[0].file and found.signs[0].file == "taulukko.xlam"

    started = tmp_path / "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
    started.mkdir(parents=True)
    shutil.copy(elsewhere, started)
    script = SCRIPT.replace("/Users/maija", str(tmp_path))
    found = doctor(
        replace(at, home=str(tmp_path), is_there=lambda path: path in (python, script)), started / "taulukko.xlam"
    )
    assert (codes(found), asked) == ([], [python])
    assert codes(found, "note") == ["addin", "platform", "python", "package", "xlwings", "script"]


def test_an_add_in_whose_python_is_gone_says_where_it_is_named(tmp_path):
    path = write_addin(tmp_path / "taulukko.xlam", "fi", python=r"C:\none\python.exe")
    (sign,) = [sign for sign in doctor(machine(), path).signs if sign.severity == "error"]
    assert (sign.code, sign.found, sign.expected) == ("python_missing", r"C:\none\python.exe", ("taulukko.conf",))


def test_a_workbook_of_somebody_else(tmp_path):
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    assert codes(doctor(machine(there=(STARTS,)), path)) == ["not_ours"]


def test_a_file_that_is_no_workbook_is_still_looked_at_from_outside(tmp_path):
    path = tmp_path / "report (1).xlsx"
    path.write_text("text")
    found = doctor(machine(), path)
    assert (codes(found), found.error.code, found.is_good) == (["copy"], "other_format", False)


# --- this machine -----------------------------------------------------------------------------------------------------


def test_this_python_answers_for_itself():
    here = this_machine()
    asked = here.ask(here.python)
    assert (asked["python"], asked["taulukko"]) == (sys.version.split()[0], VERSION)


@pytest.mark.parametrize("program", ["/bin/false", "/none", sys.executable + "-none"])
def test_what_is_no_python_does_not_answer(program):
    assert this_machine().ask(program) is None


@pytest.mark.skipif(sys.platform == "win32", reason="as it is elsewhere than on Windows")
def test_elsewhere_than_on_windows_there_are_no_marks_and_no_registry(tmp_path):
    assert this_machine().policy(SHIELD, CHILDREN) is None
    assert not this_machine().is_from_the_web(str(tmp_path))


# --- how it is told ---------------------------------------------------------------------------------------------------


def test_doctor_on_the_command_line(workbook, capsys):
    code = run(["doctor", str(workbook), "--lang", "en"])
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert code == (1 if any(line.startswith("✗") for line in lines) else 0)
    assert lines[0] == "✓ report.xlsx: a workbook of this program, xlsx"
    assert printed.err == ""


def test_doctor_of_what_is_not_there_or_no_workbook(tmp_path, capsys):
    assert run(["doctor", str(tmp_path / "none.xlsx"), "--lang", "en"]) == 2
    assert "no such file" in capsys.readouterr().err
    path = tmp_path / "other.xlsx"
    path.write_text("text")
    assert run(["doctor", str(path), "--lang", "en"]) == 2
    assert "a text file" in capsys.readouterr().err


def test_doctor_needs_no_xlwings():
    script = "import sys; from taulukko.in_excel import doctor, machine; assert 'xlwings' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
