"""What a template may say: its head, its sections by their kinds, its theme and its words, checked by pydantic."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializeAsAny

from taulukko.errors import Finding
from taulukko.template.inputs import ACCEPTANCES, CHECKS, RETURN, RETURNS, InputFile
from taulukko.template.kinds import declared_section
from taulukko.template.kinds.chart import Chart
from taulukko.template.kinds.checks import OF_STATEMENTS, CheckRule, ChecksSection
from taulukko.template.kinds.cover import CoverSection, Requirement
from taulukko.template.kinds.excerpt import ExcerptLine, ExcerptSection
from taulukko.template.kinds.fixed import ControlsSection, ListsSection, ParametersSection
from taulukko.template.kinds.records import Groups, Matrix, Quotes, RecordsSection, Timeline
from taulukko.template.kinds.section import Filled, Section
from taulukko.template.kinds.statement import Elimination, Explanations, Forecasts, Line, StatementSection
from taulukko.template.kinds.summary import (
    Bars,
    Figure,
    Panel,
    Ranking,
    Returns,
    SentenceRule,
    SmallMatrix,
    SummarySection,
    Tile,
)
from taulukko.template.parts import (
    DYNAMIC_SCALES,
    INTERNAL,
    NUMBER_FORMAT,
    TEXT_TYPES,
    Colour,
    Column,
    ColumnKey,
    Declared,
    Expression,
    Expressions,
    Format,
    Formula,
    Key,
    LastYear,
    Member,
    NoteKey,
    Parameter,
    Place,
    RecordsKey,
    Refers,
    RowFormula,
    Scale,
    ScaleKey,
    SectionKey,
    StatementKey,
    Tone,
    Type,
    Until,
)


class Head(Declared):
    """template.toml."""

    extends: str | None = None
    """The template that this one adds to and changes: a name, or a path from its folder."""
    name: Key
    version: str
    languages: tuple[str, ...]
    sections: tuple[Key, ...]
    without: tuple[SectionKey, ...] = ()
    """Sections of the template it extends that it does not have."""
    parameters: dict[Key, Parameter]
    scales: dict[Key, Scale]


class CellStyle(Declared):
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    colour: Colour | None = None
    fill: Colour | None = None
    wrap: bool | None = None
    valign: Literal["top", "vcenter", "bottom"] | None = None
    align: Literal["left", "right", "center"] | None = None
    indent: int | None = None
    top: int | None = None
    top_colour: Colour | None = None
    bottom: int | None = None
    bottom_colour: Colour | None = None
    border: int | None = None
    border_colour: Colour | None = None
    unlocked: bool | None = None


class ToneLook(Declared):
    text: Colour
    symbol: str
    fill: Colour | None = None
    matrix: Colour | None = None
    bold: bool = False


class Theme(Declared):
    font: str
    colours: dict[str, Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]]
    tones: dict[Tone, ToneLook]
    formats: dict[str, Annotated[str, Field(pattern=NUMBER_FORMAT)]]
    styles: dict[str, CellStyle]


class Template(Declared):
    """A whole template: its head, its sections by key, its theme and the words of one language.

    Attributes:
        remarks: labels that nothing uses, and what fell away with the sections that a report has not chosen.
        trees: the expressions that have been read, by section and text; the same in a copy with other words.
    """

    head: Head
    sections: dict[str, Annotated[SerializeAsAny[Section], BeforeValidator(declared_section)]]
    theme: Theme
    labels: dict[str, str]
    language: str
    remarks: tuple[Finding, ...] = ()
    trees: dict[tuple[str, str], Any] = {}

    def __hash__(self) -> int:
        """A template is known as itself, not by what it says."""
        return id(self)

    def label(self, key: str) -> str:
        return self.labels[key]

    def section(self, key: str) -> Section:
        return self.sections[key]

    def records(self) -> dict[str, RecordsSection]:
        return {key: section for key, section in self.sections.items() if isinstance(section, RecordsSection)}

    def statements(self) -> dict[str, StatementSection]:
        return {key: section for key, section in self.sections.items() if isinstance(section, StatementSection)}

    def files(self) -> dict[str, InputFile]:
        """Every file of a data folder that is filled in, by its name."""
        asked = (one for key, section in self.sections.items() for one in section.files(key))
        return dict(asked) | {CHECKS: ACCEPTANCES, RETURNS: RETURN}

    def filled(self) -> dict[str, Filled]:
        """The sections with columns."""
        return {key: section for key, section in self.sections.items() if isinstance(section, Filled)}


__all__ = [
    "Bars",
    "CellStyle",
    "Chart",
    "CheckRule",
    "ChecksSection",
    "Colour",
    "Column",
    "ColumnKey",
    "ControlsSection",
    "CoverSection",
    "DYNAMIC_SCALES",
    "Declared",
    "Elimination",
    "ExcerptLine",
    "ExcerptSection",
    "Explanations",
    "Expression",
    "Expressions",
    "Figure",
    "Filled",
    "Forecasts",
    "Format",
    "Formula",
    "Groups",
    "Head",
    "INTERNAL",
    "Key",
    "LastYear",
    "Line",
    "ListsSection",
    "Matrix",
    "Member",
    "NUMBER_FORMAT",
    "NoteKey",
    "OF_STATEMENTS",
    "Panel",
    "Parameter",
    "ParametersSection",
    "Place",
    "Quotes",
    "Ranking",
    "RecordsKey",
    "RecordsSection",
    "Refers",
    "Requirement",
    "Returns",
    "RowFormula",
    "Scale",
    "ScaleKey",
    "Section",
    "SectionKey",
    "SentenceRule",
    "SmallMatrix",
    "StatementKey",
    "StatementSection",
    "SummarySection",
    "TEXT_TYPES",
    "Template",
    "Theme",
    "Tile",
    "Timeline",
    "Tone",
    "ToneLook",
    "Type",
    "Until",
]
