"""Collecting a whole fill-in round: what several hundred returned workbooks take on all processors.

    python benchmarks/collect.py [FILES]

Each unit's workbook of Heinola's report is built once; the returned ones are that file with other figures and texts and
identities of their own. Prints wall and CPU time, time a file, peak memory, and how the cost of a file grows with their
number and compares with building one workbook and, measured in alternation, with merely reading its inputs: when it is
collected first, and again. Exits 1 when one of these two is above its limit.
"""

from __future__ import annotations

import gc
import os
import re
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean, median
from xml.sax.saxutils import escape

from taulukko.builder import build
from taulukko.folder.data_folder import load
from taulukko.plan.book import address
from taulukko.plan.build import plan
from taulukko.round.collect import collect, receive_all
from taulukko.xlsx.workbook import read_inputs

FOLDER = Path(__file__).parents[1] / "workbooks" / "heinola-hyvinvointi-2024-09"
CORE = "docProps/core.xml"
FREE = ("actual", "treatment", "realisation", "status_text", "explanation", "text")
"""Columns of free texts, and of figures by the same name, which stay as they are."""
FILES = 400
ALTERNATELY, ROUNDS = 10, 5
"""Files that are read and collected in alternation, and how many times."""
LIMITS = {"collected": 5.0, "collected again": 1.5}
"""How many times its mere reading."""


@dataclass
class Sent:
    """A unit's workbook: the parts of its file, and each free text in it by the part and cell it stands in."""

    parts: dict[str, bytes]
    texts: dict[tuple[str, bytes], str]

    @classmethod
    def to(cls, unit: str, path: Path) -> Sent:
        report, template = load(FOLDER)
        with zipfile.ZipFile(build(FOLDER, path, unit=unit)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        book = plan(report.for_unit(unit), template)
        sheets = {sheet.key: f"xl/worksheets/sheet{number}.xml" for number, sheet in enumerate(book.sheets, 1)}
        free = ((spot, book.cell(spot).value) for key, spot in book.inputs.items() if key[2] in FREE)
        texts = ((spot, text) for spot, text in free if isinstance(text, str))
        return cls(parts, {(sheets[s.sheet], address(s.row, s.column).encode()): text for s, text in texts})

    def returned(self, number: int) -> dict[str, bytes]:
        """The parts after somebody has changed every free text, each time otherwise, and saved."""
        when = f"2024-10-{number // 1440 % 28 + 1:02}T{number // 60 % 24:02}:{number % 60:02}:00Z".encode()
        parts = dict(self.parts)
        parts[CORE] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + when, parts[CORE])
        for (part, place), text in self.texts.items():
            before, start, rest = parts[part].partition(b'<c r="%s" ' % place)
            cell, end, after = rest.partition(b"</c>")
            style, new = cell.partition(b" ")[0], escape(f"{number}: {text}").encode()
            parts[part] = b'%s%s%s t="inlineStr"><is><t>%s</t></is>%s%s' % (before, start, style, new, end, after)
        return parts


def write(parts: dict[str, bytes], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def round_of(files: int, place: Path) -> Path:
    """A folder of returned workbooks of all units in turn."""
    units = [unit.code for unit in load(FOLDER)[0].units]
    folder = Path(tempfile.mkdtemp(prefix="returned-", dir=place))
    sent = [Sent.to(unit, place / f"{unit}-{files}.xlsx") for unit in units]
    for number in range(files):
        write(sent[number % len(sent)].returned(number), folder / f"{number:04}.xlsx")
    return folder


def cpu() -> float:
    """User and system time of this process and of its children that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def peaks() -> Iterator[float]:
    """Megabytes of this process and of the largest of its children at their peaks."""
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        yield resource.getrusage(who).ru_maxrss / 1024


def measured(files: int, place: Path) -> float:
    """Collect a round and print what it took; the CPU seconds of one file."""
    returned_folder, data = round_of(files, place), place / f"data-{files}"
    shutil.copytree(FOLDER, data)
    wall, used = time.perf_counter(), cpu()
    found = collect([returned_folder], data, processes=os.cpu_count() or 1)
    wall, used = time.perf_counter() - wall, cpu() - used
    changes, refused = sum(len(one.taken) for one in found), sum(bool(one.returned.refused) for one in found)
    assert changes
    assert not refused
    own, child = peaks()
    print(
        f"{files:4} files {wall:6.1f} s, CPU {used:6.1f} s, {used / files * 1000:4.0f} ms a file, "
        f"peak {own:4.0f} MB and {child:4.0f} MB a child, {changes} changes"
    )
    return used / files


def building(place: Path, rounds: int = 3) -> float:
    """The CPU seconds of building one unit's workbook."""
    unit = load(FOLDER)[0].units[-1].code

    def once() -> float:
        before = cpu()
        build(FOLDER, place / "built.xlsx", unit=unit, force=True)
        return cpu() - before

    return mean(once() for _ in range(rounds))


def beside_reading(place: Path) -> bool:
    """Whether files are collected, and collected again, within the limits of what reading them takes."""
    files = sorted(round_of(ALTERNATELY, place).iterdir())
    receive_all(files)

    def used(action: Callable[[], object]) -> float:
        gc.collect()
        gc.freeze()
        before = cpu()
        action()
        return cpu() - before

    found: list[tuple[float, ...]] = []
    for number in range(ROUNDS):
        collecting = partial(collect, files, shutil.copytree(FOLDER, place / f"alternately-{number}"))
        read = used(lambda: [read_inputs(path) for path in files])
        found.append((read, *(used(collecting) for _ in LIMITS)))
    good = True
    for which, (name, limit) in enumerate(LIMITS.items(), 1):
        ratio = median(times[which] / times[0] for times in found)
        each = median(times[which] for times in found) / len(files)
        print(f"a file {name} {each * 1000:.0f} ms / its reading = {ratio:4.2f}  (at most {limit})")
        good = good and ratio <= limit
    return good


def main() -> int:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        few, many, one = measured(files // 4, place), measured(files, place), building(place)
        print(f"a file of {files} / a file of {files // 4} = {many / few:4.2f}")
        print(f"a file collected / a workbook built = {many / one:4.2f}")
        return 0 if beside_reading(place) else 1


if __name__ == "__main__":
    sys.exit(main())
