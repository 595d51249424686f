"""The file that xlwings Lite runs is our own modules, and computes what they compute, with nothing else installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.expressions import POOLED, own_trials, value
from taulukko.in_excel import merge as merging
from taulukko.in_excel.lite_main import START, written
from taulukko.in_excel.merge import MergeError, merge

BARE = """
import json, sys, types
stub = types.ModuleType("xlwings")
stub.func, stub.Book, stub.Sheet = (lambda function: function), object, object
stub.arg = stub.script = lambda *given, **options: lambda function: function
sys.modules["xlwings"] = stub
asked = json.load(sys.stdin)
main = types.ModuleType("main")
exec(asked["text"], main.__dict__)
sys.modules["main"] = main
{asked}
"""
"""As the add-in does it: what the file defines is looked at before it has become a module."""


def bare(text: str, script: str, **more: Any) -> Any:
    """What a script says of a text, where there is nothing but Python's own library."""
    command = [sys.executable, "-I", "-S", "-c", BARE.format(asked=script)]
    asked = json.dumps({"text": text} | more)
    return json.loads(subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout)


def test_the_file_computes_what_the_package_computes():
    script = """
    kinds = {"n": "number", "t": "text", "N": "numbers", "T": "texts"}
    found = []
    for text, rows in asked["trials"]:
        node = main.parse(text, lambda path: "text" if path.startswith("label") else kinds[path[0]])
        found.append([node.excel(str), [node.value(cells.__getitem__) for cells in rows]])
    print(json.dumps(found))
    """.replace("\n    ", "\n")
    mark = {"label.decimal_mark": ","}
    trials = [(one.name, [cells | mark for cells in one.combinations()]) for one in own_trials() if one.name in POOLED]
    found = bare(written(merge(START, "taulukko.formula.parse")), script, trials=trials)
    assert len(found) == len(POOLED)
    for (text, rows), (_, values) in zip(trials, found, strict=True):
        assert json.loads(json.dumps([value(text, **cells) for cells in rows])) == values, text


def test_it_says_where_it_came_from_and_keeps_every_docstring_and_name():
    text = written(merge(START, "taulukko.formula.parse"))
    assert "Made by taulukko" in text.splitlines()[2]
    assert "# taulukko.formula.nodes\n" in text
    assert '"""The node kinds of the expression language' in text
    assert 'def parse(text: str, kind_of: KindOf) -> Node:\n    """Read one expression.' in text
    assert "from taulukko" not in text
    assert "__all__" not in text


def test_it_is_the_same_each_time():
    assert written(merge(START, "taulukko.formula.parse")) == written(merge(START, "taulukko.formula.parse"))


def test_a_module_that_needs_more_is_refused():
    with pytest.raises(MergeError, match="needs click"):
        written(merge(START), "import click")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes modules of a small package."""
    monkeypatch.setattr(merging, "SOURCE", tmp_path)

    def write(**modules: str) -> None:
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")

    return write


def test_of_two_things_of_one_name_the_later_is_called_by_its_module(package):
    package(
        a="import re\nWORD = 'ä'\n\n\ndef one() -> str:\n    return WORD\n",
        b="from taulukko.a import WORD as OLD\n\nWORD = 'ö'\n\n\ndef both() -> str:\n    return OLD + WORD  # ä\n",
        c="from taulukko.a import one\nfrom taulukko.b import WORD, both\n\n\nC = both() + WORD + one()\n",
    )
    merged = merge("taulukko.c")
    assert merged.modules == ("taulukko.a", "taulukko.b", "taulukko.c")
    assert "return WORD + b_WORD  # ä" in merged.text
    whole: dict[str, Any] = {}
    exec(merged.text, whole)
    assert whole["C"] == "äööä"


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("def f():\n    from taulukko.a import WORD\n", "imports taulukko.a in a way"),
        ("import taulukko.a\n", "imports taulukko.a in a way"),
        ("from taulukko.a import WORD as w\nWORD = 1\n\n\ndef f(WORD):\n    pass\n", "WORD is two things"),
        ("from taulukko.a import WORD as w\nWORD = 1\nt = f'{WORD}'\n", "a name within a text"),
        ("from taulukko.a import WORD as w\n\n\nclass C:\n    WORD: int = 1\n\n\nWORD = 2\n", "WORD is two things"),
        ("from taulukko.b import b\n", "needs itself"),
    ],
)
def test_what_cannot_be_followed_is_refused(package, module, message):
    package(a="WORD = 1\n", b=module)
    with pytest.raises(MergeError, match=message):
        merge("taulukko.b")


def test_what_only_a_type_checker_needs_is_left_out(package):
    package(a="from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from taulukko.b import b\n\nWORD = 1\n")
    assert merge("taulukko.a").text == "# taulukko.a\n\nWORD = 1"
