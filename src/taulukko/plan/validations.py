"""What may be typed into a cell, in words the person who types understands."""

from __future__ import annotations

from taulukko.formula.days import as_serial
from taulukko.plan.book import Range, Validation
from taulukko.plan.draft import Draft
from taulukko.template.schema import Column

LARGEST = 1e12


def input_validation(draft: Draft, column: Column, area: Range, label: str = "") -> Validation:
    """The rule of an input column: a list, a number in a range, a day or a length of text."""
    title = draft.template.labels.get(label, "")[:32]
    if column.scale:
        message, prompt = draft.label("errors.list"), draft.label("prompts.list")
        return Validation(area, "list", source=f"lists.{column.scale}", title=title, message=message, prompt=prompt)
    if column.type == "date":
        first, last = draft.report.period_start, draft.report.period_end
        low, high = as_serial(first.replace(year=first.year - 20)), as_serial(last.replace(year=last.year + 20, day=1))
        return Validation(
            area,
            "date",
            minimum=low,
            maximum=high,
            title=title,
            message=draft.label("errors.date"),
            prompt=draft.label("prompts.date"),
        )
    if column.is_text:
        message = draft.label("errors.length").format(most=f"{column.most}")
        return Validation(area, "length", maximum=column.most, title=title, message=message)
    kind = "whole" if column.type in ("year", "integer") else "decimal"
    limits = (1900.0, 2200.0) if column.type == "year" else (column.minimum, column.maximum)
    low, high = (-LARGEST if limits[0] is None else limits[0]), (LARGEST if limits[1] is None else limits[1])
    share = column.type in ("share", "percent", "percent1")
    message = draft.label("errors.share" if share else f"errors.{kind}")
    prompt = draft.label("prompts.share") if share else ""
    return Validation(area, kind, minimum=low, maximum=high, title=title, message=message, prompt=prompt)


def sign_validation(draft: Draft, sign: str, area: Range) -> Validation:
    """A figure of a line whose sign is known; credits exist, so it asks and does not refuse."""
    low, high = {"revenue": (0.0, LARGEST), "cost": (-LARGEST, 0.0)}.get(sign, (-LARGEST, LARGEST))
    message = draft.label(f"errors.{sign}" if sign != "either" else "errors.decimal")
    return Validation(area, "decimal", minimum=low, maximum=high, message=message, warn=sign != "either")


def locked_validation(draft: Draft, area: Range) -> Validation:
    """A computed or key cell on a sheet that is not protected: nothing may be typed over it."""
    return Validation(area, "locked", message=draft.label("errors.locked"))
