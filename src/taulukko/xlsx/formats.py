"""The words of a style -> a cell format; each combination is made once."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from taulukko.template.schema import Theme

_PLAIN = {
    "bold": "bold",
    "italic": "italic",
    "size": "font_size",
    "wrap": "text_wrap",
    "align": "align",
    "indent": "indent",
    "top": "top",
    "bottom": "bottom",
    "border": "border",
}
_COLOURS = {
    "colour": "font_color",
    "fill": "bg_color",
    "top_colour": "top_color",
    "bottom_colour": "bottom_color",
    "border_colour": "border_color",
}

DECIMALS = "decimals"
"""Begins the word of a style that says how many decimals a number has."""
TEXT_FORMAT = 49
"""Excel's own number of the format @, which XlsxWriter would give a number of its own."""


class Formats:
    """The formats of one workbook."""

    def __init__(self, book: Workbook, theme: Theme):
        self._book, self._theme = book, theme
        self._formats: dict[str, Format] = {}

    @property
    def font(self) -> str:
        return self._theme.font

    def colour(self, name: str) -> str:
        return self._theme.colours.get(name, name)

    def format(self, style: str) -> Format:
        """The format of a cell, from words such as `euro input last`; later words win."""
        found = self._formats.get(style)
        if found is None:
            found = self._formats[style] = self._book.add_format(self._properties(style))
        return found

    def _properties(self, style: str) -> dict[str, Any]:
        theme = self._theme
        properties: dict[str, Any] = {
            "font_name": theme.font,
            "font_size": 11,
            "font_color": theme.colours["ink"],
            "valign": "vcenter",
        }
        for word in style.split():
            if word.startswith(DECIMALS):
                number = f"#,##0.{'0' * int(word[len(DECIMALS) :])}".rstrip(".")
                properties["num_format"] = f"{number};−{number};{number.replace('#,##', '')}"
            elif word in theme.formats:
                properties["num_format"] = TEXT_FORMAT if theme.formats[word] == "@" else theme.formats[word]
            if word.startswith("tone_"):
                properties["font_color"] = theme.tones[word[5:]].text  # type: ignore[index]
            elif word in theme.styles:
                declared = theme.styles[word].model_dump(exclude_none=True)
                for key, value in declared.items():
                    if key in _COLOURS:
                        properties[_COLOURS[key]] = self.colour(value)
                    elif key == "unlocked":
                        properties["locked"] = not value
                    elif key == "underline":
                        properties["underline"] = 1 if value else 0
                    elif key == "valign":
                        properties["valign"] = {"middle": "vcenter"}.get(value, value)
                    else:
                        properties[_PLAIN[key]] = value
            elif word not in theme.formats and not word.startswith(DECIMALS):
                raise KeyError(f"the theme has no style {word!r}")
        return properties

    def tone(self, tone: str, fill: str, symbol: bool) -> Format:
        """The format of a conditional rule."""
        key = f"rule {tone} {fill} {symbol}"
        if key not in self._formats:
            self._formats[key] = self._book.add_format(self._tone_properties(tone, fill, symbol))
        return self._formats[key]

    def _tone_properties(self, tone: str, fill: str, symbol: bool) -> dict[str, Any]:
        theme = self._theme
        match tone:
            case "input":
                return {"bg_color": theme.colours["input"], "bottom": 1, "bottom_color": theme.colours["hairline"]}
            case "given":
                return {"italic": True, "font_color": theme.colours["mute"], "bottom": 4}
            case "bar":
                return {"font_color": theme.colours["mute"], "bold": True}
            case "now":
                return {"font_color": theme.colours["accent"], "bold": True}
        found = theme.tones[tone]  # type: ignore[index]
        properties: dict[str, Any] = {"font_color": found.text}
        colour = found.matrix if fill == "matrix" else found.fill if fill == "fill" else None
        if colour:
            properties["bg_color"] = colour
        if found.bold or fill == "matrix":
            properties["bold"] = True
        if symbol:
            properties["num_format"] = f'"{found.symbol} "@'
        return properties
