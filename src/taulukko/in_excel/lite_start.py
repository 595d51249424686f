"""How a file of xlwings Lite begins: its functions have a name of their own, and it is a module from the start."""

import sys
from types import ModuleType

from xlwings import arg, func, script

__xlwings_func_namespace__ = "TAULUKKO"

# The add-in looks at the functions before the file has become a module, and dataclasses look for their module.
if __name__ not in sys.modules:
    sys.modules[__name__] = ModuleType(__name__)

__all__ = ["arg", "func", "script"]
