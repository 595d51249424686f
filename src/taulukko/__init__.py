"""Structured Excel workbooks for public-sector follow-up, from a template and a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taulukko.builder import build, load
    from taulukko.errors import Fault, FaultsError
    from taulukko.excel.audit import audit as check
    from taulukko.model import Report
    from taulukko.returns.diff import diff
    from taulukko.returns.status import status

    __version__: str

_PLACES = {
    "build": ("taulukko.builder", "build"),
    "check": ("taulukko.excel.audit", "audit"),
    "diff": ("taulukko.returns.diff", "diff"),
    "load": ("taulukko.builder", "load"),
    "status": ("taulukko.returns.status", "status"),
    "Fault": ("taulukko.errors", "Fault"),
    "FaultsError": ("taulukko.errors", "FaultsError"),
    "Report": ("taulukko.model", "Report"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `import taulukko` costs nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("taulukko")
    if name not in _PLACES:
        raise AttributeError(f"module 'taulukko' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)


__all__ = ["Fault", "FaultsError", "Report", "__version__", "build", "check", "diff", "load", "status"]
