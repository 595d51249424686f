"""What kind of file somebody has sent under the name of a workbook, told from its first bytes."""

from __future__ import annotations

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK"
_MARKS = ((b"<!doctype html", "html"), (b"<html", "html"), (b"<table", "html"), (b"<?xml", "xml"), (b"{\\rtf", "text"))
_BINARY = bytes(code for code in range(32) if code not in b"\t\n\f\r\x1b")


def code_of(data: bytes) -> tuple[str, str]:
    """Code and name of a file that is no zip: `encrypted`, `old_format`, `other_format` or `unreadable`.

    Example:
        >>> code_of(b"%PDF-1.7"), code_of(b"unit;line\\r\\nVAKA;fees"), code_of(b"\\x00\\x01")
        (('other_format', 'pdf'), ('other_format', 'text'), ('unreadable', ''))
    """
    if not data:
        return "other_format", "empty"
    if data.startswith(OLE):
        return _ole(data)
    if b"%PDF-" in data[:1024]:
        return "other_format", "pdf"
    beginning = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    kind = next((kind for mark, kind in _MARKS if beginning.startswith(mark)), "")
    if kind == "xml":
        kind = "html" if b"<html" in beginning else kind
        return (
            ("old_format", "xml2003") if b"urn:schemas-microsoft-com:office:spreadsheet" in beginning else _other(kind)
        )
    return _other(kind or ("text" if _is_text(data) else ""))


def _other(kind: str) -> tuple[str, str]:
    return ("other_format", kind) if kind else ("unreadable", "")


def _ole(data: bytes) -> tuple[str, str]:
    """A compound file: the parts of an encrypted one and the stream of an old workbook are told by their names."""
    names = {name: f"{name}\0".encode("utf-16-le") in data for name in ("EncryptedPackage", "Workbook", "Book")}
    if names["EncryptedPackage"]:
        return "encrypted", ""
    return ("old_format", "xls") if names["Workbook"] or names["Book"] else ("other_format", "ole")


def _is_text(data: bytes) -> bool:
    """Whether it is text in some encoding of bytes, or in UTF-16 with its mark."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.translate(None, _BINARY) == data


__all__ = ["ZIP", "code_of"]
