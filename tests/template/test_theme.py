"""What a theme says reaches all of a workbook, and figures of every type stand on the right."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import get_args

import pytest

from support.built import HEINOLA
from taulukko.builder import build
from taulukko.plan.draft import base_style, header_align
from taulukko.template.schema import TEXT_TYPES, Column, Type


def test_the_font_reaches_footers_charts_and_shapes(tmp_path: Path) -> None:
    folder = tmp_path / "arial"
    folder.mkdir()
    (folder / "template.toml").write_text('extends = "osavuosikatsaus"\n', encoding="utf-8")
    (folder / "theme.toml").write_text('font = "Arial"\n', encoding="utf-8")
    book = build(HEINOLA, tmp_path / "arial.xlsx", template=folder)
    with zipfile.ZipFile(book) as parts:
        texts = {name: parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")}
    assert [name for name, text in texts.items() if "Calibri" in text and "theme" not in name] == []
    assert {name.split("/")[1] for name, text in texts.items() if "Arial" in text} >= {
        "charts",
        "worksheets",
        "styles.xml",
    }


@pytest.mark.parametrize("kind", get_args(Type))
def test_figures_stand_on_the_right_and_texts_on_the_left(kind: Type):
    column = Column(key="one", type=kind, scale="units" if kind == "choice" else None)
    side = "left" if kind in TEXT_TYPES else "right"
    assert header_align(column) == side
    assert kind == "prose" or side in base_style(column).split()
