"""Checks: what must agree, and how far apart it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, TypeVar

from taulukko.errors import Finding
from taulukko.template.kinds.section import Section
from taulukko.template.parts import Declared, Formula, Key, Refers, SectionKey

T = TypeVar("T")

OF_STATEMENTS = {"units": (), "totals": ("line",), "division_totals": ("line", "column"), "eliminations": ("column",)}
"""What a check of statements is made for each of, and what stands in braces in its expressions."""


class CheckRule(Declared):
    key: Key
    each: Literal[
        "once",
        "units",
        "totals",
        "division_totals",
        "eliminations",
        "table_totals",
        "control_groups",
        "controls",
        "text_figures",
        "outside",
    ] = "once"
    section: SectionKey | None = None
    found: Formula = ""
    expected: Formula = "0"
    tolerance: Formula = "0"
    which: Formula | None = None
    columns: tuple[Annotated[Key, Refers("statement_column", "section")], ...] = ()
    format: Literal["cents", "integer"] = "cents"

    def of(self, statements: Mapping[str, T]) -> dict[str, T]:
        """The statements that a check of statements is made for: the one it names, or all."""
        return {key: statement for key, statement in statements.items() if self.section in (None, key)}


class ChecksSection(Section):
    kind: Literal["checks"]
    checks: tuple[CheckRule, ...]

    def labels(self, key: str) -> Iterator[str]:
        yield from (f"checks.{check.key}" for check in self.checks)

    def faults(self, file: str) -> Iterator[Finding]:
        for rule in self.checks:
            if rule.each == "once" and not rule.section:
                yield Finding("key_missing", file, f"checks[{rule.key}]", "section")
            if rule.each not in ("controls", "control_groups") and not rule.found:
                yield Finding("key_missing", file, f"checks[{rule.key}]", "found")

    def carried(self) -> ChecksSection:
        return ChecksSection(kind="checks", checks=())
