"""The kinds of section, each known in a module of its own."""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from taulukko.template.kinds.checks import ChecksSection
from taulukko.template.kinds.cover import CoverSection
from taulukko.template.kinds.excerpt import ExcerptSection
from taulukko.template.kinds.fixed import ControlsSection, ListsSection, ParametersSection
from taulukko.template.kinds.records import RecordsSection
from taulukko.template.kinds.section import Section
from taulukko.template.kinds.statement import StatementSection
from taulukko.template.kinds.summary import SummarySection

KINDS: tuple[type[Section], ...] = (
    ListsSection,
    ParametersSection,
    RecordsSection,
    StatementSection,
    ExcerptSection,
    ControlsSection,
    ChecksSection,
    SummarySection,
    CoverSection,
)
"""In the order of planning: what others refer to comes first. The sheets' own order is the template's."""


def declared_section(content: Any) -> Section:
    """A section as its file says, of the kind that it names.

    Raises:
        ValidationError: it is of no kind, or not as its kind has it.
    """
    section: Section = content if isinstance(content, Section) else _adapter(KINDS).validate_python(content)
    return section


@cache
def _adapter(kinds: tuple[type[Section], ...]) -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[reduce(or_, kinds), Field(discriminator="kind")])  # type: ignore[arg-type]


def place_of(section: Section) -> int:
    """The place of a section's kind in the order of planning."""
    return KINDS.index(type(section))


__all__ = ["KINDS", "declared_section", "place_of"]
