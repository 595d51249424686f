"""Reads the text of an expression into nodes, with Python's own parser; anything outside the language is refused."""

from __future__ import annotations

import ast
from collections.abc import Callable

from taulukko.formula.functions import FUNCTIONS
from taulukko.formula.nodes import Arithmetic, Call, Choice, Comparison, Constant, Field, Logic, Negation, Node

KindOf = Callable[[str], str]
"""Tells what a path holds: number, text, numbers (a column of numbers), texts; raises KeyError for an unknown one."""

_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "=",
    ast.NotEq: "<>",
}


class ExpressionError(ValueError):
    """An expression that is not in the language; says what is wrong and what would be allowed."""


def parse(text: str, kind_of: KindOf) -> Node:
    """Read one expression.

    Args:
        text: such as `budget - actual`.
        kind_of: what each path holds.

    Raises:
        ExpressionError: the text is not in the language, or names something unknown.

    Example:
        >>> parse("budget - actual", lambda path: "number").excel({"budget": "E12", "actual": "F12"}.__getitem__)
        'IF(COUNT(E12,F12)<2,"",(E12-F12))'
    """
    try:
        tree = ast.parse(text.replace("\n", " ").strip(), mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"not an expression: {text!r} ({error.msg})") from None
    return _shown(_read(tree, kind_of))


def _shown(node: Node) -> Node:
    """A bare cell as what Excel shows: a reference to a blank cell would show 0."""
    if isinstance(node, Field) and node.kind in ("number", "text"):
        return Call(FUNCTIONS["first" if node.kind == "number" else "join_text"], (node,))
    return node


def _branch(node: Node) -> Node:
    """The same for a branch of a choice, where a path with a point is a label or a member and never blank."""
    return node if isinstance(node, Field) and node.kind == "text" and "." in node.path else _shown(node)


def _path(tree: ast.expr) -> str:
    if isinstance(tree, ast.Name):
        return tree.id
    if isinstance(tree, ast.Attribute):
        return f"{_path(tree.value)}.{tree.attr}"
    raise ExpressionError(f"not a path: {ast.unparse(tree)}")


def _read(tree: ast.expr, kind_of: KindOf) -> Node:
    match tree:
        case ast.Constant(value=None | bool() | int() | float() | str() as content):
            return Constant(content)
        case ast.Name() | ast.Attribute():
            path = _path(tree)
            try:
                return Field(path, kind_of(path))
            except KeyError as error:
                known = ", ".join(error.args[1:])
                raise ExpressionError(f"unknown name {path!r}; known: {known}") from None
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            return Arithmetic(_SIGNS[type(op)], _read(left, kind_of), _read(right, kind_of))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return Constant(-number)
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return Negation(_read(part, kind_of))
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return Logic("NOT", (_read(part, kind_of),))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            return Comparison(_COMPARISONS[type(op)], _read(left, kind_of), _read(right, kind_of))
        case ast.BoolOp(op=op, values=values):
            return Logic("AND" if isinstance(op, ast.And) else "OR", tuple(_read(value, kind_of) for value in values))
        case ast.IfExp(test=test, body=then, orelse=other):
            return Choice(_read(test, kind_of), *(_branch(_read(part, kind_of)) for part in (then, other)))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _call(name, args, kind_of)
    raise ExpressionError(f"not in the language: {ast.unparse(tree)}")


def call(name: str, *arguments: Node) -> Call:
    """A named function applied to nodes, for formulas that no template spells."""
    return Call(FUNCTIONS[name], arguments)


def _call(name: str, args: list[ast.expr], kind_of: KindOf) -> Call:
    if name not in FUNCTIONS:
        raise ExpressionError(f"unknown function {name!r}; known: {', '.join(FUNCTIONS)}")
    function = FUNCTIONS[name]
    if not function.least <= len(args) <= function.most:
        raise ExpressionError(f"{name} takes {function.least} to {function.most} arguments, got {len(args)}")
    arguments = [_read(arg, kind_of) for arg in args]
    if name == "say_percent":
        arguments.append(Field("label.decimal_mark", "text"))
    return Call(function, tuple(arguments))
