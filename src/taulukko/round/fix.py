"""A workbook whose formulas and values are put right in its file, by the program that it carries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from taulukko.builder import put_all
from taulukko.errors import Finding, WorkbookError, reading
from taulukko.program.check import of_changes
from taulukko.xlsx.check import check
from taulukko.xlsx.judge import judge
from taulukko.xlsx.package import open_package
from taulukko.xlsx.patch import patched

NOT_WRONG = frozenset({"check_fails", "judged_alone"})
"""What a check tells of a workbook that is as it should be."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A workbook that was put right.

    Attributes:
        restored: formulas that had been overwritten.
        left: what is not as it should be still, such as inputs that cannot be read, which stand as they were typed.
    """

    path: Path
    restored: list[Finding]
    left: list[Finding]


def fix(path: str | Path, output: str | Path | None = None, *, template: str | Path | None = None) -> Fixed:
    """Put right a workbook's overwritten formulas and the values that are out of date.

    Everything else in it stays as it is: what somebody has typed into an input, also what cannot be read, and what
    somebody has added. Sheets that are not recognised are left alone.

    Args:
        output: the new file; FILE-fixed.xlsx beside the old one when None.
        template: of a workbook of version 0.1, the folder of the template it was built from, where it has another name.

    Raises:
        WorkbookError: it cannot be read at all, or is an .ods.
        OutputRefused, OSError: the new file cannot be written.

    Example:
        >>> fix("returned/osavuosikatsaus-VAKA.xlsx").path.name
        'osavuosikatsaus-VAKA-fixed.xlsx'
    """
    path = Path(path)
    target = Path(output) if output is not None else path.with_name(f"{path.stem}-fixed{path.suffix}")
    with reading(path):
        package = open_package(path)
        if not package.sees_formulas:
            raise WorkbookError(Finding("needs_xlsx"))
        package.check_formulas()
        found = judge(package)
        content = patched(package, found.changes)
    put_all({target: lambda part: part.write_bytes(content)})
    over = [one for one in found.changes if one.code == "formula_overwritten"]
    restored = [replace(one, file=str(path)) for one in of_changes(found, over)]
    return Fixed(target, restored, [one for one in check(target, template=template) if one.code not in NOT_WRONG])


__all__ = ["Fixed", "fix"]
