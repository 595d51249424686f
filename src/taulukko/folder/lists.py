"""CSV files that only grow: what comes at their end, under the columns that they have."""

from __future__ import annotations

import csv
import io
import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from pathlib import Path

from taulukko.folder.harmless import harmless
from taulukko.folder.store import Added


def lengthened(path: Path, columns: Sequence[str], records: Iterable[object]) -> Added:
    """What records that are added make of a file.

    They have the columns in the order of the file, whose head gets those that it lacks; all other lines stay.

    Args:
        path: the file, whose head can be read; it need not be there.
        records: objects with the columns as texts.
    """
    head, end = _ends(path)
    mark = BOM_UTF8 if head.startswith(BOM_UTF8) else b""
    there = next(csv.reader([head.removeprefix(mark).decode()])) if head else []
    names = [*there, *(column for column in columns if column not in there)]
    lines = _lines([harmless(getattr(record, name, "")) for name in names] for record in records)
    lines = lines if end in (b"", b"\n") else b"\n" + lines
    return Added(lines) if names == there else Added(lines, mark + _lines([names]), len(head))


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first line of a file and its last byte; nothing of one that is not there."""
    if not path.exists() or not path.stat().st_size:
        return b"", b""
    with path.open("rb") as file:
        head = file.readline()
        file.seek(-1, os.SEEK_END)
        return head, file.read()


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


__all__ = ["lengthened"]
