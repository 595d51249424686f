"""The entries of a zip file as they stand, byte by byte: what is not changed stays as whoever packed it left it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, BadZipFile

_LOCAL = struct.Struct("<4s5H3I2H")
_LISTED = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_FLAGS, _METHOD, _SUM, _PACKED, _UNPACKED, _NAME, _EXTRA, _COMMENT, _PLACE = 3, 4, 7, 8, 9, 10, 11, 12, 16
"""Fields of what the directory says of an entry."""
_STREAMED = 8
"""The flag of an entry whose sizes stand behind its content."""
_MADE_BY = (3 << 8 | 20, 20)
_JANUARY_1980 = (0, 0x3F)
"""The time that XlsxWriter gives its parts, by which a file is known as nobody has saved it since."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a zip file.

    Attributes:
        packed: its header, its content as packed, and what follows up to the next entry.
        listed: what the directory says of it, its place left out.
    """

    packed: bytes
    listed: bytes

    @property
    def name(self) -> str:
        fields = _LISTED.unpack_from(self.listed)
        return self.listed[_LISTED.size : _LISTED.size + fields[_NAME]].decode("utf-8", "replace")

    def content(self) -> bytes:
        """The part unpacked.

        Raises:
            BadZipFile, zlib.error, struct.error: it is damaged.
        """
        fields = _LISTED.unpack_from(self.listed)
        mark, *_, name, extra = _LOCAL.unpack_from(self.packed)
        start = _LOCAL.size + name + extra
        content = self.packed[start : start + fields[_PACKED]]
        if fields[_METHOD] == ZIP_DEFLATED:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content)
        if mark != b"PK\x03\x04" or zlib.crc32(content) != fields[_SUM]:
            raise BadZipFile(self.name)
        return content

    def holding(self, content: bytes) -> Entry:
        """The entry with another content, packed."""
        packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(content) + packer.flush()
        fields = list(_LISTED.unpack_from(self.listed))
        fields[_FLAGS] &= ~_STREAMED
        fields[_METHOD] = ZIP_DEFLATED
        fields[_SUM : _UNPACKED + 1] = zlib.crc32(content), len(packed), len(content)
        tail = self.listed[_LISTED.size :]
        local = _LOCAL.pack(b"PK\x03\x04", *fields[2 : _UNPACKED + 1], fields[_NAME], 0)
        return Entry(local + tail[: fields[_NAME]] + packed, _LISTED.pack(*fields) + tail)


def entry(name: str, content: bytes) -> Entry:
    """A new entry.

    Example:
        >>> entry("xl/a.xml", b"<a/>").content()
        b'<a/>'
    """
    head = (b"PK\x01\x02", *_MADE_BY, 0, ZIP_DEFLATED, *_JANUARY_1980)
    listed = _LISTED.pack(*head, 0, 0, 0, len(name), 0, 0, 0, 0, 0o100600 << 16, 0)
    return Entry(b"", listed + name.encode("ascii")).holding(content)


def entries(data: bytes) -> list[Entry]:
    """The entries of a zip file, in the order of its directory.

    Raises:
        BadZipFile: it is no zip file, or one of a kind that no spreadsheet program writes: longer than 4 GB, with
            something before, between or after its entries.
        struct.error: it is cut short.
    """
    *_, count, size, start, _ = _END.unpack(data[-_END.size :])
    if data[-_END.size :][:4] != b"PK\x05\x06" or start + size + _END.size != len(data):
        raise BadZipFile("end")
    listed, place = [], start
    for _ in range(count):
        fields = _LISTED.unpack_from(data, place)
        length = _LISTED.size + fields[_NAME] + fields[_EXTRA] + fields[_COMMENT]
        listed.append((fields[_PLACE], _placed(data[place : place + length], 0)))
        place += length
    starts = [first for first, _ in listed]
    if place != start + size or starts != sorted(starts) or starts[:1] != [0]:
        raise BadZipFile("directory")
    ends = [*starts[1:], start]
    return [Entry(data[first:end], one) for (first, one), end in zip(listed, ends, strict=True)]


def joined(parts: Iterable[Entry]) -> bytes:
    """The zip file of some entries.

    Example:
        >>> [one.name for one in entries(joined([entry("a", b"1"), entry("b", b"2")]))]
        ['a', 'b']
    """
    packed, listed, place = [], [], 0
    for part in parts:
        packed.append(part.packed)
        listed.append(_placed(part.listed, place))
        place += len(part.packed)
    directory = b"".join(listed)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(listed), len(listed), len(directory), place, 0)
    return b"".join((*packed, directory, end))


def _placed(listed: bytes, place: int) -> bytes:
    return listed[: _LISTED.size - 4] + struct.pack("<I", place) + listed[_LISTED.size :]


__all__ = ["Entry", "entries", "entry", "joined"]
