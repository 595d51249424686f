"""How a program's formulas are written in a workbook as it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from taulukko.formula.addresses import address, beside_text, letters
from taulukko.formula.values import is_written, number_text, quoted
from taulukko.program.layout import GoneError, Layout
from taulukko.program.spelling import is_alike

Spelling = bool | None
"""Whether columns of tables are written by the names of the tables; when None, of those tables that are there."""
ROW, PLACE = "\0", "\1"
"""Stand in the text of a formula for the number of its row, and around that of a reference."""
_SPECIAL = re.compile(r"[\[\]#']")
"""Characters of a header that Excel marks with an apostrophe."""


@dataclass(slots=True, repr=False)
class Texts:
    """Writes each formula when it is first asked for."""

    layout: Layout
    _referred: dict[tuple[int, int, Spelling], str] = field(default_factory=dict)
    """How a reference is written on a sheet, with ROW for the number of the row."""
    _spelled: dict[tuple[int, tuple[int | str, ...]], list[str]] = field(default_factory=dict)
    """The pieces between the references of a tree, by its identity and by which of its references are the same, or are
    numbers."""
    _texts: dict[tuple[int, int, Spelling], str] = field(default_factory=dict)
    """Likewise, a formula."""

    def text(self, number: int, sheet: int, row: int, spelling: Spelling = None) -> str:
        """The text of a formula, by its number, in a row of a sheet; empty when cells it refers to are gone."""
        key = (number, sheet, spelling)
        if key not in self._texts:
            try:
                self._texts[key] = self._written(*key)
            except GoneError:
                self._texts[key] = ""
        text = self._texts[key]
        return text.replace(ROW, str(row + 1)) if ROW in text else text

    def is_text_of(self, formula: str, number: int, sheet: int, row: int) -> bool:
        """Whether a text is that of a formula there, however it is spelled.

        Where a table was turned into a range, or into a table again, cells stand by their addresses.
        """
        text = self.text(number, sheet, row, "[" in formula)
        return text == formula or is_alike(text, formula, self.layout.titles[sheet])

    def link(self, sheet: int, row: int, column: int) -> str:
        """Where a link leads to a cell."""
        place = address(self.layout.standing(sheet, row), self.layout.column(sheet, column), 0)
        return f"#{self._title(sheet)}!{place}"

    def _written(self, number: int, sheet: int, spelling: Spelling) -> str:
        """The text of a formula wherever it stands on a sheet, with ROW for the number of its row.

        Raises:
            GoneError: cells it refers to are gone.
        """
        formula = self.layout.program.formulas[number]
        texts = [self._referred_to(one, sheet, spelling) for one in formula.references]
        alike = tuple(text if is_written(text) else texts.index(text) for text in texts)
        if (id(formula.node), alike) not in self._spelled:
            places = [one if isinstance(one, str) else f"{PLACE}{one}{PLACE}" for one in alike]
            spelled = formula.node.excel(lambda path: places[int(path)])
            self._spelled[id(formula.node), alike] = spelled.split(PLACE)
        pieces = self._spelled[id(formula.node), alike]
        return "".join(texts[int(piece)] if place % 2 else piece for place, piece in enumerate(pieces))

    def _referred_to(self, number: int, on: int, spelling: Spelling) -> str:
        key = (number, on, spelling)
        if key not in self._referred:
            self._referred[key] = self._refer(*key)
        return self._referred[key]

    def _refer(self, number: int, on: int, spelling: Spelling) -> str:
        reference = self.layout.program.references[number]
        kind, *parts = reference
        match kind:
            case "=":
                return quoted(parts[0]) if isinstance(parts[0], str) else number_text(parts[0])
            case "link":
                return quoted(self.link(*parts))
            case "node":
                return self._written(parts[0], on, spelling)
            case "name" | "names":
                return str(parts[0])
            case "column" | "this":
                return self._of_table(kind == "this", parts[0], parts[1], spelling)
            case "row":
                return address(0, self.layout.column(on, parts[1]), parts[0])[:-1] + ROW
            case "beside":
                top, bottom = (self.layout.standing(on, row) + 1 for row in parts[2:4])
                cells, keys = (f"${letters(self.layout.column(on, one))}" for one in parts[:2])
                ends = f"${top}:{{0}}${bottom}"
                return beside_text(cells + ends.format(cells), keys + ends.format(keys), keys + ROW, parts[4])
        sheet, top, left, bottom, right = self.layout.program.area_of(reference, on)
        rows = [self.layout.standing(sheet, row) for row in (top, bottom)]
        columns = [self.layout.column(sheet, column) for column in (left, right)]
        first, last = (
            address(row, column, 2 if kind == "far" else parts[0]) for row, column in zip(rows, columns, strict=True)
        )
        if kind == "far":
            cells = first if first == last else f"{first}:{last}"
            return f"{self._title(sheet)}!{cells}"
        return f"{first}:{last}" if len(parts) > 3 else first

    def _of_table(self, is_this_row: bool, number: int, place: int, spelling: Spelling) -> str:
        """A column of a table, or its cell in a formula's own row: by the table's name, or by address.

        So Excel writes it where the table was turned into a range.
        """
        table, rows = self.layout.program.tables[number], self.layout.rows[number]
        if table.name.lower() in self.layout.book.tables if spelling is None else spelling:
            header = self._header(number, place)
            return f"{table.name}[[#This Row],[{header}]]" if is_this_row else f"{table.name}[{header}]"
        if not rows:
            raise GoneError
        title, column = self._title(table.area.sheet), self.layout.column(table.area.sheet, place)
        if is_this_row:
            return f"{title}!${letters(column)}{ROW}"
        return f"{title}!{address(rows.start, column, 2)}:{address(rows.stop - 1, column, 2)}"

    def _title(self, sheet: int) -> str:
        return "'{}'".format(self.layout.titles[sheet].replace("'", "''"))

    def _header(self, table: int, place: int) -> str:
        """The header of a table's column as it reads now."""
        area = self.layout.program.tables[table].area
        row, column = self.layout.rows[table].start - 1, self.layout.column(area.sheet, place)
        header = str(self.layout.book.value(self.layout.titles[area.sheet], row, column) or "")
        return _SPECIAL.sub(r"'\g<0>", header)


__all__ = ["Spelling", "Texts"]
