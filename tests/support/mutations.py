"""Each text of a template with one letter more; those of `languages` name files and are not here."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

from taulukko.errors import FaultsError
from taulukko.template.files import Files
from taulukko.template.load import template_of

FREE = {
    "template.toml": {"name", "version"},
    "theme.toml": {"font", "symbol"},
    "": {"stem", "assessment"},
}
"""Texts that may say what they like, by file, and in every section: a name, a version, a font, how keys begin."""


class Mutation(NamedTuple):
    """One text of a file.

    Attributes:
        names_a_member: it is the key of a row of the summary that takes its word from a member of a scale.
    """

    file: str
    path: tuple[str | int, ...]
    text: str
    names_a_member: bool = False

    @property
    def name(self) -> str:
        return next(part for part in reversed(self.path) if isinstance(part, str))

    @property
    def is_free(self) -> bool:
        return self.name in FREE.get(self.file, set()) | FREE[""] or self.names_a_member

    @property
    def kind(self) -> tuple[str, ...]:
        """Where it stands, without numbers and keys of single things."""
        words = tuple(part for part in self.path if isinstance(part, str))
        free = {"parameters": 1, "scales": 1, "colours": 1, "tones": 1, "formats": 1, "styles": 1}
        free |= {"facts": 1, "key_sentence": 1, "note": 1, "values": 1}
        return tuple("*" if number and words[number - 1] in free else word for number, word in enumerate(words))


def mutations(files: Files) -> Iterator[Mutation]:
    for name, content in files.items():
        for path, text in _texts(content) if not name.startswith("labels.") else ():
            if path[0] != "languages":
                yield Mutation(name, path, text, path[-1] == "key" and "member" in holder_of(content, path))


def holder_of(content: Any, path: tuple[str | int, ...]) -> Any:
    for part in path[:-1]:
        content = content[part]
    return content


def _texts(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(content, str):
        yield path, content
    elif isinstance(content, dict | list):
        parts = content.items() if isinstance(content, dict) else enumerate(content)
        for key, part in parts:
            yield from _texts(part, (*path, key))


def parts_of(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where each key and each entry of a list stands."""
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from parts_of(part, (*path, key))


def mutated(files: Files, mutation: Mutation) -> Files:
    """The files with that text one letter longer."""
    content = copy.deepcopy(files[mutation.file])
    holder_of(content, mutation.path)[mutation.path[-1]] = mutation.text + "x"
    return files | {mutation.file: content}


def is_told(files: Files, mutation: Mutation, language: str = "fi") -> bool:
    """Whether loading says so, with the file and the place."""
    try:
        template_of(mutated(files, mutation), language)
    except FaultsError as error:
        return all(fault.file and (fault.place or fault.field) for fault in error.findings)
    return False
