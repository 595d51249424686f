"""The list of texts that cells refer to by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

from taulukko.xlsx.cells import MAIN, Room, unescaped
from taulukko.xlsx.limits import TEXTS
from taulukko.xlsx.markup import read_markup

_ITEM, _TEXT, _HINT = (MAIN + name for name in ("si", "t", "rPh"))


def read_texts(stream: IO[bytes], room: Room) -> list[str]:
    """The texts in their order, each of all its runs and without phonetic hints.

    Args:
        room: is taken up by the texts.

    Raises:
        WorkbookError: `too_large`.
        ValueError, xml.parsers.expat.ExpatError: the list is damaged.

    Example:
        >>> from io import BytesIO
        >>> xml = '<sst xmlns="%s"><si><r><t>Ris</t></r><r><t>ki</t></r></si><si/></sst>' % MAIN[:-1]
        >>> read_texts(BytesIO(xml.encode()), Room())
        ['Riski', '']
    """
    return runs_of(stream, _ITEM, room)[0]


def runs_of(stream: IO[bytes], item: str, room: Room) -> tuple[list[str], list[Mapping[str, str]]]:
    """The text of each element of a name, made of the runs in it, and its attributes."""
    found: list[str] = []
    attributes: list[Mapping[str, str]] = []
    pieces: list[str] = []
    hints = 0

    def start(name: str, own: Mapping[str, str]) -> None:
        nonlocal hints
        if name == item:
            attributes.append(own)
            pieces.clear()
        elif name == _HINT:
            hints += 1

    def end(name: str, text: str) -> None:
        nonlocal hints
        if name == _TEXT and text and not hints:
            room.take(0, len(text))
            pieces.append(text)
        elif name == _HINT:
            hints -= 1
        elif name == item:
            found.append(unescaped("".join(pieces)))
            if len(found) > TEXTS.most:
                TEXTS.check(len(found))

    read_markup(stream, start, end)
    return found, attributes


__all__ = ["read_texts", "runs_of"]
