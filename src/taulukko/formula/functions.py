"""All named functions of the expression language, by name; they stay within Excel 2010."""

from __future__ import annotations

from taulukko.formula.aggregates import AGGREGATES
from taulukko.formula.function import Function
from taulukko.formula.scalars import SCALARS
from taulukko.formula.wording import WORDING

FUNCTIONS: dict[str, Function] = {function.name: function for function in (*SCALARS, *AGGREGATES, *WORDING)}
