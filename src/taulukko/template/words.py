"""Which labels a template needs: those of its own keys, and the fixed words of the sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taulukko.errors import Fault
from taulukko.template.catalogue import FUNCTIONS
from taulukko.template.schema import (
    ChecksSection,
    CoverSection,
    ExcerptSection,
    Panel,
    RecordsSection,
    StatementSection,
    SummarySection,
    Template,
    Tile,
)

INSIDE = (
    *("result", "log", "more", "recomputed", "checked", "good", "statuses", "forecast"),
    *("proposed", "undone", "undone_partly", "nothing", "left", "restored"),
    *("place", "name", "message", "what", "shown", "expected"),
    *("unit", "budget", "by_profile", "linear", "manual", "standing", "basis", "reason"),
    *("time", "user", "button", "cell", "old", "new", "run", "facts"),
)
"""The labels `inside.*`: what buttons in Excel say."""
FIXED = {f"inside.{key}" for key in INSIDE} | set(
    """
decimal_mark
words.to_contents words.line words.other words.quotes words.from_value
cover.title cover.subject cover.period cover.date_of_issue cover.responsible cover.board cover.template cover.digest
answer.sheet answer.title answer.sentence answer.cell answer.field answer.message
cover.return cover.deadline cover.contact cover.missing_in_all cover.return_state cover.return_name cover.return_date
cover.return_computed cover.next cover.next_missing cover.next_state cover.next_sender cover.next_send
words.preliminary words.source
cover.checks cover.to_checks cover.contents cover.filled cover.key cover.steps
cover.step1 cover.step2 cover.step3 cover.step4 cover.step5
cover.unit_step1 cover.unit_step2 cover.unit_step3 cover.unit_step4 cover.unit_step5
cover.key_input cover.key_input_meaning cover.key_subtotal cover.key_subtotal_meaning cover.key_control
cover.key_control_meaning cover.tone_good cover.tone_watch cover.tone_bad cover.tone_none
errors.list errors.date errors.decimal errors.whole errors.share errors.length errors.locked errors.revenue errors.cost
findings.check_fails findings.required findings.key_twice findings.cell_error findings.text_in_number
findings.number_as_text findings.overwritten findings.stale
prompts.list prompts.date prompts.share prompts.covers
statement.given statement.difference statement.difference_together statement.notes statement.assessment
statement.assessment_text statement.covers
statement.unexplained words.page
parameters_sheet.parameter parameters_sheet.value parameters_sheet.meaning parameters_sheet.from parameters_sheet.facts
scale_names.units scale_names.unit_names scale_names.strategic_goals scale_names.subgoals
columns.checks.what columns.checks.where columns.checks.which columns.checks.expected columns.checks.found
columns.checks.difference columns.checks.tolerance columns.checks.state columns.checks.reason columns.checks.name
columns.checks.date
columns.controls.where columns.controls.record columns.controls.column columns.controls.printed
columns.controls.computed columns.controls.difference columns.controls.tolerance columns.controls.state
summary.minutes summary.no_sentence summary.checks_fail summary.checks_hold summary.checks_unknown summary.no_figures
summary.no_figures_together summary.no_sum summary.parts_missing
summary.rankings.line summary.bars.title summary.bars.used summary.bars.variance summary.bars.key
buttons.recompute buttons.check buttons.statuses buttons.forecast buttons.undo
button_notes.recompute button_notes.check button_notes.statuses button_notes.forecast button_notes.undo
summary.bars.alt summary.bars.series0 summary.bars.series1 summary.bars.series2 summary.bars.series3
""".split()  # noqa: SIM905
)

_LABEL = re.compile(r"label\.([a-z_]+(?:\.[a-z_]+)+)")


def expected_labels(template: Template) -> set[str]:
    """Every label key that some cell, chart or message of this template's workbooks uses."""
    keys = FIXED | set(_scale_labels(template))
    for key, section in template.sections.items():
        keys |= set(_section_labels(key, section))
        keys |= set(_LABEL.findall(repr(section)))
    for declared in FUNCTIONS:
        keys.add(f"functions.{declared.name.lower()}")
        keys |= {f"arguments.{key}" for key in declared.arguments}
    for key in template.head.parameters:
        keys |= {f"parameters.{key}", f"parameter_notes.{key}"}
    return keys


def label_faults(template: Template) -> list[Fault]:
    """Labels that are missing, and those that nothing uses."""
    file, expected = f"labels.{template.language}.toml", expected_labels(template)
    missing = [Fault("label_missing", file, field=key) for key in sorted(expected - template.labels.keys())]
    orphans = [
        Fault("label_orphan", file, field=key, found=text)
        for key, text in template.labels.items()
        if key not in expected
    ]
    return missing + orphans


def _scale_labels(template: Template) -> Iterator[str]:
    for scale, definition in template.head.scales.items():
        yield f"scale_names.{scale}"
        if definition.members[0].value is not None:
            yield f"scale_names.{scale}_words"
        for member in definition.members:
            yield f"scales.{scale}.{member.key}"


def _section_labels(key: str, section: object) -> Iterator[str]:
    yield f"sections.{key}.title"
    below = isinstance(section, RecordsSection) and section.below
    if not below:
        yield f"sections.{key}.sheet"
        if key != "cover":
            yield from (f"sections.{key}.{part}" for part in ("subtitle", "contents"))
    if getattr(section, "key_sentence", None):
        yield from (f"sections.{key}.{part}" for part in ("sentence", "no_sentence"))
    if isinstance(section, CoverSection):
        yield from (f"cover.missing.{rule.key}" for rule in section.required)
    elif isinstance(section, RecordsSection):
        if any(column.total != "none" for column in section.columns):
            yield f"sections.{key}.total"
        yield from (f"sections.{key}.{part}" for part in ("matrix", "groups", "timeline") if getattr(section, part))
        if section.chart:
            yield from (f"sections.{key}.{part}" for part in ("chart", "chart_alt"))
        yield from (f"columns.{key}.{c.key}" for c in section.columns if c.role != "key" and not c.hidden)
    elif isinstance(section, StatementSection):
        yield from (f"columns.{key}.{c.key}" for c in section.columns if c.place != "help")
        yield from (f"lines.{line.key}" for line in section.lines)
    elif isinstance(section, ExcerptSection):
        yield from (f"lines.{line.key}" for line in section.lines)
    elif isinstance(section, ChecksSection):
        yield from (f"checks.{check.key}" for check in section.checks)
    elif isinstance(section, SummarySection):
        yield from _summary_labels(section)


def _summary_labels(section: SummarySection) -> Iterator[str]:
    for tile in section.tiles:
        yield from (f"summary.tiles.{tile.key}", f"summary.notes.{tile.key}")
    for panel in section.panels:
        yield f"summary.panels.{panel.key}"
    blocks: tuple[Tile | Panel, ...] = (*section.tiles, *section.panels)
    for block in blocks:
        yield from (f"summary.rows.{row.key}" for row in block.rows if not row.member)
    yield from (f"summary.rankings.{ranking.key}" for ranking in section.rankings)
    if section.matrix:
        yield f"summary.panels.{section.matrix.section}"
    if section.returns:
        words = ("title", "state", "name", "date", "none", *section.returns.sections)
        yield from (f"summary.returns.{word}" for word in words)
    for sentence in section.sentences:
        yield from (f"summary.sentences.{sentence.key}", f"summary.subjects.{sentence.key}")
