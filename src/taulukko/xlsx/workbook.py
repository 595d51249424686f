"""A filled workbook, read by what it carries: who and when, what it asks for, and what its inputs were.

Workbooks of version 0.1 do not carry what they ask for; they are read with the template that they name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from taulukko.errors import FaultsError, Finding, WorkbookError
from taulukko.formula.references import ROWS, Area
from taulukko.plan.shape import DECLARED, NAME, SCHEMA, VERSION_01, Row, shape_of, sheet_name
from taulukko.program.packed import ProgramError
from taulukko.report.carried import carried_template
from taulukko.report.words import worded
from taulukko.template import Choice, Template, find_template
from taulukko.template.cache import cached_template
from taulukko.xlsx import limits
from taulukko.xlsx.entries import shown
from taulukko.xlsx.inputs import InputReader, Inputs
from taulukko.xlsx.names import find_names
from taulukko.xlsx.package import BLANK, Package, open_package

UNLIKELY: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, ArithmeticError, AssertionError)
UNLIKELY += (AttributeError, RecursionError, ProgramError)
"""What a garbled identity sheet may run into."""


def read_inputs(path: Path, template_folder: Path | Choice | None = None) -> Inputs:
    """Read the inputs of a workbook that this package built and somebody may have filled in.

    Args:
        template_folder: of a workbook of version 0.1, instead of the template that it names.

    Raises:
        WorkbookError: the file is damaged or not ours; of a later version; or of version 0.1 and its template not here.
    """
    inputs = inputs_of(open_package(path), template_folder)
    inputs.package.check_formulas(set(inputs.places.values()))
    return inputs


def inputs_of(package: Package, template_folder: Path | Choice | None = None) -> Inputs:
    """Read the inputs of a workbook whose file is open.

    Raises:
        WorkbookError: as `read_inputs`.
    """
    find_names(package)
    rows = _identity(package)
    facts = {key: value for kind, key, value in rows if kind == "workbook"}
    schema, known = facts.get("schema", ""), (f"v{VERSION_01}", f"v{SCHEMA}")
    if schema not in known:
        raise WorkbookError(Finding("other_version", found=schema, expected=known))
    sections = _sections(rows)
    carried = tuple(value for kind, _, value in rows if kind == DECLARED)
    try:
        if schema == f"v{SCHEMA}":
            declared = carried_template(carried)
        else:
            declared = template_here(facts, sections, template_folder)
        built, base = shape_of(rows, declared)
        declared = declared if carried else worded(declared, built)
        titles = {key: title for kind, key, title in rows if kind == "sheet"}
        found = {key: package.area(sheet_name(number)) for number, key in enumerate(titles, 1)}
        sheets = {key: place[0] for key, place in found.items() if place}
        inputs = Inputs(package, built, declared, built, carried, facts, sections, sheets, base)
        InputReader(inputs, titles).read_all()
    except UNLIKELY as error:
        raise WorkbookError(Finding("not_ours", found=f"{NAME}: {error}"[:200])) from error
    return inputs


def _identity(package: Package) -> list[Row]:
    cells = package.cells(NAME)
    rows = package.rows(NAME, Area(1, 0, ROWS - 1, 2))
    limits.FACTS.check(len(rows))
    texts = ([shown(cells.get((row, column), BLANK)) for column in range(3)] for row in rows)
    return [(kind, key, value) for kind, key, value in texts]


def _sections(rows: list[Row]) -> frozenset[str]:
    """The sections that a workbook was built with: those with a sheet, and those with a table below another's."""
    sheets = {key.partition(".")[0] for kind, key, _ in rows if kind == "sheet"}
    return frozenset(sheets | {key.removeprefix("t_") for kind, key, _ in rows if kind == "table"})


def template_here(facts: Mapping[str, str], sections: Collection[str], folder: Path | Choice | None) -> Template:
    """The template that a workbook was built from, by its name, with the sections that the workbook was built with.

    Raises:
        WorkbookError: it is not here, or of another version.
    """
    name, language, version = (facts.get(key, "") for key in ("template", "language", "template_version"))
    if not folder and not name.isidentifier():
        raise WorkbookError(Finding("not_ours", found=name[:200]))
    try:
        choice = folder if isinstance(folder, Choice) else Choice(folder or find_template(name))
        template = cached_template(choice, language)
        if template.sections.keys() != sections:
            template = cached_template(replace(choice, sections=tuple(sorted(sections))), language)
    except FaultsError as error:
        raise WorkbookError(Finding("not_ours", found=f"{name} {language}: {error}"[:200])) from error
    if version != f"v{template.head.version}":
        known = f"{name} v{template.head.version}"
        raise WorkbookError(Finding("other_version", found=f"{name} {version}", expected=(known,)))
    return template


__all__ = ["Inputs", "inputs_of", "read_inputs", "template_here"]
