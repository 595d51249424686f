"""The lines of the README's “Fill in and collect”, run word for word as somebody new would."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from lxml import etree

from support.built import ROOT
from support.edits import Change, edited, put
from support.places import named, place
from taulukko.cli import run
from taulukko.folder.data_folder import load
from taulukko.folder.journal import read_entries
from taulukko.folder.sent import read_sent

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## Fill in and collect")[1].split("\n## ")[0]
LINES = re.findall(r"^    taulukko (.+?)(?:   .*)?$", SECTION, re.MULTILINE)
FOLDER = Path("workbooks/heinola-hyvinvointi-2024-09")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of somebody's own with Heinola's data in it."""
    shutil.copytree(ROOT / FOLDER, tmp_path / FOLDER)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    return tmp_path


def fill_in(sent: Path, returned: Path) -> None:
    """What a unit does: an explanation, a number nobody can read, and a state."""
    returned.mkdir()
    good = place(sent, "income_statement.unit1", "notes.fees", "explanation")
    bad = place(sent, "income_statement.unit1", "notes.fees", "forecast_manual")
    state = named(sent, "returns.state")
    texts = {good: "Maksuja kertyi vähemmän", bad: "n. 5 000", state: "Kesken"}

    def typing(sheet: str) -> Change:
        def change(cells: dict[str, etree._Element]) -> None:
            for (one, cell), text in texts.items():
                if one == sheet:
                    put(cells[cell], text)

        return change

    edited(sent, returned / sent.name, {sheet: typing(sheet) for sheet, _ in texts})


def test_every_line_does_what_the_readme_says(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [line.split()[0] for line in LINES] == [
        "build", "collect", "collect", "collect", "collect", "status", "build", "build", "history", "diff", "fix",
    ]  # fmt: skip
    said = {}
    for line in LINES:
        if line.startswith("collect") and not Path("returned").exists():
            fill_in(desk / "sent" / "osavuosikatsaus-VAKA.xlsx", desk / "returned")
        before = load(desk / FOLDER)[0].digest
        code = run(line.split())
        said[line] = (code, capsys.readouterr().out)
        assert (load(desk / FOLDER)[0].digest != before) == ("--answers" in line), line
    codes = [code for code, _ in said.values()]
    assert codes == [0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1], said
    dry, collected, _, _, status, _, _, history, diff, fixed = list(said.values())[1:]
    assert "forecast_manual: expected a number, found “n. 5 000”" in dry[1]
    assert "2 changes would be written" in dry[1]
    assert "2 changes were written" in collected[1]
    assert (desk / "answers" / "osavuosikatsaus-VAKA-korjattavaa.xlsx").exists()
    assert re.search(r"^VAKA .* 1 ", status[1], re.MULTILINE)
    assert "nothing returned" in status[1] or "not returned" in status[1] or "returned nothing" in status[1]
    assert "Maksuja kertyi vähemmän" in diff[1]
    assert "income_statement.VAKA.fees explanation: blank → Maksuja kertyi vähemmän" in history[1]
    assert [path.suffix for path in (desk / FOLDER / "returned").iterdir()] == [".xlsx"]
    assert [one.unit for one in read_sent(desk / FOLDER)] == ["TOIMIALA", "HYTE", "OPKOU", "VAKA", "VIRE"]
    assert "osavuosikatsaus-VAKA-fixed.xlsx" in fixed[1]
    taken = [entry for entry in read_entries(desk / FOLDER) if entry.event == "taken"]
    assert {(entry.record, entry.field) for entry in taken} == {
        ("income_statement.VAKA.fees", "explanation"),
        ("returns.VAKA", "state"),
    }
