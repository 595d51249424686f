"""Every code has its message in every language, and every message its code."""

from __future__ import annotations

import ast
import errno
import pickle
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import taulukko
from taulukko.errors import FaultsError, Finding, OutputRefused, WorkbookError
from taulukko.messages import FOLDER, LANGUAGES, Say, reader_language
from taulukko.messages.phrases import NAMED
from taulukko.round.merge import Event
from taulukko.xlsx.limits import EXCEL, LIMITS

SOURCE = Path(taulukko.__file__).parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}
WORDS = {
    language: tomllib.loads(Path(FOLDER, f"{language}.toml").read_text(encoding="utf-8")) for language in LANGUAGES
}
RAISED = {"Finding", "NumberError", "_fault", "_note", "_finding"}
"""What takes a code first."""


def literals(node: ast.AST) -> Iterator[str]:
    """The texts an expression may be: itself, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def raised() -> Iterator[str]:
    """The code of whatever the source raises or reports by a code written there."""
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                yield from literals(node.args[0]) if name in RAISED else ()
    for name in ("folder/field_text.py", "xlsx/workbook.py"):
        yield from read_codes(TREES[SOURCE / name], place=1, parts=3)
    yield from read_codes(TREES[SOURCE / "program" / "check.py"], place=0, parts=2)
    for node in ast.walk(TREES[SOURCE / "folder" / "facts.py"]):
        if isinstance(node, ast.FunctionDef) and node.name in ("text_fault", "word_fault"):
            returned = (part.value for part in ast.walk(node) if isinstance(part, ast.Return) and part.value)
            yield from (code for value in returned for code in literals(value))


def read_codes(tree: ast.Module, place: int, parts: int) -> Iterator[str]:
    """The codes that readers of fields return, at a place among several parts."""
    returned = (node.value for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value)
    for value in returned:
        branches = (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,)
        for branch in branches:
            if isinstance(branch, ast.Tuple) and len(branch.elts) == parts:
                yield from literals(branch.elts[place])


def constants() -> set[str]:
    return {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_message(language):
    assert set(raised()) - WORDS[language]["finding"].keys() == set()


def test_the_search_finds_the_codes():
    found = {"number_ambiguous", "date_outside", "formula_like", "row_width", "output_filled", "formula_overwritten"}
    found |= {"number_is_text", "key_copied", "program_damaged", "password"}
    assert found | {"not_ours", "python_old"} <= set(raised())


@pytest.mark.parametrize("table", ["finding", *sorted(set(NAMED.values()))])
def test_every_message_has_a_code(table):
    assert WORDS["en"][table].keys() - constants() - set(errno.errorcode.values()) == set()


def test_every_event_of_a_merge_has_its_message():
    assert set(WORDS["en"]["change"]) == set(get_args(Event))


def flat(words: dict[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in words.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": str(value)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_messages_with_the_same_places(language):
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    english, other = flat(WORDS["en"]), flat(WORDS[language])
    assert {key: places(text) for key, text in other.items()} == {key: places(text) for key, text in english.items()}


def test_messages_of_the_command_line_are_all_used():
    """What is not a code is asked for by its whole key, or by a beginning that the source spells."""
    spelled = " ".join(
        ast.unparse(node) for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Call)
    )
    tables = {"finding", "usage", "kinds", "types", "totals", "explain", "check", "change"}
    tables |= {*NAMED.values(), "doctor", "ribbon", "inside"}
    unused = [key for key in flat(WORDS["en"]) if key.split(".")[0] not in tables and key not in spelled]
    assert [key for key in unused if key != "line.allowed"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_remedies_are_sentences(language):
    """Or end in a command that can be copied."""
    for code, words in WORDS[language]["finding"].items():
        assert ("expected" in words) != ("said" in words), code
        assert words.keys() <= {"expected", "said", "remedy", "found", "allowed"}, code
        assert words.get("expected", "x")[-1] not in ".,;", code
        if remedy := words.get("remedy", "" if "said" in words else None):
            assert remedy[0].isupper() or remedy.startswith("taulukko "), code
            assert re.search(r"\.$|: (”|“|xlwings )[^.]*$", remedy), code
        assert remedy is not None, code


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("fi", "odotettiin luettelon arvoa, löytyi ”X”. Sallitut: a, b. Valitse jokin sallituista arvoista."),
        ("sv", "väntade ett värde ur listan, hittade ”X”. Tillåtna: a, b. Välj ett av de tillåtna värdena."),
        ("en", "expected a value from the list, found “X”. Allowed: a, b. Choose one of the allowed values."),
    ],
)
def test_a_finding_in_each_language(language, message):
    fault = Finding("value", "risks.csv", "2", "unit", "X", ("a", "b"))
    assert Say(language).finding(fault) == f"risks.csv:2 unit: {message}"


def test_at_most_twelve_allowed_values_are_listed():
    said = Say("en").finding(Finding("value", expected=tuple("abcdefghijklmn")))
    assert "Allowed: a, b, c, d, e, f, g, h, i, j, k, l, …." in said


def test_what_was_found_is_shown_on_one_line_and_is_never_a_template():
    said = Say("en").finding(Finding("date", found="{remedy}\n\x1b[31m"))
    assert "found “{remedy}\\n\\x1b[31m”" in said


def test_one_fault_is_not_counted_and_several_are():
    fault = Finding("date", "risks.csv", "2", "due")
    assert len(Say("fi").error(FaultsError(fault))) == 1
    assert Say("fi").error(FaultsError(fault, fault))[-1] == "2 virhettä. Mitään ei kirjoitettu."


def test_a_refusal_says_what_to_do():
    assert "--force" in Say("sv").error(OutputRefused(Finding("output_filled", "bok.xlsx")))[0]


def test_a_system_error_is_said_in_the_language():
    error = PermissionError(errno.EACCES, "Permission denied", "kirja.xlsx")
    assert Say("fi").error(error) == ["kirja.xlsx: ei oikeutta, tai tiedosto on auki toisessa ohjelmassa"]
    assert Say("fi").error(OSError(errno.EIO, "I/O error")) == ["tiedostoa ei voi käsitellä: I/O error"]


def test_a_finding_in_a_workbook():
    said = Say("fi").finding(Finding("number", "kirja.xlsx", "Tuloslaskelma!E8", "actual", "n. 5 000"))
    assert said == (
        "kirja.xlsx:Tuloslaskelma!E8 actual: odotettiin lukua, löytyi ”n. 5 000”. "
        "Kirjoita pelkkä luku, esimerkiksi -5000."
    )


def test_a_finding_as_data():
    assert Say("en").data(Finding("value", "risks.csv", "2", "unit", "X", ("a", "b"))) == {
        "code": "value",
        "severity": "error",
        "file": "risks.csv",
        "place": "2",
        "field": "unit",
        "found": "X",
        "expected": ("a", "b"),
        "message": "expected a value from the list, found “X”. Allowed: a, b.",
        "remedy": "Choose one of the allowed values.",
    }


def test_errors_keep_their_findings_between_processes():
    error = WorkbookError(Finding("too_large", "a.xlsx", found="sheets", expected=("250",)))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.findings) == (WorkbookError, error.findings)


def test_every_limit_has_its_words():
    assert set(WORDS["en"]["limit"]) == {limit.name for limit in (*LIMITS, *EXCEL)}


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Finding("too_large", "a.xlsx", found="sheets", expected=("250",)), "siinä on yli 250 taulukkoa."),
        (Finding("other_format", "a.xlsx", found="pdf"), "ei ole Excel-työkirja vaan PDF-tiedosto."),
        (Finding("dangerous", "a.xlsx", found="macro"), "siinä on makroja."),
        (Finding("old_format", "a.xlsx", found="xls"), "(Excel 97–2003, .xls)."),
    ],
)
def test_what_a_file_is_or_holds_is_said_in_the_language(finding, said):
    assert said in Say("fi").finding(finding)


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        ("sv", {"LANG": "fi_FI.UTF-8"}, "sv"),
        (None, {"LANG": "fi_FI.UTF-8"}, "fi"),
        (None, {"LC_MESSAGES": "sv_FI", "LANG": "fi_FI"}, "sv"),
        (None, {"LC_ALL": "en_GB", "LC_MESSAGES": "sv_FI"}, "en"),
        (None, {"LC_ALL": "", "LANG": "fi"}, "fi"),
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {"LANG": "de_DE"}, "en"),
        (None, {}, "en"),
    ],
)
def test_the_language_of_the_reader(asked, environment, language):
    assert reader_language(asked, environment) == language
