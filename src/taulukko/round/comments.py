"""The comments of a returned file: on which fields they stand, and which of them are questions that were sent along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from taulukko.errors import Finding
from taulukko.round.receive import Returned


def placed(one: Returned, asked: Iterable[str]) -> Iterator[Finding]:
    """The notes of a file, comments by the fields on whose cells they stand; questions of ours are none.

    Args:
        asked: the questions that its workbook was sent out with.
    """
    questions = set(map(_folded, asked))
    columns = {cell: key[2] for key, cell in one.theirs.cells.items()} if one.theirs else {}
    for note in one.notes:
        if note.code != "comment":
            yield note
        elif _folded(note.found) not in questions:
            yield replace(note, field=columns.get(note.place, ""))


def _folded(text: str) -> str:
    """A text as programs keep it, whatever they make of its line ends and spaces."""
    return " ".join(text.split())


__all__ = ["placed"]
