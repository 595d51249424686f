"""Writes compound files, the file systems within a file that hold VBA projects: [MS-CFB], version 3."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, Union

Tree: TypeAlias = Mapping[str, Union[bytes, "Tree"]]
"""A stream of bytes or a storage of more of them, by name."""

SECTOR, SMALL_SECTOR, ENTRY = 512, 64, 128
SMALL = 4096
"""Streams shorter than this are kept in small sectors."""
STORAGE, STREAM, ROOT = 1, 2, 5
TABLE, END, FREE = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
NOTHING = 0xFFFFFFFF
"""Where an entry of the directory has no other on that side or below."""
NUMBERS = SECTOR // 4
MOST_TABLES = 109
"""Sectors of the allocation table that the header has room for; seven megabytes of content."""

_HEADER = struct.Struct("<8s16x5H6x9I")
_ENTRY = struct.Struct("<64sHBBIII36xIQ")


def compound_file(tree: Tree) -> bytes:
    """A compound file; the same tree gives the same bytes.

    Raises:
        ValueError: a name is longer than 31 characters, or the whole is larger than seven megabytes.

    Example:
        >>> len(compound_file({"VBA": {"dir": b"..."}, "PROJECT": b"Name"}))
        2560
    """
    root = _Entry("Root Entry", ROOT)
    entries = [root, *_entries(tree, root, 1)]
    large, small = _Sectors(SECTOR), _Sectors(SMALL_SECTOR)
    for entry in entries:
        if entry.kind == STREAM:
            entry.start = (small if len(entry.content) < SMALL else large).put(entry.content)
    root.content = bytes(small.content)
    root.start = large.put(root.content)
    small_table = _padded(small.following, NUMBERS)
    first_small = large.put(_packed(small_table))
    entries += [_Entry("", 0, black=False)] * (-len(entries) % (SECTOR // ENTRY))
    first_entry = large.put(b"".join(map(_packed_entry, entries)))
    tables = _tables(len(large.following))
    places = range(len(large.following), len(large.following) + tables)
    table = _padded([*large.following, *[TABLE] * tables], NUMBERS)
    header = _HEADER.pack(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, tables, first_entry, 0, SMALL, first_small, len(small_table) // NUMBERS, END, 0),
    )
    return header + _packed([*places, *[FREE] * (MOST_TABLES - tables)]) + bytes(large.content) + _packed(table)


@dataclass(slots=True)
class _Entry:
    """A line of the directory: what it is, and which entries sort before it, after it and below it."""

    name: str
    kind: int
    content: bytes = b""
    start: int = 0
    before: int = NOTHING
    after: int = NOTHING
    below: int = NOTHING
    black: bool = True


class _Sectors:
    """Contents in sectors of a size, each sector with the number of the one that goes on."""

    def __init__(self, size: int):
        self.size, self.content, self.following = size, bytearray(), list[int]()

    def put(self, content: bytes) -> int:
        """Add a content; its first sector."""
        first, count = len(self.following), -(-len(content) // self.size)
        if not count:
            return END
        self.following += [*range(first + 1, first + count), END]
        self.content += content.ljust(count * self.size, b"\0")
        return first


def _entries(tree: Tree, parent: _Entry, first: int) -> Iterator[_Entry]:
    """The entries below one, the first of which has this number: its own, then those of each storage."""
    names = sorted(tree, key=lambda name: (len(name), name.upper()))
    own = [_entry(name, tree[name]) for name in names]
    parent.below = _balance(own, first, 0, len(own), len(own).bit_length() - 1)
    yield from own
    first += len(own)
    for entry in own:
        content = tree[entry.name]
        if not isinstance(content, bytes):
            below = list(_entries(content, entry, first))
            first += len(below)
            yield from below


def _entry(name: str, content: bytes | Tree) -> _Entry:
    return _Entry(name, STREAM, content) if isinstance(content, bytes) else _Entry(name, STORAGE)


def _balance(entries: list[_Entry], first: int, start: int, end: int, levels: int) -> int:
    """Make a search tree of sorted entries, red on its last level; the number of the one on its top."""
    if start == end:
        return NOTHING
    middle = (start + end) // 2
    entry = entries[middle]
    entry.black = levels > 0 or len(entries) == 1
    entry.before = _balance(entries, first, start, middle, levels - 1)
    entry.after = _balance(entries, first, middle + 1, end, levels - 1)
    return first + middle


def _packed_entry(entry: _Entry) -> bytes:
    name = f"{entry.name}\0".encode("utf-16-le") if entry.name else b""
    if len(name) > 64:
        raise ValueError(f"{entry.name} is longer than 31 characters")
    near = (entry.before, entry.after, entry.below)
    return _ENTRY.pack(name, len(name), entry.kind, entry.black, *near, entry.start, len(entry.content))


def _tables(sectors: int) -> int:
    """How many sectors the allocation table takes, its own included."""
    count = 1
    while count * NUMBERS < sectors + count:
        count += 1
    if count > MOST_TABLES:
        raise ValueError("larger than seven megabytes")
    return count


def _padded(numbers: list[int], to: int) -> list[int]:
    return [*numbers, *[FREE] * (-len(numbers) % to)]


def _packed(numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


__all__ = ["Tree", "compound_file"]
