"""Explains a measure: what it is called, how it is computed, in Excel too, and where it is used."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypedDict

from taulukko.errors import FaultsError, Finding
from taulukko.folder.new import Example
from taulukko.formula.references import area_of
from taulukko.messages import Say
from taulukko.plan.book import Sheet, Workbook
from taulukko.plan.build import plan
from taulukko.plan.statement import LABEL
from taulukko.template import Template
from taulukko.template.schema import (
    CheckRule,
    ChecksSection,
    Column,
    Filled,
    RecordsSection,
    StatementSection,
    SummarySection,
)

YEAR = 2024
INDENT = "  "
BAR_COLUMNS = ("used_share", "pace", "variance")
"""What the bars of a summary show of a line."""


def explain(key: str, *, language: str = "en", template: str | Path = "osavuosikatsaus") -> str:
    """What is known of a measure: a paragraph for each of that name.

    Args:
        key: a column (`remaining`, or `income_statement.remaining`), a parameter, a fact (`risks.high`) or a check.
        language: of what is said.
        template: name of a template, or its folder.

    Raises:
        FaultsError: there is no such measure; `expected` lists the ones with a name like it.

    Example:
        >>> print("\\n".join(explain("risks.value").splitlines()[:3]))
        risks.value: Risk value (column, Risks)
          Unit: whole number
          Expression: likelihood * impact
    """
    say = Say(language)
    return "\n\n".join(paragraph(one, say) for one in explained(key, say, template))


def explained(key: str, say: Say, template: str | Path = "osavuosikatsaus") -> list[Explained]:
    """What is known of the measures of a name; raises what `explain` raises."""
    example = Example.of(str(template), say.language, YEAR)
    measures = list(_measures(example.template))
    found = _chosen(measures, key)
    if not found:
        names = dict.fromkeys(name for one in measures for name in (one.key, one.path))
        near = difflib.get_close_matches(key, names, n=8, cutoff=0.5)
        raise FaultsError(Finding("measure_unknown", found=key, expected=tuple(near)))
    example = _with_records(example)
    book = plan(example.report, example.template, to_send=False)
    return [_explained(one, example, book, say) for one in found]


class Explained(TypedDict):
    """What is known of a measure, in the reader's language.

    Attributes:
        measure: how expressions of other sections name it.
        section: title of its section; empty for what has none.
        facts: what is told of it, by what it is: `type`, `expression`, `excel`, `used`, …
    """

    measure: str
    label: str
    kind: str
    section: str
    facts: dict[str, str]


def paragraph(one: Explained, say: Say) -> str:
    """An explanation in words."""
    kind = say.text(f"explain.{one['kind']}")
    kind = say.text("explain.in_section", kind=kind, section=one["section"]) if one["section"] else kind
    name = f"{one['measure']}: {one['label']}" if one["label"] else one["measure"]
    facts = (f"{INDENT}{say.text(f'explain.{title}')}: {content}" for title, content in one["facts"].items())
    return "\n".join([f"{name} ({kind})", *facts])


@dataclass(frozen=True, slots=True)
class Measure:
    """A column, parameter, fact or check of a template.

    Attributes:
        path: how expressions of other sections name it: `risks.value`, `parameters.months`.
        expressions: what it is computed by; a check has several.
    """

    path: str
    kind: str
    section: str
    expressions: dict[str, str] = field(default_factory=dict)
    column: Column | None = None
    check: CheckRule | None = None

    @property
    def key(self) -> str:
        return self.path.rpartition(".")[2]


def _measures(template: Template) -> Iterator[Measure]:
    for key, parameter in template.head.parameters.items():
        formula = {"expression": parameter.formula} if parameter.formula else {}
        yield Measure(f"parameters.{key}", "parameter", "", formula)
    for key, section in template.sections.items():
        if isinstance(section, Filled):
            for column in section.columns:
                formula = {"expression": " ".join(column.formula.split())} if column.formula else {}
                yield Measure(f"{key}.{column.key}", "column", key, formula, column)
        for name, text in section.facts.items() if isinstance(section, RecordsSection) else ():
            yield Measure(f"{key}.{name}", "fact", key, {"expression": text})
        if isinstance(section, ChecksSection):
            for check in section.checks:
                parts = {part: getattr(check, part) for part in ("found", "expected", "tolerance")}
                yield Measure(f"{key}.{check.key}", "check", key, {k: v for k, v in parts.items() if v}, None, check)


def _chosen(measures: list[Measure], key: str) -> list[Measure]:
    return [one for one in measures if key in (one.path, one.key)]


def _explained(measure: Measure, example: Example, book: Workbook, say: Say) -> Explained:
    return {
        "measure": measure.path,
        "label": _label(measure, example),
        "kind": measure.kind,
        "section": example.template.label(f"sections.{measure.section}.title") if measure.section else "",
        "facts": dict(_lines(measure, example, book, say)),
    }


def _lines(measure: Measure, example: Example, book: Workbook, say: Say) -> Iterator[tuple[str, str]]:
    """Title and content of each line but the first."""
    template, column = example.template, measure.column
    if measure.kind == "parameter":
        parameter = template.head.parameters[measure.key]
        yield "note", template.label(f"parameter_notes.{measure.key}")
        yield "type", say.text(f"types.{parameter.format}")
        if parameter.value is not None:
            yield "value", f"{parameter.value:g}"
    if measure.check:
        yield "type", say.text(f"types.{measure.check.format}")
    if column:
        yield "type", say.text(f"types.{column.type}")
        if column.role != "computed":
            yield "expression", say.text("explain.input")
        if column.scale and column.scale in template.head.scales:
            members = template.head.scales[column.scale].members
            yield "allowed", ", ".join(template.label(f"scales.{column.scale}.{member.key}") for member in members)
    yield from measure.expressions.items()
    if formula := _excel(measure, example, book):
        yield "excel", f"={formula}"
    if column and column.total != "none":
        yield "total", say.text(f"totals.{column.total}")
    yield "used", ", ".join(_uses(measure, template)) or say.text("explain.unused")


def _label(measure: Measure, example: Example) -> str:
    path = {
        "parameter": f"parameters.{measure.key}",
        "check": f"checks.{measure.key}",
    }.get(measure.kind, f"columns.{measure.section}.{measure.key}")
    text = example.template.labels.get(path, "")
    return text.format(**dict.fromkeys(("line", "column", "record", "unit"), "…"))


def _uses(measure: Measure, template: Template) -> list[str]:
    """Where the expressions of the template name the measure."""
    found = []
    for place, section, text in _expressions(template):
        if place != measure.path and _names(text) & _spellings(measure, section, template):
            found.append(place)
    return list(dict.fromkeys(found))


def _spellings(measure: Measure, section: str, template: Template) -> set[str]:
    """How an expression of a section may name a measure: alone, through its section, a unit or a total; _ is any."""
    if measure.column is None:
        return {measure.path}
    own = {measure.key} if section == measure.section else set()
    every = {f"_.{measure.key}"} | ({"_.totals._"} if measure.column.total == "sum" else set())
    if isinstance(template.sections[measure.section], StatementSection):
        return own | {measure.path, f"*.{measure.key}", f"_.{measure.key}"}
    return own | every | {measure.path, f"{measure.section}.totals.{measure.key}"}


def _names(text: str) -> set[str]:
    """The paths an expression names; those into a statement by their last part as well.

    Example:
        >>> sorted(_names("sum(unit.unbudgeted) + risks.high"))
        ['*.unbudgeted', 'risks.high', 'unit.unbudgeted']
    """
    names = set()
    tree = ast.parse(f"({text.strip()})", mode="eval")
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in inner | functions:
            path = ast.unparse(node)
            names.add(path)
            parts = path.split(".")
            if parts[0] in ("unit", "areas", "leaves") or "division" in parts:
                names.add(f"*.{parts[-1]}")
    return names


def _expressions(template: Template) -> Iterator[tuple[str, str, str]]:
    """Every expression with the place it stands in and the section whose columns it may name alone."""
    for measure in _measures(template):
        for text in measure.expressions.values():
            for filled in _filled(text, measure.check):
                yield measure.path, measure.section, filled
    for key, section in template.sections.items():
        for text in section.key_sentence.values():
            yield f"{key}.key_sentence", key, text
        if isinstance(section, RecordsSection):
            blocks = (section.matrix, section.groups, section.timeline, section.quotes)
            for block, name in zip(blocks, ("matrix", "groups", "timeline", "quotes"), strict=True):
                for value in block.model_dump().values() if block else ():
                    for part in value if isinstance(value, tuple) else (value,):
                        yield f"{key}.{name}", key, part
        if isinstance(section, SummarySection):
            yield from _summary_expressions(key, section)


def _filled(text: str, check: CheckRule | None) -> Iterator[str]:
    """A check's expression for each of its columns, its other places filled with a word that names nothing."""
    for column in (check.columns if check else ()) or ("_",):
        yield text.format(line="_", column=column, section="_") if check else text


def _summary_expressions(key: str, section: SummarySection) -> Iterator[tuple[str, str, str]]:
    for tile in section.tiles:
        for text in (tile.figure, *tile.note.values()):
            yield f"{key}.tiles.{tile.key}", "", text
    for name, blocks in (("tiles", section.tiles), ("panels", section.panels)):
        for block in blocks:
            for row in block.rows:
                yield f"{key}.{name}.{block.key}.{row.key}", "", row.value
    for sentence in section.sentences:
        for text in sentence.values.values():
            yield f"{key}.sentences.{sentence.key}", "", text
    if section.rankings:
        yield f"{key}.rankings", "", "unit._.variance"
    for column in BAR_COLUMNS if section.bars else ():
        yield f"{key}.bars", "", f"unit._.{column}"


def _with_records(example: Example) -> Example:
    """The example with a record in every table, so that each formula stands in some row."""
    report = example.report
    for key in (*example.template.records(), *example.template.statements()):
        report = report.with_rows(key, example.rows(key))
    return replace(example, report=report)


def _excel(measure: Measure, example: Example, book: Workbook) -> str:
    """The Excel text of a measure as it stands in the first row that has it; empty for an input."""
    if measure.column is None:
        return _at(book, book.names.get(measure.path, ""))
    section = example.template.sections[measure.section]
    if isinstance(section, RecordsSection):
        return _at(book, book.names.get(f"{measure.section}.column.{measure.key}", ""))
    given = next(iter(example.report.rows(measure.section)), None)
    if not isinstance(section, StatementSection) or given is None:
        return ""
    unit, line = given["unit"], given["line"]
    sheet = next(one for one in book.sheets if one.key == f"{measure.section}.{unit}")
    rows = _rows_of(sheet, example.template.label(f"lines.{line}"))
    row = rows[-1] if measure.column.place == "notes" else rows[0]
    cell = sheet.cells.get((row, _place(section, measure.column)))
    return cell.formula if cell else ""


def _rows_of(sheet: Sheet, label: str) -> list[int]:
    return sorted(row for (row, column), cell in sheet.cells.items() if column == LABEL and cell.value == label)


def _place(section: StatementSection, column: Column) -> int:
    """The column of the sheet: first the printed ones, then the helping ones; a note stands where it says."""
    if column.place == "notes":
        return column.at or 0
    order = [c.key for place in ("table", "help") for c in section.columns if c.place == place]
    return LABEL + 1 + order.index(column.key)


def _at(book: Workbook, target: str) -> str:
    """The formula of the first cell of a name's target."""
    found = area_of(target)
    if found is None:
        return ""
    title, area = found
    sheet = next(one for one in book.sheets if one.name == title)
    cell = sheet.cells.get((area.top, area.left))
    return cell.formula if cell else ""


__all__ = ["explain"]
