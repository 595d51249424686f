"""What every template has to have, since the sheets name it themselves: members of scales, and parts of the theme."""

from __future__ import annotations

from collections.abc import Iterator

from taulukko.errors import Finding
from taulukko.template.files import HEAD, THEME
from taulukko.template.schema import SummarySection, Template

SECTIONS = ("cover", "checks", "controls", "parameters", "lists")
"""Sections that every workbook has, named by their kind."""
SCALES = {"check_state": ("holds", "fails", "unknown", "accepted"), "return_state": ("draft", "ready")}
OF_ASSESSMENTS = {"yes_no": ("yes", "no")}
OF_BARS = {"budget_status": ("no_data",)}
BARS = ("used_share", "pace", "variance")
"""Columns that bars of a statement show."""
TONES = ("good", "watch", "bad", "none")
COLOURS = tuple(
    """
ink mute accent subtotal input input_line fault fault_line control hairline budget white
    """.split()  # noqa: SIM905
)
FORMATS = tuple(
    """
euro variance thousands thousands_variance percent percent1 share integer cents number year date text general
    """.split()  # noqa: SIM905
)
STYLES = tuple(
    """
plain wrap nowrap low note_size locked bar_year title cover_title cover_name owner note mute link sentence strong
header rule rule_strong section row subtotal binding input last unlocked fault control prose top tile matrix
matrix_large left right center indent inner bar
    """.split()  # noqa: SIM905
)


PARAMETERS = ("rounding",)


def missing_parts(template: Template) -> Iterator[Finding]:
    """Each of them that is not there."""
    for key in PARAMETERS:
        if key not in template.head.parameters:
            yield Finding("key_missing", HEAD, "parameters", key)
    for kind in SECTIONS:
        if kind not in template.sections or template.sections[kind].kind != kind:
            yield Finding("key_missing", HEAD, "sections", kind)
    for scale, members in needed_scales(template).items():
        found = template.head.scales.get(scale)
        there = [member.key for member in found.members] if found else []
        yield from (Finding("key_missing", HEAD, f"scales.{scale}", one) for one in members if one not in there)
    yield from _columns(template)
    theme = template.theme
    for table, needed in (("tones", TONES), ("colours", COLOURS), ("formats", FORMATS), ("styles", STYLES)):
        there = getattr(theme, table)
        yield from (Finding("key_missing", THEME, table, one) for one in needed if one not in there)


def _columns(template: Template) -> Iterator[Finding]:
    summaries = [one for one in template.sections.values() if isinstance(one, SummarySection)]
    bars = {one.bars.section for one in summaries if one.bars}
    for key, statement in template.statements().items():
        columns = {column.key: column for column in statement.columns}
        needed = BARS if key in bars else ()
        yield from (Finding("key_missing", f"{key}.toml", "columns", one) for one in needed if one not in columns)
        asked = any(column.required and column.place == "table" for column in statement.columns)
        if asked and not statement.level:
            yield Finding("key_missing", f"{key}.toml", "columns", 'given = "level"')
        if statement.explanations and (state := columns.get(statement.explanations.state)) and not state.scale:
            yield Finding("key_missing", f"{key}.toml", f"columns[{state.key}]", "scale")
    for key, section in template.records().items():
        above = template.records().get(section.below or "")
        if section.chart or (above and above.chart):
            there = [column.key for column in section.columns]
            drawn = above.chart.columns if above and above.chart else ()
            yield from (Finding("key_missing", f"{key}.toml", "columns", one) for one in drawn if one not in there)
            if not any(column.type in ("text", "prose") and column.role == "input" for column in section.columns):
                yield Finding("key_missing", f"{key}.toml", "columns", "type = text")


def needed_scales(template: Template) -> dict[str, tuple[str, ...]]:
    """The scales that sheets name themselves, with those of their members."""
    summaries = [one for one in template.sections.values() if isinstance(one, SummarySection)]
    bars = OF_BARS if any(one.bars for one in summaries) else {}
    statements = template.statements().values()
    explained = [(one, one.explanations.state) for one in statements if one.explanations]
    states = {str(c.scale): ("missing",) for one, key in explained for c in one.columns if c.key == key and c.scale}
    assessed = OF_ASSESSMENTS if any(one.assessment for one in statements) else {}
    return SCALES | assessed | states | bars


__all__ = [
    "COLOURS",
    "FORMATS",
    "OF_ASSESSMENTS",
    "OF_BARS",
    "SCALES",
    "SECTIONS",
    "STYLES",
    "TONES",
    "missing_parts",
    "needed_scales",
]
