"""Interrupts whatever changes the disk, at its n-th step."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from taulukko.errors import TaulukkoError

STEPS = ("mkdir", "rename", "replace", "unlink", "rmdir", "fsync")

Hook = Callable[[int, str, tuple[Any, ...]], None]
"""Number of a step from 1, its name, its arguments; called before the step is taken."""


@contextmanager
def before_each_step(hook: Hook) -> Iterator[None]:
    """Call a hook before each creation, renaming, deletion and flushing of a file or folder."""
    numbers = count(1)

    def watched(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            hook(next(numbers), name, args)
            return step(*args, **kwargs)

        return run

    def opened(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if "w" in mode:
            hook(next(numbers), "open", (path,))
        return real_open(path, mode, *args, **kwargs)

    real_open = Path.open
    patches = [patch.object(os, name, watched(name, getattr(os, name))) for name in STEPS]
    with patch.object(Path, "open", opened), patches[0], patches[1], patches[2], patches[3], patches[4], patches[5]:
        yield


def steps(action: Callable[[], object]) -> list[tuple[str, tuple[Any, ...]]]:
    """What an action does to the disk."""
    found = []
    with before_each_step(lambda _, name, args: found.append((name, args))):
        action()
    return found


def dies(action: Callable[[], object], at: int) -> bool:
    """Run an action in a process that is gone before its step `at`; whether it came that far."""

    def die(number: int, name: str, args: tuple[Any, ...]) -> None:
        if number == at:
            if name == "fsync":
                with suppress(OSError):
                    os.ftruncate(args[0], os.fstat(args[0]).st_size // 2)
            os._exit(9)

    child = os.fork()
    if not child:
        code = 1
        try:
            with before_each_step(die):
                action()
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def overtaken(slow: Callable[[], object], at: int, action: Callable[[], object], until: int) -> tuple[bool, bool]:
    """Hold up a process before its step `at`, and let it go on before step `until` of another action, or after that.

    Returns:
        Whether the slow one and the other ended well; an `OSError` or a refusal is no good end.
    """
    held, hold = os.pipe()
    freed, free = os.pipe()

    def wait(number: int, _: str, args: tuple[Any, ...]) -> None:
        if number == at:
            os.write(hold, b"x")
            os.read(freed, 1)

    def ends_well(run: Callable[[], object], hook: Hook) -> bool:
        with before_each_step(hook):
            try:
                run()
            except (OSError, TaulukkoError):
                return False
        return True

    child = os.fork()
    if not child:
        code = 1
        try:
            code = 0 if ends_well(slow, wait) else 3
            os.write(hold, b"x")
        finally:
            os._exit(code)
    os.read(held, 1)
    ended: list[int] = []

    def let_go(number: int, _: str = "", args: tuple[Any, ...] = ()) -> None:
        if number >= until and not ended:
            os.write(free, b"x")
            ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

    well = ends_well(action, let_go)
    let_go(until)
    for end in (held, hold, freed, free):
        os.close(end)
    assert ended[0] in (0, 3)
    return ended[0] == 0, well


@contextmanager
def full_disk(at: int, last: int) -> Iterator[None]:
    """A disk without room for the steps from `at` to `last`."""

    def fail(number: int, _: str, args: tuple[Any, ...]) -> None:
        if at <= number <= last:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(args[0]))

    with before_each_step(fail):
        yield
