"""Work whose results are kept: Python does not look meanwhile for what could be thrown away.

It would look through all of it time and again, which makes a row of a large report dearer than one of a small report.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[None]:
    """For a block or a function.

    Example:
        >>> with unswept():
        ...     gc.isenabled()
        False
    """
    sweeps = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeps:
            gc.enable()


__all__ = ["unswept"]
