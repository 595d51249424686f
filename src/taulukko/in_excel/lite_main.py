"""Writes `main.py`, the one file that xlwings Lite runs: our own modules in it, nothing else to install."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from pprint import pformat
from typing import Any, NamedTuple

import taulukko
from taulukko.in_excel.functions.catalogue import catalogue
from taulukko.in_excel.merge import Merged, MergeError, merge
from taulukko.in_excel.words import words_in
from taulukko.template import Template

START, DESK, ACTIONS = "taulukko.in_excel.lite_start", "taulukko.in_excel.remote", "taulukko.program.actions"
FUNCTIONS = "taulukko.in_excel.functions.measures"
ALLOWED = sys.stdlib_module_names | {"xlwings"}

_HEAD = '''"""What the buttons and the functions of this workbook do in xlwings Lite.

Made by taulukko {version} from its own modules, one after another, each under its name. It needs nothing but Python
and xlwings. Whoever wants a change makes it there and builds the workbook again.
"""

from __future__ import annotations

'''

_BUTTONS = """# The buttons

WORDS = Phrases(
{words}
)
"""
_BUTTON = """

@script(name={name}, button={button})
async def {function}(book: Book):
    press(RemoteDesk(book, WORDS, seen=await formulas_seen(book)), {action})
"""
_CELLS = """

# The functions for cells

CATALOGUE = {{
    "schema": {schema},
    "functions": [
{catalogue}
    ],
}}
MEASURES = functions(CATALOGUE, {language})
"""
_CELL = '''

@func
{shapes}
def {function}({parameters}):
    """{help}"""
    return spread(MEASURES[{name}], {arguments})
'''


class Script(NamedTuple):
    """A button with what it does.

    Attributes:
        action: one of `taulukko.program.actions.ACTIONS`.
        name: what the script is called in the add-in's list.
        button: the shape and the cell, as the add-in writes them: `[recompute.summary]'Yhteenveto'!B4`.
    """

    action: str
    name: str
    button: str


def main_py(template: Template, scripts: Sequence[Script]) -> str:
    """The file of a workbook.

    Args:
        template: in the workbook's language.
        scripts: the buttons of its sheets.
    """
    merged = merge(START, FUNCTIONS, ACTIONS, DESK)
    parts = [_BUTTONS.format(words=pformat(words_in(merged.text, template.language), width=110, sort_dicts=False))]
    for number, one in enumerate(scripts, 1):
        words = {"name": one.name, "button": one.button, "action": one.action}
        parts.append(
            _BUTTON.format(function=f"{one.action}_{number}", **{key: repr(text) for key, text in words.items()})
        )
    data = catalogue({template.language: template})
    lines = "\n".join(f"        {one!r}," for one in data["functions"])
    parts.append(_CELLS.format(schema=data["schema"], catalogue=lines, language=repr(template.language)))
    parts += [_cell(one, template.language) for one in data["functions"]]
    return written(merged, "".join(parts).rstrip())


def _cell(measure: dict[str, Any], language: str) -> str:
    """A function for cells, spelled out: its arguments, and what it gives."""
    keys = [one["key"] for one in measure["arguments"]]
    optional = {one["key"] for one in measure["arguments"] if not one["required"]}
    lines = [measure["help"][language], "", "Args:"]
    lines += [f"    {one['key']}: {one['help'][language]}" for one in measure["arguments"]]
    return _CELL.format(
        function=measure["name"].lower(),
        shapes="\n".join(f"@arg({key!r}, ndim=2)" for key in keys),
        parameters=", ".join(f"{key}=None" if key in optional else key for key in keys),
        help="\n    ".join(lines).replace("\n    \n", "\n\n") + "\n    ",
        name=repr(measure["name"]),
        arguments=", ".join(keys),
    )


def written(merged: Merged, more: str = "") -> str:
    """The text of a file.

    Args:
        more: what comes after the modules.

    Raises:
        MergeError: it would need something that is not there where it runs.
    """
    text = f"{_HEAD.format(version=taulukko.__version__)}{merged.imports}\n\n{merged.text}\n"
    text += f"\n\n{more}\n" if more else ""
    if needed := sorted(_imported(text) - ALLOWED):
        raise MergeError(f"needs {', '.join(needed)}")
    return text


def _imported(text: str) -> set[str]:
    """The first names of all modules that a text imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


__all__ = ["START", "Script", "main_py", "written"]
