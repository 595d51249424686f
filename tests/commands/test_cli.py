"""The command line: exit codes, where things are printed, and in which language."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

import taulukko
from support.built import ROOT, TEMPLATE
from support.folders import data_folder
from taulukko.builder import build
from taulukko.cli import COMMANDS, overview, run
from taulukko.commands.group import Commands
from taulukko.messages import LANGUAGES, Say

SLOW = {"pandas", "tomlkit", "openpyxl", "xlsxwriter", "xlwings", "pydantic", "rich"}


@pytest.fixture(autouse=True)
def finnish_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "fi_FI.UTF-8")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook without findings."""
    return build(data_folder(tmp_path_factory.mktemp("data")))


@pytest.mark.parametrize("command", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_loads_nothing_slow(command):
    script = (
        f"import sys; from taulukko.cli import run; assert run({command}) == 0; print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {name.partition(".")[0] for name in done.stderr.split()} & SLOW == set()


def test_every_file_of_a_command_is_a_command():
    files = {path.stem for path in (ROOT / "src" / "taulukko" / "commands").glob("*.py")}
    assert files - {"__init__", "group", "terminal"} == {name.replace("-", "_") for name in COMMANDS}


def test_help_names_every_command_in_the_language(capsys):
    assert run([]) == 0
    printed = capsys.readouterr().out
    assert all(re.search(rf"^  {name} ", printed, re.MULTILINE) for name in COMMANDS)
    assert "Kokoa työkirja aineistokansiosta." in printed


@pytest.mark.parametrize("columns", [40, 66, 80, 200])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_is_what_click_would_print(monkeypatch, language, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    group = Commands(Say(language))
    assert overview(Say(language)) == group.get_help(
        click.Context(group, info_name="taulukko", **group.context_settings)
    )


def test_version(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"taulukko {taulukko.__version__}\n"


def test_build_prints_the_path(tmp_path, capsys):
    folder = data_folder(tmp_path / "data")
    assert run(["build", str(folder)]) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (f"{folder / 'osavuosikatsaus.xlsx'}\n", "")


def test_build_for_a_unit_in_another_language(tmp_path, capsys):
    folder = data_folder(tmp_path / "data", income_statement="VAKA,fees,,,1,1,,,,,,")
    output = tmp_path / "vaka.xlsx"
    assert run(["build", str(folder), "-o", str(output), "--unit", "VAKA", "--lang", "sv"]) == 0
    assert capsys.readouterr().out == f"{output}\n"


def test_build_is_refused_over_another_file_and_forced_with_a_backup(tmp_path, capsys):
    folder = data_folder(tmp_path / "data")
    output = tmp_path / "muu.xlsx"
    output.write_text("muu")
    assert run(["build", str(folder), "-o", str(output)]) == 2
    assert capsys.readouterr().err == (
        f"{output}: tiedosto on jo olemassa, eikä se ole tämän ohjelman tekemä. Valitse toinen nimi valinnalla -o, "
        "tai korvaa se valinnalla --force, joka jättää vanhasta varmuuskopion.\n"
    )
    assert run(["build", str(folder), "-o", str(output), "--force"]) == 0
    assert (tmp_path / "muu.xlsx.bak").read_text() == "muu"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["buld"], "Tuntematon komento: buld."),
        (["build"], "Puuttuu: FOLDER."),
        (["check"], "Puuttuu: FILE...."),
        (["build", "x", "--colour"], "Tuntematon valinta: --colour."),
        (["build", "x", "--lang", "xx"], "Kelpaamaton arvo: --lang (fi | sv | en)."),
        (["build", "x", "y"], "Komento on väärin: Got unexpected extra argument (y)."),
    ],
)
def test_wrong_usage(arguments, message, monkeypatch, capsys):
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[0] == message or "xx" in arguments


@pytest.mark.parametrize("command", [["build"], ["check"]])
def test_a_path_that_is_not_there(command, tmp_path, capsys):
    assert run([*command, str(tmp_path / "none")]) == 2
    assert str(tmp_path / "none") in capsys.readouterr().err


def test_a_folder_instead_of_a_file(tmp_path, capsys):
    folder = data_folder(tmp_path / "data")
    assert run(["build", str(folder), "-o", str(folder)]) == 2
    assert capsys.readouterr().err == f"{folder}: on kansio, vaikka pitäisi olla tiedosto\n"


def test_check_of_a_good_workbook(workbook, capsys):
    assert run(["check", str(workbook)]) == 0
    assert capsys.readouterr().out == f"{workbook}: ei huomautettavaa\n"


def test_check_of_a_good_workbook_whose_template_is_elsewhere_is_a_note(tmp_path, capsys):
    template = shutil.copytree(TEMPLATE, tmp_path / "own")
    parameters = (template / "template.toml").read_text(encoding="utf-8")
    changed = parameters.replace("material_amount = { value = 20000", "material_amount = { value = 21000")
    assert changed != parameters
    (template / "template.toml").write_text(changed, encoding="utf-8")
    path = build(data_folder(tmp_path / "data"), template=template)
    assert run(["check", str(path)]) == 0
    assert "sen mukaan, mitä se itse kantaa" in capsys.readouterr().out


def test_check_of_a_failing_workbook(tmp_path, capsys):
    path = build(data_folder(tmp_path / "data", goals_council="T1,wellbeing,Tavoite,Mittari,,,no_data"))
    assert run(["check", str(path)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].endswith(
        "tarkistus ei täsmää: odotettiin 0, saatiin 1. Korjaa tiedot tai hyväksy ero perustellen."
    )
    assert printed[1:] == [f"{path}: 1 huomautus"]


def test_check_of_something_else(tmp_path, workbook, capsys):
    other = tmp_path / "muu.xlsx"
    other.write_text("muu")
    assert run(["check", str(workbook), str(other)]) == 2
    assert capsys.readouterr().out.splitlines() == [
        f"{workbook}: ei huomautettavaa",
        f"{other}: tiedosto ei ole Excel-työkirja vaan tekstitiedosto (esimerkiksi CSV). "
        "Tallenna se Excel-työkirjana (.xlsx) tai pyydä sellainen; pelkkä nimen vaihtaminen ei muuta tiedoston muotoa.",
        f"{other}: 1 huomautus",
    ]


def test_explain(capsys):
    assert run(["explain", "risks.value", "--lang", "en"]) == 0
    assert "likelihood * impact" in capsys.readouterr().out


def test_explain_of_nothing_known(capsys):
    assert run(["explain", "likelihod"]) == 2
    assert "Tarkoititko: likelihood" in capsys.readouterr().err


def test_new(tmp_path, capsys):
    assert run(["new", str(tmp_path / "uusi")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'uusi'}\n"
    assert run(["new", str(tmp_path / "uusi")]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path / 'uusi'}: kansio on jo olemassa eikä ole tyhjä. Anna uuden kansion nimi.\n"
    )


def test_progress_is_shown_on_a_terminal_only(workbook, capsys, monkeypatch):
    run(["check", str(workbook), str(workbook)])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    run(["check", str(workbook), str(workbook)])
    assert "Tarkistetaan" in capsys.readouterr().err


def test_public_names_are_there_and_load_nothing_before_they_are_asked_for():
    script = (
        "import sys, taulukko; assert {*sys.modules} & {'taulukko.builder', 'click', 'importlib.metadata'} == set(); "
        "print(*(getattr(taulukko, name) is not None for name in taulukko.__all__))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"True"}


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'bild'"):
        taulukko.bild  # noqa: B018
