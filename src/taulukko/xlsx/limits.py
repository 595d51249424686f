"""How large a workbook from somebody's mail may be; `docs/limits.md` tells it in plain words.

A workbook of ours has some twenty sheets, 10 000 filled cells and 100 kB. The limits leave it room to grow to two
hundred units or twenty thousand records, and keep any other file from taking more than some seconds and half a
gigabyte. What would be larger is not built: see `size`.
"""

from __future__ import annotations

from typing import NamedTuple

from taulukko.errors import Finding, WorkbookError

MEGABYTE = 1024 * 1024


class Limit(NamedTuple):
    """The largest number of something.

    Attributes:
        name: what is counted, a key of the messages.
        most: the number that is told.
        unit: how many of what is counted make one of that number.
    """

    name: str
    most: int
    unit: int = 1

    def check(self, found: int) -> None:
        """Refuse what is more than the limit.

        Raises:
            WorkbookError: `too_large`.

        Example:
            >>> SHEETS.check(250)
            >>> SHEETS.check(251)
            Traceback (most recent call last):
            taulukko.errors.WorkbookError: too_large: sheets
        """
        if found > self.most * self.unit:
            most = f"{self.most:,}".replace(",", " ")
            raise WorkbookError(Finding("too_large", found=self.name, expected=(most,)))


FILE = Limit("file", 32, MEGABYTE)
"""The file as it is."""
UNPACKED = Limit("unpacked", 256, MEGABYTE)
"""All parts unpacked. Sheets and texts are read as they are unpacked and never held whole."""
RATIO = Limit("ratio", 200)
"""Bytes unpacked for each byte packed; a workbook of ours has about 8, LibreOffice's copy of it about 10."""
PARTS = Limit("parts", 2_000)
PART = Limit("part", 4, MEGABYTE)
"""Any part but a sheet or the texts."""
TAG = Limit("tag", 1, MEGABYTE)
"""A tag, comment or other piece of XML that the parser takes whole."""
DEPTH = Limit("depth", 64)
"""Elements within one another."""
SHEETS = Limit("sheets", 250)
NAMES = Limit("names", 20_000)
TEXTS = Limit("texts", 200_000)
"""Different texts in the list that cells refer to."""
CELLS = Limit("cells", 400_000)
"""Cells that hold something, in all sheets; empty ones with a look are skipped however many they are."""
CHARACTERS = Limit("characters", 30, 1_000_000)
"""Texts and formulas in all; a formula that many cells of a sheet have counts once, one that is worked out for each of
them, as it refers to other cells in each, four times for each."""
LONGEST = Limit("longest", 100_000)
"""Characters of one text, formula or value; Excel holds 32 767 in a cell."""
FACTS = Limit("facts", 50_000)
"""Rows of the sheet that says what a workbook was laid out from."""
ADDED = Limit("added", 2_000)
"""Rows that somebody has added to the tables since the workbook was built."""

FORMULA_LENGTH = Limit("formula_length", 8_192)
"""Excel's own: characters of a formula."""
TEXT_LENGTH = Limit("text_length", 32_767)
"""Excel's own: characters in a cell."""
ARGUMENTS = Limit("arguments", 255)
"""Excel's own: arguments of a function."""

LIMITS = (
    FILE,
    UNPACKED,
    RATIO,
    PARTS,
    PART,
    TAG,
    DEPTH,
    SHEETS,
    NAMES,
    TEXTS,
    CELLS,
    CHARACTERS,
    LONGEST,
    FACTS,
    ADDED,
)
EXCEL = (FORMULA_LENGTH, TEXT_LENGTH, ARGUMENTS)

__all__ = ["EXCEL", "LIMITS", "MEGABYTE", "Limit", *(limit.name.upper() for limit in (*LIMITS, *EXCEL))]
