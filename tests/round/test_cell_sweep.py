"""Whatever stands in whatever cell of a unit's workbook: each command says what it makes of it, and none breaks.

Each cell gets each of the contents. A file has many cells changed that stand far apart, so few of a sheet that it is
still recognised: then every one of them is read and judged as if it were the only one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.hostile import Parts, packed, unpacked
from support.rounds import Sent, copied, owned, sent
from taulukko.cli import run
from taulukko.folder.data_folder import load
from taulukko.formula.addresses import address
from taulukko.xlsx.package import open_package

CONTENTS = {
    "number": "><v>7</v>",
    "large": "><v>-1.7e300</v>",
    "text": ' t="inlineStr"><is><t>jotain muuta</t></is>',
    "rich": ' t="inlineStr"><is><r><rPr><b/></rPr><t>li</t></r><r><t>havaa</t></r></is>',
    "formula": "><f>1+1</f><v>2</v>",
    "unknown": "><f>1+1</f>",
    "error": ' t="e"><v>#DIV/0!</v>',
    "truth": ' t="b"><v>1</v>',
    "day": ' t="d"><v>2024-12-31</v>',
    "blank": ">",
}
FILES = 8
"""In so many files each cell gets one of the contents."""
CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
OURS = "_taulukko"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return owned(tmp_path_factory.mktemp("origin") / "heinola")


@pytest.fixture(scope="module")
def vaka(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    return sent(origin, tmp_path_factory.mktemp("sent"), "VAKA")


@pytest.fixture(scope="module")
def parts(vaka: Sent) -> Parts:
    return unpacked(vaka.path.read_bytes())


@pytest.fixture(scope="module")
def cells(vaka: Sent, parts: Parts) -> list[tuple[str, bytes]]:
    """Every cell of the sheets that anybody sees, in their order."""
    sheets = open_package(vaka.path).sheets
    return [(sheets[one], cell[1]) for one in sheets if one != OURS for cell in CELL.finditer(parts[sheets[one]])]


@pytest.fixture(scope="module")
def facts(origin: Path, vaka: Sent) -> set[tuple[str, bytes]]:
    """Those that tell of which period a workbook is."""
    package = open_package(vaka.path)
    names = [f"parameters.{key}" for key, one in load(origin)[1].head.parameters.items() if one.report]
    found = [package.area(name) for name in names]
    return {(package.sheets[one[0]], address(one[1].top, one[1].left).encode()) for one in found if one}


def with_cells(parts: Parts, contents: dict[tuple[str, bytes], str]) -> bytes:
    """A workbook with other contents of some cells."""
    by_part: dict[str, dict[bytes, str]] = {}
    for (part, cell), content in contents.items():
        by_part.setdefault(part, {})[cell] = content

    def replaced(some: dict[bytes, str]) -> Callable[[re.Match[bytes]], bytes]:
        def replace(match: re.Match[bytes]) -> bytes:
            if match[1] not in some:
                return match[0]
            return b'<c r="%b"%b%b</c>' % (match[1], match[2] or b"", some[match[1]].encode())

        return replace

    return packed(parts | {part: CELL.sub(replaced(some), parts[part]) for part, some in by_part.items()})


def commands(path: Path, before: Path, folder: Path) -> Iterator[list[str]]:
    yield ["collect", str(path), "--into", str(folder), "--answers", str(folder / "answers")]
    yield ["diff", str(before), str(path)]
    yield ["fix", str(path), "-o", str(path.with_suffix(".fixed.xlsx")), "--json"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("turn", range(len(CONTENTS)))
def test_no_content_of_any_cell_ends_a_command(
    origin: Path,
    vaka: Sent,
    parts: Parts,
    cells: list[tuple[str, bytes]],
    facts: set[tuple[str, bytes]],
    tmp_path: Path,
    turn: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`fix` checks what it has written."""
    folder, contents = copied(origin, tmp_path / "heinola"), list(CONTENTS.values())
    others = [cell for cell in cells if cell not in facts]
    for first in range(FILES):
        path, some = tmp_path / f"{first}.xlsx", enumerate(others[first::FILES], turn)
        path.write_bytes(with_cells(parts, {cell: contents[number % len(contents)] for number, cell in some}))
        for command in commands(path, vaka.path, folder):
            assert run(command) == 1, command
            printed = capsys.readouterr().out
            assert printed, command
        assert "layout_changed" not in {one["code"] for one in json.loads(printed)["findings"]}
    assert run(["status", str(folder)]) in (0, 1)
    assert len(facts) == 3
    for number, cell in enumerate(sorted(facts), turn):
        path = tmp_path / f"fact{number}.xlsx"
        path.write_bytes(with_cells(parts, {cell: contents[number % len(contents)]}))
        assert run(["collect", str(path), "--into", str(folder), "--dry-run"]) in (1, 2)
        assert capsys.readouterr().out
