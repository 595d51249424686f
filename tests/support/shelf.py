"""Workbooks that tests only read: each is built once a run, and found again by what it is built from."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taulukko.builder import build


@dataclass(frozen=True)
class Shelf:
    """A folder of workbooks, shared by all processes of a run.

    Attributes:
        folder: with a file for each report, language, unit, kind and template.
    """

    folder: Path

    def book(self, source: Path, **options: Any) -> Path:
        """The workbook that `build` makes of a data folder; to be read, or copied and changed.

        Args:
            options: as those of `build`.
        """
        ending = ".xlsm" if options.get("kind") == "xlsm" else ".xlsx"
        kept = self.folder / f"{_digest(source, options)}{ending}"
        if not kept.exists():
            part = self.folder / f"{uuid.uuid4().hex}{ending}"
            build(source, part, **options)
            os.replace(part, kept)
        return kept


def _digest(source: Path, options: dict[str, Any]) -> str:
    whole = hashlib.sha256()
    for said in _said(source, options):
        whole.update(said + b"\0")
    return whole.hexdigest()[:32]


def _said(source: Path, options: dict[str, Any]) -> Iterator[bytes]:
    """What a workbook follows from, but for the code, which is the same all through a run."""
    for name, value in sorted(options.items()):
        yield f"{name}={'' if name == 'template' else value}".encode()
    for folder in (source, *(Path(value) for name, value in options.items() if name == "template")):
        for path in sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".toml")):
            yield path.name.encode()
            yield path.read_bytes()
