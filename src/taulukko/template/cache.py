"""A template that is read once, for as long as its files stay as they are."""

from __future__ import annotations

from functools import lru_cache
from os import scandir
from pathlib import Path

from taulukko.template.load import load_template
from taulukko.template.schema import Template

Stamps = tuple[tuple[str, int, int], ...]
"""Name, time and size of each file."""


def kept_template(folder: Path, language: str) -> Template:
    """A template as `load_template` gives it; to be read, not changed.

    Raises:
        FaultsError: as `load_template`.
    """
    return _template(folder, language, _stamps(folder))


def _stamps(folder: Path) -> Stamps:
    try:
        with scandir(folder) as entries:
            files = [(entry.name, entry.stat()) for entry in entries]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in files))


@lru_cache(maxsize=12)
def _template(folder: Path, language: str, _stamps: Stamps) -> Template:
    return load_template(folder, language)


__all__ = ["kept_template"]
