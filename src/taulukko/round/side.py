"""One side of a comparison: a data folder or a workbook, read into fields that can be laid beside the other's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from taulukko.errors import FaultsError, Finding, WorkbookError, reading
from taulukko.folder.data_folder import load
from taulukko.numbers import canonical
from taulukko.plan.build import plan
from taulukko.program.host import Value
from taulukko.report.inputs import Fields, Key, Place, fields_of
from taulukko.report.model import Input, Report
from taulukko.report.words import worded
from taulukko.template import Choice, Template, find_template, load_template
from taulukko.template.inputs import CHECKS, RETURNS
from taulukko.xlsx.results import results_of
from taulukko.xlsx.workbook import Inputs, read_inputs

FACTS = (
    "template",
    "language",
    "municipality",
    "division",
    "board",
    "year",
    "period_start",
    "period_end",
    "date_of_issue",
    "responsible",
    "deadline",
    "contact",
    "closed",
    "last_year_preliminary",
)
REPORT, UNITS, GOALS, PARAMETERS, LISTS, CONTROLS = (
    "report",
    "units",
    "strategic_goals",
    "parameters",
    "lists",
    "controls",
)
"""The sections of what is not filled in row by row: report.toml, the template's thresholds, the printed figures."""
NOT_ASKED = frozenset({REPORT, UNITS, GOALS, PARAMETERS, LISTS, CONTROLS})
LANGUAGE = (REPORT, "", "language")
"""A workbook may be built in another language than its data folder's."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a side holds.

    Attributes:
        template: with the thresholds that stand in the workbook.
        cells: `Sheet!A1` of each input of a workbook; None for a data folder.
        computed: what the formulas of a workbook give; None for a data folder, and where it cannot be told.
        unread: fields that could not be read.
        gone: sections that could not be read.
        unclear: records whose rows could not be read, or of which nobody can tell which of two rows they are.
    """

    report: Report
    template: Template
    cells: dict[Key, str] | None = None
    computed: dict[Key, Value] | None = None
    unread: frozenset[Key] = frozenset()
    gone: frozenset[str] = frozenset()
    unclear: frozenset[Place] = frozenset()

    def is_comparable(self, key: Key, is_there: bool) -> bool:
        """Whether the side can say anything of a field: it was read, and a workbook asks for it.

        Args:
            is_there: whether the side has the record.
        """
        if self.cells is None:
            return True
        if key == LANGUAGE or key in self.unread or key[:2] in self.unclear or key[0] in self.gone:
            return False
        asked = key[0] in (CHECKS, RETURNS) or (is_there and key[0] not in NOT_ASKED)
        return key in self.cells or not asked

    def cell(self, key: Key) -> str:
        """Where a field stands; empty for a data folder and for what stands nowhere."""
        return (self.cells or {}).get(key, "")

    def in_language(self, language: str, template_folder: Path | None = None) -> Held:
        """The same with the words of a language, if the template is here and has them."""
        head = self.template.head
        if language == self.template.language or language not in head.languages:
            return self
        try:
            template = load_template(template_folder or self.report.choice or find_template(head.name), language)
        except FaultsError:
            return self
        labels = self.template.labels | worded(template, self.report).labels
        return replace(self, template=self.template.model_copy(update={"labels": labels, "language": language}))

    def for_unit(self, code: str) -> Held:
        """The same with only what belongs to a unit."""
        return replace(self, report=self.report.for_unit(code))

    def inputs(self) -> Fields:
        """What is filled in row by row, and the printed figures."""
        fields = fields_of(self.report)
        for control in self.report.controls:
            record = ".".join(filter(None, (control.section, control.unit, control.record)))
            fields.setdefault((CONTROLS, record), {})[control.column] = control.printed
        return fields

    def facts(self) -> Fields:
        """What report.toml says, and the thresholds."""
        report, head = self.report, self.template.head
        fields: Fields = {(REPORT, ""): {fact: _plain(getattr(report, fact)) for fact in FACTS}}
        for unit in report.units:
            fields[UNITS, unit.code] = {"name": unit.name, "short": unit.short, "level": unit.level}
        for goal in report.strategic_goals:
            fields[GOALS, goal.key] = {"name": goal.name, "subgoals": "; ".join(goal.subgoals)}
        for key, parameter in head.parameters.items():
            if parameter.value is not None:
                fields[PARAMETERS, key] = {"value": _decimal(parameter.value)}
        for key, scale in head.scales.items():
            limits = {one.key: _decimal(one.from_) for one in scale.members if one.from_ is not None}
            fields |= {(LISTS, f"{key}_from"): dict(limits)} if limits else {}
        return fields

    def results(self) -> dict[Key, Value] | None:
        """What formulas give: of a data folder those of its workbook, planned; None where it cannot be told.

        Raises:
            FaultsError: a data folder's checks or control figures are of nothing that is there.
        """
        if self.cells is not None:
            return self.computed
        book = plan(self.report, self.template, to_send=False)
        return {key: book.cell(spot).value for key, spot in book.results.items()}


@dataclass(frozen=True, slots=True)
class Side:
    """A data folder or a workbook as it was found.

    Attributes:
        held: None when nothing of it can be used; `findings` says why.
        findings: what could not be read, with its place.
    """

    path: Path
    held: Held | None
    findings: list[Finding] = field(default_factory=list)


def read_side(path: Path, template_folder: Path | Choice | None = None) -> Side:
    """Read a data folder or a workbook.

    Raises:
        FaultsError: the data folder has faults.
        OSError: there is no such file.
    """
    if path.is_dir():
        report, template = load(path, None, template_folder if isinstance(template_folder, Path) else None)
        return Side(path, Held(report, template))
    path.stat()
    try:
        with reading(path):
            inputs = read_inputs(path, template_folder)
    except WorkbookError as error:
        return Side(path, None, error.findings)
    held = Held(
        inputs.report,
        inputs.template,
        inputs.places,
        _computed(inputs),
        frozenset(inputs.typed),
        frozenset(inputs.gone),
        frozenset((*inputs.unclear, *_lost(inputs))),
    )
    return Side(path, held, inputs.faults)


def _computed(inputs: Inputs) -> dict[Key, Value] | None:
    try:
        return results_of(inputs)
    except (WorkbookError, LookupError, ValueError):
        return None


def _lost(inputs: Inputs) -> Iterator[Place]:
    """The records of statements whose sheets are gone."""
    whole = inputs.built.whole
    for key, section in inputs.template.statements().items():
        for unit in inputs.built.units:
            if (key if unit is whole else f"{key}.{unit.code}") not in inputs.sheets:
                yield from ((key, f"{unit.code}.{line.key}") for line in section.lines)
                yield str(section.assessment), unit.code


def _plain(value: Input | bool) -> Input:
    """A fact as it is written in report.toml."""
    return ("true" if value else "false") if isinstance(value, bool) else value


def _decimal(value: float) -> Decimal:
    return Decimal(canonical(Decimal(repr(value))))


__all__ = ["CONTROLS", "GOALS", "LISTS", "PARAMETERS", "REPORT", "UNITS", "Held", "Side", "read_side"]
