"""The settings by which xlwings starts Python: two columns of a sheet, from its first cell on, without a blank."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version

FUNCTIONS_MODULE = "taulukko.in_excel.functions.cells"
"""The Python module that has the functions for cells."""
MADE_WITH = "Made with xlwings"
"""The version whose macros these are, for the doctor; xlwings does not read it."""
ANY_PYTHON = "python"
"""Whichever Python the system finds first."""


def settings(python: str = ANY_PYTHON) -> dict[str, str]:
    """The settings, by their names.

    They are written out although most say what holds anyway: what a sheet says goes before a file beside the workbook.
    Modules are never looked for in the folder of the workbook, where anybody may have put one.

    Args:
        python: full path of the Python that has this package, on Windows or Mac.

    Example:
        >>> settings("/opt/taulukko/bin/python")["Interpreter_Mac"]
        '/opt/taulukko/bin/python'
    """
    on_mac = python.startswith("/")
    return {
        "Interpreter_Win": ANY_PYTHON if on_mac else python,
        "Interpreter_Mac": python if on_mac else ANY_PYTHON,
        "PYTHONPATH": "",
        "Add_Workbook_To_Pythonpath": "false",
        "UDF Modules": FUNCTIONS_MODULE,
        MADE_WITH: _version(),
    }


def _version() -> str:
    try:
        return version("xlwings")
    except PackageNotFoundError:
        return ""


def this_python() -> str:
    """The Python that runs now, where Excel could start it; for what is used on the computer where it is made."""
    return sys.executable if sys.platform in ("win32", "darwin") else ANY_PYTHON


__all__ = ["ANY_PYTHON", "FUNCTIONS_MODULE", "MADE_WITH", "settings", "this_python"]
