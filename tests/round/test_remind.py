"""Drafts of mail to the units that lack something: to whom, what is missing by sheet and cell, and the workbook."""

from __future__ import annotations

import email
import email.policy
import json
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from support.edits import save_again
from support.folders import REPORT, data_folder
from support.typed import typed
from taulukko.builder import build, send_units
from taulukko.cli import run
from taulukko.errors import FaultsError, OutputRefused
from taulukko.folder.data_folder import load
from taulukko.folder.sent import read_sent
from taulukko.next_period.folder import rollover
from taulukko.round.collect import collect
from taulukko.round.remind import remind
from taulukko.round.status import status
from taulukko.xlsx.workbook import read_inputs

FRIDAY = datetime(2024, 10, 11, 9, 30, tzinfo=UTC)
MAIL = 'name = "Varhaiskasvatus"\nmail = "maija@kunta.fi"'
ASKED = REPORT.replace("signs", 'deadline = 2024-10-15\ncontact = "Kerttu, p. 123"\nsigns').replace(
    'name = "Varhaiskasvatus"', MAIL
)
FIGURES = "VAKA,fees,100000,75000,120000,20000,,,Selitys,,,\nVAKA,personnel_costs,-1,-1,-1,-1,,,,,,"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    risks = "R1,VAKA,operational,,1,1,Rekrytointi,"
    return data_folder(tmp_path / "data", ASKED, risks=risks, income_statement=FIGURES)


def drafts(folder: Path, where: str = "drafts") -> dict[str, EmailMessage]:
    made = remind(folder, folder.parent / where)
    read = {one.unit: email.message_from_bytes(one.path.read_bytes(), policy=email.policy.default) for one in made}
    return {unit: message for unit, message in read.items() if isinstance(message, EmailMessage)}


def text(message: EmailMessage) -> str:
    body = message.get_body()
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def workbook(message: EmailMessage, place: Path) -> Path:
    (part,) = message.iter_attachments()
    path = place / str(part.get_filename())
    path.write_bytes(part.get_content())
    return path


def test_each_unit_that_lacks_something_has_a_draft_with_its_workbook(folder: Path, tmp_path: Path) -> None:
    made = drafts(folder)
    assert sorted(path.name for path in (tmp_path / "drafts").iterdir()) == [
        "osavuosikatsaus-TOIMIALA.eml",
        "osavuosikatsaus-VAKA.eml",
    ]
    message = made["VAKA"]
    assert (message["To"], message["X-Unsent"], message["Date"], message["From"]) == ("maija@kunta.fi", "1", None, None)
    assert message["Subject"].endswith("Varhaiskasvatus: täydennettävää")
    assert made["TOIMIALA"]["To"] is None
    path = workbook(message, tmp_path)
    assert path.read_bytes() == build(folder, tmp_path / "a.xlsx", unit="VAKA").read_bytes()
    assert [(one.unit, one.way) for one in read_sent(folder)] == [("TOIMIALA", "reminder"), ("VAKA", "reminder")]


def test_what_is_missing_is_told_by_sheet_and_cell(folder: Path, tmp_path: Path) -> None:
    said = text(drafts(folder)["VAKA"])
    places = read_inputs(build(folder, tmp_path / "a.xlsx", unit="VAKA")).places
    for key in (
        ("income_statement", "VAKA.fees", "measure"),
        ("income_statement", "VAKA.fees", "responsible"),
        ("income_statement", "VAKA.fees", "due"),
        ("risks", "R1", "risk"),
        ("returns", "VAKA", "state"),
    ):
        assert f"- {places[key]}: " in said, key
    for key in (("income_statement", "VAKA.fees", "explanation"), ("income_statement", "VAKA.personnel_costs", "due")):
        assert f"{places[key]}:" not in said
    assert "ei ole vielä palautettu" in said
    assert "Määräpäivä on 15.10.2024." in said
    assert said.rstrip().endswith("Kerttu, p. 123")


def test_what_could_not_be_read_of_the_last_return_is_told(folder: Path, tmp_path: Path) -> None:
    path = typed(build(folder, tmp_path / "VAKA.xlsx", unit="VAKA"), FRIDAY, risks__column__impact="suuri\n\nBcc: x")
    collect([path], folder)
    said = text(drafts(folder)["VAKA"])
    assert "Riskit!G6" in said and "suuri" in said
    assert "palautus ei ole vielä valmis" in said
    assert "\nBcc:" not in said


def test_the_same_folder_gives_the_same_drafts_and_old_ones_are_not_replaced_unasked(folder: Path) -> None:
    first = {path.name: path.read_bytes() for path in (remind(folder, folder.parent / "a")[0].path.parent).iterdir()}
    listed = read_sent(folder)
    remind(folder, folder.parent / "b")
    assert {path.name: path.read_bytes() for path in (folder.parent / "b").iterdir()} == first
    assert read_sent(folder) == listed
    with pytest.raises(OutputRefused):
        remind(folder, folder.parent / "a")
    remind(folder, folder.parent / "a", force=True)


def test_a_reminder_is_no_round_of_its_own(folder: Path, tmp_path: Path) -> None:
    """A unit that goes on with the workbook it was first sent is not told to begin anew."""
    _, path = send_units(folder, tmp_path / "sent")
    risks = (folder / "risks.csv").read_text(encoding="utf-8")
    (folder / "risks.csv").write_text(risks.replace("Rekrytointi", "Toimi"), encoding="utf-8")
    again = workbook(drafts(folder)["VAKA"], tmp_path)
    assert len({read_inputs(one).facts["id"] for one in (path, again)}) == 2
    save_again(path)
    for one in (path, again):
        (found,) = collect([one], folder, dry_run=True)
        assert {note.code for note in found.returned.notes} & {"sent_earlier", "not_sent"} == set()
    collect([path], folder)
    assert not status(folder).units[1].is_of_earlier_sending


@pytest.mark.parametrize(
    "mail", ["Maija <m@k.fi>", "a@b.fi, c@d.fi", "m@k.fi\\nBcc: x@y.fi", "mk.fi", "m@k", "ä@k.fi", ""]
)
def test_an_address_is_one_plain_address(tmp_path: Path, mail: str) -> None:
    folder = data_folder(tmp_path / "data", ASKED.replace("maija@kunta.fi", mail))
    with pytest.raises(FaultsError) as refused:
        load(folder)
    assert [(one.code, one.place, one.field) for one in refused.value.findings] == [("mail", "units[2]", "mail")]


def test_names_make_no_headers(folder: Path) -> None:
    """A name with a line end in it stands on one line."""
    name = 'name = "Varhaiskasvatus\\nBcc: x@y.fi"\nmail = "maija@kunta.fi"'
    (folder / "report.toml").write_text(ASKED.replace(MAIL, name), encoding="utf-8")
    message = drafts(folder)["VAKA"]
    assert message["Bcc"] is None
    assert "Varhaiskasvatus Bcc: x@y.fi" in message["Subject"]


def test_addresses_stand_in_no_workbook_and_go_on_to_the_next_period(folder: Path, tmp_path: Path) -> None:
    path = build(folder, tmp_path / "a.xlsx", unit="VAKA")
    assert read_inputs(path).report.units[0].mail == ""
    made = rollover(folder, tmp_path / "next", "2024-12")
    assert [unit.mail for unit in load(made)[0].units] == ["", "maija@kunta.fi"]


def test_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["remind", str(folder), "-o", str(folder.parent / "drafts")]
    assert run([*arguments, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)["drafts"]
    assert [(one["unit"], one["mail"]) for one in told] == [("TOIMIALA", None), ("VAKA", "maija@kunta.fi")]
    assert run([*arguments, "--force", "--lang", "en"]) == 1
    assert capsys.readouterr().out.endswith("2 drafts. Nothing was sent.\n")
