"""How the cost of a report grows with its size: nothing may grow faster than what it is made of.

    python benchmarks/growth.py [ROUNDS]

Reports of 20, 2,000 and 20,000 records and of 5, 50 and 200 units are built, and the workbooks received, each in a
process of its own; of projects, which have 30 columns, as many as a workbook holds. Prints the CPU time that one more
takes on the way to the middle and from there to the largest size, and their ratio. Exits 1 when one is above its limit.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.grown import grown
from support.journals import journal
from taulukko.builder import build
from taulukko.round.history import history
from taulukko.round.receive import receive
from taulukko.round.status import status

LIMIT = 1.3
"""How many times what a row of the middle size takes one of the largest may take."""
SIZES = {
    "risks": (20, 2_000, 20_000),
    "projects": (20, 600, 6_000),
    "units": (5, 50, 200),
}
EVENTS = (1_000, 10_000, 100_000)
UNITS = ["U1", "U2", "U3", "U4", "U5"]
ROUNDS = 3


def used(action: Callable[[], object]) -> float:
    """The CPU seconds of an action in a process of its own, in which nothing else has been done."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = os.fork()
    if not child:
        action()
        os._exit(0)
    _, ended = os.waitpid(child, 0)
    assert ended == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def growth(action: Callable[[int], object], sizes: tuple[int, ...], rounds: int) -> tuple[float, float, float]:
    """Seconds that one more row takes up to the middle size, and from there on; and their ratio.

    Of each size the least counts, which other work disturbs least.
    """
    few, some, many = sizes
    times = [min(used(partial(action, at)) for _ in range(rounds)) for at in range(len(sizes))]
    early, late = (times[1] - times[0]) / (some - few), (times[2] - times[1]) / (many - some)
    return early, late, late / early


def judged(name: str, sizes: tuple[int, ...], place: Path, rounds: int) -> bool:
    """Print how building and receiving grow with the number of something; whether both are within the limit."""
    folders = [grown(place / f"{name}-{size}", **{name: size}) for size in sizes]
    books = [build(folder, folder.with_suffix(".xlsx")) for folder in folders]
    steps: dict[str, Callable[[int], object]] = {
        "built": lambda at: build(folders[at], books[at], force=True),
        "received": lambda at: receive(books[at]),
    }
    good = True
    for step, action in steps.items():
        early, late, ratio = growth(action, sizes, rounds)
        print(
            f"{name} {step}: {early * 1000:.2f} ms for one more up to {sizes[1]:,} and {late * 1000:.2f} ms up to "
            f"{sizes[2]:,} = {ratio:4.2f}  (at most {LIMIT})",
            flush=True,
        )
        good = good and ratio <= LIMIT
    return good


def journal_judged(place: Path, rounds: int) -> bool:
    """The same for asking how far a round is and what happened to a unit, by the length of the journal."""
    folders = [journal(grown(place / f"events-{size}"), UNITS, size, size // 250) for size in EVENTS]
    questions: dict[str, Callable[[int], object]] = {
        "told": lambda at: status(folders[at]),
        "of a unit": lambda at: sum(1 for _ in history(folders[at], UNITS[0]).events()),
    }
    good = True
    for question, action in questions.items():
        early, late, ratio = growth(action, EVENTS, rounds)
        print(
            f"events {question}: {early * 1e6:.1f} µs for one more up to {EVENTS[1]:,} and {late * 1e6:.1f} µs up to "
            f"{EVENTS[2]:,} = {ratio:4.2f}  (at most {LIMIT})"
        )
        good = good and ratio <= LIMIT
    return good


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        found = [journal_judged(place, rounds), *(judged(name, sizes, place, rounds) for name, sizes in SIZES.items())]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
