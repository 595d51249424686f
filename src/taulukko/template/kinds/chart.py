"""The chart that a section may have."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from taulukko.template.parts import Declared, Key, Refers


class Chart(Declared):
    """Figures of a section as a picture, below them: without their sign, but for variances.

    Attributes:
        columns: a series each; a bullet has two, what is aimed at and what has come of it.
        lines: of a statement, those that are drawn; all that are no totals when empty.
    """

    kind: Literal["bar", "column", "line", "bullet"]
    columns: tuple[Annotated[Key, Refers("figure")], ...] = Field(min_length=1, max_length=4)
    lines: tuple[Annotated[Key, Refers("drawn")], ...] = ()
