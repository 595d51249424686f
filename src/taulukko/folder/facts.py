"""report.toml: who reports, when, of which units and towards which goals; and what keeps a text out of a cell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from taulukko.errors import Finding
from taulukko.folder.signs import NEGATIVE, POSITIVE

FACTS = {
    "template": str,
    "language": str,
    "municipality": str,
    "division": str,
    "board": str,
    "year": int,
    "period_start": date,
    "period_end": date,
    "date_of_issue": date,
    "responsible": str,
    "signs": str,
}
OPTIONAL: dict[str, Any] = {"deadline": None, "contact": "", "closed": False, "last_year_preliminary": False}
"""Facts that may be left out, with what they then are."""
CHOSEN = "sections"
"""A list of the sections that the report has; all of the template's when it is left out."""
KINDS = FACTS | {"deadline": date, "contact": str, "closed": bool, "last_year_preliminary": bool}
LEVELS = ("division", "service_area")
LISTS = ("units", "strategic_goals")
MOST = 32767
"""Characters that a cell holds."""
LIMITS = {"text_long": (str(MOST),)}
BASIS = ("template", CHOSEN, "language", "year", "period_start", "period_end", "signs")
"""The facts by which the CSV files are read."""

_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNIT_CODE = re.compile(r"(?!division$)[\w-]{1,12}", re.IGNORECASE)
"""A code is part of the name of a sheet, which Excel limits."""


_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)


def hinders(fault: Finding) -> bool:
    """Whether a fault of report.toml keeps the other files from being read too."""
    return not fault.field or fault.field in BASIS or fault.place.startswith(LISTS) or fault.field.startswith("[[")


def read_facts(folder: Path, faults: list[Finding]) -> dict[str, Any]:
    name = "report.toml"
    try:
        content = tomllib.loads((folder / name).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        faults.append(Finding("file_missing", str(folder / name)))
        return {}
    except UnicodeDecodeError:
        faults.append(Finding("encoding", name))
        return {}
    except tomllib.TOMLDecodeError as error:
        faults.append(Finding("toml", name, found=str(error)))
        return {}
    content.setdefault("signs", NEGATIVE)
    content.setdefault("strategic_goals", [])
    for key, value in OPTIONAL.items():
        content.setdefault(key, value)
    faults += _fact_faults(name, content)
    faults += _list_faults(name, content, "units", ("code", "name", "level"), ("short", "mail"))
    faults += _list_faults(name, content, "strategic_goals", ("key", "name", "subgoals"), ())
    return content


def _fact_faults(name: str, content: dict[str, Any]) -> Iterator[Finding]:
    for key, kind in KINDS.items():
        if key not in content:
            yield Finding("key_missing", name, field=key)
        elif content[key] is None:
            continue
        elif type(content[key]) is not kind:
            yield Finding("type", name, field=key, found=str(content[key]), expected=(kind.__name__,))
        elif kind is str and (code := word_fault(content[key])):
            yield Finding(code, name, field=key, found=content[key][:80], expected=LIMITS.get(code, ()))
    for key in sorted(content.keys() - KINDS.keys() - {*LISTS, CHOSEN}):
        yield Finding("key_unknown", name, field=key, expected=(*KINDS, CHOSEN))
    chosen = content.get(CHOSEN, [])
    if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
        yield Finding("type", name, field=CHOSEN, found=str(chosen)[:80], expected=("list",))
    if content.get("signs") not in (NEGATIVE, POSITIVE):
        yield Finding("value", name, field="signs", found=str(content.get("signs")), expected=(NEGATIVE, POSITIVE))
    start, end, issue = (content.get(key) for key in ("period_start", "period_end", "date_of_issue"))
    if isinstance(start, date) and isinstance(end, date):
        if end < start or start.year != content.get("year") or end.year != content.get("year"):
            yield Finding("period", name, field="period_end", found=str(end), expected=(f"{start} …",))
        if isinstance(issue, date) and issue < start:
            yield Finding("date_outside", name, field="date_of_issue", found=str(issue), expected=(f"{start} …",))


def _list_faults(
    name: str, content: dict[str, Any], key: str, needed: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[Finding]:
    rows = content.get(key)
    if not isinstance(rows, list) or (key == "units" and not rows) or not all(isinstance(row, dict) for row in rows):
        yield Finding("key_missing", name, field=f"[[{key}]]")
        return
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        place = f"{key}[{number}]"
        yield from (Finding("key_missing", name, place, part) for part in needed if part not in row)
        yield from (
            Finding("key_unknown", name, place, part, expected=(*needed, *optional))
            for part in row
            if part not in (*needed, *optional)
        )
        for part in (part for part in (*needed, *optional) if part in row):
            yield from _word_faults(name, place, part, row[part])
        identity = str(row.get(needed[0], "")).lower()
        if identity in seen:
            yield Finding("key_twice", name, place, needed[0], identity)
        seen.add(identity)
        if key == "units":
            if row.get("level") not in LEVELS:
                yield Finding("value", name, place, "level", str(row.get("level")), LEVELS)
            if not _UNIT_CODE.fullmatch(str(row.get("code", "-"))):
                yield Finding("unit_code", name, place, "code", str(row["code"]))
    if key == "units" and sum(row.get("level") == "division" for row in rows) != 1:
        yield Finding("one_division", name, key, "level")


def _word_faults(name: str, place: str, part: str, content: Any) -> Iterator[Finding]:
    """What is wrong with the words of a list's row: each is a text, subgoals a list of texts."""
    words = content if isinstance(content, list) else [content]
    if (part == "subgoals") != isinstance(content, list) or not all(isinstance(word, str) for word in words):
        yield Finding("type", name, place, part, str(content)[:80], ("list" if part == "subgoals" else "str",))
        return
    if part == "mail" and not _MAIL.fullmatch(content):
        yield Finding("mail", name, place, part, content[:80])
    for word in words:
        if code := word_fault(word):
            yield Finding(code, name, place, part, word[:80], LIMITS.get(code, ()))


def word_fault(text: str) -> str | None:
    """The same of a text in a file, which a spreadsheet program that opens it must not take for a formula."""
    if code := text_fault(text):
        return code
    return "formula_like" if text.lstrip()[:1] in ("=", "+", "@") else None


def text_fault(text: str) -> str | None:
    """What keeps a text out of a cell: a code of the message files, or None."""
    if len(text) > MOST:
        return "text_long"
    if _UNFIT.search(text):
        return "control_character"
    return None
