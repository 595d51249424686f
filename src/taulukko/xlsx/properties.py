"""What a file says of itself: when it was made and last saved, and by whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from taulukko.xlsx.container import Container
from taulukko.xlsx.markup import leaves

CORE, META = "docProps/core.xml", "meta.xml"
"""The part of an Excel workbook and of an OpenDocument spreadsheet that says it."""

_TERMS, _ELEMENTS = ("http://purl.org/dc/terms/}", "http://purl.org/dc/elements/1.1/}")
_SAVED_BY = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties}lastModifiedBy"
_NAMES = {
    CORE: (f"{_TERMS}created", f"{_TERMS}modified", _SAVED_BY),
    META: ("urn:oasis:names:tc:opendocument:xmlns:meta:1.0}creation-date", f"{_ELEMENTS}date", f"{_ELEMENTS}creator"),
}


class Properties(NamedTuple):
    """The times as they are written; None where the file does not say."""

    created: str | None = None
    modified: str | None = None
    saver: str = ""

    @property
    def saved(self) -> datetime | None:
        """When the file was last saved, in UTC; None when it does not say."""
        try:
            when = datetime.fromisoformat(self.modified or "")
            return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            return None


def properties_of(container: Container) -> Properties:
    """What a file says of itself.

    Raises:
        WorkbookError: `too_large` or `dangerous`.
        ValueError, xml.parsers.expat.ExpatError: the part is damaged.
    """
    part = META if container.is_ods else CORE
    if part not in container:
        return Properties()
    found = {name: text for name, _, text in leaves(container.small(part), *_NAMES[part])}
    created, modified, saver = (found.get(name) for name in _NAMES[part])
    return Properties(created, modified, saver or "")


__all__ = ["CORE", "Properties", "properties_of"]
