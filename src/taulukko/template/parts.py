"""What declarations of every kind are made of: keys, names of other things, expressions, scales and columns."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

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


Expressions = dict[Key, RowFormula]
