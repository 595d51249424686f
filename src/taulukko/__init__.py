"""Structured Excel workbooks for public-sector follow-up, from a template and a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taulukko.builder import build, build_units, load
    from taulukko.errors import FaultsError, Finding, OutputRefused, TaulukkoError, WorkbookError
    from taulukko.explanation import explain
    from taulukko.next_period.folder import rollover
    from taulukko.report.consolidation import consolidate
    from taulukko.report.model import Report
    from taulukko.round.collect import Collected, collect
    from taulukko.round.diff import Diff, Difference, diff
    from taulukko.round.fix import Fixed, fix
    from taulukko.round.history import History, history
    from taulukko.round.merge import Change
    from taulukko.round.receive import Returned, read
    from taulukko.round.remind import Reminder, remind
    from taulukko.round.status import Return, Status, UnitStatus, status
    from taulukko.round.undo import Undone, undo_collect
    from taulukko.xlsx.check import check

    __version__: str

_PLACES = {
    "builder": ("build", "build_units", "load"),
    "errors": ("FaultsError", "Finding", "OutputRefused", "TaulukkoError", "WorkbookError"),
    "explanation": ("explain",),
    "next_period.folder": ("rollover",),
    "report.consolidation": ("consolidate",),
    "report.model": ("Report",),
    "round.fix": ("Fixed", "fix"),
    "round.collect": ("Collected", "collect"),
    "round.diff": ("Diff", "Difference", "diff"),
    "round.history": ("History", "history"),
    "round.merge": ("Change",),
    "round.receive": ("Returned", "read"),
    "round.remind": ("Reminder", "remind"),
    "round.status": ("Return", "Status", "UnitStatus", "status"),
    "round.undo": ("Undone", "undo_collect"),
    "xlsx.check": ("check",),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `import taulukko` costs nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("taulukko")
    module = next((module for module, names in _PLACES.items() if name in names), None)
    if module is None:
        raise AttributeError(f"module 'taulukko' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"taulukko.{module}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = [
    "Change",
    "Collected",
    "Diff",
    "Difference",
    "FaultsError",
    "Finding",
    "Fixed",
    "History",
    "OutputRefused",
    "Reminder",
    "Report",
    "Return",
    "Returned",
    "Status",
    "TaulukkoError",
    "Undone",
    "UnitStatus",
    "WorkbookError",
    "__version__",
    "build",
    "build_units",
    "check",
    "collect",
    "consolidate",
    "diff",
    "explain",
    "fix",
    "history",
    "load",
    "read",
    "remind",
    "rollover",
    "status",
    "undo_collect",
]
