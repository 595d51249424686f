"""The expression language of the templates: one text, an Excel formula and a value."""

from taulukko.formula.nodes import Node
from taulukko.formula.parse import ExpressionError, parse

__all__ = ["ExpressionError", "Node", "parse"]
