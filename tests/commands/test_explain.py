"""What is said of a measure."""

from __future__ import annotations

import pytest

from taulukko.errors import FaultsError
from taulukko.explanation import _measures, explain
from taulukko.template import find_template, load_template


def test_a_computed_column():
    assert explain("risks.value", language="fi") == (
        "risks.value: Riskiarvo (sarake, Riskit)\n"
        "  Yksikkö: kokonaisluku\n"
        "  Lauseke: likelihood * impact\n"
        "  Excelissä: =IF(COUNT(t_risks[[#This Row],[Todennäköisyys]],t_risks[[#This Row],[Merkittävyys]])<2,"
        '"",(t_risks[[#This Row],[Todennäköisyys]]*t_risks[[#This Row],[Merkittävyys]]))\n'
        "  Käytetään: risks.number, risks.level, risks.largest"
    )


def test_a_column_of_the_statement_stands_in_a_row_of_its_sheet():
    said = explain("income_statement.remaining", language="fi").splitlines()
    assert said[2:5] == [
        "  Lauseke: budget - actual",
        '  Excelissä: =IF(COUNT(E7,F7)<2,"",(E7-F7))',
        "  Summarivillä: rivien summa",
    ]


@pytest.mark.parametrize("key", ["watch", "linear", "explanation_state"])
def test_help_and_notes_columns_are_found(key):
    said = explain(f"income_statement.{key}", language="fi")
    assert ("Excelissä: =" in said) == (key != "watch")


def test_a_bare_key_tells_of_every_section_that_has_it():
    said = explain("remaining", language="en")
    paths = [part.split(":")[0] for part in said.split("\n\n")]
    assert paths == ["income_statement.remaining", "investments.remaining", "investment_projects.remaining"]


def test_an_input():
    said = explain("risks.likelihood", language="sv")
    assert "fylls i för hand" in said
    assert "risks.value" in said
    assert "risks.matrix" in said


def test_a_parameter():
    said = explain("months", language="fi").splitlines()
    assert said[0] == "parameters.months: Kuukausia kulunut (parametri)"
    assert "  Lauseke: month(parameters.period_end)" in said
    assert said[-1] == "  Käytetään: parameters.elapsed_share, income_statement.linear"


def test_a_fact():
    said = explain("risks.high", language="fi").splitlines()
    assert said[0] == "risks.high (apuluku, Riskit)"
    assert said[-1] == "  Käytetään: summary.sentences.risks, risks.key_sentence"


def test_a_check():
    said = explain("investments_actual", language="fi")
    assert "Saatu: investments.totals.actual\n" in said
    assert "Odotettu: investment_projects.totals.actual\n" in said


def test_a_column_that_checks_name_by_a_place_in_braces():
    assert "checks.text_figures" in explain("risks.text_figures", language="fi")
    assert "checks.units_sum" in explain("income_statement.budget", language="fi")


def test_an_unknown_key_is_refused_with_those_like_it():
    with pytest.raises(FaultsError) as caught:
        explain("likelihod", language="fi")
    [fault] = caught.value.findings
    assert (fault.code, fault.found, fault.expected) == (
        "measure_unknown",
        "likelihod",
        ("likelihood", "risks.likelihood"),
    )


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_measure_can_be_explained(language, monkeypatch):
    template = load_template(find_template("osavuosikatsaus"), language)
    measures = {measure.path for measure in _measures(template)}
    monkeypatch.setattr("taulukko.explanation._chosen", lambda found, key: found)
    said = explain("", language=language)
    assert {part.split(":")[0].split(" (")[0] for part in said.split("\n\n")} == measures
