"""CPU of reading the inputs of a returned workbook against reading all its cells with openpyxl.

    python benchmarks/read.py [ROUNDS]

Prints ratios of CPU time, measured in alternation within one run: in process after imports and a first reading, and as
whole processes. Our reader tells values, errors and formulas; openpyxl tells values with errors, or formulas, so that
the same takes it two readings. Exits 1 when ours is not at least 8 times as quick as that.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

import taulukko
from taulukko.xlsx.workbook import read_inputs

sys.path.insert(0, str(Path(__file__).parent))

from build import FOLDER, child_cpu  # noqa: E402

LEAST = {"values and formulas": 8.0, "one of them": 0.0, "whole process": 0.0}
THEIRS = """
import sys, openpyxl
for sheet in openpyxl.load_workbook(sys.argv[1]):
    for row in sheet.iter_rows():
        for cell in row:
            cell.value
"""
OURS = "import sys, pathlib, taulukko.xlsx.workbook as w; w.read_inputs(pathlib.Path(sys.argv[1]))"


def all_cells(path: Path, values: bool = False) -> int:
    """Read every cell of every sheet, formulas or values; how many there are."""
    book = openpyxl.load_workbook(path, data_only=values)
    return sum(cell.value is None or 1 for sheet in book for row in sheet for cell in row)


def both(path: Path) -> int:
    """All that our reader tells of a cell: its formula, its value or its error."""
    return all_cells(path) + all_cells(path, values=True)


def cpu(action: Callable[[], object]) -> float:
    """User and system time of this process spent on an action, after clearing away what others have left behind."""
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


def compare(name: str, ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> bool:
    """Alternate both, print the least of each, which other work disturbs least; whether their ratio will do."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    one, other = (min(times) for times in zip(*pairs, strict=True))
    ratio = other / one
    wanted = f"(at least {LEAST[name]:.0f})" if LEAST[name] else ""
    print(f"{name:20} {other * 1000:7.1f} ms / {one * 1000:7.1f} ms = {ratio:5.2f}  {wanted}".rstrip())
    return ratio >= LEAST[name]


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    with tempfile.TemporaryDirectory() as folder:
        path = taulukko.build(FOLDER, Path(folder, "vaka.xlsx"), unit="VAKA")
        read_inputs(path), all_cells(path)
        results = [
            compare(
                "values and formulas", lambda: cpu(lambda: read_inputs(path)), lambda: cpu(lambda: both(path)), rounds
            ),
            compare(
                "one of them", lambda: cpu(lambda: read_inputs(path)), lambda: cpu(lambda: all_cells(path)), rounds
            ),
            compare(
                "whole process",
                lambda: child_cpu([sys.executable, "-c", OURS, str(path)]),
                lambda: child_cpu([sys.executable, "-c", THEIRS, str(path)]),
                5,
            ),
        ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
