"""Structured Excel workbooks for public-sector follow-up, from a template and a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taulukko.builder import build, build_units, load
    from taulukko.consolidation import consolidate
    from taulukko.errors import Fault, FaultsError
    from taulukko.excel.audit import audit as check
    from taulukko.model import Report
    from taulukko.next_folder import rollover
    from taulukko.returns.answer import fix
    from taulukko.returns.collect import collect
    from taulukko.returns.diff import diff
    from taulukko.returns.receive import read
    from taulukko.returns.status import status

    __version__: str

_PLACES = {
    "build": ("taulukko.builder", "build"),
    "build_units": ("taulukko.builder", "build_units"),
    "check": ("taulukko.excel.audit", "audit"),
    "collect": ("taulukko.returns.collect", "collect"),
    "consolidate": ("taulukko.consolidation", "consolidate"),
    "diff": ("taulukko.returns.diff", "diff"),
    "fix": ("taulukko.returns.answer", "fix"),
    "load": ("taulukko.builder", "load"),
    "read": ("taulukko.returns.receive", "read"),
    "rollover": ("taulukko.next_folder", "rollover"),
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


__all__ = [
    "Fault",
    "FaultsError",
    "Report",
    "__version__",
    "build",
    "build_units",
    "check",
    "collect",
    "consolidate",
    "diff",
    "fix",
    "load",
    "read",
    "rollover",
    "status",
]
