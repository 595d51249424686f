"""The expression language: what it refuses, what it writes for Excel, and that Python and three engines agree on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support import engines
from support.expressions import MINUS, NBSP, excel, own_trials, read, value
from support.trials import names_used, template_trials, write
from taulukko.formula import ExpressionError
from taulukko.formula.values import Value

# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("budget + 1", "unknown name 'budget'; known: n1, n2, t"),
        ("n1.sum", "unknown name 'n1.sum'; known: n1, n2, t"),
        ("median(n1)", "unknown function 'median'; known: abs, round, max"),
        ("round(n1)", "round takes 2 to 2 arguments, got 1"),
        ("total(n1)", "total takes 2 to 99 arguments, got 1"),
        ("abs(n1, n2)", "abs takes 1 to 1 arguments, got 2"),
        ("round(n1, digits=2)", "not in the language: round(n1, digits=2)"),
        ("max(n1, *N)", "not in the language: *N"),
        ("t.upper()", "not in the language: t.upper()"),
        ("lambda: n1", "not in the language: lambda: n1"),
        ("N[0]", "not in the language: N[0]"),
        ("0 < n1 < 1", "not in the language: 0 < n1 < 1"),
        ("n1 ** 2", "not in the language: n1 ** 2"),
        ("n1 % 2", "not in the language: n1 % 2"),
        ("t in T", "not in the language: t in T"),
        ("n1 is None", "not in the language: n1 is None"),
        ("[n1]", "not in the language: [n1]"),
        ("f'{n1}'", "not in the language: f'{n1}'"),
        ("b'x'", "not in the language: b'x'"),
        ("1j", "not in the language: 1j"),
        ("(n1 := 2)", "not in the language: (n1 := 2)"),
        ("(n1 + n2).real", "not a path: n1 + n2"),
        ("n1 +", "not an expression: 'n1 +'"),
        ("n1) + (n2", "not an expression"),
        ("", "not an expression: ''"),
        ("n1 = 2", "not an expression: 'n1 = 2'"),
    ],
)
def test_what_is_not_in_the_language_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read(text)
    assert message in str(caught.value)


# --- what it says in Excel --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("n1 - n2", 'IF(COUNT(n1,n2)<2,"",(n1-n2))'),
        ("n1 / n2", 'IF(COUNT(n1,n2)<2,"",IF(n2=0,"",(n1/n2)))'),
        ("n1 / 4", 'IF(COUNT(n1)<1,"",(n1/4))'),
        ("n1", 'IF(COUNT(n1)=1,n1,"")'),
        ("t", 't&""'),
        ("-n1", 'IF(COUNT(n1)<1,"",(-n1))'),
        ("round(n1 / n2, 2)", 'IF(COUNT(n1,n2)<2,"",IF(n2=0,"",ROUND((n1/n2),2)))'),
        ("first(n1, n2)", 'IF(COUNT(n1)=1,n1,IF(COUNT(n2)=1,n2,""))'),
        ("total(n1, n2, n3)", 'IF(COUNT(n1,n2)=2,SUM(n1,n2),IF(COUNT(n3)=1,n3,""))'),
        ("1 if n1 > 0 else None", 'IF(COUNT(n1)<1,"",IF(n1>0,1,""))'),
        ("'a' if blank(t) else 'b'", 'IF(LEN(TRIM(t))=0,"a","b")'),
        ("1 if not (n1 != 2 or t == 'a') else 0", 'IF(COUNT(n1)<1,"",IF(NOT(OR(n1<>2,t="a")),1,0))'),
        ("sum(N)", 'IF(COUNT(N)=0,"",SUM(N))'),
        ("count(T == 'a')", 'SUMPRODUCT((T="a")*1)'),
        ("count(N)", "COUNT(N)"),
        ("nth_largest(N, 2)", 'IF(COUNT(N)<2,"",LARGE(N,2))'),
        ("n1 + 0.00005", 'IF(COUNT(n1)<1,"",(n1+5E-05))'),
    ],
)
def test_excel_text(text: str, formula: str) -> None:
    assert excel(text) == formula


def test_quotes_in_a_text_are_doubled() -> None:
    assert excel("""'sano "ei"' if n1 > 0 else "x'y" """) == '''IF(COUNT(n1)<1,"",IF(n1>0,"sano ""ei""","x'y"))'''


def test_a_long_text_is_cut_into_literals_that_excel_takes() -> None:
    literals = excel(f"join_text('{'ä' * 600}')").split("&")
    assert [len(literal) - 2 for literal in literals] == [250, 250, 100, 0]


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("n1 - n2", {"n1": -19_327_000.0, "n2": -14_292_729.0}, -5_034_271.0),
        ("n1 - n2", {"n1": 1.0, "n2": None}, None),
        ("n1 - n2", {"n1": 1.0, "n2": "n. 5 000"}, None),
        ("n1 / n2", {"n1": 1.0, "n2": 0.0}, None),
        ("1 if n1 > 0 else 2", {"n1": ""}, None),
        ("1 if t == 'ÄÄNI' else 2", {"t": "ääni"}, 1),
        ("round(n1, 2)", {"n1": 2.675}, 2.68),
        ("round(n1, 0)", {"n1": -0.5}, -1.0),
        ("total(n1, n2, n3)", {"n1": 1.0, "n2": 2.0, "n3": 9.0}, 3.0),
        ("total(n1, n2, n3)", {"n1": 1.0, "n2": None, "n3": 9.0}, 9.0),
        ("first(n1, n2)", {"n1": None, "n2": 0.0}, 0.0),
        ("blank(t)", {"t": "  "}, True),
        ("sum(N)", {"N": [1.0, None, "x", 2.0]}, 3.0),
        ("sum(N)", {"N": [None, ""]}, None),
        ("sum(N, T == 'a')", {"N": [1.0, 2.0, 4.0], "T": ["a", "b", "A"]}, 5.0),
        ("ids(T, 2, N == 1)", {"T": ["R1", "R2", "R3", "R4"], "N": [1.0, 0.0, 1.0, 1.0]}, "R1, R3 …"),
        ("say_euro(n1)", {"n1": -29_395_535.7}, f"{MINUS}29{NBSP}395{NBSP}536{NBSP}€"),
        ("say_date(n1)", {"n1": 45565.0}, "30.9.2024"),
        ("lookup_text(t, T, T2)", {"t": "B", "T": ["a", "b"], "T2": ["yksi", "kaksi"]}, "kaksi"),
    ],
)
def test_value(text: str, cells: dict[str, Any], expected: Any) -> None:
    assert value(text, **cells) == expected


@pytest.mark.parametrize(
    ("digits", "share", "said"),
    [(0, 0.125, "13"), (1, 0.0005, "0,1"), (2, 0.73972, "73,97"), (2, -0.1, f"{MINUS}10,00"), (0, -0.004, "0")],
)
def test_percent_in_words(digits: int, share: float, said: str) -> None:
    cells: dict[str, Value] = {"n1": share, "label.decimal_mark": ","}
    assert read(f"say_percent(n1, {digits})").value(cells.__getitem__) == said + f"{NBSP}%"


# --- trials: Python and the engines agree -----------------------------------------------------------------------------


def test_every_function_is_tried() -> None:
    from taulukko.formula.functions import FUNCTIONS

    tried = set().union(*(names_used(trial.node) for trial in own_trials()))
    assert sorted(FUNCTIONS.keys() - tried) == []


@pytest.fixture(scope="module")
def trial_book(tmp_path_factory: pytest.TempPathFactory, finnish: Any) -> Path:
    """Every expression of the template and of POOLED on combinations of operands, a missing one among them."""
    trials, shared = template_trials(finnish.report, finnish.template)
    path = tmp_path_factory.mktemp("trials") / "trials.xlsx"
    write(path, [*trials, *own_trials()], shared)
    return path


@pytest.mark.exhaustive
@pytest.mark.parametrize("engine", engines.EACH)
def test_python_and_the_engines_agree_on_every_combination(trial_book: Path, engine: str) -> None:
    lines = engines.disagreements(trial_book, engines.engine_values(engine, trial_book))
    assert lines[:20] == []
