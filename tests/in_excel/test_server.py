"""The add-in of a server: the client that xlwings Server brings, in Chromium, with the server of `taulukko serve`.

Between them and the workbook stands `node/fake_office.js`, for no Excel is asked: it knows cells, sheets, shapes and
events, and does not calculate. The tests run where xlwings-server, Chromium, node and TAULUKKO_NODE are, a folder with
what tests/node/package.json names, and where XLWINGS_LICENSE_KEY says that the use of xlwings' server is allowed.
"""

from __future__ import annotations

import base64
import http.client
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from support import needs
from support.built import HEINOLA, LANGUAGES, TESTS, Built
from support.office_model import office_model
from support.shelf import Shelf
from taulukko.cli import run
from taulukko.errors import Finding
from taulukko.in_excel import server, server_pages
from taulukko.in_excel.functions.cells import __all__ as FUNCTIONS
from taulukko.in_excel.words import words_of
from taulukko.messages import Say
from taulukko.messages.phrases import Phrases
from taulukko.program.actions import ACTIONS

NODE = TESTS / "node"
Cells = dict[str, dict[str, Any]]
Pane = Callable[..., list[Any]]
"""What is answered to steps that are done with a model of a workbook."""


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The address of a server that was started from the command line and is stopped as somebody would stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "taulukko", "serve", "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        found = re.search(rf"https?://localhost:{port}\b", process.stdout.readline())
        assert found, process.stderr.read()
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    there: dict[str, object] = {
        "xlwings": importlib.util.find_spec("xlwings"),
        "xlwings-server": importlib.util.find_spec("xlwings_server"),
    }
    there["XLWINGS_LICENSE_KEY"] = os.environ.get("XLWINGS_LICENSE_KEY")
    needs.require(there, "the server was not started")
    with serving("--lang", "fi") as found:
        yield found


@pytest.fixture(scope="module")
def pane(address: str, tmp_path_factory: pytest.TempPathFactory) -> Pane:
    modules = Path(os.environ.get("TAULUKKO_NODE", NODE)) / "node_modules"
    puppeteer = modules / "puppeteer-core" / "lib" / "esm" / "puppeteer" / "puppeteer-core.js"
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    there = {"node": shutil.which("node"), "puppeteer-core": puppeteer.exists(), "Chromium": browser}
    needs.require(there, "the task pane was not tried")
    file = tmp_path_factory.mktemp("pane") / "asked.json"

    def answers(model: dict[str, Any], *steps: tuple[Any, ...]) -> list[Any]:
        asked = {"puppeteer": str(puppeteer), "browser": browser, "address": address, "model": model, "steps": steps}
        file.write_text(json.dumps(asked), encoding="utf-8")
        command = ["node", str(NODE / "taskpane.mjs"), str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        told = json.loads(done.stdout)
        assert told["errors"] == []
        return told["answers"]

    return answers


@pytest.fixture(scope="module")
def lite_in(shelf: Shelf) -> Callable[[str], dict[str, Any]]:
    """The model of the report in a language, built for the add-ins that cannot lift a protection."""

    @cache
    def built(language: str) -> dict[str, Any]:
        return office_model(shelf.book(HEINOLA, language=language, kind="lite"))

    return lambda language: deepcopy(built(language))


@pytest.fixture
def model(lite_in: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    return lite_in("fi")


def sheet(model: dict[str, Any], title: str) -> dict[str, Any]:
    return next(one for one in model["sheets"] if one["name"] == title)


def column(cells: Cells, letter: str) -> list[Any]:
    """The values of a column from above."""
    rows = sorted(int(place[1:]) for place in cells if place[0] == letter and place[1:].isdigit())
    return [cells[f"{letter}{row}"]["value"] for row in rows]


# --- the buttons ------------------------------------------------------------------------------------------------------

WRONG = [("type", "Riskit", "H6", 99), ("type", "Riskit", "H7", "'1.2"), ("type", "Tuloslaskelma", "G8", "1,5")]
PLACES = ["Tuloslaskelma!G8", "Riskit!H6", "Riskit!H7"]


def test_a_click_on_a_shape_repairs_what_is_wrong_and_another_takes_it_back(pane, model):
    built = deepcopy(model)
    _, risks, statement, result, log, active, selected, _, undone, sheets, called, dialogs = pane(
        model,
        *WRONG,
        ("click", "Yhteenveto", "recompute.summary.B4"),
        ("cells", "Riskit"),
        ("cells", "Tuloslaskelma"),
        ("cells", "Tulos"),
        ("cells", "Muutosloki"),
        ("active",),
        ("selection", "Yhteenveto"),
        ("click", "Yhteenveto", "undo.summary.J4"),
        ("cells", "Riskit"),
        ("sheets",),
        ("called",),
        ("dialogs",),
    )[len(WRONG) :]
    assert (called, dialogs) == (["recompute", "undo"], [])
    assert (risks["H6"], statement["G8"]) == (
        sheet(built, "Riskit")["cells"]["H6"],
        sheet(built, "Tuloslaskelma")["cells"]["G8"],
    )
    assert result["A1"]["value"] == "taulukko: Laske uudelleen"
    assert column(result, "A")[4:] == PLACES
    assert result["A6"]["formula"].startswith('=HYPERLINK("#')
    assert (column(log, "D")[1:], column(log, "E")[1:]) == (PLACES, [1.5, 99, "1.2"])
    assert (active, selected) == ("Tulos", "B5")
    assert [(undone[cell]["value"], undone[cell]["formula"]) for cell in ("H6", "H7")] == [(99, None), ("1.2", None)]
    assert [one["name"] for one in sheets] == [*(one["name"] for one in built["sheets"]), "Tulos", "Muutosloki"]
    assert sheets[-1]["widths"]["D"] > 100


def test_a_button_can_be_pressed_again(pane, model):
    click = ("click", "Tarkistukset", "check.checks.B4")
    assert pane(model, click, click, ("called",), ("active",))[2:] == [["check", "check"], "Tulos"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_of_a_workbook_in_any_language_does_what_it_says(pane, lite_in, language):
    model = lite_in(language)
    buttons = [(one["name"], shape["name"]) for one in model["sheets"] for shape in one["shapes"]]
    buttons = buttons if language == "fi" else buttons[:6]
    *_, called, sheets, dialogs = pane(
        model, *(("click", *one) for one in buttons), ("called",), ("sheets",), ("dialogs",)
    )
    assert called == [name.partition(".")[0] for _, name in buttons]
    assert set(called) == set(ACTIONS)
    assert (len(sheets) - len(model["sheets"]), dialogs) == (2, [])


def test_the_pane_and_the_ribbon_run_every_script(pane, model):
    told = pane(
        model,
        ("pane",),
        ("type", "Riskit", "H6", "Matala"),
        *(step for action in ACTIONS for step in [("press", action), ("cells", "Tulos")]),
        *(("ribbon", action) for action in ACTIONS),
        ("called",),
        ("alert",),
        ("dialogs",),
    )
    shown, _, *steps, called, alert, dialogs = told
    assert all(Say("fi").text(f"ribbon.{action}") in shown for action in ACTIONS)
    assert (called, alert, dialogs) == ([*ACTIONS, *ACTIONS], None, [])
    results = dict(zip(ACTIONS, steps[1::2], strict=False))
    assert {action: cells["A1"]["value"] for action, cells in results.items()} == {
        action: f"taulukko: {Say('fi').text(f'ribbon.{action}')}" for action in ACTIONS
    }
    assert "Riskit!H6" in column(results["recompute"], "A")


def test_check_writes_nothing_but_what_it_found(pane, model):
    titles = [one["name"] for one in model["sheets"]]
    cells = [("cells", title) for title in titles]
    told = pane(model, *WRONG, *cells, ("press", "check"), ("cells", "Tulos"), ("sheets",), *cells)[len(WRONG) :]
    was, (_, result, sheets), stays = told[: len(titles)], told[len(titles) : -len(titles)], told[-len(titles) :]
    assert was == stays
    assert [one["name"] for one in sheets] == [*titles, "Tulos"]
    assert set(PLACES) <= set(column(result, "A"))


def test_statuses_are_computed_anew_and_nothing_else_is(pane, model):
    built = sheet(model, "Tuloslaskelma")["cells"]
    wrong = [*WRONG, ("type", "Tuloslaskelma", "M8", "Ei tiedossa")]
    *_, result, statement = pane(model, *wrong, ("press", "statuses"), ("cells", "Tulos"), ("cells", "Tuloslaskelma"))
    line = next(cell[1:] for cell, found in result.items() if found["value"] == "Tuloslaskelma!M8")
    assert (result[f"D{line}"]["value"], result[f"E{line}"]["value"]) == ("Ei tiedossa", built["M8"]["value"])
    assert (statement["M8"], statement["G8"]["value"]) == (built["M8"], 1.5)


def test_forecasts_are_shown_as_euros_beside_each_other(pane, model):
    _, cells, alert = pane(model, ("press", "forecast"), ("cells", "Tulos"), ("alert",))
    assert alert is None
    line = next(place[1:] for place, cell in cells.items() if place[0] == "A" and str(cell["value"]).endswith("!J8"))
    assert {cells[f"{letter}{line}"]["format"] for letter in "DEFG" if f"{letter}{line}" in cells} == {"#,##0"}


# --- the functions ----------------------------------------------------------------------------------------------------

CALLS = [
    ("REMAINING", [[[3]], [[1.5]]], [[1.5]]),
    ("REMAINING", [[[3]], [[None]]], [[""]]),
    ("REMAINING", [[[3], [4], [None]], [[1], [None], [2]]], [[2], [""], [""]]),
    ("REMAINING", [[[3, 4]], [[1, 1]]], [[2, 3]]),
    ("REMAINING", [[[3, 4]], [["x", {"type": "Error", "basicValue": "#N/A"}]]], [["", ""]]),
    ("USED_SHARE", [[[10], [20]], [[5]]], [[0.5], [0.25]]),
    ("FORECAST", [[[75]], [[9]]], [[100]]),
    ("FORECAST", [[[75]], [[9]], None, None, [[120]]], [[120]]),
    ("RISK_LEVEL", [[[3]], [[3]]], [["Korkea"]]),
]


def test_functions_take_cells_and_ranges_and_blanks_stay_blank(pane, model):
    functions, *found = pane(model, ("functions",), *(("call", name, given) for name, given, _ in CALLS))
    assert functions == sorted(name.upper() for name in FUNCTIONS)
    assert found == [expected for _, _, expected in CALLS]


def test_what_a_function_cannot_compute_is_an_error_of_excel_with_its_reason(pane, model):
    (found,) = pane(model, ("call", "REMAINING", [[[1], [2]], [[1], [2], [3]]]))
    said = "Alueet ovat erikokoisia (REMAINING: 2 ≠ 3). Anna samankokoiset alueet tai yksittäisiä soluja."
    assert found == {"error": "#VALUE!", "message": said}


def test_functions_are_registered_in_their_namespace_with_their_arguments_in_order(address):
    told = json.loads(fetched(f"{address}/xlwings/custom-functions-meta.json"))["functions"]
    assert sorted(one["name"] for one in told) == sorted(f"TAULUKKO.{name.upper()}" for name in FUNCTIONS)
    forecast = next(one for one in told if one["id"] == "FORECAST")
    names = ["actual", "months", "last_year", "last_year_to_date", "forecast_manual", "months_in_year"]
    assert [one["name"] for one in forecast["parameters"]] == names
    assert [one.get("optional", False) for one in forecast["parameters"]] == [False, False, True, True, True, True]
    assert forecast["description"].startswith("Koko vuoden ennuste")
    assert forecast["parameters"][0]["description"] == "toteuma"


# --- what goes wrong --------------------------------------------------------------------------------------------------


def of_another_version(model: dict[str, Any]) -> None:
    """Make the program in a workbook one of another version."""
    cells = sheet(model, "_taulukko")["cells"]
    rows = [place[1:] for place, cell in cells.items() if place[0] == "A" and cell["value"] == "program"]
    packed = "".join(str(cells[f"C{row}"]["value"]) for row in rows)
    program = json.loads(zlib.decompress(base64.b64decode(packed)))
    program["schema"] += 1
    first, *rest = rows
    cells[f"C{first}"]["value"] = base64.b64encode(zlib.compress(json.dumps(program).encode())).decode()
    for row in rest:
        del cells[f"A{row}"], cells[f"C{row}"]


@pytest.mark.parametrize(("language", "action"), [("fi", "recompute"), ("sv", "undo")])
def test_a_workbook_of_another_version_is_told_so_in_its_language_and_left_alone(pane, lite_in, language, action):
    model = lite_in(language)
    of_another_version(model)
    refused(pane, model, action, words_of(language), Finding("other_version", found="3", expected=("1", "2")))


def test_a_workbook_with_protected_sheets_is_told_so_and_left_alone(pane, finnish: Built):
    model = office_model(finnish.path)
    assert sheet(model, "Yhteenveto")["protected"]
    refused(pane, model, "recompute", words_of("fi"), Finding("protected_there"), ("type", "Riskit", "H6", 99))


def refused(
    pane: Pane, model: dict[str, Any], action: str, words: Phrases, finding: Finding, *before: tuple[Any, ...]
) -> None:
    """Nothing but the result is written, which says why."""
    titles = [one["name"] for one in model["sheets"]]
    cells = [("cells", title) for title in titles]
    press = [("press", action), ("sheets",), ("cells", words.text("inside.result")), ("alert",)]
    told = pane(model, *before, *cells, *press, *cells)[len(before) :]
    was, (_, sheets, result, alert), stays = told[: len(titles)], told[len(titles) : -len(titles)], told[-len(titles) :]
    assert (was == stays, alert) == (True, None)
    assert [one["name"] for one in sheets] == [*titles, words.text("inside.result")]
    assert column(result, "A") == [f"taulukko: {words.text('inside.refused')}", words.sentences(finding)]


def test_what_excel_refuses_is_shown_in_the_pane_until_the_next_press(pane, model):
    _, _, alert, _, later = pane(
        model, ("failing", "values"), ("press", "check"), ("alert",), ("press", "check"), ("alert",)
    )
    assert "Excel is busy" in alert
    assert later is None


def test_what_excel_refuses_is_shown_in_a_dialog_where_a_sheet_was_clicked(pane, model):
    *_, dialogs = pane(model, ("failing", "values"), ("click", "Tarkistukset", "check.checks.B4"), ("dialogs",))
    assert len(dialogs) == 1 and "Excel is busy" in dialogs[0]


def test_a_server_that_does_not_answer_is_told_and_nothing_is_written(pane, model):
    _, _, alert, sheets = pane(
        model, ("unreachable", "custom-scripts-call"), ("press", "recompute"), ("alert",), ("sheets",)
    )
    assert alert == "No response received from server"
    assert len(sheets) == len(model["sheets"])


# --- what the server offers -------------------------------------------------------------------------------------------


def fetched(url: str, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return answer.read().decode()


def test_the_manifest_is_for_download_and_leads_to_what_is_there(address):
    root = etree.fromstring(fetched(f"{address}/manifest/download").encode())
    urls = {value for one in root.iter() for value in [one.get("DefaultValue", "")] if value.startswith("http")}
    assert len(urls) == 6 and all(url.startswith(address) for url in urls)
    for url in urls:
        with urllib.request.urlopen(url, timeout=30) as answer:
            assert answer.status == 200
    scripts = json.loads(fetched(f"{address}/xlwings/custom-scripts-meta.json"))
    assert {one["function_name"] for one in scripts} == set(ACTIONS)


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.example"])
def test_a_page_that_leads_here_by_another_name_is_turned_away(address, host):
    with pytest.raises(urllib.error.HTTPError, match="400"):
        fetched(f"{address}/manifest", Host=host)


def test_pages_from_elsewhere_may_not_read_answers(address):
    request = urllib.request.Request(f"{address}/", headers={"Origin": "https://elsewhere.example"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] is None


@pytest.mark.parametrize("name", ["recompute_main", "press", "desk_of", "os"])
def test_nothing_but_the_scripts_can_be_called(address, name):
    request = urllib.request.Request(f"{address}/xlwings/custom-scripts-call/{name}", data=b"{}", method="POST")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=30)


UP = "..%2f" * 12 + "etc%2fpasswd"
ATTACKS = [
    *(f"{start}{UP}" for start in ("/static/", "/", "/xlwings/", "/manifest/", "/static/js/")),
    *("/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/static/%252e%252e%252fetc"),
    *("/static/..%5c..%5cwindows%5cwin.ini", "/static/%00", "/static//etc/passwd", "/static/%2fetc%2fpasswd"),
    *("/static/C:%2fWindows%2fwin.ini", "/static/js/..%2f..%2fcustom_scripts.py"),
]


@pytest.mark.parametrize("path", ATTACKS)
def test_no_path_leads_out_of_what_is_served(address, path):
    host, _, port = address.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (404, b"")


def test_a_port_that_is_taken_is_said(address, capsys):
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "taulukko", "serve", "--port", port, "--lang", "fi"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"127.0.0.1:{port}: portti on varattu; valitse toinen valinnalla --port\n"


def test_with_a_certificate_it_is_served_by_https(address, tmp_path):
    needs.require({"openssl": shutil.which("openssl")}, "https was not tried")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    with serving("--lang", "sv", "--certificate", str(certificate), "--key", str(key)) as secure:
        trust = ssl.create_default_context(cafile=certificate)
        with urllib.request.urlopen(f"{secure}/manifest", timeout=30, context=trust) as answer:
            manifest = answer.read().decode()
    assert secure.startswith("https://")
    assert f'SourceLocation DefaultValue="{secure}/taskpane.html"' in manifest
    assert 'DefaultValue="Räkna om"' in manifest


# --- where there is no server -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_manifest_refers_to_it_has_within_the_lengths_that_office_takes(language):
    space = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"
    root = etree.fromstring(server_pages.manifest(Say(language)).encode())
    texts = {one.get("id") for one in root.iter() if str(one.tag).startswith(space) and one.get("id")}
    asked = {one.get("resid") for one in root.iter() if one.get("resid")}
    assert asked == texts
    assert all(len(name) <= 32 for name in texts)
    groups = {group: 125 if group == "ShortStrings" else 250 for group in ("ShortStrings", "LongStrings")}
    for group, most in groups.items():
        assert all(len(one.get("DefaultValue")) <= most for one in root.find(f".//{space}{group}"))
    functions = [one.text for one in root.iter() if str(one.tag).endswith("}FunctionName")]
    assert functions == [*ACTIONS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_library_it_says_what_to_install(monkeypatch, language, capsys):
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    monkeypatch.setenv("LC_ALL", "C")
    assert run(["serve", "--lang", language]) == 2
    assert 'pip install "taulukko[server]"' in capsys.readouterr().err


def test_without_a_key_it_says_so_and_sets_none(tmp_path):
    if not importlib.util.find_spec("xlwings_server"):
        needs.require({"xlwings-server": None}, "the message about a licence was not tried")
    environment = {name: text for name, text in os.environ.items() if name != "XLWINGS_LICENSE_KEY"}
    command = [sys.executable, "-m", "taulukko", "serve", "--lang", "en"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=environment | {"HOME": str(tmp_path)}
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("XLWINGS_LICENSE_KEY: expected a licence key of xlwings, but there is none")


def test_a_certificate_that_is_not_there_is_a_fault(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "C")
    assert run(["serve", "--lang", "en", "--certificate", str(tmp_path / "none.pem")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none.pem'}: there is no such file or folder\n"


def test_a_key_is_that_of_a_certificate(capsys):
    assert run(["serve", "--lang", "en", "--key", "key.pem"]) == 2
    assert capsys.readouterr().err.startswith("Missing: --certificate.\n")
