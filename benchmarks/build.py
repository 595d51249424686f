"""CPU of building Heinola's report against writing the same workbook with XlsxWriter's own classes and methods.

    python benchmarks/build.py [ROUNDS]

Prints ratios of CPU time, measured in alternation within one run: in process after imports, as whole processes,
`taulukko --help` against `python -c pass`, and `build --units` against a `build --unit` for each. Exits 1 when a ratio
is above its limit.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

import replay as plain  # noqa: E402
import xlsxwriter  # noqa: E402

from taulukko.folder.data_folder import load  # noqa: E402
from taulukko.plan.build import plan  # noqa: E402
from taulukko.xlsx import write as writer  # noqa: E402

FOLDER = Path(__file__).parents[1] / "workbooks" / "heinola-hyvinvointi-2024-09"
LIMITS = {"in process": 0.5, "whole process": 0.85, "--help": 4.5, "--units": 0.5}


def build(path: Path) -> None:
    report, template = load(FOLDER)
    words = {"report": f"{report.municipality} · {report.division}", "page": template.labels["words.page"]}
    writer.write(plan(report, template), template.theme, path, words)


def recorded(path: Path) -> list[object]:
    """The XlsxWriter calls of one build."""
    calls: list[object] = []
    original = xlsxwriter.Workbook
    writer.xlsxwriter.Workbook = lambda *a, **k: plain.Recorder(original(*a, **k), calls, [])  # type: ignore
    try:
        build(path)
    finally:
        writer.xlsxwriter.Workbook = original  # type: ignore[misc]
    return calls


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a workbook, but for what only our rows of prose say: that their height is not somebody's choice."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).replace(b' customHeight="1"', b"") for name in archive.namelist()}


def cpu(action: Callable[[], object]) -> float:
    """User and system time of this process spent on an action, after clearing away what others have left behind."""
    gc.collect()
    gc.freeze()
    start = time.process_time()
    action()
    return time.process_time() - start


def child_cpu(command: list[str]) -> float:
    """User and system time of a whole child process, whose modules are compiled as wherever they are installed."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env={**environ, "LC_ALL": "C.UTF-8"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def taulukko(*arguments: str | Path) -> float:
    """User and system time of a command of ours."""
    return child_cpu([sys.executable, "-m", "taulukko", *map(str, arguments)])


def compare(name: str, ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> bool:
    """Alternate both, print the medians and their ratio, and tell whether the ratio is within its limit."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    one, other = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    good = ratio <= LIMITS[name]
    print(f"{name:14} {one * 1000:7.0f} ms / {other * 1000:7.0f} ms = {ratio:5.2f}  (at most {LIMITS[name]})")
    return good


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs, calls_file = Path(folder, "ours.xlsx"), Path(folder, "plain.xlsx"), Path(folder, "calls")
        calls = recorded(ours)
        calls_file.write_bytes(pickle.dumps(calls))
        plain.replay(calls, str(theirs))
        assert parts(ours) == parts(theirs), "the plain calls must write the same workbook"
        units = [unit.code for unit in load(FOLDER)[0].units]
        sent = shutil.copytree(FOLDER, Path(folder, "data"))
        here = str(Path(__file__).with_name("replay.py"))
        results = [
            compare(
                "in process",
                lambda: cpu(lambda: build(ours)),
                lambda: cpu(lambda: plain.replay(calls, str(theirs))),
                rounds,
            ),
            compare(
                "whole process",
                lambda: taulukko("build", FOLDER, "-o", ours, "--force"),
                lambda: child_cpu([sys.executable, here, str(calls_file), str(theirs)]),
                rounds,
            ),
            compare(
                "--help",
                lambda: taulukko("--help"),
                lambda: child_cpu([sys.executable, "-c", "pass"]),
                rounds,
            ),
            compare(
                "--units",
                lambda: taulukko("build", sent, "--units", "-o", Path(folder, "units"), "--force"),
                lambda: sum(taulukko("build", FOLDER, "--unit", code, "-o", ours, "--force") for code in units),
                rounds,
            ),
        ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
