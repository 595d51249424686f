"""How high a declared chart is, in pixels and in rows."""

from __future__ import annotations

from taulukko.template.schema import Chart

ROW_PIXELS, FRAME_PIXELS, DEFAULT_ROW = 38, 90, 20
UPRIGHT = 320
"""Pixels of columns and lines, whose names stand side by side."""


def chart_height(chart: Chart, count: int) -> int:
    """Pixels of a chart of so many rows."""
    return ROW_PIXELS * count + FRAME_PIXELS if chart.kind in ("bar", "bullet") else UPRIGHT


def chart_rows(chart: Chart, count: int) -> int:
    """How many rows of a sheet it covers."""
    return chart_height(chart, count) // DEFAULT_ROW + 1


__all__ = ["chart_height", "chart_rows"]
