"""Where inputs stand: found by names and keys alone, the helper and the reader of filled workbooks agree."""

from __future__ import annotations

import pytest

from support.built import Built
from support.places import keys, named, place, records_area
from taulukko.xlsx.workbook import read_inputs


def test_every_input_of_a_record_is_where_the_reader_finds_it(finnish: Built) -> None:
    inputs = read_inputs(finnish.path)
    sections = inputs.template.records()
    found = {key: where for key, where in inputs.places.items() if key[0] in sections}
    assert len(found) > 200
    for (section, record, column), where in found.items():
        assert "!".join(place(inputs.package, section, record, column)) == where


def test_a_figure_an_explanation_and_an_assessment_of_a_statement(finnish: Built) -> None:
    inputs = read_inputs(finnish.path)
    number = [unit.code for unit in finnish.report.units].index("VAKA") + 1
    section = f"income_statement.unit{number}"
    actual = place(finnish.path, section, "personnel_costs", "actual")
    assert "!".join(actual) == inputs.places["income_statement", "VAKA.personnel_costs", "actual"]
    explanation = place(finnish.path, section, "notes.personnel_costs", "explanation")
    assert "!".join(explanation) == inputs.places["income_statement", "VAKA.personnel_costs", "explanation"]
    text = named(finnish.path, f"{section}.assessment.text")
    assert "!".join(text) == inputs.places["assessments", "VAKA", "text"]


def test_rows_and_keys_of_a_section(finnish: Built) -> None:
    assert records_area(finnish.path, "risks") == ("Riskit", "B6:N12")
    assert keys(finnish.path, "risks")[:5] == [record["id"] for record in finnish.report.rows("risks")]


def test_what_is_not_there_is_an_error(finnish: Built) -> None:
    with pytest.raises(LookupError, match="R99"):
        place(finnish.path, "risks", "R99", "likelihood")
    with pytest.raises(LookupError, match="risks.column.colour"):
        place(finnish.path, "risks", "R1", "colour")
    with pytest.raises(LookupError, match="nowhere"):
        named(finnish.path, "nowhere")
