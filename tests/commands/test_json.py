"""What `--json` prints is what docs/json.md describes, of every command."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from support.built import LANGUAGES, ROOT
from support.folders import data_folder
from support.typed import typed
from taulukko.builder import build
from taulukko.cli import COMMANDS, run
from taulukko.commands.terminal import SCHEMA
from taulukko.in_excel import server
from taulukko.messages import Say

TEXT = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
SAME = {"new": "build", "addin": "build"}
"""The commands that print the same as another one."""
OPEN = {"empty", "facts", "missing"}
"""Objects whose keys are not those of the description: by file, by fact, by what a return needs."""
Asked = Callable[..., Any]


def described(heading: str) -> Any:
    return json.loads(TEXT.split(heading)[1].split("```json")[1].split("```")[0])


FINDING = described("## A finding")


def described_of(command: str) -> dict[str, Any]:
    example: dict[str, Any] = described(f"# What `taulukko {SAME.get(command, command)} --json` prints")
    return example


def check(printed: Any, example: Any, name: str = "") -> None:
    """Every key is described, and what is described is there; null and `old` may be anything."""
    if name in ("findings", "restored", "faults", "notes"):
        for one in printed:
            check(one, FINDING)
    elif name == "refused" and printed:
        check(printed, FINDING)
    elif isinstance(printed, dict) and isinstance(example, dict) and name not in OPEN:
        assert printed.keys() == example.keys(), name
        for key, value in printed.items():
            check(value, example[key], key)
    elif isinstance(printed, list) and printed and example:
        for one in printed:
            check(one, example[0], name)
    elif printed is not None and example is not None and name not in ("old", "new"):
        assert type(printed) is type(example), name


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    """Runs a command and gives what it prints as JSON, checked against its description."""
    capsys.readouterr()

    def ask(exit_code: int, command: str, *arguments: object, failing: bool = False) -> Any:
        assert run([command, *map(str, arguments), "--json", "--lang", "en"]) == exit_code
        printed = capsys.readouterr()
        assert printed.err == ""
        told = json.loads(printed.out)
        check(told, described("## A command that could not do its work") if failing else described_of(command))
        assert told["schema"] == SCHEMA
        return told

    return ask


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    figures = {"income_statement": "VAKA,fees,1,1,1,1,,,,,,"}
    return data_folder(tmp_path / "data", risks="R1,VAKA,strategic,Riski,1,1,Toimi,", **figures)


@pytest.fixture
def spoilt(folder: Path, tmp_path: Path) -> Path:
    """A workbook with an input that is not read and a formula that was written over."""
    return typed(build(folder, tmp_path / "a.xlsx"), risks__column__likelihood="suuri", risks__column__value=5)


def codes(findings: list[dict[str, Any]]) -> set[str]:
    return {finding["code"] for finding in findings}


def test_build(asked: Asked, folder: Path) -> None:
    assert asked(0, "build", folder)["written"] == [str(folder / "osavuosikatsaus.xlsx")]
    assert len(asked(0, "build", folder, "--units")["written"]) == 2


def test_new_and_addin(asked: Asked, tmp_path: Path) -> None:
    assert asked(0, "new", tmp_path / "new")["written"] == [str(tmp_path / "new")]
    assert asked(0, "addin", "-o", tmp_path / "a.xlam")["written"] == [str(tmp_path / "a.xlam")]


def test_rollover(asked: Asked, folder: Path, tmp_path: Path) -> None:
    told = asked(0, "rollover", folder, tmp_path / "next", "--period", "2024-12")
    assert told["written"] == [str(tmp_path / "next")]
    assert ("last_year", None, 0) in {(one["column"], one["folder"], one["count"]) for one in told["taken"]}


def test_explain(asked: Asked) -> None:
    (told,) = asked(0, "explain", "risks.value")["measures"]
    assert told["facts"]["expression"] == "likelihood * impact"
    assert described_of("explain")["measures"][0]["facts"].keys() <= told["facts"].keys()


def test_check(asked: Asked, spoilt: Path, folder: Path) -> None:
    good, bad = asked(1, "check", build(folder), spoilt)["files"]
    assert (good["ok"], good["findings"], bad["ok"], bad["file"]) == (True, [], False, str(spoilt))
    assert codes(bad["findings"]) >= {"value_outside", "formula_overwritten"}
    overwritten = next(one for one in bad["findings"] if one["code"] == "formula_overwritten")
    assert (overwritten["file"], overwritten["severity"], overwritten["found"]) == (str(spoilt), "error", "5")
    assert overwritten["remedy"].startswith(f"Put back {overwritten['expected'][0]}")


def test_fix(asked: Asked, spoilt: Path, tmp_path: Path) -> None:
    told = asked(1, "fix", spoilt, "-o", tmp_path / "fixed.xlsx")
    assert (codes(told["restored"]), told["written"]) == ({"formula_overwritten"}, [str(tmp_path / "fixed.xlsx")])
    assert "value_outside" in codes(told["findings"])


def test_diff(asked: Asked, spoilt: Path, folder: Path, tmp_path: Path) -> None:
    assert "number" in codes(asked(1, "diff", folder, spoilt)["b"]["findings"])
    other = typed(build(folder, tmp_path / "b.xlsx", unit="VAKA"), risks__column__impact=3)
    assert [one["new"] for one in asked(1, "diff", folder, other)["changes"]] == ["3"]


def test_status(asked: Asked, folder: Path) -> None:
    assert [one["unit"] for one in asked(1, "status", folder)["units"]] == ["TOIMIALA", "VAKA"]


def test_collect(asked: Asked, spoilt: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other.xlsx").write_text("text")
    files = asked(2, "collect", spoilt, tmp_path / "other.xlsx", "--into", folder)["files"]
    read, refused = sorted(files, key=lambda one: one["refused"] is not None)
    assert (codes(read["faults"]), refused["refused"]["code"]) == ({"number"}, "other_format")
    assert {(one["code"], one["severity"]) for one in read["notes"]} == {("formula_overwritten", "remark")}
    asked(1, "status", folder)


def test_history(asked: Asked, spoilt: Path, folder: Path) -> None:
    asked(1, "collect", spoilt, "--into", folder)
    assert [one["event"] for one in asked(0, "history", folder)["events"]][0] == "returned"


def test_remind(asked: Asked, folder: Path, tmp_path: Path) -> None:
    assert [one["unit"] for one in asked(1, "remind", folder, "-o", tmp_path / "drafts")["drafts"]] == [
        "TOIMIALA",
        "VAKA",
    ]


def test_undo_collect(asked: Asked, folder: Path, tmp_path: Path) -> None:
    monday, friday = datetime(2024, 10, 7, tzinfo=UTC), datetime(2024, 10, 11, tzinfo=UTC)
    path = typed(build(folder, tmp_path / "VAKA.xlsx", unit="VAKA"), monday, "Maija", risks__column__impact=3)
    asked(0, "collect", path, "--into", folder)
    copy = typed(Path(shutil.copy(path, tmp_path / "later.xlsx")), friday, "Maija", risks__column__impact=2)
    asked(0, "collect", copy, "--into", folder)
    assert [one["reason"] for one in asked(1, "undo-collect", folder, "VAKA.xlsx")["left"]] == ["later"]
    assert len(asked(0, "undo-collect", folder, "later.xlsx")["undone"]) == 2


def test_doctor(asked: Asked, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["doctor", str(build(folder)), "--json"])
    told = json.loads(capsys.readouterr().out)
    check(told, described_of("doctor"))
    assert {one["severity"] for one in told["findings"]} <= {"error", "remark", "note"}
    assert told["ok"] == ("error" not in {one["severity"] for one in told["findings"]})
    (tmp_path / "other.xlsx").write_text("text")
    assert asked(2, "doctor", tmp_path / "other.xlsx")["findings"][-1]["code"] == "other_format"


def test_strip(asked: Asked, folder: Path, tmp_path: Path) -> None:
    path = build(folder, tmp_path / "lite.xlsx", kind="lite")
    assert asked(0, "strip", path)["removed"] == ["main.py", "requirements.txt"]
    assert asked(1, "strip", tmp_path / "lite-plain.xlsx")["written"] == []


@pytest.mark.parametrize("certificate", [None, "a.pem"])
def test_serve(asked: Asked, monkeypatch: pytest.MonkeyPatch, certificate: str | None) -> None:
    def started_only(say: Say, started: Callable[[str], None], *_: object) -> None:
        started("http://localhost:8000")

    monkeypatch.setattr(server, "serve", started_only)
    told = asked(0, "serve", *(["--certificate", certificate] if certificate else []))
    assert told["manifest"] == f"{told['address']}/manifest/download"
    assert codes(told["findings"]) == (set() if certificate else {"address_plain"})


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", "{none}"], "file_missing"),
        (["new", "{data}"], "folder_not_empty"),
        (["rollover", "{data}", "{none}", "--period", "soon"], "next_period"),
        (["explain", "nothing"], "measure_unknown"),
        (["check", "{none}"], "ENOENT"),
        (["fix", "{foreign}"], "other_format"),
        (["diff", "{data}", "{none}"], "ENOENT"),
        (["status", "{none}"], "file_missing"),
        (["collect", "{none}", "--into", "{data}"], "ENOENT"),
        (["history", "{data}", "nothing"], "history_key"),
        (["remind", "{none}", "-o", "{none}"], "file_missing"),
        (["undo-collect", "{data}", "nothing"], "not_collected"),
        (["doctor", "{none}"], "ENOENT"),
        (["addin", "-o", "{foreign}"], "output_not_ours"),
        (["strip", "{foreign}"], "other_format"),
        (["serve", "--certificate", "{none}"], "ENOENT"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_command_that_could_not_do_its_work(
    asked: Asked, folder: Path, tmp_path: Path, arguments: list[str], code: str
) -> None:
    (tmp_path / "foreign.xlsx").write_text("text")
    words = {"none": tmp_path / "none", "data": folder, "foreign": tmp_path / "foreign.xlsx"}
    told = asked(2, *(word.format(**words) for word in arguments), failing=True)
    assert codes(told["findings"]) == {code}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_is_in_the_language_asked_for(
    folder: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(folder)
    run(["build", str(folder), "--json", "--lang", language])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    run(["build", str(folder), "--lang", language])
    assert capsys.readouterr().err == f"{finding['file']}: {finding['message']} {finding['remedy']}\n"


def test_every_command_is_described() -> None:
    told = set(re.findall(r"`taulukko ([\w-]+) --json`", TEXT))
    assert told == {*COMMANDS}
    keys = {*FINDING, *(key for command in told for key in described_of(command))} - {"schema"}
    assert [key for key in keys if f"`{key}`" not in TEXT] == []
