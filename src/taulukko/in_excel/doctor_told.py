"""A diagnosis in words, each fault with what to do, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from taulukko.in_excel.doctor import Diagnosis, Sign
from taulukko.messages import Say

SCHEMA = 1
MARKS = {"good": "✓", "note": "○", "fault": "✗"}
"""Before a line of each level."""


def said(found: Diagnosis, say: Say) -> Iterator[str]:
    """A line for each sign, what is wrong with what to do, and the result, unless the workbook could not be read."""
    for sign in found.signs:
        yield f"{MARKS[sign.level]} {sentence(sign, say)}"
    if found.error:
        return
    faults = sum(sign.level == "fault" for sign in found.signs)
    result = "good" if not faults else "one" if faults == 1 else "many"
    yield say.text(f"doctor.{result}", count=faults)


def sentence(sign: Sign, say: Say) -> str:
    """What a sign says."""
    return say.text(f"sign.{sign.code}", place=sign.place, found=sign.found, expected=sign.expected)


def as_json(found: Diagnosis, path: Path | None, say: Say) -> dict[str, Any]:
    """The schema of docs/json.md."""
    fields = ("code", "level", "place", "found", "expected")
    return {
        "schema": SCHEMA,
        "file": str(path) if path else None,
        "ok": found.is_good,
        "error": found.error.code if found.error else None,
        "signs": [{name: getattr(one, name) for name in fields} | {"said": sentence(one, say)} for one in found.signs],
    }


__all__ = ["as_json", "said"]
