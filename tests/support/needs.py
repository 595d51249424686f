"""What a test needs of the machine beside Python: skipped where it is absent, failed where everything is compulsory."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

tiers: set[str] = set()
"""The marks of the test that runs: what needs LibreOffice says so, or the core of the tests would start it."""


def require_engine(name: str) -> None:
    """Skip the test when an engine is absent; fail where compulsory.

    Args:
        name: "libreoffice", "uno" (edits by LibreOffice), "ironcalc", or "xlwings" (its remote engine, which asks for a
            licence key).
    """
    if name in ("libreoffice", "uno"):
        assert tiers & {"office", "smoke"}, "mark the test: it needs LibreOffice"
    present: dict[str, Callable[[], object]] = {
        "libreoffice": lambda: shutil.which("soffice"),
        "ironcalc": lambda: importlib.util.find_spec("ironcalc"),
        "uno": uno_python,
        "xlwings": lambda: importlib.util.find_spec("xlwings") and os.environ.get("XLWINGS_LICENSE_KEY"),
    }
    require({name: present[name]()}, "workbooks were not tried with it")


def require(there: Mapping[str, object], untried: str) -> None:
    """Skip the test when something is absent; fail where everything is compulsory.

    Args:
        there: what the test needs, by name; false what is absent.
        untried: what is not proven without it.
    """
    missing = [name for name, found in there.items() if not found]
    if not missing:
        return
    reason = f"not there: {', '.join(missing)}: {untried}"
    if os.environ.get("TAULUKKO_REQUIRE_ENGINES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def uno_python() -> str | None:
    """A Python that can import LibreOffice's uno: this one, the system's, or LibreOffice's own."""
    soffice = shutil.which("soffice")
    own = [str(Path(soffice).resolve().with_name("python"))] if soffice else []
    for python in (sys.executable, "/usr/bin/python3", *own):
        try:
            if not subprocess.run([python, "-c", "import uno"], capture_output=True, timeout=60).returncode:
                return python
        except OSError:
            continue
    return None
