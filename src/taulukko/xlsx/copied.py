"""A sheet that is a copy of one of ours: what stands in it otherwise than in the one that is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from taulukko.errors import Finding
from taulukko.formula.addresses import address
from taulukko.xlsx.cells import BLANK, Cells
from taulukko.xlsx.entries import shown
from taulukko.xlsx.package import Package

ALIKE = 0.8
"""Of the filled cells of both, so many say the same in the same place."""


def original_of(package: Package, title: str, ours: Collection[str]) -> str | None:
    """The title of the sheet that a sheet was copied from; None when it is no copy."""
    cells = _texts(package.cells(title))
    shares = {one: _alike(cells, _texts(package.cells(one))) for one in ours if one in package.sheets}
    best = max(shares, key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] >= ALIKE else None


def differences(package: Package, copy: str, original: str, inputs: Collection[str]) -> Iterator[Finding]:
    """That a sheet is a copy, and each input in which it differs: `found` in the copy, `expected` in what was read.

    What else has been typed in the copy is told as what was added.

    Args:
        inputs: `Sheet!A1` of each input cell that was read.
    """
    there, here = package.cells(copy), package.cells(original)
    places = [place for place in sorted({*there, *here}) if f"{original}!{address(*place)}" in inputs]
    texts = {place: (shown(there.get(place, BLANK)), shown(here.get(place, BLANK))) for place in places}
    differing = {place: both for place, both in texts.items() if both[0] != both[1]}
    yield Finding("sheet_copied", place=copy, found=str(len(differing)), expected=(original,))
    for place, (found, read) in differing.items():
        yield Finding("copy_differs", place=f"{copy}!{address(*place)}", found=found, expected=(read,))
    read_texts = _texts(here)
    for place, text in _texts(there).items():
        if place not in texts and read_texts.get(place) != text and here.get(place, BLANK).formula is None:
            yield Finding("cell_added", place=f"{copy}!{address(*place)}", found=text)


def _texts(cells: Cells) -> dict[tuple[int, int], str]:
    """What stands in the cells that nobody computes."""
    return {place: text for place, cell in cells.items() if cell.formula is None and (text := shown(cell).strip())}


def _alike(one: dict[tuple[int, int], str], other: dict[tuple[int, int], str]) -> float:
    same = sum(other.get(place) == text for place, text in one.items())
    return same / max(len(one), len(other), 1)


__all__ = ["differences", "original_of"]
