"""Status by word, symbol and colour: one rule for each member of a scale that has a tone."""

from __future__ import annotations

from taulukko.plan.book import Range, Rule
from taulukko.plan.draft import Draft


def status_rules(draft: Draft, area: Range, scale: str, fill: str = "fill", symbol: bool = True) -> list[Rule]:
    return [
        Rule(area, member.tone, equals=f"{scale}.{member.key}", symbol=symbol, fill=fill)
        for member in draft.members(scale)
        if member.tone
    ]
