"""Which files have been returned: those that are named, and the workbooks in folders, however deep they lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from taulukko.errors import Finding

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
"""What is looked for in a folder; what cannot be read of it is refused with a reason."""


def returned_files(named: Sequence[str | Path]) -> tuple[list[Path], list[Finding]]:
    """The files, in place of a folder the workbooks in it; and of each folder without any what there is instead.

    Example:
        >>> returned_files(["returned"])[1], returned_files(["workbooks/heinola-hyvinvointi-2024-09"])[0][0].name
        ([], 'osavuosikatsaus.xlsx')
    """
    files: list[Path] = []
    empty: list[Finding] = []
    for path in map(Path, named):
        inside = list(_inside(path)) if path.is_dir() else [path]
        books = [one for one in inside if one.suffix.lower() in SPREADSHEETS] if path.is_dir() else inside
        files += books
        if not books:
            empty.append(Finding("no_workbooks", str(path), found=_kinds(inside), severity="remark"))
    return files, empty


def _inside(folder: Path) -> Iterator[Path]:
    """The files in a folder and in its folders, but for data folders; not those that programs hide, nor their locks."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(("~$", ".")):
            continue
        if path.is_dir():
            if not path.is_symlink() and not (path / "report.toml").exists():
                yield from _inside(path)
        elif path.is_file():
            yield path


def _kinds(files: Iterable[Path]) -> str:
    """Such as `3 .pdf, 1 .msg`."""
    counts = Counter(path.suffix.lower() or path.name for path in files)
    return ", ".join(f"{count} {ending}" for ending, count in counts.most_common(9))


__all__ = ["returned_files"]
