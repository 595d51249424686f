"""Whatever is wrong is told by every command in words of the reader's language, never by a code of the program."""

from __future__ import annotations

import re
import shutil
import string
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from support.built import LANGUAGES
from support.folders import REPORT, data_folder
from support.hostile import FILES
from support.typed import typed
from taulukko.builder import build
from taulukko.cli import COMMANDS, run
from taulukko.errors import Finding
from taulukko.messages import FOLDER, Say
from taulukko.messages.phrases import NAMED

WORDS = {
    language: tomllib.loads(Path(FOLDER, f"{language}.toml").read_text(encoding="utf-8")) for language in LANGUAGES
}
CODES = [code for code in WORDS["en"]["finding"] if "_" in code]
KINDS = {
    "nothing": "other_format",
    "pdf": "other_format",
    "html": "other_format",
    "xls": "old_format",
    "with_a_password": "encrypted",
    "a_workbook_without_its_identity": "identity_missing",
    "half": "unreadable",
    "ten_thousand_sheets": "too_large",
    "a_link_to_another_workbook": "dangerous",
    "a_dde_formula": "dangerous",
    "laughs_in_texts": "dangerous",
    "an_older_one": "other_version",
    "of_openpyxl": "not_ours",
}
"""Files that are no workbook of ours, with what is wrong with them."""
UNREAD = {
    "check": ["{file}"],
    "fix": ["{file}"],
    "diff": ["{folder}", "{file}"],
    "collect": ["{file}", "--into", "{folder}"],
    "doctor": ["{file}"],
    "strip": ["{file}"],
}
"""The commands that read a workbook; some look into the file only as far as they have to."""
SHALLOW = {
    "check": {"an_older_one"},
    "fix": {"an_older_one"},
    "doctor": {"a_workbook_without_its_identity", "an_older_one", "a_dde_formula"},
    "strip": {"a_workbook_without_its_identity", "an_older_one", "a_dde_formula"}
    | {"ten_thousand_sheets", "laughs_in_texts", "of_openpyxl"},
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a data folder, its workbook and the files that are none of ours."""
    place = tmp_path_factory.mktemp("files")
    folder = data_folder(place / "data", risks="R1,VAKA,strategic,Riski,1,1,Toimi,")
    base = build(folder, place / "good.xlsx").read_bytes()
    for name in KINDS.keys() & FILES.keys():
        (place / f"{name}.xlsx").write_bytes(FILES[name].make(base))
    book = openpyxl.load_workbook(place / "good.xlsx")
    facts = book["_taulukko"]
    next(row for row in facts.iter_rows() if row[1].value == "schema")[2].value = "v0"
    book.save(place / "an_older_one.xlsx")
    openpyxl.Workbook().save(place / "of_openpyxl.xlsx")
    return place


@pytest.fixture(params=LANGUAGES)
def told(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command in a language, and what it prints is free of codes and says what is wrong in the language."""
    language = request.param

    def tell(code: str, exit_code: int, *arguments: object) -> str:
        capsys.readouterr()
        assert run([*map(str, arguments), "--lang", language]) == exit_code
        printed = capsys.readouterr()
        text = printed.out + printed.err
        assert codes_in(text) == []
        assert is_said(code, language, text), text
        assert "Traceback" not in text
        return text

    return tell


def codes_in(text: str) -> list[str]:
    """The codes of the message files that stand in a text as they are written there."""
    words = re.findall(r"(?<![\w/.-])[A-Za-z0-9_]+(?![\w/.-])", text)
    return [word for word in words if word in CODES] + re.findall(r"[{}]", text)


def is_said(code: str, language: str, text: str) -> bool:
    """Whether the words of a finding stand in a text, apart from what is filled in."""
    words = WORDS[language]["finding"][code]
    return all(part in text for part in fixed(words.get("said") or words["expected"]))


def fixed(words: str) -> Iterator[str]:
    return (part for part, *_ in string.Formatter().parse(words) if part)


@pytest.mark.parametrize(
    ("command", "name"),
    [(command, name) for command in UNREAD for name in KINDS if name not in SHALLOW.get(command, ())],
)
def test_a_file_that_is_not_read(told, files: Path, tmp_path: Path, command: str, name: str) -> None:
    file = shutil.copy(files / f"{name}.xlsx", tmp_path)
    arguments = [word.format(file=file, folder=files / "data") for word in UNREAD[command]]
    no_sign = command == "doctor" and name == "of_openpyxl"
    told(KINDS[name], 1 if no_sign else 2, command, *arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "{none}"],
        ["check", "{none}"],
        ["fix", "{none}"],
        ["collect", "{none}", "--into", "{folder}"],
        ["doctor", "{none}"],
        ["strip", "{none}"],
        ["serve", "--certificate", "{none}"],
        ["diff", "{folder}", "{none}"],
        ["status", "{none}"],
        ["rollover", "{none}", "{new}", "--period", "2024-12"],
        ["history", "{none}"],
        ["undo-collect", "{none}", "a.xlsx"],
        ["remind", "{none}", "-o", "{new}"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_file_that_is_not_there(told, files: Path, tmp_path: Path, arguments: list[str]) -> None:
    words = {"none": tmp_path / "none", "folder": files / "data", "new": tmp_path / "new"}
    folder = arguments[0] in ("build", "status", "rollover", "history", "undo-collect", "remind")
    text = told("file_missing" if folder else "ENOENT", 2, *(word.format(**words) for word in arguments))
    assert str(tmp_path / "none") in text


@pytest.mark.parametrize(
    ("file", "rows", "code"),
    [
        ("investments", "I1,Hanke,1,n. 5,1", "number"),
        ("risks", "R1,VAKA,strategic,Riski,9,1,,", "value"),
        ("risks", "R1,VAKA,strategic,Riski,1,1", "row_width"),
        ("risks", "R1,VAKA,strategic,=Riski,1,1,,", "formula_like"),
        ("risks", "R1,VAKA,strategic,Riski,1,1,,\nR1,VAKA,strategic,Riski,1,1,,", "key_twice"),
    ],
)
@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "{folder}"],
        ["build", "{folder}", "--units"],
        ["status", "{folder}"],
        ["diff", "{good}", "{folder}"],
        ["collect", "{file}", "--into", "{folder}"],
        ["rollover", "{folder}", "{new}", "--period", "2024-12"],
        ["history", "{folder}"],
        ["undo-collect", "{folder}", "a.xlsx"],
        ["remind", "{folder}", "-o", "{new}"],
    ],
    ids=" ".join,
)
def test_faults_of_a_data_folder(
    told, files: Path, tmp_path: Path, arguments: list[str], file: str, rows: str, code: str
) -> None:
    folder = data_folder(tmp_path / "data", **{file: rows})
    words = {"folder": folder, "good": files / "data", "file": files / "good.xlsx", "new": tmp_path / "new"}
    assert f"{file}.csv:" in told(code, 2, *(word.format(**words) for word in arguments))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", "{data}", "-o", "{foreign}"], "output_not_ours"),
        (["build", "{data}", "-o", "{filled}"], "output_filled"),
        (["build", "{data}", "-o", "{new}.xlsm"], "value"),
        (["build", "{data}", "-o", "{data}"], "EISDIR"),
        (["build", "{data}", "--unit", "NONE"], "value"),
        (["build", "{data}", "--template", "{new}"], "file_missing"),
        (["new", "{data}"], "folder_not_empty"),
        (["new", "{new}", "--template", "none"], "template_unknown"),
        (["rollover", "{data}", "{data}", "--period", "2024-12"], "folder_not_empty"),
        (["rollover", "{data}", "{new}", "--period", "2024"], "next_period"),
        (["rollover", "{data}", "{new}", "--period", "2024-12", "--issued", "soon"], "date"),
        (["rollover", "{data}", "{new}", "--period", "2024-12", "--last-year", "{new}"], "file_missing"),
        (["history", "{data}", "nothing"], "history_key"),
        (["undo-collect", "{data}", "none.xlsx"], "not_collected"),
        (["fix", "{good}", "-o", "{foreign}"], "output_not_ours"),
        (["explain", "nothing"], "measure_unknown"),
        (["explain", "risks.value", "--template", "none"], "template_unknown"),
        (["addin", "-o", "{foreign}"], "output_not_ours"),
        (["strip", "{lite}", "-o", "{foreign}"], "EEXIST"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_what_is_refused(told, files: Path, tmp_path: Path, arguments: list[str], code: str) -> None:
    (tmp_path / "foreign.xlsx").write_text("of somebody else")
    filled = typed(Path(shutil.copy(files / "good.xlsx", tmp_path / "filled.xlsx")))
    words = {"data": files / "data", "good": files / "good.xlsx", "new": tmp_path / "new"}
    words |= {"foreign": tmp_path / "foreign.xlsx", "filled": filled, "lite": tmp_path / "lite.xlsx"}
    if "{lite}" in arguments:
        build(files / "data", words["lite"], kind="lite")
    told(code, 2, *(word.format(**words) for word in arguments))


@pytest.mark.parametrize(
    ("arguments", "module", "code"),
    [
        (["build", "{data}", "--kind", "xlsm", "-o", "{new}.xlsm"], "xlwings", "library_missing"),
        (["addin", "-o", "{new}.xlam"], "xlwings", "library_missing"),
        (["serve"], "xlwings_server", "server_missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_what_is_not_installed(
    told, files: Path, tmp_path: Path, arguments: list[str], module: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    words = {"data": files / "data", "new": tmp_path / "new"}
    told(code, 2, *(word.format(**words) for word in arguments))


def test_what_stands_in_a_workbook(told, files: Path, tmp_path: Path) -> None:
    """Inputs that are not read, formulas written over, things added: in checking, fixing, collecting, comparing."""
    folder = shutil.copytree(files / "data", tmp_path / "data")
    path = build(folder, tmp_path / "a.xlsx")
    path = typed(path, risks__column__likelihood="suuri", risks__column__value=5)
    assert f"{path}:Riskit!" in told("value_outside", 1, "check", path)
    told("formula_overwritten", 1, "check", path)
    told("number", 1, "diff", folder, path)
    told("value_outside", 1, "fix", path, "-o", tmp_path / "fixed.xlsx")
    (tmp_path / "fixed.xlsx").unlink()
    told("number", 1, "collect", path, "--into", folder, "--dry-run")
    told("formula_overwritten", 1, "collect", path, "--into", folder, "--dry-run")


def test_a_workbook_of_another_report(told, files: Path, tmp_path: Path) -> None:
    other = data_folder(tmp_path / "other", REPORT.replace("Esimerkkilä", "Muu"))
    told("other_report", 2, "collect", files / "good.xlsx", "--into", other)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", WORDS["en"]["finding"])
def test_every_finding_is_said_in_words(code: str, language: str) -> None:
    expected = {"type": ("str",), "book_large": ("MOST", "cells")}.get(code, ("EXPECTED",))
    for found in WORDS[language][NAMED[code]] if code in NAMED else ("FOUND",):
        said = Say(language).finding(Finding(code, "FILE", "PLACE", "FIELD", found, expected))
        assert said.startswith("FILE:PLACE FIELD: ")
        assert is_said(code, language, said)
        assert codes_in(said) == []


def test_every_command_is_tried() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(f'"{command}"' in text for command in COMMANDS)
