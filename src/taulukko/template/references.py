"""What a template's declarations name: every text whose type says so is looked up, wherever it stands, by one walk."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from taulukko.errors import Finding
from taulukko.formula import ExpressionError, Node
from taulukko.template.inputs import CHECKS, RETURNS
from taulukko.template.names import Names, names_of
from taulukko.template.schema import (
    DYNAMIC_SCALES,
    OF_STATEMENTS,
    CheckRule,
    Column,
    Expression,
    Line,
    Refers,
    Template,
)

Path = tuple[str | int, ...]
FAULT_COLUMNS = ("text_figures", "outside")
"""Columns that every section is given: they tell what stands in its inputs and does not belong there."""


class Mention(NamedTuple):
    """A text that names something or is an expression, and where it stands.

    Attributes:
        path: keys and numbers that lead to it in its file.
        place: the same in words: `columns[forecast]`.
        declared: the declaration it is a field of.
        section: the section that declares it; empty in template.toml and theme.toml.
    """

    file: str
    path: Path
    place: str
    field: str
    text: str
    meaning: Refers | Expression
    declared: Any
    section: str

    @property
    def names_of(self) -> str:
        """The section whose columns are the bare names of an expression."""
        of = self.meaning.of
        return self.section if of == "own" else str(getattr(self.declared, of)) if of else ""


class Wrong(NamedTuple):
    mention: Mention
    fault: Finding


class Read(NamedTuple):
    """An expression as it was read."""

    mention: Mention
    node: Node


def mentions(template: Template) -> Iterator[Mention]:
    """Every text of the declarations that names something."""
    yield from _mentions("template.toml", template.head, "", (), "")
    yield from _mentions("theme.toml", template.theme, "", (), "")
    for key, section in template.sections.items():
        yield from _mentions(f"{key}.toml", section, key, (), "")


def _mentions(file: str, declared: Any, section: str, path: Path, place: str) -> Iterator[Mention]:
    for name, key, meaning, has_parts in _fields(declared.__class__):
        value = getattr(declared, name)
        if value is None:
            continue
        if meaning is not None:
            if isinstance(value, str):
                yield Mention(file, (*path, key), place, key, value, meaning, declared, section)
            elif isinstance(value, dict):
                inside = f"{place}.{key}" if place else key
                for one, text in value.items():
                    yield Mention(file, (*path, key, one), inside, one, text, meaning, declared, section)
            else:
                for number, text in enumerate(value):
                    yield Mention(file, (*path, key, number), place, key, text, meaning, declared, section)
        elif has_parts:
            inside = f"{place}.{key}" if place else key
            if isinstance(value, BaseModel):
                yield from _mentions(file, value, section, (*path, key), inside)
                continue
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            for one, part in parts:
                named = f"{inside}.{one}" if isinstance(value, dict) else f"{inside}[{_name(part, one)}]"
                yield from _mentions(file, part, section, (*path, key, one), named)


def _name(declared: Any, number: int) -> str:
    return str(getattr(declared, "key", None) or getattr(declared, "internal", None) or number)


@cache
def _fields(shape: Hashable) -> tuple[tuple[str, str, Refers | Expression | None, bool], ...]:
    """Of each field its name, its key in the file, what its texts mean, and whether it holds declarations."""
    found = []
    assert isinstance(shape, type) and issubclass(shape, BaseModel)
    for name, field in shape.model_fields.items():
        meanings = [*_meanings(field.annotation), *(one for one in field.metadata if isinstance(one, _MEANINGS))]
        has_parts = any(isinstance(one, type) and issubclass(one, BaseModel) for one in _parts(field.annotation))
        if meanings or has_parts:
            found.append((name, field.alias or name, meanings[-1] if meanings else None, has_parts))
    return tuple(found)


_MEANINGS = (Refers, Expression)


def _meanings(annotation: Any) -> Iterator[Refers | Expression]:
    if get_origin(annotation) is Annotated:
        yield from (one for one in get_args(annotation)[1:] if isinstance(one, _MEANINGS))
    for part in get_args(annotation):
        yield from _meanings(part)


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def wrong_references(template: Template) -> Iterator[Wrong]:
    """Each key that names nothing there is, with what it could name."""
    known: dict[tuple[str, str], tuple[str, ...]] = {}
    unclear: set[tuple[int, str]] = set()
    for mention in mentions(template):
        if not isinstance(mention.meaning, Refers):
            continue
        to, of = mention.meaning
        if (id(mention.declared), of) in unclear:
            continue
        beside = _beside(template, mention, of) if of else mention.section
        if (to, beside) not in known:
            known[to, beside] = _known(template, mention, to, beside)
        allowed = known[to, beside]
        if mention.text not in allowed and not (to == "colour" and re.fullmatch("#[0-9A-Fa-f]{6}", mention.text)):
            fault = Finding("template_value", mention.file, mention.place, mention.field, mention.text, allowed)
            unclear.add((id(mention.declared), mention.field))
            yield Wrong(mention, fault)


def wrong_expressions(template: Template) -> Iterator[Wrong]:
    """Each expression that cannot be read, or that names what there is not."""
    return (one for one in expressions(template) if isinstance(one, Wrong))


def expressions(template: Template) -> Iterator[Read | Wrong]:
    """Each expression, read, or with what is wrong with it."""
    names = names_of(template)
    for mention in mentions(template):
        if isinstance(mention.meaning, Expression) and mention.text:
            found = [_read(names, mention, *reading) for reading in _readings(template, mention)]
            yield from [one for one in found if isinstance(one, Wrong)][:1] or found[:1]


def _read(names: Names, mention: Mention, section: str, filled: dict[str, str] | None) -> Read | Wrong:
    place = (mention.file, mention.place, mention.field)
    try:
        return Read(mention, names.read(mention.text if filled is None else mention.text.format(**filled), section))
    except ExpressionError as error:
        return Wrong(mention, Finding("expression", *place, str(error)))
    except (KeyError, ValueError, IndexError):
        braces = tuple(f"{{{name}}}" for name in filled or ())
        return Wrong(mention, Finding("template_value", *place, mention.text, braces))


Reading = tuple[str, dict[str, str] | None]
"""The section whose columns are the bare names of an expression; and what fills the places, if it is a check's."""


def _readings(template: Template, mention: Mention) -> Iterator[Reading]:
    """In which ways an expression is read: that of a check once for each statement or table it is made for."""
    check = mention.declared
    if not isinstance(check, CheckRule):
        yield mention.names_of, None
    elif check.each in OF_STATEMENTS:
        for key, statement in check.of(template.statements()).items():
            lines = [line.key for line in statement.lines if line.kind == "total"]
            whole = statement.eliminations if check.each == "eliminations" else lines
            examples = {"line": lines[:1], "column": check.columns[:1]}
            if whole or check.each == "units":
                yield key, {name: one for name in OF_STATEMENTS[check.each] for one in examples[name]}
    elif check.each == "table_totals":
        for key, section in template.records().items():
            yield from (("", {"section": key, "column": c.key}) for c in section.columns if c.total == "sum")
    elif check.each in FAULT_COLUMNS:
        for key, declared in template.filled().items():
            if any(column.key == check.each for column in declared.columns):
                is_statement = key in template.statements()
                yield (key, {"section": "unit"}) if is_statement else ("", {"section": key})
    else:
        yield "", {}


def _beside(template: Template, mention: Mention, field: str) -> str:
    """What a field of the same declaration, or of the section it is in, says."""
    holder = mention.declared if hasattr(mention.declared, field) else template.sections[mention.section]
    return str(getattr(holder, field))


def _known(template: Template, mention: Mention, to: str, of: str) -> tuple[str, ...]:
    """What there is of a kind of thing, in a section where it is one of a section's."""
    head, theme, found = template.head, template.theme, template.sections.get(of)
    columns: tuple[Column, ...] = getattr(found, "columns", ())
    lines: tuple[Line, ...] = getattr(found, "lines", ())
    match to:
        case "section":
            return tuple(template.sections)
        case "records":
            return tuple(template.records())
        case "statement":
            return tuple(template.statements())
        case "filled":
            return (*template.records(), *template.statements())
        case "matrix":
            return tuple(key for key, one in template.records().items() if one.matrix)
        case "column":
            return tuple(column.key for column in columns)
        case "note":
            return tuple(column.key for column in columns if column.place == "notes")
        case "choice":
            return tuple(column.key for column in columns if column.scale in head.scales)
        case "chosen":
            scales = (c.scale for c in columns if c.key == mention.declared.where and c.scale in head.scales)
            return tuple(member.key for scale in scales for member in head.scales[scale].members)
        case "axis":
            return tuple(c.key for c in columns if c.scale == c.key and c.key in head.scales and not c.is_text)
        case "summed_column":
            return tuple(column.key for column in columns if column.total == "sum")
        case "figure":
            source = template.sections.get(str(getattr(found, "source", "")))
            drawn = (*columns, *getattr(source, "columns", ()))
            return tuple(c.key for c in drawn if not c.is_text and c.place == "table" and not c.hidden)
        case "drawn":
            return tuple(line.key for line in lines if line.kind != "heading")
        case "statement_column":
            statements = mention.declared.of(template.statements()).values()
            keys = [{column.key for column in one.columns if not column.is_text} for one in statements]
            return tuple(sorted(set.intersection(*keys))) if keys else ()
        case "line":
            return tuple(line.key for line in lines if line.kind == "line")
        case "summed":
            return tuple(line.key for line in lines if line.kind in ("line", "total"))
        case "cells":
            return tuple(line.key for line in lines if line.kind != "heading" and line.shown == "always")
        case "memo":
            own = getattr(template.sections[mention.section], "lines", ())
            return tuple(line.key for line in own if line.kind == "memo" and line.of == of)
        case "scale":
            return (*head.scales, *DYNAMIC_SCALES)
        case "bands":
            return tuple(key for key, scale in head.scales.items() if scale.members[0].from_ is not None)
        case "member":
            return tuple(f"{key}.{member.key}" for key, scale in head.scales.items() for member in scale.members)
        case "format":
            return tuple(theme.formats)
        case "colour":
            return tuple(theme.colours)
    raise ValueError(to)


def declaration_faults(template: Template) -> Iterator[Finding]:
    """What no reference tells: keys that come twice, and what a declaration of its kind cannot do without."""
    for key, parameter in template.head.parameters.items():
        if sum(part is not None for part in (parameter.value, parameter.report, parameter.formula)) != 1:
            yield Finding("key_missing", "template.toml", f"parameters.{key}", "value | report | formula")
        elif parameter.report and (parameter.format == "date") != (parameter.report != "year"):
            formats = ("integer", "year", "number") if parameter.report == "year" else ("date",)
            yield Finding("template_value", "template.toml", f"parameters.{key}", "format", parameter.format, formats)
    statements, named = tuple(template.statements()), [*template.sections, "controls", CHECKS, RETURNS]
    for key, section in template.sections.items():
        file = f"{key}.toml"
        yield from section.faults(file)
        for name in (name for name, _ in section.files(key) if name != key):
            if name in named:
                field = next((one for one in type(section).model_fields if getattr(section, one) == name), "")
                yield Finding("key_twice", file, field=field, found=name)
            named.append(name)
        for rule in getattr(section, "checks", ()):
            if rule.each in OF_STATEMENTS and rule.section and rule.section not in statements:
                yield Finding("template_value", file, f"checks[{rule.key}]", "section", rule.section, statements)
        chart = getattr(section, "chart", None)
        if chart and chart.kind == "bullet" and len(chart.columns) != 2:
            yield Finding("template_value", file, "chart", "columns", ", ".join(chart.columns), ("2",))


__all__ = [
    "FAULT_COLUMNS",
    "Mention",
    "Read",
    "Wrong",
    "declaration_faults",
    "expressions",
    "mentions",
    "wrong_expressions",
    "wrong_references",
]
