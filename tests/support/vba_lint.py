"""What Excel's compiler would refuse in a module of VBA, found without Excel: rules of [MS-VBAL], and its grammar.

LibreOffice forgives much of it, such as a continuation without a space before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

LINE, NAME, CONTINUATIONS = 1023, 255, 24
"""Characters of a line, of a name, and lines that go on one line: more Excel does not take."""
ATTRIBUTES = {
    *("VB_Name", "VB_Base", "VB_GlobalNameSpace", "VB_Creatable", "VB_PredeclaredId", "VB_Exposed"),
    *("VB_TemplateDerived", "VB_Customizable", "VB_Description", "VB_Invoke_Func", "VB_UserMemId", "VB_ProcData"),
}
SCOPE = r"(?:(?:Public|Private|Friend|Static|Global)\s+)*"
PROCEDURE = re.compile(rf"{SCOPE}(Sub|Function|Property)\s+(?:(?:Get|Let|Set)\s+)?(\w+)\s*(?:\((.*)\))?.*", re.I)
BLOCKS = {
    **{word: rf"{SCOPE}{word}\b" for word in ("sub", "function", "property", "type", "enum")},
    "if": r"if\b.*\bthen$",
    "select": r"select\s+case\b",
    "with": r"with\b",
    "for": r"for\b",
    "do": r"do\b",
    "while": r"while\b",
}
"""How each kind of block begins, as a whole statement."""
ENDS = {"next": "for", "loop": "do", "wend": "while"}
INSIDE = {"else": "if", "elseif": "if", "case": "select"}
DECLARED = re.compile(rf"(?:Dim|ReDim|Const|{SCOPE}Const|Static|Public|Private|Global)\s+(.*)", re.I)
SET = re.compile(
    r"(?:(?:Set|Let)\s+)?([A-Za-z]\w*)(?:\([^=]*\))?\s*=\s*(?!=)|For\s+(?:Each\s+)?(\w+)\s*(?:=|In\b)", re.I
)


class Fault(NamedTuple):
    """What is wrong, and in which line, from 1."""

    rule: str
    line: int


class Statement(NamedTuple):
    """A whole statement without comment, texts emptied, and the line it begins in."""

    text: str
    line: int


def faults(source: str, callbacks: tuple[str, ...] = (), own: bool = True) -> list[Fault]:
    """Everything that is wrong with a module.

    Args:
        callbacks: procedures that the ribbon calls, which the module has.
        own: whether it is written by us, and so declares all of its variables.
    """
    lines = source.replace("\r\n", "\n").split("\n")
    found = [*_written(source, lines), *_continued(lines), *_attributes(lines), *_conditions(lines)]
    if not any(fault.rule == "condition" for fault in found):
        for mac in (True, False):
            statements = list(_statements(_compiled(lines, mac)))
            found += [*_blocks(statements), *_names(statements), *_callbacks(statements, callbacks)]
            found += _declared(statements) if own else ()
    return sorted(set(found), key=lambda fault: (fault.line, fault.rule))


def _written(source: str, lines: list[str]) -> Iterator[Fault]:
    for number, line in enumerate(lines, 1):
        if len(line) > LINE:
            yield Fault("line too long", number)
        if line.encode("cp1252", "ignore").decode("cp1252") != line:
            yield Fault("no such character in cp1252", number)
        if _bare(line).count('"') % 2:
            yield Fault("text without an end", number)
    if re.search(r"\r(?!\n)", source):
        yield Fault("line end", 1)


def _continued(lines: list[str]) -> Iterator[Fault]:
    run = 0
    for number, line in enumerate(lines, 1):
        code = _bare(line).rstrip()
        run = run + 1 if code.endswith("_") else 0
        if re.search(r"[^\s\w]_$", code):
            yield Fault("continuation without a space", number)
        if run == CONTINUATIONS + 1:
            yield Fault("too many continuations", number)


def _attributes(lines: list[str]) -> Iterator[Fault]:
    named = [line for line in lines if line.startswith('Attribute VB_Name = "')]
    if len(named) != 1 or not lines[0].startswith("Attribute VB_Name"):
        yield Fault("module without a name", 1)
    for number, line in enumerate(lines, 1):
        if line.startswith("Attribute "):
            word, equals, _ = line.removeprefix("Attribute ").partition(" = ")
            if not equals or word.rpartition(".")[2] not in ATTRIBUTES:
                yield Fault("attribute", number)


def _conditions(lines: list[str]) -> Iterator[Fault]:
    """Blocks of the compiler's own conditions."""
    depth = 0
    for number, line in enumerate(lines, 1):
        word = line.strip().lower()
        depth += word.startswith("#if ")
        if not depth and word.startswith(("#else", "#end if")):
            yield Fault("condition", number)
        depth -= word.startswith("#end if")
    if depth > 0:
        yield Fault("condition", len(lines))


def _blocks(statements: list[Statement]) -> Iterator[Fault]:
    open_blocks: list[tuple[str, int]] = []
    for text, line in statements:
        words = " ".join(text.lower().split())
        ended = ENDS.get(words.partition(" ")[0])
        if words.startswith("end "):
            ended = words.removeprefix("end ")
        inside = INSIDE.get(words.partition(" ")[0].rstrip(":"))
        if ended:
            if not open_blocks or open_blocks.pop()[0] != ended:
                yield Fault("block", line)
                return
        elif inside:
            if not open_blocks or open_blocks[-1][0] != inside:
                yield Fault("block", line)
                return
        else:
            open_blocks += [(kind, line) for kind, start in BLOCKS.items() if re.match(start, words, re.I)]
    yield from (Fault("block", line) for _, line in open_blocks)


def _names(statements: list[Statement]) -> Iterator[Fault]:
    procedures: set[str] = set()
    for text, line in statements:
        if any(len(word) > NAME for word in re.findall(r"\w+", text)):
            yield Fault("name too long", line)
        found = _procedure(text)
        if found and found[1].lower() != "property":
            if found[2].lower() in procedures:
                yield Fault("name twice", line)
            procedures.add(found[2].lower())


def _callbacks(statements: list[Statement], callbacks: tuple[str, ...]) -> Iterator[Fault]:
    found = {one[2]: (one[1].lower(), one[3] or "", line) for text, line in statements if (one := _procedure(text))}
    for name in callbacks:
        kind, parameters, line = found.get(name, ("", "", 1))
        if kind != "sub" or not re.fullmatch(r"(ByRef |ByVal )?\w+ As IRibbonControl", parameters.strip(), re.I):
            yield Fault("callback", line)


def _declared(statements: list[Statement]) -> Iterator[Fault]:
    """Every variable that is set is declared, and the module demands it."""
    if not any(re.fullmatch(r"option explicit", text, re.I) for text, _ in statements):
        yield Fault("no Option Explicit", 1)
    module: set[str] = set()
    known: set[str] | None = None
    for text, line in statements:
        procedure = _procedure(text)
        if procedure:
            known = {procedure[2].lower(), *_declared_in(procedure[3] or "")}
        elif re.match(r"end (sub|function|property)\b", text, re.I):
            known = None
        elif declared := DECLARED.fullmatch(text):
            (module if known is None else known).update(_declared_in(declared[1]))
        elif known is not None and (given := SET.match(text)):
            name = (given[1] or given[2]).lower()
            if name not in known | module:
                yield Fault("not declared", line)


def _declared_in(text: str) -> Iterator[str]:
    for one in text.split(","):
        found = re.match(r"\s*(?:(?:Optional|ByVal|ByRef|ParamArray|WithEvents)\s+)*(\w+)", one, re.I)
        if found:
            yield found[1].lower()


def _procedure(text: str) -> re.Match[str] | None:
    return None if re.match(r"(end|exit|declare)\b", text, re.I) else PROCEDURE.fullmatch(text)


def _statements(lines: list[str]) -> Iterator[Statement]:
    """Statements with continued lines joined, texts emptied, comments, labels and attributes taken away."""
    joined, first = "", 0
    for number, line in enumerate(lines, 1):
        code = _bare(line).rstrip()
        first = first or number
        if re.search(r"(^|\s)_$", code):
            joined += code[:-1]
            continue
        whole = re.sub(r'"[^"]*"', '""', joined + code).strip()
        joined, start, first = "", first, 0
        if whole.startswith("Attribute "):
            continue
        for part in re.split(r":(?!=)", whole):
            if part.strip():
                yield Statement(part.strip(), start)


def _bare(line: str) -> str:
    """A line without its comment."""
    if re.match(r"\s*Rem\s", line, re.I):
        return ""
    outside = True
    for place, letter in enumerate(line):
        if letter == '"':
            outside = not outside
        elif outside and letter == "'":
            return line[:place]
    return line


def parsed(source: str, mac: bool) -> list[str]:
    """What the grammar does not take in a module as one system compiles it; one of ANTLR's, made by others."""
    return _parsed("\r\n".join(_compiled(source.replace("\r\n", "\n").split("\n"), mac)))


@cache
def _parsed(text: str) -> list[str]:
    from antlr4 import CommonTokenStream, InputStream
    from antlr4.error.ErrorListener import ErrorListener
    from antlr4_vba.vbaLexer import vbaLexer
    from antlr4_vba.vbaParser import vbaParser

    found: list[str] = []

    class Listener(ErrorListener):
        def syntaxError(self, _: Any, __: Any, line: int, column: int, said: str, ___: Any) -> None:  # noqa: N802
            found.append(f"{line}:{column} {said}")

    lexer = vbaLexer(InputStream(text))
    parser = vbaParser(CommonTokenStream(lexer))
    for one in (lexer, parser):
        one.removeErrorListeners()
        one.addErrorListener(Listener())
    parser.startRule()
    return found


def _compiled(lines: list[str], mac: bool) -> list[str]:
    """The lines that one system compiles; the others are left blank, and so is what only a file has."""
    taken: list[tuple[bool, bool]] = []
    found = []
    for line in lines:
        word = line.strip().lower()
        if word.startswith("#if "):
            holds = _holds(word.removeprefix("#if"), mac)
            taken.append((holds, holds))
        elif word.startswith("#elseif "):
            done = taken[-1][1]
            holds = not done and _holds(word.removeprefix("#elseif"), mac)
            taken[-1] = (holds, done or holds)
        elif word.startswith("#else"):
            taken[-1] = (not taken[-1][1], True)
        elif word.startswith("#end if"):
            taken.pop()
        elif all(holds for holds, _ in taken) and not re.match(r"attribute vb_(?!name)|#const", word):
            found.append(line)
            continue
        found.append("")
    return found


def _holds(condition: str, mac: bool) -> bool:
    words = " ".join(condition.removesuffix("then").split())
    return {"mac": mac, "not mac": not mac, "win64": not mac, "vba7": True, 'app = "microsoft excel"': True}.get(
        words, False
    )


__all__ = ["CONTINUATIONS", "LINE", "NAME", "Fault", "faults", "parsed"]
