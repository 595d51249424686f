"""An excerpt: some rows of the division's statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from taulukko.template.kinds.chart import Chart
from taulukko.template.kinds.section import Section
from taulukko.template.parts import Declared, Key, Refers, StatementKey


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

    def stands_for(self, key: str) -> tuple[str, dict[str, str]]:
        return self.source, {line.key: line.line for line in self.lines}

    def labels(self, key: str) -> Iterator[str]:
        yield from (f"lines.{line.key}" for line in self.lines)
