"""Runs a main.py of xlwings Lite by xlwings' own engine in a Python of its own: calls from standard input, answers out.

xlwings decides when it is first imported what its decorators do, so it must not have been imported before.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from types import ModuleType
from typing import Any


def main() -> None:
    os.environ["XLWINGS_ON_SERVER"] = "true"
    import xlwings
    from xlwings import server

    asked = json.load(sys.stdin)
    module = ModuleType("custom_scripts")
    exec(asked["main"], module.__dict__)
    sys.modules[module.__name__] = module

    def call(kind: str, name: str, data: Any) -> Any:
        if kind == "function":
            return asyncio.run(server.custom_functions_call(data, module=module))
        book = xlwings.Book(json=data)
        asyncio.run(server.custom_scripts_call(module=module, script_name=name, typehint_to_value={xlwings.Book: book}))
        return book.json()

    print(json.dumps([call(*one) for one in asked["calls"]]))


if __name__ == "__main__":
    main()
