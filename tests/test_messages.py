"""Every code has its message in every language, and every message its code."""

from __future__ import annotations

import ast
import errno
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import taulukko
from taulukko.errors import Fault, FaultsError, OutputRefused
from taulukko.messages import FOLDER, LANGUAGES, NAMED, Say, reader_language
from taulukko.round.merge import Event
from taulukko.xlsx.beside import Finding
from taulukko.xlsx.limits import EXCEL, LIMITS

SOURCE = Path(taulukko.__file__).parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}
WORDS = {
    language: tomllib.loads(Path(FOLDER, f"{language}.toml").read_text(encoding="utf-8")) for language in LANGUAGES
}
RAISED = {
    "Fault": "fault",
    "NumberError": "fault",
    "OutputRefused": "refused",
    "Finding": "finding",
    "WorkbookError": "finding",
    "Sign": "sign",
}


def literals(node: ast.AST) -> Iterator[str]:
    """The texts an expression may be: itself, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def raised() -> Iterator[tuple[str, str]]:
    """Table and code of whatever the source raises or reports by a code written there.

    What is found inside a workbook is said in the workbook's own words.
    """
    for tree in (tree for path, tree in TREES.items() if path.parent.name != "program"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args:
                yield from ((RAISED[node.func.id], code) for code in literals(node.args[0]))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_fault":
                yield from (
                    ("finding" if code in WORDS["en"]["finding"] else "fault", code) for code in literals(node.args[0])
                )
    for name in ("folder/field_text.py", "xlsx/workbook.py"):
        yield from map(_table, read_codes(TREES[SOURCE / name]))
    for node in ast.walk(TREES[SOURCE / "folder" / "facts.py"]):
        if isinstance(node, ast.FunctionDef) and node.name == "text_fault":
            returned = (part.value for part in ast.walk(node) if isinstance(part, ast.Return) and part.value)
            yield from (("fault", code) for value in returned for code in literals(value))


def _table(code: str) -> tuple[str, str]:
    return ("finding" if code in WORDS["en"]["finding"] else "fault", code)


def read_codes(tree: ast.Module) -> Iterator[str]:
    """The codes that readers of fields return, second of three."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 3:
            yield from literals(node.value.elts[1])


def constants() -> set[str]:
    return {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_message(language):
    missing = {(table, code) for table, code in raised() if code not in WORDS[language][table]}
    assert missing == set()


def test_the_search_finds_the_codes():
    found = set(raised())
    assert {("fault", code) for code in ("number_ambiguous", "date_outside", "formula_like", "row_width")} <= found
    assert {("refused", "output_filled"), ("finding", "formula_overwritten"), ("finding", "not_ours")} <= found


@pytest.mark.parametrize("table", ["fault", "refused", "finding", "sign", *sorted(set(NAMED.values()))])
def test_every_message_has_a_code(table):
    assert WORDS["en"][table].keys() - constants() == set()


def test_every_event_of_a_merge_has_its_message():
    assert set(WORDS["en"]["change"]) == set(get_args(Event))


def test_every_system_error_is_known():
    assert set(WORDS["en"]["os"]) <= set(errno.errorcode.values())


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
    tables = {"fault", "refused", "finding", "os", "usage", "kinds", "types", "totals", "explain", "check", "change"}
    tables |= {*NAMED.values(), "doctor", "sign", "ribbon", "inside"}
    unused = [key for key in flat(WORDS["en"]) if key.split(".")[0] not in tables and key not in spelled]
    assert [key for key in unused if key != "line.allowed"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_remedies_are_sentences(language):
    for code, words in WORDS[language]["fault"].items():
        assert words["remedy"][0].isupper(), code
        assert words["remedy"][-1] == ".", code
        assert words["expected"][-1] not in ".,;", code


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("fi", "odotettiin luettelon arvoa, löytyi ”X”. Sallitut: a, b. Valitse jokin sallituista arvoista."),
        ("sv", "väntade ett värde ur listan, hittade ”X”. Tillåtna: a, b. Välj ett av de tillåtna värdena."),
        ("en", "expected a value from the list, found “X”. Allowed: a, b. Choose one of the allowed values."),
    ],
)
def test_a_fault_in_each_language(language, message):
    fault = Fault("value", "risks.csv", "2", "unit", "X", ("a", "b"))
    assert Say(language).fault(fault) == f"risks.csv:2 unit: {message}"


def test_at_most_twelve_allowed_values_are_listed():
    said = Say("en").fault(Fault("value", allowed=tuple("abcdefghijklmn")))
    assert "Allowed: a, b, c, d, e, f, g, h, i, j, k, l, …." in said


def test_what_was_found_is_shown_on_one_line_and_is_never_a_template():
    said = Say("en").fault(Fault("date", found="{remedy}\n\x1b[31m"))
    assert "found “{remedy}\\n\\x1b[31m”" in said


def test_one_fault_is_not_counted_and_several_are():
    fault = Fault("date", "risks.csv", "2", "due")
    assert len(Say("fi").error(FaultsError([fault]))) == 1
    assert Say("fi").error(FaultsError([fault, fault]))[-1] == "2 virhettä. Mitään ei kirjoitettu."


def test_a_refusal_says_what_to_do():
    assert "--force" in Say("sv").error(OutputRefused("output_filled", "bok.xlsx"))[0]


def test_a_system_error_is_said_in_the_language():
    error = PermissionError(errno.EACCES, "Permission denied", "kirja.xlsx")
    assert Say("fi").error(error) == ["kirja.xlsx: ei oikeutta, tai tiedosto on auki toisessa ohjelmassa"]
    assert Say("fi").error(OSError(errno.EIO, "I/O error")) == ["Tiedostoa ei voi käsitellä: I/O error"]


def test_a_finding_names_its_file_once():
    said = Say("en").finding("out/book.xlsx", Finding("not_ours", "book.xlsx"))
    assert said == "out/book.xlsx: the file is not a workbook made by this program."


def test_a_finding_that_is_a_fault_of_an_input():
    finding = Finding("number", "Tuloslaskelma!E8", "actual", "", "n. 5 000")
    assert Say("fi").finding("kirja.xlsx", finding) == (
        "kirja.xlsx: Tuloslaskelma!E8 actual: odotettiin lukua, löytyi ”n. 5 000”. "
        "Kirjoita pelkkä luku, esimerkiksi -5000."
    )


def test_every_limit_has_its_words():
    assert set(WORDS["en"]["limit"]) == {limit.name for limit in (*LIMITS, *EXCEL)}


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Finding("too_large", "a.xlsx", "", "250", "sheets"), "siinä on yli 250 taulukkoa."),
        (Finding("other_format", "a.xlsx", "", "", "pdf"), "ei ole Excel-työkirja vaan PDF-tiedosto."),
        (Finding("dangerous", "a.xlsx", "", "", "macro"), "siinä on makroja."),
        (Finding("old_format", "a.xlsx", "", "", "xls"), "(Excel 97–2003, .xls)."),
    ],
)
def test_what_a_file_is_or_holds_is_said_in_the_language(finding, said):
    assert said in Say("fi").finding("a.xlsx", finding)


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
