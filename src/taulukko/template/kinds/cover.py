"""The cover: what the workbook is, and what a unit's return cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from taulukko.template.kinds.section import Section
from taulukko.template.parts import Declared, Expression, Key, SectionKey


class Requirement(Declared):
    """Something without which a unit's return is not ready: an expression that counts what is missing of it."""

    key: Key
    section: SectionKey
    missing: Annotated[str, Expression("section")]


class CoverSection(Section):
    kind: Literal["cover"]
    required: tuple[Requirement, ...] = ()

    def labels(self, key: str) -> Iterator[str]:
        yield from (f"cover.missing.{rule.key}" for rule in self.required)
