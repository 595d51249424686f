"""A new data folder builds at once, and so do its examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from taulukko.builder import build
from taulukko.errors import FaultsError, OutputRefused
from taulukko.folder.data_folder import load
from taulukko.folder.new import new
from taulukko.xlsx.check import check

LANGUAGES = ("fi", "sv", "en")


def uncomment_examples(folder: Path) -> None:
    """Take the # from the lines that are not instructions: those with as many fields as the header."""
    for path in folder.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        commas = lines[0].count(",")
        kept = [line.removeprefix("# ") for line in lines[1:] if line.count(",") >= commas and " = " not in line]
        path.write_text("\n".join([lines[0], *kept]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_builds_at_once_and_nothing_is_wrong_with_it(tmp_path, language):
    path = build(new(tmp_path / "new", language=language))
    assert check(path) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_examples_are_right(tmp_path, language):
    folder = new(tmp_path / "new", language=language)
    uncomment_examples(folder)
    report, _ = load(folder)
    tables = {key: len(report.rows(key)) for key, file in report.files.items() if file.stem is not None}
    assert tables == dict.fromkeys(tables, 2)
    others = [len(report.rows(key)) for key in ("income_statement", "assessments", "checks", "returns")]
    assert (others, len(report.controls)) == ([2, 1, 0, 0], 1)
    assert build(folder).exists()


def test_it_has_a_file_for_every_section(tmp_path):
    folder = new(tmp_path / "new")
    assert sorted(path.name for path in folder.iterdir()) == [
        "assessments.csv",
        "checks.csv",
        "controls.csv",
        "goals_council.csv",
        "goals_service_area.csv",
        "income_statement.csv",
        "investment_projects.csv",
        "investments.csv",
        "projects.csv",
        "report.toml",
        "risks.csv",
        "texts.csv",
    ]


def test_every_column_is_explained(tmp_path):
    lines = (new(tmp_path / "new") / "risks.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id,risk_class,risk,unit,likelihood,impact,treatment,realisation"
    assert [line.split(" = ")[0] for line in lines[2:10]] == [f"# {key}" for key in lines[0].split(",")]
    assert lines[6] == "# likelihood = Todennäköisyys: jokin näistä: 1 2 3; tyhjä = ei tietoa"


def test_an_empty_folder_is_used_and_a_full_one_refused(tmp_path):
    (tmp_path / "new").mkdir()
    new(tmp_path / "new")
    (tmp_path / "new" / "report.toml").write_text("mine")
    with pytest.raises(OutputRefused) as caught:
        new(tmp_path / "new")
    assert caught.value.findings[0].code == "folder_not_empty"
    assert (tmp_path / "new" / "report.toml").read_text() == "mine"


def test_an_unknown_template_leaves_no_folder(tmp_path):
    with pytest.raises(FaultsError) as caught:
        new(tmp_path / "new", "vuosikertomus")
    assert [fault.code for fault in caught.value.findings] == ["template_unknown"]
    assert not (tmp_path / "new").exists()
