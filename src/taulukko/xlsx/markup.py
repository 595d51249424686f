"""Reads XML as it is unpacked, element by element, and builds nothing.

What XML could be abused for is refused: document types and with them all entities, endless tags, texts and nesting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import IO
from xml.parsers.expat import ParserCreate, XMLParserType

from taulukko.errors import Finding, WorkbookError
from taulukko.xlsx.limits import DEPTH, LONGEST, TAG

CHUNK = 64 * 1024
LIGHT = 256 * 1024
"""Bytes in which elements cannot be nested so deep that it would matter."""

Start = Callable[[str, Mapping[str, str]], None]
"""Takes an element's name and attributes; a name with a namespace is `http://...main}name`."""
End = Callable[[str, str], None]
"""Takes an element's name and the text since the last start or end of an element."""


def read_markup(
    stream: IO[bytes], start: Start | None = None, end: End | None = None, said: Callable[[str], None] | None = None
) -> None:
    """Read a document of UTF-8 from its beginning to its end, telling where elements start and end.

    Args:
        said: takes each piece of text where it stands, for documents in which elements stand between texts.

    Raises:
        WorkbookError: `dangerous` for a document type, `too_large`.
        ValueError, xml.parsers.expat.ExpatError: it is not well-formed.

    Example:
        >>> from io import BytesIO
        >>> read_markup(BytesIO(b"<a>1 &lt; 2</a>"), end=print)
        a 1 < 2
    """
    _Reading(start, end, said).run(stream)


class _Reading:
    def __init__(self, start: Start | None, end: End | None, said: Callable[[str], None] | None):
        self.depth, self.length = 0, 0
        self.pieces: list[str] = []
        self.start, self.end, self.said = start, end, said
        self.parser = parser = strict_parser()
        parser.StartElementHandler, parser.EndElementHandler = self._started, self._ended
        parser.CharacterDataHandler = self._said

    def run(self, stream: IO[bytes]) -> None:
        fed = 0
        while chunk := stream.read(CHUNK):
            self.parser.Parse(chunk, False)
            fed += len(chunk)
            TAG.check(fed - max(self.parser.CurrentByteIndex, 0))
        self.parser.Parse(b"", True)

    def _started(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth > DEPTH.most:
            DEPTH.check(self.depth)
        self._forget()
        if self.start:
            self.start(name, attributes)

    def _ended(self, name: str) -> None:
        self.depth -= 1
        if self.end:
            self.end(name, "".join(self.pieces))
        self._forget()

    def _said(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST.most:
            LONGEST.check(self.length)
        self.pieces.append(text)
        if self.said:
            self.said(text)

    def _forget(self) -> None:
        if self.pieces:
            self.pieces, self.length = [], 0


def strict_parser() -> XMLParserType:
    """A parser of UTF-8 that refuses a document type, and so knows no entities."""
    parser = ParserCreate("utf-8", "}")
    parser.buffer_text = True
    parser.XmlDeclHandler = _declared
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise ValueError(encoding)


def _refuse(*_declaration: object) -> None:
    raise WorkbookError(Finding("dangerous", found="entity"))


def starts(data: bytes, *names: str) -> list[tuple[str, Mapping[str, str]]]:
    """The elements of some names with their attributes, in the order they start; for small parts.

    Example:
        >>> starts(b'<a xmlns="x"><b n="1"/><c/></a>', "x}b")
        [('x}b', {'n': '1'})]
    """
    found: list[tuple[str, Mapping[str, str]]] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name in names:
            found.append((name, attributes))

    if len(data) > LIGHT:
        read_markup(BytesIO(data), start)
    else:
        parser = strict_parser()
        parser.StartElementHandler = start
        parser.Parse(data, True)
    return found


def leaves(data: bytes, *names: str) -> list[tuple[str, Mapping[str, str], str]]:
    """The elements of some names with attributes and text, in the order they start; for small parts.

    Example:
        >>> leaves(b'<a xmlns="x"><b n="1">one</b><c/></a>', "x}b")
        [('x}b', {'n': '1'}, 'one')]
    """
    found: list[tuple[str, Mapping[str, str]]] = []
    texts: list[str] = []
    pieces: list[str] = []
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        inside = name in names
        if inside:
            found.append((name, attributes))
            texts.append("")
            pieces.clear()

    def end(_name: str, text: str | None = None) -> None:
        nonlocal inside
        if inside:
            texts[-1] = "".join(pieces) if text is None else text
            inside = False

    if len(data) > LIGHT:
        read_markup(BytesIO(data), start, end)
    else:
        parser = strict_parser()
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = pieces.append
        parser.Parse(data, True)
    return [(name, attributes, text) for (name, attributes), text in zip(found, texts, strict=True)]


__all__ = ["leaves", "read_markup", "starts", "strict_parser"]
