"""Days as Excel numbers them."""

from __future__ import annotations

from datetime import date, timedelta

EPOCH = date(1899, 12, 30)
LAST = 2_958_465
"""31.12.9999, the last day Excel knows."""


def as_serial(day: date) -> float:
    """The number by which Excel knows a day.

    Example:
        >>> as_serial(date(2024, 9, 30))
        45565.0
    """
    return float((day - EPOCH).days)


def serial_of(year: int, month: int, day: int) -> float:
    """As Excel's DATE: a thirteenth month is the next year's first."""
    return as_serial(date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)) + day - 1


def is_day(serial: float) -> bool:
    """Whether a number is that of a day.

    Example:
        >>> is_day(45565.5), is_day(-1.0), is_day(1e300)
        (True, False, False)
    """
    return 1 <= serial < LAST + 1


def as_date(serial: float) -> date:
    return EPOCH + timedelta(days=int(serial))
