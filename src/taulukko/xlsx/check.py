"""Checks a finished workbook, whoever saved it last: is everything in it as the program that it carries says?

No template is needed: a workbook sent out before its template was changed is judged in full by what it carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from taulukko.errors import Finding, WorkbookError, reading
from taulukko.formula.addresses import address
from taulukko.plan.build import plan
from taulukko.plan.shape import PROTECTION
from taulukko.program.check import failing, of_changes, typed
from taulukko.program.packed import unpack
from taulukko.program.program import KIND, SHEET
from taulukko.program.repair import Recomputed, is_same
from taulukko.program.sent import altered, bare_format, chart_areas, hides_figures
from taulukko.report.carried import carried
from taulukko.report.words import worded
from taulukko.xlsx import guards
from taulukko.xlsx.aside import linked
from taulukko.xlsx.entries import FORMULAS
from taulukko.xlsx.judge import is_old_link, judge, lost, reworded
from taulukko.xlsx.package import Package, open_package
from taulukko.xlsx.typed_formulas import typed_formulas
from taulukko.xlsx.workbook import Inputs, inputs_of, template_here

OWN = FORMULAS | {"cell_locked"}
"""What alone is told of a cell."""
UNPLANNED: tuple[type[Exception], ...] = (LookupError, ValueError, TypeError, AttributeError, AssertionError)
UNPLANNED += (ArithmeticError, RuntimeError, StopIteration, WorkbookError)
"""What planning from garbled facts, perhaps without their template, may run into."""


def check(path: str | Path, *, template: str | Path | None = None) -> list[Finding]:
    """Everything that is wrong with a workbook; an empty list for one that is right and whose checks hold.

    Args:
        path: a workbook built by this package, and perhaps filled in and saved by another program since.
        template: folder of the template whose workbook it should be, instead of the one that the workbook names.

    Returns:
        What keeps it from being judged; else what was changed without touching a formula, sheets that are not
        recognised, what is typed wrong, what was overwritten or is out of date, and the checks that fail.

    Raises:
        OSError: there is no such file, or it may not be read.

    Example:
        >>> sorted({one.code for one in check("returned/osavuosikatsaus-VAKA.xlsx")})
        ['check_fails', 'value_stale']
    """
    path = Path(path)
    try:
        with reading(path):
            package = open_package(path)
            chosen = Path(template) if template else None
            inputs = _inputs(package, chosen)
            places = {*inputs.places.values()} if inputs else set()
            package.check_formulas(places)
            found = judge(package)
            guarded = [*_settings(package), *_guards(package, found)] if package.sees_formulas else []
            told = [*guarded, *reworded(found.evaluation)]
            told += [*lost(found.evaluation.layout), *_remarks(found), *linked(package, places)]
            unknown = {one.place for one in (inputs.faults if inputs else ()) if one.code in OWN}
            told = [one for one in told if one.place not in unknown]
            told += _by_template(inputs, chosen, {one.place for one in told})
            return [replace(one, file=str(path)) for one in told]
    except WorkbookError as error:
        return error.findings


def _inputs(package: Package, template: Path | None) -> Inputs | None:
    try:
        return inputs_of(package, template)
    except WorkbookError:
        return None


def _by_template(inputs: Inputs | None, template: Path | None, told: set[str]) -> Iterator[Finding]:
    """What the template knows besides of what is typed; that it is not here, or would build another workbook."""
    if inputs is None or not _is_planned(inputs, template):
        yield Finding("judged_alone", severity="note")
    yield from (one for one in (inputs.faults if inputs else ()) if one.place not in told)


def _is_planned(inputs: Inputs, template: Path | None) -> bool:
    """Whether the template here makes the very program that the workbook carries, which could be forged."""
    try:
        here = template_here(inputs.facts, inputs.sections, template)
        book = plan(inputs.built, here, protected=inputs.facts.get(PROTECTION) != "none")
    except UNPLANNED:
        return False
    planned = {place: cell.value for place, cell in book.sheets[-1].cells.items()}
    found = {place: cell.value for place, cell in inputs.package.cells(SHEET).items()}
    return _formulas(planned) == _formulas(found) and inputs.carried in ((), carried(worded(here, inputs.built)))


def _formulas(cells: Mapping[tuple[int, int], Any]) -> dict[str, Any]:
    """A program's data without the marks of words, some of which somebody has typed."""
    chunks = [str(cells.get((row, 2))) for row, column in sorted(cells) if column == 0 and cells[row, 0] == KIND]
    data = unpack(chunks)
    sheets = [[key, title, placed] for key, title, placed, _ in data["sheets"]]
    return {**data, "sheets": sheets, "sent": {**data.get("sent", {}), "fixed": None}}


def _settings(package: Package) -> Iterator[Finding]:
    """Settings by which figures are other than they were typed, or not computed."""
    found = guards.settings_of(package)
    told = {
        "days_from_1904": found.days_from_1904,
        "as_displayed": found.as_displayed,
        "manual_calculation": found.manual,
    }
    yield from (Finding(code) for code, holds in told.items() if holds)
    yield from (Finding("table_twice", found=name) for name in guards.tables_twice(package))


def _guards(package: Package, found: Recomputed) -> Iterator[Finding]:
    """What guarded the sheets when they were sent out and is gone, charts that show other cells, hidden figures."""
    layout, sent = found.evaluation.layout, found.evaluation.layout.program.sent
    hidden = guards.settings_of(package).hidden
    formats = guards.formats_of(package) if sent.guards else {}
    own = set(map(bare_format, sent.formats))
    formats = {key: code for key, code in formats.items() if hides_figures(code) and bare_format(code) not in own}
    for title, guard in zip(layout.titles, sent.guards, strict=bool(sent.guards)):
        if title not in package.sheets:
            continue
        now = guards.guards_of(package, title)
        gone = {
            "sheet_hidden": title in hidden and not guard.hidden,
            "sheet_unprotected": guard.protected and not now.protected,
            "validations_removed": guard.validations and not now.validations,
            "rules_removed": guard.rules and not now.rules,
        }
        yield from (Finding(code, place=title) for code, holds in gone.items() if holds)
        if formats and (cells := guards.cells_in(package, title, formats)):
            yield Finding(
                "figures_hidden", place=f"{title}!{cells[0][0]}", found=str(len(cells)), expected=(cells[0][1],)
            )
    shown = guards.chart_areas(package)
    for title, top, left, bottom, right in sorted(chart_areas(layout) - shown):
        yield Finding("chart_changed", place=title, expected=(f"{address(top, left)}:{address(bottom, right)}",))


def _remarks(found: Recomputed) -> Iterator[Finding]:
    """What is typed wrong, overwritten or out of date, and the checks that fail."""
    yield from (one for one in typed(found) if one.severity != "note")
    yield from _changes(found)
    yield from typed_formulas(found)
    yield from failing(found)


def _changes(found: Recomputed) -> Iterator[Finding]:
    """What was overwritten or is out of date."""
    evaluation = found.evaluation
    stale = [one for one in found.changes if one.code == "value_stale"]
    blank = [one for one in stale if is_same(one.shown, "")]
    if blank and len(blank) == sum(not is_same(evaluation.value(spot), "") for spot in evaluation.formulas):
        yield Finding("values_missing", place=blank[0].place, found=str(len(blank)))
        stale = []
    elif stale and altered(evaluation.layout).thresholds:
        yield Finding("values_follow", place=stale[0].place, found=str(len(stale)))
        stale = []
    links = [one for one in found.changes if is_old_link(one)]
    if links:
        yield Finding("links_old", place=links[0].place, found=str(len(links)))
    told = {*map(id, links)}
    kept = {*map(id, stale)}
    changes = [one for one in found.changes if id(one) not in told and (one.code != "value_stale" or id(one) in kept)]
    yield from of_changes(found, changes)


__all__ = ["UNPLANNED", "check"]
