"""Sections that every workbook has, and of which a template says no more than that."""

from __future__ import annotations

from typing import Literal

from taulukko.template.kinds.section import Section


class ParametersSection(Section):
    kind: Literal["parameters"]


class ListsSection(Section):
    kind: Literal["lists"]


class ControlsSection(Section):
    kind: Literal["controls"]
