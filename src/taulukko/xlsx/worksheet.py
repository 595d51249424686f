"""XlsxWriter's worksheet, but quicker, and with what it has no options for."""

from __future__ import annotations

import re
from typing import Any

from xlsxwriter.drawing import Drawing, DrawingTypes
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    Worksheet,
    re_dynamic_function,
    xl_rowcol_to_cell_fast,
)

NEWER = [
    text[2:] for text in Worksheet._prepare_formula.__code__.co_consts if isinstance(text, str) and text.endswith(r"\(")
]
"""The functions that XlsxWriter writes otherwise than they are called, as its patterns without their word boundaries:
a search for all of them at once is then 40 times as quick, and finds no less."""
BRACES = ("{", "}")
"""An array's, which XlsxWriter takes off; told apart, as a search for a set of characters would be slow."""
EXPANDED = re.compile("|".join((*BRACES, *NEWER)))
"""What XlsxWriter may change in a formula."""
EXPANDED_IN_CELLS = re.compile("|".join((*BRACES, *(name for name in NEWER if name in re_dynamic_function.pattern))))
"""What it may change in the formula of a cell."""


class QuickWorksheet(Worksheet):  # type: ignore[misc]
    """Writes what XlsxWriter does, which searches each formula up to 153 times for functions that ours have none of.

    The heights of prose rows are written without customHeight, so that they grow when somebody writes more.
    """

    def __init__(self) -> None:
        super().__init__()
        self.prose_rows: set[int] = set()

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        if EXPANDED.search(formula):
            return str(super()._prepare_formula(formula, expand_future_functions))
        return formula.removeprefix("=")

    def _write_formula(self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0) -> int:
        if not formula or self.use_future_functions or EXPANDED_IN_CELLS.search(formula):
            return int(super()._write_formula(row, col, formula, cell_format, value))
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(formula.removeprefix("="), cell_format, value)
        return 0

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Write a cell in one piece; what ours never are is left to XlsxWriter."""
        content = self._content(cell) if cell.format else ""
        if content:
            place, style = xl_rowcol_to_cell_fast(row, col), cell.format._get_xf_index()
            self.fh.write(f'<c r="{place}" s="{style}"{content}')
        else:
            super()._write_cell(row, col, cell)

    def _content(self, cell: Any) -> str:
        """What follows the place and the style of a cell; nothing when it is of no common kind."""
        kind = type(cell)
        if kind is CellNumberTuple:
            return f"><v>{cell.number:.16G}</v></c>"
        if kind is CellStringTuple:
            return f' t="s"><v>{cell.string}</v></c>'
        if kind is CellBlankTuple:
            return "/>"
        if kind is CellFormulaTuple:
            formula, value = self._escape_data(cell.formula), cell.value
            if type(value) in (float, int):
                return f"><f>{formula}</f><v>{value}</v></c>"
            if type(value) is str and value[:1] != "#":
                type_ = ' t="str"' if value else ""
                return f"{type_}><f>{formula}</f><v>{self._escape_data(value)}</v></c>"
        return ""

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        if tag == "row" and attributes[0][1] - 1 in self.prose_rows:
            attributes = [pair for pair in attributes if pair[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _prepare_shape(self, index: int, drawing_id: int) -> None:
        super()._prepare_shape(index, drawing_id)
        options = self.shapes[index][8]
        self.drawing.drawings[-1]._name = options["name"]
        self.drawing.__class__ = _Drawing


class _Drawing(Drawing):  # type: ignore[misc]
    """Writes the names of shapes, by which an add-in knows them, and that they are not printed."""

    def _write_c_nv_pr(self, index: int, drawing: Any, name: str) -> None:
        self.is_shape = drawing._drawing_type is DrawingTypes.SHAPE
        super()._write_c_nv_pr(index, drawing, drawing._name or name)

    def _write_client_data(self) -> None:
        self._xml_empty_tag("xdr:clientData", [("fPrintsWithSheet", 0)] if self.is_shape else [])


__all__ = ["QuickWorksheet"]
