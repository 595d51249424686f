"""What a template's files may say, told from the types: a table a declaration, a row a key."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from taulukko.template import kinds
from taulukko.template.schema import Expression, Head, Refers, Theme

KINDS = {
    "axis": "a column that is a scale of values",
    "bands": "a scale with `from`",
    "cells": "a line",
    "choice": "a column with a scale",
    "chosen": "a member of its scale",
    "colour": "a colour, or `#RRGGBB`",
    "drawn": "a line or a total that is shown",
    "figure": "a column of figures",
    "filled": "a section of records, or a statement",
    "format": "a format of the theme",
    "line": "a line of kind line",
    "matrix": "a section with a matrix",
    "member": "SCALE.MEMBER",
    "memo": "its memo",
    "note": "a column of the notes",
    "records": "a section of records",
    "scale": "a scale, `units` or `strategic_goals`",
    "statement_column": "a column of the statement",
    "summed": "a line or a total",
    "summed_column": 'a column with `total = "sum"`',
}
"""What a key names, where the word alone does not tell."""
PLAIN = {str: "text", bool: "true or false", int: "whole number", float: "number", Any: "anything"}


class Row(NamedTuple):
    key: str
    allowed: str
    otherwise: str


def declarations() -> dict[str, list[Row]]:
    """The keys of each declaration that a file of a template may hold, by the declaration's name."""
    shapes: dict[type[BaseModel], None] = dict.fromkeys([Head, Theme, *kinds.KINDS])
    for shape in list(shapes):
        shapes |= dict.fromkeys(_within(shape))
    return {shape.__name__: [_row(name, field) for name, field in shape.model_fields.items()] for shape in shapes}


def _within(shape: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for field in shape.model_fields.values():
        for part in _parts(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield part
                yield from _within(part)


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _row(name: str, field: FieldInfo) -> Row:
    shape = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    default = "" if field.is_required() or field.default in (None, "", (), {}) else _written(field.default)
    return Row(field.alias or name, _told(shape), "needed" if field.is_required() else default)


def _written(value: Any) -> str:
    return f"`{value}`" if not isinstance(value, bool) else f"`{str(value).lower()}`"


def _told(shape: Any) -> str:
    origin, parts = get_origin(shape), [one for one in get_args(shape) if one is not NoneType]
    if origin is Annotated:
        meanings = [one for one in parts[1:] if isinstance(one, Refers | Expression)]
        return _meant(meanings[-1]) if meanings else _told(parts[0])
    if origin is Literal:
        return " ".join(f"`{one}`" for one in parts)
    if origin in (Union, UnionType):
        return _told(parts[0])
    if origin is tuple:
        return f"list: {_told(parts[0])}"
    if origin is dict:
        return f"table: {_told(parts[1])}"
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        return shape.__name__
    return PLAIN[shape]


def _meant(meaning: Refers | Expression) -> str:
    if isinstance(meaning, Expression):
        return "expression"
    return KINDS.get(meaning.to, f"a {meaning.to}")


__all__ = ["Row", "declarations"]
