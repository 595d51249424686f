"""Functions for cells: a procedure for each public function of a Python module, as xlwings would write it on import.

On import xlwings needs Windows and leave to change the project of macros. The calls it writes are known beforehand,
so that the add-in has them from the start. What fails is #VALUE!, where xlwings would put the text of its error into
the cell; a Mac, where they cannot work, gets #N/A.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

from taulukko.in_excel.ovba import Module, standard

NAME = "xlwings_udfs"
"""The module that an import would put in its place."""

_HEAD = f"""Attribute VB_Name = "{NAME}"
Option Explicit
"""
_FUNCTION = """
Public Function {name}({parameters})
    #If Mac Then
        {name} = CVErr(xlErrNA)
        Exit Function
    #Else
        On Error GoTo failed
        {name} = XLPy.CallUDF("{module}", "{name}", Array({arguments}), ActiveWorkbook, Application.Caller)
        Exit Function
    #End If
failed:
    {name} = CVErr(xlErrValue)
End Function
"""


def functions_module(module: str) -> Module:
    """The procedures for the functions that a module names in `__all__`.

    Raises:
        ImportError: there is no such module.
        TypeError: a function takes what a cell cannot give, such as keywords or any number of arguments.
    """
    found = import_module(module)
    functions = ((name, getattr(found, name)) for name in sorted(found.__all__))
    return standard(_HEAD + "".join(_function(module, *one) for one in functions if callable(one[1])))


def _function(module: str, name: str, function: Callable[..., Any]) -> str:
    parameters = list(signature(function).parameters.values())
    words = {"module": module, "name": name, "arguments": ", ".join(one.name for one in parameters)}
    return _FUNCTION.format(parameters=", ".join(_parameters(parameters)), **words)


def _parameters(parameters: list[Parameter]) -> Iterator[str]:
    for one in parameters:
        if one.kind is not Parameter.POSITIONAL_OR_KEYWORD:
            raise TypeError(f"{one.name} is {one.kind.description}")
        yield one.name if one.default is Parameter.empty else f"Optional {one.name}"


__all__ = ["NAME", "functions_module"]
