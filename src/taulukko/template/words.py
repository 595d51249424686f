"""Which labels a template needs: those of its own keys, and the fixed words of the sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from taulukko.errors import Finding
from taulukko.template.files import labels_file
from taulukko.template.references import mentions
from taulukko.template.schema import (
    ChecksSection,
    Expression,
    Section,
    SentenceRule,
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
functions.remaining functions.used_share functions.pace functions.forecast functions.variance
functions.variance_status functions.risk_level functions.own_share
arguments.budget arguments.actual arguments.last_year arguments.last_year_to_date arguments.months
arguments.forecast_manual arguments.months_in_year arguments.forecast arguments.material_amount
arguments.material_share arguments.watch_share arguments.likelihood arguments.impact arguments.funding
arguments.city_share
summary.bars.alt summary.bars.series0 summary.bars.series1 summary.bars.series2 summary.bars.series3
""".split()  # noqa: SIM905
)

FACTS = ("year", "last_year", "months")
"""What every label may have in braces."""
_READY, _STEPS = ("ready",), ("step1", "step2", "step3", "step4", "step5")
FILLED: dict[str, tuple[str, ...]] = {
    "words.source": ("file", "cell", "saved"),
    "words.page": ("page", "pages"),
    "words.from_value": ("value",),
    "answer.sentence": ("count",),
    "inside.more": ("count",),
    "inside.recomputed": ("checked", "count"),
    "inside.checked": ("count",),
    "inside.statuses": ("checked", "count", "proposed"),
    "inside.proposed": ("word",),
    "inside.forecast": ("count", "manual"),
    "inside.undone": ("run", "count"),
    "inside.undone_partly": ("run", "count", "left"),
    "errors.length": ("most",),
    "statement.difference_together": ("units",),
    "summary.no_sentence": ("subject",),
    "summary.checks_fail": ("count",),
    "summary.checks_hold": ("count",),
    "summary.checks_unknown": ("count",),
    "summary.no_figures": ("unit", "variance"),
    "summary.no_figures_together": ("unit", "variance"),
    "summary.no_sum": ("unit",),
    "summary.parts_missing": ("unit", "variance"),
    "summary.bars.key": ("elapsed",),
    "summary.bars.alt": ("elapsed",),
    "cover.next_state": _READY,
    **{f"cover.{kind}{step}": _READY for kind in ("", "unit_") for step in _STEPS},
}
"""What else the fixed labels have in braces."""
_ON_STATEMENT = ("line", "column", "unit")
CHECKED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("units", "totals", "division_totals", "eliminations"), _ON_STATEMENT),
    "table_totals": ("column",),
    "controls": ("record", "column"),
}
"""What the label of a check has in braces, by what it is made for each of."""
_BRACES = re.compile(r"\{(\w+)\}")
_LABEL = re.compile(r"label\.([a-z_]+(?:\.[a-z_]+)+)")


def expected_labels(template: Template) -> set[str]:
    """Every label key that some cell, chart or message of this template's workbooks uses."""
    keys = FIXED | set(_scale_labels(template))
    for key, section in template.sections.items():
        keys |= set(_section_labels(key, section))
    for mention in mentions(template):
        if isinstance(mention.meaning, Expression):
            keys |= set(_LABEL.findall(mention.text))
    for key in template.head.parameters:
        keys |= {f"parameters.{key}", f"parameter_notes.{key}"}
    return keys


def label_faults(template: Template) -> tuple[list[Finding], list[Finding]]:
    """Labels that are missing or wrong, and those that nothing uses."""
    file, expected = labels_file(template.language), expected_labels(template)
    missing = [Finding("label_missing", file, field=key) for key in sorted(expected - template.labels.keys())]
    orphans = [
        Finding("label_orphan", file, field=key, found=str(text), severity="remark")
        for key, text in template.labels.items()
        if key not in expected
    ]
    return missing + wrong_words(template, expected & template.labels.keys()), orphans


def wrong_words(template: Template, labels: Iterable[str]) -> list[Finding]:
    """Labels that are no text, or whose braces name what is not filled in there."""
    file = labels_file(template.language)
    faults = []
    for key in sorted(labels):
        text = template.labels[key]
        if not isinstance(text, str):
            faults.append(Finding("type", file, field=key, found=str(text), expected=("str",)))
        elif "{" in text or "}" in text:
            filled = (*FACTS, *filled_in(template, key))
            if set(_BRACES.findall(text)) - {*filled} or re.search("[{}]", _BRACES.sub("", text)):
                braces = tuple(f"{{{name}}}" for name in filled)
                faults.append(Finding("template_value", file, field=key, found=text, expected=braces))
    return faults


def filled_in(template: Template, label: str) -> tuple[str, ...]:
    """What stands in braces in a label, beside the facts that may in every label."""
    head, _, rest = label.partition(".")
    if head == "checks":
        rules = [rule for one in template.sections.values() if isinstance(one, ChecksSection) for rule in one.checks]
        return next((CHECKED.get(rule.each, ()) for rule in rules if rule.key == rest), ())
    if head == "sections" and rest.endswith(".sentence"):
        return tuple(template.sections[rest.split(".")[0]].key_sentence)
    summary = next((one for one in template.sections.values() if isinstance(one, SummarySection)), None)
    for words, declared in (("sentences", "values"), ("notes", "note")):
        if summary and label.startswith(f"summary.{words}."):
            blocks: tuple[SentenceRule | Tile, ...] = summary.sentences if words == "sentences" else summary.tiles
            return next((tuple(getattr(b, declared)) for b in blocks if b.key == label.split(".")[2]), ())
    return FILLED.get(label, ())


def _scale_labels(template: Template) -> Iterator[str]:
    for scale, definition in template.head.scales.items():
        yield f"scale_names.{scale}"
        if definition.members[0].value is not None:
            yield f"scale_names.{scale}_words"
        for member in definition.members:
            yield f"scales.{scale}.{member.key}"


def _section_labels(key: str, section: Section) -> Iterator[str]:
    yield f"sections.{key}.title"
    if getattr(section, "chart", None):
        yield from (f"sections.{key}.{part}" for part in ("chart", "chart_alt"))
    if not section.above:
        yield f"sections.{key}.sheet"
        if key != "cover":
            yield from (f"sections.{key}.{part}" for part in ("subtitle", "contents"))
    if section.key_sentence:
        yield from (f"sections.{key}.{part}" for part in ("sentence", "no_sentence"))
    yield from section.labels(key)
