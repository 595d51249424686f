"""Structured Excel workbooks for public-sector follow-up, from a template and a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taulukko.builder import build, build_units, load
    from taulukko.errors import Fault, FaultsError
    from taulukko.next_period.folder import rollover
    from taulukko.report.consolidation import consolidate
    from taulukko.report.model import Report
    from taulukko.round.answer import fix
    from taulukko.round.collect import collect
    from taulukko.round.diff import diff
    from taulukko.round.receive import read
    from taulukko.round.status import status
    from taulukko.xlsx.audit import audit as check

    __version__: str

_PLACES = {
    "build": ("taulukko.builder", "build"),
    "build_units": ("taulukko.builder", "build_units"),
    "check": ("taulukko.xlsx.audit", "audit"),
    "collect": ("taulukko.round.collect", "collect"),
    "consolidate": ("taulukko.report.consolidation", "consolidate"),
    "diff": ("taulukko.round.diff", "diff"),
    "fix": ("taulukko.round.answer", "fix"),
    "load": ("taulukko.builder", "load"),
    "read": ("taulukko.round.receive", "read"),
    "rollover": ("taulukko.next_period.folder", "rollover"),
    "status": ("taulukko.round.status", "status"),
    "Fault": ("taulukko.errors", "Fault"),
    "FaultsError": ("taulukko.errors", "FaultsError"),
    "Report": ("taulukko.report.model", "Report"),
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
