"""What a file says of itself that changes how it is read or computed: settings, guards of its sheets, charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from taulukko.formula.references import area_of
from taulukko.xlsx.cells import MAIN
from taulukko.xlsx.container import ROOT, Container, damage
from taulukko.xlsx.markup import leaves, read_markup, starts
from taulukko.xlsx.package import Package

_PROPERTIES, _CALCULATION, _SHEET = (MAIN + name for name in ("workbookPr", "calcPr", "sheet"))
_GUARDS = ("sheetProtection", "dataValidation", "conditionalFormatting")
"""Validations and rules also stand among the extensions, in a namespace of their own."""
_CELL_FORMATS, _FORMAT, _NUMBER = (MAIN + name for name in ("cellXfs", "xf", "numFmt"))
_SOURCE = "http://schemas.openxmlformats.org/drawingml/2006/chart}f"
_TRUE = ("1", "true")

Target = tuple[str, int, int, int, int]


class Settings(NamedTuple):
    """Settings of the whole workbook.

    Attributes:
        days_from_1904: days are counted from 1904, so that each is four years later than it was typed.
        as_displayed: figures are cut to what is displayed.
        manual: nothing is computed until somebody asks for it.
    """

    days_from_1904: bool
    as_displayed: bool
    manual: bool
    hidden: frozenset[str]


class SheetGuards(NamedTuple):
    """Whether a sheet is protected, and has validations and rules for how cells look."""

    protected: bool
    validations: bool
    rules: bool


def settings_of(package: Package) -> Settings:
    """The settings of a workbook, and the titles of its hidden sheets."""
    with damage():
        container = package.container
        part = next((one.target for one in container.relations(ROOT) if one.kind == "officeDocument"), "")
        found = starts(container.small(part), _PROPERTIES, _CALCULATION, _SHEET)
        properties = _merged(found, _PROPERTIES)
        calculation = _merged(found, _CALCULATION)
        sheets = [attributes for name, attributes in found if name == _SHEET]
    return Settings(
        properties.get("date1904") in _TRUE,
        calculation.get("fullPrecision", "1") not in _TRUE,
        calculation.get("calcMode") == "manual",
        frozenset(one["name"] for one in sheets if one.get("state", "visible") != "visible"),
    )


def _merged(found: list[tuple[str, Mapping[str, str]]], name: str) -> dict[str, str]:
    return {key: value for one, attributes in found if one == name for key, value in attributes.items()}


def guards_of(package: Package, sheet: str) -> SheetGuards:
    """What guards a sheet."""
    seen: dict[str, Mapping[str, str]] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if (local := name.rpartition("}")[2]) in _GUARDS:
            seen[local] = attributes

    with damage(), package.around_cells(sheet) as stream:
        read_markup(stream, start)
    protected = seen.get("sheetProtection", {}).get("sheet") in _TRUE
    return SheetGuards(protected, "dataValidation" in seen, "conditionalFormatting" in seen)


def tables_twice(package: Package) -> list[str]:
    """The names that two tables of the file have."""
    names: list[str] = []
    with damage():
        for part in package.sheets.values():
            for one in package.container.relations(part):
                if one.kind == "table":
                    (table,) = starts(package.container.small(one.target), MAIN + "table")
                    names.append(table[1].get("displayName") or table[1]["name"])
    folded = [name.lower() for name in names]
    return sorted({name for name in names if folded.count(name.lower()) > 1})


def chart_areas(package: Package) -> set[Target]:
    """The cells that the charts of the file show."""
    found: set[Target] = set()
    with damage():
        for part in package.sheets.values():
            for chart in _charts(package.container, part):
                for _, _, text in leaves(package.container.small(chart), _SOURCE):
                    if area := area_of(text):
                        found.add((area[0], *area[1]))
    return found


def _charts(container: Container, sheet: str) -> Iterator[str]:
    for one in container.relations(sheet):
        if one.kind == "drawing":
            yield from (inner.target for inner in container.relations(one.target) if inner.kind == "chart")


def formats_of(package: Package) -> dict[int, str]:
    """The number formats that the file defines, by the number of the cell format that uses them."""
    with damage():
        container = package.container
        part = next((one.target for one in container.relations(ROOT) if one.kind == "officeDocument"), "")
        styles = next((one.target for one in container.relations(part) if one.kind == "styles"), "")
        if not styles:
            return {}
        codes: dict[str, str] = {}
        found: dict[int, str] = {}
        inside, count = False, 0

        def start(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal inside, count
            if name == _NUMBER:
                codes[attributes["numFmtId"]] = attributes["formatCode"]
            elif name == _CELL_FORMATS:
                inside = True
            elif name == _FORMAT and inside:
                if code := codes.get(attributes.get("numFmtId", "")):
                    found[count] = code
                count += 1

        def end(name: str, _text: str) -> None:
            nonlocal inside
            inside = inside and name != _CELL_FORMATS

        with container.stream(styles) as stream:
            read_markup(stream, start, end)
    return found


def cells_in(package: Package, sheet: str, formats: Mapping[int, str]) -> list[tuple[str, str]]:
    """The addresses of the cells with a figure that have one of some cell formats, and the format's code."""
    found: list[tuple[str, str]] = []
    cell: list[Mapping[str, str]] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == MAIN + "c":
            cell[:] = [attributes]

    def end(name: str, text: str) -> None:
        if name == MAIN + "v" and text and cell and cell[0].get("t", "n") == "n":
            code = formats.get(int(cell[0].get("s", "0")))
            if code is not None:
                found.append((cell[0]["r"], code))

    with damage(), package.container.stream(package.sheets[sheet]) as stream:
        read_markup(stream, start, end)
    return found


__all__ = [
    "Settings",
    "SheetGuards",
    "cells_in",
    "chart_areas",
    "formats_of",
    "guards_of",
    "settings_of",
    "tables_twice",
]
