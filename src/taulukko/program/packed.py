"""A program packed into texts that cells hold, and read from them again: only what a build makes is taken."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from taulukko.errors import Finding
from taulukko.formula.addresses import GIVEN_KEY, NOTES_KEY
from taulukko.formula.data import from_data
from taulukko.program.host import RefusedError
from taulukko.program.program import (
    KIND,
    Area,
    Formula,
    Guard,
    Input,
    Line,
    Mark,
    Program,
    Proposal,
    Reference,
    Rule,
    Sent,
    Sheet,
    Statement,
    Status,
    Table,
)

SCHEMA = 2
READ = (1, SCHEMA)
"""The schemas that are read: all that there have been. In the first, findings were said in words of the program."""
ROOM = 30_000
"""Characters of one chunk, a little less than a cell holds."""
LARGEST = 32 * 1024 * 1024
"""Bytes of a program; one of ours has some 200 000."""
CELLS = 1_000_000
"""Cells that are filled in; a workbook that can be read has less than half as many."""
LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
_NAME = re.compile(r"[\w.]+")


class ProgramError(RefusedError):
    """There is no program, or none that can be read here: `program_missing`, `program_damaged` or `other_version`."""


def pack(data: dict[str, Any]) -> list[str]:
    """A program's data as texts that cells hold.

    Example:
        >>> unpack(pack({"schema": 1}))
        {'schema': 1}
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(zlib.compress(text.encode(), 6)).decode()
    return [packed[start : start + ROOM] for start in range(0, len(packed), ROOM)]


def unpack(chunks: Iterable[str], most: int = LARGEST) -> dict[str, Any]:
    """The data that `pack` was given.

    Raises:
        ProgramError: the texts are damaged.
    """
    try:
        packed = base64.b64decode("".join(chunks), validate=True)
        data = json.loads(zlib.decompressobj().decompress(packed, most))
    except (ValueError, RecursionError, zlib.error) as error:
        raise ProgramError(Finding("program_damaged")) from error
    if not isinstance(data, dict):
        raise ProgramError(Finding("program_damaged"))
    return data


def find_program(rows: Iterable[Sequence[Any]]) -> Program:
    """The program among the rows of the sheet that carries it.

    Raises:
        ProgramError: there is none, it is damaged, or it is of another version.
    """
    chunks = [str(row[2]) for row in rows if len(row) > 2 and row[0] == KIND]
    if not chunks:
        raise ProgramError(Finding("program_missing"))
    data = unpack(chunks)
    if data.get("schema") not in READ:
        raise ProgramError(Finding("other_version", found=str(data.get("schema")), expected=tuple(map(str, READ))))
    try:
        return load(data)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ProgramError(Finding("program_damaged")) from error


def load(data: dict[str, Any]) -> Program:
    """A program from its data.

    Raises:
        LookupError, TypeError, ValueError: it is no program.
    """
    trees = [from_data(tree) for tree in data["trees"]]
    rules = [Rule(kind, words, low, high, bool(warn)) for kind, words, low, high, *_, warn in data["rules"]]
    program = Program(
        language=data["language"],
        sheets=tuple(_sheet(*parts) for parts in data["sheets"]),
        names={name: Area(*area) for name, area in data["names"].items()},
        tables=tuple(
            Table(name, Area(*area), tuple(keys), key, dict(computed), *columns)
            for name, area, keys, key, computed, *columns in data["tables"]
        ),
        formulas=tuple(Formula(trees[tree], tuple(references)) for tree, *references in data["formulas"]),
        references=tuple(map(tuple, data["references"])),
        inputs=tuple(Input(rules[rule], name, bool(one), Area(*area)) for rule, name, one, *area in data["inputs"]),
        statuses=tuple(Status(name, Area(*area)) for name, *area in data["statuses"]),
        proposals=tuple(Proposal(name, formula, Area(*area)) for name, formula, *area in data["proposals"]),
        statements=tuple(
            Statement(section, unit, sheet, columns, tuple(Line(*line) for line in lines))
            for section, unit, sheet, columns, lines in data["statements"]
        ),
        checks=data["checks"],
        words=data["words"],
        sent=_sent(**data["sent"]) if "sent" in data else Sent(),
    )
    _check(program)
    return program


def _check(program: Program) -> None:
    """Refuse what no build makes: a name of nothing, an expression within itself, cells that no sheet has.

    Raises:
        ValueError: the program is not as a build makes it.
    """
    if not all(_NAME.fullmatch(name) for name in (*program.names, *(table.name for table in program.tables))):
        raise ValueError("names")
    if not all(_is_reference(one, program) for one in program.references):
        raise ValueError("references")
    filled, sent = [one.area for one in program.inputs], program.sent
    areas = [*filled, *program.names.values(), *(table.area for table in program.tables), *sent.charts]
    areas += [*(one.area for one in program.statuses), *(one.area for one in program.proposals)]
    areas += [Area(sheet, row, column, row, column) for sheet, row, column, _ in sent.thresholds]
    if not all(_is_area(one, len(program.sheets)) for one in areas):
        raise ValueError("areas")
    if sum(one.bottom - one.top + 1 for one in filled) > CELLS:
        raise ValueError("inputs")
    if any(len(parts) not in (0, len(program.sheets)) for parts in (sent.fixed, sent.guards)):
        raise ValueError("sent")
    inner = [one[1] if one[0] == "node" else -1 for one in program.references]
    names: dict[int, set[int]] = {}  # of each tree, which many formulas share
    for number, (node, references) in enumerate(program.formulas):
        if id(node) not in names:
            names[id(node)] = {*map(int, node.paths())}
        if not names[id(node)] <= {*range(len(references))}:
            raise ValueError(f"formula {number}")
        if not all(inner[one] < number for one in references):
            raise ValueError(f"formula {number}")


def _is_area(area: Area, sheets: int) -> bool:
    """Whether a sheet has such cells."""
    sheet, top, left, bottom, right = area
    return 0 <= sheet < sheets and 0 <= top <= bottom <= LAST_ROW and 0 <= left <= right <= LAST_COLUMN


def _is_reference(reference: Reference, program: Program) -> bool:
    """Whether a reference leads somewhere."""
    sheets, tables = range(len(program.sheets)), range(len(program.tables))
    match reference:
        case ("=", str() | float() | int()):
            return True
        case ("node", int() as place):
            return place in range(len(program.formulas))
        case ("name" | "names", name):
            return name in program.names
        case ("column" | "this", table, int()):
            return table in tables
        case ("row", 0 | 1 | 2, int()):
            return True
        case ("beside", int(), int(), int(), int(), into):
            return into in (NOTES_KEY, GIVEN_KEY, "")
        case ("own", 0 | 1 | 2, int(), int(), *_):
            return len(reference) in (4, 6)
        case ("far" | "link", sheet, int(), int(), *_):
            return sheet in sheets and len(reference) in (4, 6)
    return False


def _sent(
    fixed: list[list[list[int]]],
    thresholds: list[list[Any]],
    sheets: list[list[int]],
    charts: list[list[int]],
    formats: list[str],
) -> Sent:
    return Sent(
        tuple(tuple((row, column, mark) for row, column, mark in marks) for marks in fixed),
        tuple((sheet, row, column, float(value)) for sheet, row, column, value in thresholds),
        tuple(Guard(*map(bool, guard)) for guard in sheets),
        tuple(Area(*area) for area in charts),
        tuple(map(str, formats)),
    )


def _sheet(key: str, title: str, cells: list[list[int]], marks: list[list[int]]) -> Sheet:
    placed = {
        (row, column): formula
        for formula, *places in cells
        for row, column in zip(places[::2], places[1::2], strict=True)
    }
    return Sheet(key, title, placed, tuple(Mark(row, mark, tuple(columns)) for row, mark, *columns in marks))


__all__ = ["SCHEMA", "ProgramError", "find_program", "load", "pack", "unpack"]
