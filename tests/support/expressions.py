"""Expressions that use every function of the language, with operands to try them on."""

from __future__ import annotations

from typing import Any

from support.trials import Pool, Trial
from taulukko.formula import Node, parse
from taulukko.formula.nodes import Field, Sentence

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

POOLED: dict[str, dict[str, Pool]] = {
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
