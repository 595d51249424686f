"""Sections as DataFrames, out and in again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy
import pandas
import pytest

import taulukko
from support.built import HEINOLA
from taulukko.errors import FaultsError
from taulukko.folder.frames import checked
from taulukko.report.model import Report
from taulukko.template import find_template, load_template


@pytest.fixture(scope="module")
def report() -> Report:
    return taulukko.load(HEINOLA)


@pytest.fixture(scope="module")
def template():
    return load_template(find_template("osavuosikatsaus"), "fi")


def faults_of(report: Report, template) -> list[tuple[str, str, str, str, str]]:
    with pytest.raises(FaultsError) as caught:
        checked(report, template)
    return [(f.code, f.file, f.place, f.field, f.found) for f in caught.value.findings]


def test_load_gives_frames():
    frame = taulukko.load(HEINOLA).frame("risks")
    assert frame["likelihood"].tolist() == [1, 2, 2, 2, 3]


SECTIONS = (
    "goals_council", "goals_service_area", "investments", "investment_projects", "risks", "projects", "texts",
    "income_statement", "assessments", "checks",
)  # fmt: skip


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_goes_out_and_comes_back(report, template, section):
    back = checked(report.with_frame(section, report.frame(section)), template)
    assert (back.inputs, back.controls) == (report.inputs, report.controls)


def test_the_report_itself_does_not_change(report):
    changed = report.with_frame("risks", report.frame("risks").head(1))
    assert (len(changed.rows("risks")), len(report.rows("risks"))) == (1, 5)
    assert changed.digest != report.digest


def test_a_changed_frame_is_built(report, tmp_path):
    frame = report.frame("risks").assign(impact=3)
    path = taulukko.build(report.with_frame("risks", frame), tmp_path / "risks.xlsx")
    sheet = pandas.read_excel(path, sheet_name="Riskit", header=4, engine="openpyxl")
    assert sheet["Riskiarvo"].dropna().head(5).tolist() == [3, 6, 6, 6, 9]


def test_values_become_inputs(report):
    frame = pandas.DataFrame(
        {
            "id": ["R1", "R2"],
            "a": [1.5, numpy.nan],
            "b": [numpy.int64(3), None],
            "c": ["teksti", ""],
            "d": pandas.to_datetime(["2024-09-30", None]),
            "e": [pandas.NA, Decimal("0.10")],
        }
    )
    assert report.with_frame("risks", frame).rows("risks") == [
        {"id": "R1", "a": Decimal("1.5"), "b": 3, "c": "teksti", "d": date(2024, 9, 30), "e": None},
        {"id": "R2", "a": None, "b": None, "c": None, "d": None, "e": Decimal("0.10")},
    ]


@pytest.mark.parametrize("value", [float("inf"), True, [1], numpy.array([1, 2])], ids=["inf", "bool", "list", "array"])
def test_what_no_input_can_hold_is_refused(report, value):
    frame = pandas.DataFrame({"id": ["R1"], "risk": pandas.Series([value], dtype=object)})
    with pytest.raises(FaultsError) as caught:
        report.with_frame("risks", frame)
    assert [(f.code, f.file, f.place, f.field) for f in caught.value.findings] == [
        ("frame_value", "risks", "1", "risk")
    ]


def test_unknown_and_missing_columns_are_refused(report, template):
    frame = report.frame("risks").rename(columns={"impact": "vaikutus"})
    found = faults_of(report.with_frame("risks", frame), template)
    assert [one[:4] for one in found] == [
        ("column_missing", "risks", "1", "impact"),
        ("column_unknown", "risks", "1", "vaikutus"),
    ]


def test_bad_values_are_refused_by_row(report, template):
    frame = report.frame("risks")
    frame["impact"] = [1, 4, 1, 1, 1]
    frame["unit"] = ["VAKA", "VAKA", "KOULU", None, None]
    frame.loc[0, "risk"] = "a\x01"
    frame.loc[4, "id"] = "r1"
    assert faults_of(report.with_frame("risks", frame), template) == [
        ("control_character", "risks", "1", "risk", "a\x01"),
        ("value", "risks", "2", "impact", "4"),
        ("value", "risks", "3", "unit", "KOULU"),
        ("key_twice", "risks", "5", "id", "r1"),
    ]


def test_rows_without_a_key_of_their_own_are_refused(report):
    frame = report.frame("risks")
    frame.loc[3, "id"] = None
    frame.loc[4, "id"] = "R1"
    with pytest.raises(FaultsError) as caught:
        report.with_frame("risks", frame)
    assert [(f.code, f.file, f.place, f.field, f.found) for f in caught.value.findings] == [
        ("required", "risks", "4", "id", ""),
        ("key_twice", "risks", "5", "id", "R1"),
    ]


def test_a_fraction_where_a_whole_number_belongs(report, template):
    frame = report.frame("projects").assign(start_year=2020.5).head(1)
    assert faults_of(report.with_frame("projects", frame), template) == [
        ("integer", "projects", "1", "start_year", "2020.5")
    ]


def test_a_line_of_a_unit_twice(report):
    frame = report.frame("income_statement").head(1)
    with pytest.raises(FaultsError) as caught:
        report.with_frame("income_statement", pandas.concat([frame, frame]))
    assert [(f.code, f.place, f.found) for f in caught.value.findings] == [
        ("key_twice", "2", "TOIMIALA, sales_revenue")
    ]


def test_a_statement_without_its_lines(report):
    with pytest.raises(FaultsError) as caught:
        report.with_frame("income_statement", report.frame("income_statement").drop(columns="line"))
    assert [(f.code, f.field) for f in caught.value.findings] == [("column_missing", "line")]


def test_a_section_that_is_not_there(report):
    with pytest.raises(KeyError):
        report.with_frame("riskit", report.frame("risks"))
