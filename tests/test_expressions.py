"""The expression language: what it refuses, what it writes for Excel, and that Python and three engines agree on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import engines
from taulukko.formula import ExpressionError, Node, parse
from taulukko.formula.nodes import Field, Sentence
from trials import Trial, names_used, template_trials, write

KINDS = {"n": "number", "t": "text", "N": "numbers", "T": "texts"}
NBSP, MINUS = "\u00a0", "\u2212"


def kind_of(path: str) -> str:
    """By the first letter: n1 is a number, t a text, N a column of numbers, T a column of texts."""
    if path == "label.decimal_mark":
        return "text"
    if path[0] not in KINDS or len(path) > 2:
        raise KeyError(path, "n1", "n2", "t")
    return KINDS[path[0]]


def read(text: str) -> Node:
    return parse(text, kind_of)


def excel(text: str) -> str:
    return read(text).excel(lambda path: '","' if path.startswith("label.") else path)


def value(text: str, **cells: Any) -> Any:
    return read(text).value(cells.__getitem__)


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
    cells = {"n1": share, "label.decimal_mark": ","}
    assert read(f"say_percent(n1, {digits})").value(cells.__getitem__) == said + f"{NBSP}%"


# --- trials: Python and the engines agree -----------------------------------------------------------------------------

AMOUNT = [120000.5, 0.0, -50.25, None, "", "n. 5 000"]
HALVES = [0.5, 1.5, 2.5, -0.5, -2.5, 0.49999, 2.675, 1.005, 0.285, -1.005, 1234.5, -123456.785]
EUROS = [0.4, -0.4, 999.4, 999.5, -999.5, 1000.0, 12345.6, 999999.4, 999999.5, 1e6, -29395535.7, 999999999.5]
SHARES = [0.0049, 0.005, 0.125, 0.73972, 0.7396, 0.99995, 0.999949, 1.0, 1.268, -0.125, -0.00004, -0.00005, 0.29, 0.57]
SHARES += [0.285, 1.005, 0.01005, 0.145, 0.1005, 12.34565, 0.00285, -0.0005]
DAYS = [45565.0, 45292.75, 45351.0, 44196.0, 61.0, None, "", "30.9.2024"]
WORDS = ["a", "A", "Åä", None, "", " ", "a;b", 'say "x"', "rivi\ntoinen"]
SPELLED = ["a?c", "abc", "a*", "~x", "~", "x~y", None, "", "<>a", "=a", "ABC", "A?C"]
COLUMN = [1.0, 2.0, 0.0, -3.5, None, "", "x"]
LABELS = ["a", "A", "b", None, "", " "]
LONG = (
    "Lyhyt.",
    "",
    "kaksi sanaa jotka jatkuvat yli rivin rajan",
    "sanatontäydellisenpitkäsanajokaeikatkea mistään",
    "rivi\n\ntoinen rivi\nkolmas joka on hieman pidempi kuin muut",
    "loppu juuri tähän xx yy",
    " alku  ja   välit    monta ",
    "täsmälleenkaksikymmen\nx",
    "täsmälleenkaksikymme n",
)

POOLED = {
    "-n1 + n2 * 2": {"n1": AMOUNT, "n2": AMOUNT},
    "n1 / (n2 / n3)": {"n1": AMOUNT, "n2": AMOUNT, "n3": AMOUNT},
    "abs(n1 / n2) + n1 / 0": {"n1": AMOUNT, "n2": AMOUNT},
    "round(n1 / n2, 1)": {"n1": AMOUNT, "n2": AMOUNT},
    "1 if abs(n1 / n2) > 1 and n1 < 5 else 2": {"n1": AMOUNT, "n2": AMOUNT},
    "(n1 if n2 >= 0 else t) if n1 != 0 else n2": {"n1": AMOUNT, "n2": AMOUNT, "t": WORDS},
    "n1 > n2": {"n1": AMOUNT, "n2": AMOUNT},
    "not (n1 == 0 or t == 'a')": {"n1": AMOUNT, "t": WORDS},
    "t if t != 'a' else 'oli a'": {"t": WORDS},
    "known(n1, n2)": {"n1": AMOUNT, "n2": AMOUNT},
    "total(n1, n2, n3)": {"n1": AMOUNT, "n2": AMOUNT, "n3": AMOUNT},
    "first(n1, n2 / n1, 0)": {"n1": AMOUNT, "n2": AMOUNT},
    "is_text(n1)": {"n1": [*AMOUNT, " ", "5"]},
    "max(n1, min(n2, n3))": {"n1": AMOUNT, "n2": AMOUNT, "n3": AMOUNT},
    "round(n1, 0)": {"n1": HALVES + AMOUNT},
    "round(n1, 2)": {"n1": HALVES + AMOUNT},
    "round(n1, -3)": {"n1": [500.0, 1499.99, -500.0, -2500.0, *AMOUNT]},
    "year(n1) * 100 + month(n1)": {"n1": DAYS},
    "date(n1, n2, 1)": {"n1": [2024.0, None, "", "x"], "n2": [1.0, 12.0, 13.0, 0.0, None, "", "x"]},
    "date(n1, 12, 32) - date(n1, 2, 0)": {"n1": [2024.0, 2025.0, None]},
    "say_euro(n1)": {"n1": [*HALVES, *EUROS, 1e9, 1234567890.5, -5e10, 999999999999.0, *AMOUNT]},
    "say_percent(n1, 0)": {"n1": SHARES + AMOUNT},
    "say_percent(n1, 1)": {"n1": SHARES + AMOUNT},
    "say_percent(n1, 2)": {"n1": SHARES + AMOUNT},
    "say_percent(n1 / n2, 1)": {"n1": AMOUNT, "n2": AMOUNT},
    "say_count(n1)": {"n1": HALVES + AMOUNT},
    "say_date(n1)": {"n1": DAYS},
    "repeat('✓', n1)": {"n1": [0.0, 1.0, 5.0, None, "", "x"]},
    "join(t1, t2, 'aina' if n1 > 0 else '')": {"t1": WORDS, "t2": WORDS, "n1": AMOUNT},
    "either(t1, t2)": {"t1": WORDS, "t2": WORDS},
    "join_text(t1, ': ', say_euro(n1), t2)": {"t1": WORDS, "t2": WORDS[:5], "n1": AMOUNT},
    "link('#Taulu1!A1', t)": {"t": [word for word in WORDS if word is not None]},
    "length(t)": {"t": [*WORDS, *LONG]},
    "one_line(t)": {"t": [*WORDS, *LONG]},
    "part(t, n1, 7)": {"t": [*WORDS, *LONG], "n1": [1.0, 4.0, 99.0, None, "", "x"]},
    "line_length(t, n1, 20)": {"t": [*WORDS, *LONG], "n1": [1.0, 2.0, 6.0, 15.0, 99.0]},
    "sum(N)": {"N": COLUMN},
    "sum(N, T == 'a')": {"N": COLUMN, "T": LABELS},
    "sum(N, N > 1, T != t)": {"N": COLUMN, "T": LABELS, "t": LABELS},
    "count(N)": {"N": COLUMN},
    "count(N > -1, not (T == 'b' or blank(T)))": {"N": COLUMN, "T": LABELS},
    "count(N == n1)": {"N": COLUMN, "n1": COLUMN},
    "count(N <= N2, filled(T))": {"N": COLUMN, "N2": COLUMN, "T": LABELS},
    "count(T == t)": {"T": SPELLED, "t": SPELLED},
    "ids(T, 2, N == 1)": {"T": LABELS, "N": [1.0, 1.0, *COLUMN]},
    "ids(T, 2, N == 1, T2 != 'b')": {"T": LABELS, "N": [1.0, 1.0, *COLUMN], "T2": LABELS},
    "nth_smallest(N, 2)": {"N": COLUMN},
    "nth_largest(N, 2)": {"N": COLUMN},
    "lookup(t, T, N)": {"t": SPELLED, "T": SPELLED, "N": COLUMN},
    "lookup('I1', T, N)": {"T": ["I1", "i1", "I2", None, ""], "N": COLUMN},
    "lookup_text(t, T, T2)": {"t": SPELLED, "T": SPELLED, "T2": WORDS},
    "lookup_text(n1, N, T)": {"n1": COLUMN, "N": COLUMN, "T": WORDS},
    "1 if lookup_text(t, T, T2) == 'a' else 0": {"t": LABELS, "T": LABELS, "T2": LABELS},
    "filled(t) and not_in(t, T)": {"t": SPELLED, "T": SPELLED},
    "filled(n1) and not_in(n1, N)": {"n1": COLUMN, "N": COLUMN},
    "band(n1, N, T)": {"n1": [0.0, 0.99, 1.0, 3.0, 9.0, -1.0, None, "", "x"], "N": [], "T": []},
    "1 if band(n1, N, T) == 'matala' else 0": {"n1": [0.0, 1.0, 3.0, None, "", "x"], "N": [], "T": []},
}


def own_trials() -> list[Trial]:
    trials = [Trial(text, read(text), pools) for text, pools in POOLED.items()]
    for trial in trials:
        if "N" in trial.pools and not trial.pools["N"]:
            bands = {"N": [1.0, 3.0, 6.0], "T": ["matala", "keskitaso", "korkea"]}
            trial.rows = [{"n1": one} | bands for one in trial.pools["n1"]]
    sentence = Sentence((read("say_percent(n1 / n2, 1)"), Field("t", "text"), read("say_count(n1)")))
    return [*trials, Trial("sentence", sentence, {"n1": AMOUNT, "n2": AMOUNT, "t": WORDS})]


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


ENGINES: dict[str, Callable[[Path], engines.Values]] = {
    "libreoffice en-US": lambda path: engines.libreoffice_values(path, "en-US"),
    "libreoffice fi-FI": lambda path: engines.libreoffice_values(path, "fi-FI"),
    "ironcalc": engines.ironcalc_values,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_python_and_the_engines_agree_on_every_combination(trial_book: Path, engine: str) -> None:
    engines.require_engine(engine.split()[0])
    lines = engines.disagreements(trial_book, ENGINES[engine](trial_book))
    assert lines[:20] == []
