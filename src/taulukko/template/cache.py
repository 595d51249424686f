"""A template that is read once, for as long as its files stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from os import scandir
from pathlib import Path

from taulukko.template.choice import Choice
from taulukko.template.files import folders_of, labels_file
from taulukko.template.load import load_template
from taulukko.template.schema import Template

Stamps = tuple[tuple[str, int, int], ...]
"""Name, time and size of each file."""


def cached_template(source: Path | Choice, language: str) -> Template:
    """A template as `load_template` gives it; to be read, not changed.

    Raises:
        FaultsError: as `load_template`.
    """
    choice = source if isinstance(source, Choice) else Choice(source)
    return _template(choice, language, tuple(_stamps(choice, language)))


def _stamps(choice: Choice, language: str) -> Iterator[Stamps]:
    try:
        for folder in folders_of(choice.folder):
            with scandir(folder) as entries:
                files = [(entry.name, entry.stat()) for entry in entries]
            yield tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in files))
        if choice.words:
            words = (choice.words / labels_file(language)).stat()
            yield (("", words.st_mtime_ns, words.st_size),)
    except OSError:
        return


@lru_cache(maxsize=12)
def _template(choice: Choice, language: str, _stamps: tuple[Stamps, ...]) -> Template:
    return load_template(choice, language)


__all__ = ["cached_template"]
