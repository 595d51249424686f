"""A diagnosis in words, each fault with what to do, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from taulukko.in_excel.doctor import Diagnosis
from taulukko.messages import Say

MARKS = {"note": "✓", "remark": "○", "error": "✗"}
"""Before a line of each severity."""


def said(found: Diagnosis, say: Say) -> Iterator[str]:
    """A line for each sign, what is wrong with what to do, and the result, unless the workbook could not be read."""
    for sign in found.signs:
        yield f"{MARKS[sign.severity]} {say.finding(sign)}"
    if found.error:
        return
    errors = sum(sign.severity == "error" for sign in found.signs)
    result = "good" if not errors else "one" if errors == 1 else "many"
    yield say.text(f"doctor.{result}", count=errors)


def as_json(found: Diagnosis, path: Path | None, say: Say) -> dict[str, Any]:
    """The schema of docs/json.md."""
    findings = [*found.signs, *([found.error] if found.error else [])]
    return {"file": str(path) if path else None, "ok": found.is_good, "findings": [*map(say.data, findings)]}


__all__ = ["as_json", "said"]
