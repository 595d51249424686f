"""What a template may say: the shapes of its files, checked by pydantic."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Type = Literal[
    "text", "prose", "choice", "date", "year", "integer", "number", "euro", "variance", "percent", "percent1", "share"
]
Place = Literal["table", "notes", "help"]
Until = Literal["year_end", "period_end"]
Tone = Literal["good", "watch", "bad", "none"]

TEXT_TYPES = frozenset({"text", "prose", "choice"})
DYNAMIC_SCALES = ("units", "strategic_goals")
"""Scales whose members the report names itself."""
INTERNAL = "internal"
"""Stands in a check for what all eliminations leave out: `areas.internal.budget`."""


class Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameter(Declared):
    value: float | None = None
    report: str | None = None
    formula: str | None = None
    format: Type = "number"


class Member(Declared):
    key: Key
    tone: Tone | None = None
    value: int | None = None
    missing: bool = False
    from_: int | None = Field(default=None, alias="from")


class Scale(Declared):
    members: tuple[Member, ...]


class LastYear(Declared):
    """Where a figure of last year comes from: a column of the report of its whole year, or to the same month."""

    column: Key
    until: Until


class Column(Declared):
    key: Key
    type: Type
    role: Literal["key", "input", "computed"] = "input"
    place: Place = "table"
    required: bool = False
    scale: str | None = None
    formula: str | None = None
    proposal: str | None = None
    """What the button for statuses proposes in place of what somebody has typed; nothing where it is None."""
    total: Literal["sum", "apply", "known", "none"] = "none"
    width: float = 12
    align: Literal["left", "right", "center"] | None = None
    minimum: float | None = None
    maximum: float | None = None
    most: int = 32767
    hidden: bool = False
    quiet: bool = False
    lines_only: bool = False
    ledger: bool = False
    """A figure of the ledger: where it is known, a unit's workbook shows it and does not ask for it."""
    carried: bool = True
    """Whether the next period's data folder begins with it."""
    annual: bool = False
    """Whether it is of its year, so that the next year's data folder begins without it."""
    from_last_year: LastYear | None = None
    at: int | None = None
    """Column of the sheet, for a column of the notes block."""

    @property
    def is_text(self) -> bool:
        return self.type in TEXT_TYPES


class Line(Declared):
    key: Key
    kind: Literal["line", "memo", "total", "heading"] = "line"
    sign: Literal["revenue", "cost", "either"] = "either"
    shown: Literal["always", "used"] = "always"
    parts: tuple[Key, ...] = ()
    binding: bool = False
    of: Key | None = None
    """The line that a memo is told of: how much of it is internal. A memo is part of no total."""

    @property
    def is_input(self) -> bool:
        """Whether somebody gives its figures."""
        return self.kind in ("line", "memo")


class Elimination(Declared):
    """What is left out of a line when the areas are summed: their memo of its internal part."""

    line: Key
    internal: Key


Expressions = dict[Key, str]


class Section(Declared):
    protect: bool = False
    key_sentence: Expressions = {}
    facts: Expressions = {}


class Requirement(Declared):
    """Something without which a unit's return is not ready: an expression that counts what is missing of it."""

    key: Key
    section: Key
    missing: str


class CoverSection(Section):
    kind: Literal["cover"]
    required: tuple[Requirement, ...] = ()


class ParametersSection(Section):
    kind: Literal["parameters"]


class ListsSection(Section):
    kind: Literal["lists"]


class ControlsSection(Section):
    kind: Literal["controls"]


class Matrix(Declared):
    rows: Key
    columns: Key
    level: Key
    ids: Key


class Groups(Declared):
    by: Key
    columns: tuple[Key, ...]


class Timeline(Declared):
    """Bars by quarter: which columns name and bound a record, and under which column the first year stands."""

    label: Key
    start: Key
    end: Key
    years: tuple[Key, ...]
    under: Key


class Chart(Declared):
    kind: Literal["budget_actual"]


class Quotes(Declared):
    """Paragraphs of another section, shown by reference."""

    section: Key
    column: Key
    where: Key
    values: tuple[Key, ...]


class RecordsSection(Section):
    kind: Literal["records"]
    columns: tuple[Column, ...]
    spare: int = Field(default=0, ge=0, le=200)
    unit_spare: int = Field(default=5, ge=0, le=200)
    """Spare rows in the workbook of one unit."""
    stem: str = Field(default="N", pattern=r"^[A-Za-z]{1,4}$")
    """How the keys of added rows begin where there is no row yet."""
    used: Key | None = None
    """The column that tells that a row is in use; the first required one when not given."""
    below: Key | None = None
    matrix: Matrix | None = None
    groups: Groups | None = None
    timeline: Timeline | None = None
    quotes: Quotes | None = None
    chart: Chart | None = None

    @property
    def has_unit(self) -> bool:
        """Whether each row says to which unit it belongs."""
        return any(column.key == "unit" and column.role == "input" for column in self.columns)


class StatementSection(Section):
    kind: Literal["statement"]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    eliminations: tuple[Elimination, ...] = ()
    assessment: Key | None = None


class ExcerptLine(Declared):
    key: Key
    line: Key
    binding: bool = False


class ExcerptSection(Section):
    """Some rows of the division's statement, by reference."""

    kind: Literal["excerpt"]
    source: Key
    lines: tuple[ExcerptLine, ...]


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
    section: Key | None = None
    found: str = ""
    expected: str = "0"
    tolerance: str = "0"
    which: str | None = None
    columns: tuple[Key, ...] = ()
    format: Literal["cents", "integer"] = "cents"


class ChecksSection(Section):
    kind: Literal["checks"]
    checks: tuple[CheckRule, ...]


class Figure(Declared):
    key: Key
    value: str
    format: str = "general"
    scale: Key | None = None
    member: str | None = None
    marks: bool = False
    strong: bool = False


class Tile(Declared):
    key: Key
    column: int = Field(ge=0, le=9)
    section: Key
    figure: str
    format: str = "general"
    note: Expressions = {}
    rows: tuple[Figure, ...]


class Panel(Declared):
    key: Key
    column: int = Field(ge=0, le=9)
    section: Key
    rows: tuple[Figure, ...]


class Ranking(Declared):
    key: Key
    column: int = Field(ge=0, le=9)
    function: Literal["nth_smallest", "nth_largest"]
    below: bool


class Bars(Declared):
    section: Key
    line: Key
    division_lines: tuple[Key, ...]


class SmallMatrix(Declared):
    section: Key
    column: int


class Returns(Declared):
    """Of which sections the whole report tells, unit by unit, how much is filled in."""

    sections: tuple[Key, ...] = Field(min_length=1, max_length=6)


class SentenceRule(Declared):
    key: Key
    values: Expressions


class SummarySection(Section):
    kind: Literal["summary"]
    tiles: tuple[Tile, ...]
    bars: Bars | None = None
    rankings: tuple[Ranking, ...] = ()
    panels: tuple[Panel, ...] = ()
    matrix: SmallMatrix | None = None
    returns: Returns | None = None
    sentences: tuple[SentenceRule, ...] = ()


AnySection = Annotated[
    CoverSection
    | ParametersSection
    | ListsSection
    | ControlsSection
    | RecordsSection
    | StatementSection
    | ExcerptSection
    | ChecksSection
    | SummarySection,
    Field(discriminator="kind"),
]


class Head(Declared):
    """template.toml."""

    name: Key
    version: str
    languages: tuple[str, ...]
    sections: tuple[Key, ...]
    parameters: dict[Key, Parameter]
    scales: dict[Key, Scale]


class CellStyle(Declared):
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    colour: str | None = None
    fill: str | None = None
    wrap: bool | None = None
    valign: str | None = None
    align: str | None = None
    indent: int | None = None
    top: int | None = None
    top_colour: str | None = None
    bottom: int | None = None
    bottom_colour: str | None = None
    border: int | None = None
    border_colour: str | None = None
    unlocked: bool | None = None


class ToneLook(Declared):
    text: str
    symbol: str
    fill: str | None = None
    matrix: str | None = None
    bold: bool = False


class Theme(Declared):
    font: str
    colours: dict[str, str]
    tones: dict[Tone, ToneLook]
    formats: dict[str, str]
    styles: dict[str, CellStyle]


class Template(Declared):
    """A whole template: its head, its sections by key, its theme and the words of one language."""

    head: Head
    sections: dict[str, AnySection]
    theme: Theme
    labels: dict[str, str]
    language: str

    def label(self, key: str) -> str:
        return self.labels[key]

    def section(self, key: str) -> AnySection:
        return self.sections[key]

    def records(self) -> dict[str, RecordsSection]:
        return {key: section for key, section in self.sections.items() if isinstance(section, RecordsSection)}

    def statements(self) -> dict[str, StatementSection]:
        return {key: section for key, section in self.sections.items() if isinstance(section, StatementSection)}
