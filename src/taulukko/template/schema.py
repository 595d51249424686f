"""What a template may say: the shapes of its files, checked by pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from taulukko.errors import Finding

T = TypeVar("T")

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Type = Literal[
    "text", "prose", "choice", "date", "year", "integer", "number", "euro", "variance", "percent", "percent1", "share"
]
Place = Literal["table", "notes", "help"]
Until = Literal["year_end", "period_end"]
Tone = Literal["good", "watch", "bad", "none"]

NUMBER_FORMAT = r"""^(General|([@0#?,.;%+\-−/: ()€dmyhs]|"[^"]*"|\[[^\]]*\]|\\.)+)$"""
"""A number format of Excel: its codes and signs, other words in quotation marks."""
TEXT_TYPES = frozenset({"text", "prose", "choice"})
DYNAMIC_SCALES = ("units", "strategic_goals")
"""Scales whose members the report names itself."""
INTERNAL = "internal"
"""Stands in a check for what all eliminations leave out: `areas.internal.budget`."""


class Refers(NamedTuple):
    """What a text of a declaration names.

    Attributes:
        to: the kind of thing, as `references.known` tells them apart: section, column, line, scale, format, colour ...
        of: the field of the declaration, or of its section, that says in which section; empty for the section itself.
    """

    to: str
    of: str = ""


class Expression(NamedTuple):
    """A text of a declaration is an expression.

    Attributes:
        of: whose columns its bare names are: `own`, or the field that names the section; empty for none.
    """

    of: str = ""


ColumnKey = Annotated[Key, Refers("column")]
NoteKey = Annotated[Key, Refers("note")]
SectionKey = Annotated[Key, Refers("section")]
RecordsKey = Annotated[Key, Refers("records")]
StatementKey = Annotated[Key, Refers("statement")]
ScaleKey = Annotated[str, Refers("scale")]
Format = Annotated[str, Refers("format")]
Colour = Annotated[str, Refers("colour")]
Formula = Annotated[str, Expression()]
RowFormula = Annotated[str, Expression("own")]


class Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameter(Declared):
    value: float | None = None
    report: Literal["year", "period_start", "period_end", "date_of_issue"] | None = None
    formula: Formula | None = None
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
    scale: ScaleKey | None = None
    formula: RowFormula | None = None
    given: Literal["level"] | None = None
    """What a computed column says without a formula: of a line of a statement, how much it weighs."""
    proposal: RowFormula | None = None
    """What the button for statuses proposes in place of what somebody has typed; nothing where it is None."""
    total: Literal["sum", "apply", "known", "none"] = "none"
    of: ColumnKey | None = None
    """The column of whose parts `total = "known"` tells that all are known."""
    width: float = 12
    align: Literal["left", "right", "center"] | None = None
    minimum: float | None = None
    maximum: float | None = None
    most: int = 32767
    hidden: bool = False
    quiet: bool = False
    sparkline: tuple[Annotated[Key, Refers("figure")], ...] = ()
    """Columns side by side whose figures a small line in each cell shows; the cell itself is an empty text."""
    bar: bool = False
    """A bar in each cell, as long as its figure is large among those of the column."""
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    """Of a number; as many as it has, at most two, when None."""
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
    parts: tuple[Annotated[Key, Refers("summed")], ...] = ()
    binding: bool = False
    of: Annotated[Key, Refers("line")] | None = None
    """The line that a memo is told of: how much of it is internal. A memo is part of no total."""

    @property
    def is_input(self) -> bool:
        """Whether somebody gives its figures."""
        return self.kind in ("line", "memo")


class Elimination(Declared):
    """What is left out of a line when the areas are summed: their memo of its internal part."""

    line: Annotated[Key, Refers("line")]
    internal: Annotated[Key, Refers("memo", "line")]


Expressions = dict[Key, RowFormula]


class Section(Declared):
    protect: bool = False
    key_sentence: Expressions = {}


class Requirement(Declared):
    """Something without which a unit's return is not ready: an expression that counts what is missing of it."""

    key: Key
    section: SectionKey
    missing: Annotated[str, Expression("section")]


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
    rows: Annotated[Key, Refers("axis")]
    columns: Annotated[Key, Refers("axis")]
    level: Annotated[Key, Refers("bands")]
    ids: ColumnKey


class Groups(Declared):
    by: ColumnKey
    columns: tuple[Annotated[Key, Refers("summed_column")], ...]


class Timeline(Declared):
    """Bars by quarter: which columns name and bound a record, and under which column the first year stands."""

    label: ColumnKey
    start: ColumnKey
    end: ColumnKey
    years: tuple[ColumnKey, ...]
    under: ColumnKey


class Chart(Declared):
    """Figures of a section as a picture, below them: without their sign, but for variances.

    Attributes:
        columns: a series each; a bullet has two, what is aimed at and what has come of it.
        lines: of a statement, those that are drawn; all that are no totals when empty.
    """

    kind: Literal["bar", "column", "line", "bullet"]
    columns: tuple[Annotated[Key, Refers("figure")], ...] = Field(min_length=1, max_length=4)
    lines: tuple[Annotated[Key, Refers("drawn")], ...] = ()


class Quotes(Declared):
    """Paragraphs of another section, shown by reference."""

    section: RecordsKey
    column: Annotated[Key, Refers("column", "section")]
    where: Annotated[Key, Refers("choice", "section")]
    values: tuple[Annotated[Key, Refers("chosen", "section")], ...]


class RecordsSection(Section):
    kind: Literal["records"]
    columns: tuple[Column, ...]
    facts: Expressions = {}
    spare: int = Field(default=0, ge=0, le=200)
    unit_spare: int = Field(default=5, ge=0, le=200)
    """Spare rows in the workbook of one unit."""
    stem: str = Field(default="N", pattern=r"^[A-Za-z]{1,4}$")
    """How the keys of added rows begin where there is no row yet."""
    used: ColumnKey | None = None
    """The column that tells that a row is in use; the first required one when not given."""
    below: RecordsKey | None = None
    matrix: Matrix | None = None
    groups: Groups | None = None
    timeline: Timeline | None = None
    quotes: Quotes | None = None
    chart: Chart | None = None

    @property
    def has_unit(self) -> bool:
        """Whether each row says to which unit it belongs."""
        return any(column.key == "unit" and column.role == "input" for column in self.columns)


class Explanations(Declared):
    """The columns that say of a line whether it has to be explained, and how it is."""

    needed: ColumnKey
    lacking: ColumnKey
    state: NoteKey
    explanation: NoteKey
    measure: NoteKey
    responsible: NoteKey
    due: NoteKey


class Forecasts(Declared):
    """The columns that hold the forecasts of a line, for the button that tells them."""

    budget: ColumnKey
    by_profile: ColumnKey
    linear: ColumnKey
    forecast_manual: NoteKey
    forecast_reason: NoteKey
    forecast: ColumnKey
    basis: ColumnKey


class StatementSection(Section):
    kind: Literal["statement"]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    eliminations: tuple[Elimination, ...] = ()
    assessment: Key | None = None
    explanations: Explanations | None = None
    forecasts: Forecasts | None = None
    chart: Chart | None = None

    @property
    def level(self) -> Column | None:
        """The column that says how much a line weighs."""
        return next((column for column in self.columns if column.given == "level"), None)

    @property
    def costs(self) -> set[str]:
        """The lines that are costs, and the totals of nothing but costs."""
        costs = {line.key for line in self.lines if line.sign == "cost"}
        for line in self.lines:
            if line.parts and set(line.parts) <= costs:
                costs.add(line.key)
        return costs


class ExcerptLine(Declared):
    key: Key
    line: Annotated[Key, Refers("cells", "source")]
    binding: bool = False


class ExcerptSection(Section):
    """Some rows of the division's statement, by reference."""

    kind: Literal["excerpt"]
    source: StatementKey
    lines: tuple[ExcerptLine, ...]
    chart: Chart | None = None


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


class Figure(Declared):
    key: Key
    value: Formula
    format: Format = "general"
    scale: ScaleKey | None = None
    member: Annotated[str, Refers("member")] | None = None
    marks: bool = False
    strong: bool = False


class Tile(Declared):
    key: Key
    column: int = Field(ge=0, le=9)
    section: SectionKey
    figure: Formula
    format: Format = "general"
    note: Expressions = {}
    rows: tuple[Figure, ...]


class Panel(Declared):
    key: Key
    column: int = Field(ge=0, le=9)
    section: SectionKey
    rows: tuple[Figure, ...]


class Ranking(Declared):
    key: Key
    column: int = Field(ge=0, le=9)
    function: Literal["nth_smallest", "nth_largest"]
    below: bool


class Bars(Declared):
    section: StatementKey
    line: Annotated[Key, Refers("cells", "section")]
    division_lines: tuple[Annotated[Key, Refers("cells", "section")], ...]


class SmallMatrix(Declared):
    section: Annotated[Key, Refers("matrix")]
    column: int


class Returns(Declared):
    """Of which sections the whole report tells, unit by unit, how much is filled in."""

    sections: tuple[Annotated[Key, Refers("filled")], ...] = Field(min_length=1, max_length=6)


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

    @property
    def is_empty(self) -> bool:
        return not (self.tiles or self.panels or self.matrix)


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
    sections: dict[str, AnySection]
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

    def section(self, key: str) -> AnySection:
        return self.sections[key]

    def records(self) -> dict[str, RecordsSection]:
        return {key: section for key, section in self.sections.items() if isinstance(section, RecordsSection)}

    def statements(self) -> dict[str, StatementSection]:
        return {key: section for key, section in self.sections.items() if isinstance(section, StatementSection)}
