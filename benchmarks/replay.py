"""Plain XlsxWriter: the calls that write a workbook, recorded once and made again without taulukko.

Its own Workbook and Worksheet and their public methods, and nothing of ours.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

MAKES = ("add_worksheet", "add_format", "add_chart")


class Recorder:
    """Passes calls on to an XlsxWriter object and notes them: (object, method, arguments, options, result).

    What is called past the public methods, such as `_write_number`, is noted as what plain code would call.
    """

    def __init__(self, target: Any, calls: list[Any], made: list[Any]):
        number = len(made)
        made.append(target)
        self.__dict__.update(_target=target, _calls=calls, _made=made, _number=number, _note=Noted(number))

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if not callable(found):
            return found

        def call(*args: Any, **options: Any) -> Any:
            result = found(*(self._bare(a) for a in args), **{key: self._bare(one) for key, one in options.items()})
            made = Recorder(result, self._calls, self._made) if name in MAKES else None
            noted = [self._noted(a) for a in (args[:1] if name == "add_worksheet" else args)]
            self._calls.append((self._number, name.lstrip("_"), noted, self._noted(options), made and made._number))
            return made or result

        return call

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._target, name, value)

    def _bare(self, value: Any) -> Any:
        if isinstance(value, Recorder):
            return value._target
        if isinstance(value, dict):
            return {key: self._bare(one) for key, one in value.items()}
        return [self._bare(one) for one in value] if isinstance(value, list) else value

    def _noted(self, value: Any) -> Any:
        if isinstance(value, Recorder):
            return value._note
        if isinstance(value, dict):
            return {key: self._noted(one) for key, one in value.items()}
        return [self._noted(one) for one in value] if isinstance(value, list) else value


class Noted:
    """Stands for an object made by an earlier call."""

    def __init__(self, number: int):
        self.number = number


def replay(calls: list[Any], path: str) -> None:
    """Make the recorded calls on a new workbook."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    objects: dict[int, Any] = {0: xlsxwriter.Workbook(path, options)}

    def bare(value: Any) -> Any:
        kind = type(value)
        if kind is Noted:
            return objects[value.number]
        if kind is dict:
            return {key: bare(one) for key, one in value.items()}
        return [bare(one) for one in value] if kind is list else value

    for number, method, args, keywords, made in calls:
        result = getattr(objects[number], method)(*(bare(a) for a in args), **bare(keywords))
        if made:
            objects[made] = result


if __name__ == "__main__":
    # As a module of its own, so that the recorded objects are of its classes.
    import replay as recorded

    recorded.replay(pickle.loads(Path(sys.argv[1]).read_bytes()), sys.argv[2])
