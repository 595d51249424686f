"""The compression of VBA sources: [MS-OVBA] 2.4.1. A piece that stood before is told by its distance and length."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator

CHUNK = 4096
SHORTEST = 3
TRIED = 64
"""How many earlier places of the same three bytes are compared, the nearest first."""


def compressed(content: bytes) -> bytes:
    """The content as a compressed container.

    A chunk of 4096 bytes that would not get shorter is kept as it is; if it is the last it is filled up with zeros,
    as the format has no other way, which does not happen to texts.

    Example:
        >>> compressed(b"abcabcabc").hex(" ")
        '01 05 b0 08 61 62 63 03 20'
    """
    return b"\1" + b"".join(_chunk(content[start : start + CHUNK]) for start in range(0, len(content), CHUNK))


def _chunk(content: bytes) -> bytes:
    body = b""
    tokens = list(_tokens(content))
    for start in range(0, len(tokens), 8):
        group = tokens[start : start + 8]
        flags = sum(1 << place for place, token in enumerate(group) if len(token) == 2)
        body += bytes([flags]) + b"".join(group)
    if len(body) > CHUNK:
        return struct.pack("<H", 0x3000 | (CHUNK - 1)) + content.ljust(CHUNK, b"\0")
    return struct.pack("<H", 0xB000 | (len(body) - 1)) + body


def _tokens(content: bytes) -> Iterator[bytes]:
    """One byte for itself, or two for a piece that stood before."""
    places: dict[bytes, list[int]] = defaultdict(list)
    here = 0
    while here < len(content):
        bits = max(4, (here - 1).bit_length()) if here else 4
        longest = (0xFFFF >> bits) + SHORTEST
        length, place = _longest(content, here, places[content[here : here + SHORTEST]][-TRIED:], longest)
        if length:
            yield struct.pack("<H", (here - place - 1) << (16 - bits) | (length - SHORTEST))
        else:
            yield content[here : here + 1]
        for passed in range(here, here + max(length, 1)):
            places[content[passed : passed + SHORTEST]].append(passed)
        here += max(length, 1)


def _longest(content: bytes, here: int, places: list[int], limit: int) -> tuple[int, int]:
    """Length and place of the longest piece that stands here and stood before; (0, 0) for none."""
    best = (0, 0)
    for place in reversed(places):
        length = 0
        while length < limit and here + length < len(content) and content[place + length] == content[here + length]:
            length += 1
        if length >= SHORTEST and length > best[0]:
            best = (length, place)
    return best


__all__ = ["compressed"]
