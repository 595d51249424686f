"""How much room text takes in Calibri: widths, wrapped lines and row heights, as Excel and LibreOffice lay it out.

Neither program fits the rows of a file it opens, so whoever writes prose into a workbook has to know how high it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_EM = 2048
_UNKNOWN = round(0.8 * _EM)
_PIXELS_PER_POINT = 96 / 72
_CELL_PADDING = 7
_INDENT = 9
_LINE_POINTS = 15
_SLACK_POINTS = 6
_HIGHEST_ROW = 409

# Advance widths in 1/2048 em, read with fontTools from Carlito-Regular and Carlito-Bold, whose widths are Calibri's.
# An accented letter is as wide as its base letter; the few that are not stand here themselves.
_CHARACTERS = (
    r""" !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~"""
    "¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ÆÐ×ØÞßæð÷øþďĐđĦħıĲĳĸĽľĿŀŁłŉŊŋŒœťŦŧſ–—‘’‚“”„†‡•…‰‹›€−≈≠≤≥™→←↑↓○●□"
)
# fmt: off
_REGULAR = (
    463, 667, 821, 1020, 1038, 1464, 1397, 452, 621, 621, 1020, 1020, 511, 627, 517, 791, 1038, 1038, 1038, 1038,
    1038, 1038, 1038, 1038, 1038, 1038, 548, 548, 1020, 1020, 1020, 949, 1831, 1185, 1114, 1092, 1260, 1000, 941,
    1292, 1276, 516, 653, 1064, 861, 1751, 1322, 1356, 1058, 1378, 1112, 941, 998, 1314, 1162, 1822, 1063, 998, 959,
    628, 791, 628, 1020, 1020, 596, 981, 1076, 866, 1076, 1019, 625, 964, 1076, 470, 490, 931, 470, 1636, 1076,
    1080, 1076, 1076, 714, 801, 686, 1076, 925, 1464, 887, 927, 809, 644, 943, 644, 1020, 667, 1020, 1038, 1020,
    1038, 1020, 1020, 804, 1709, 824, 1049, 1020, 1038, 807, 694, 1020, 688, 685, 598, 1126, 1200, 517, 629, 504,
    865, 1049, 1303, 1375, 1383, 949, 1563, 1279, 1020, 1359, 1058, 1080, 1583, 1076, 1020, 1084, 1076, 1164, 1279,
    1130, 1344, 1091, 470, 1170, 960, 931, 866, 540, 1118, 765, 880, 507, 1186, 1287, 1076, 1775, 1740, 708, 998,
    700, 497, 1020, 1854, 511, 511, 511, 857, 857, 857, 1020, 1020, 1020, 1414, 2126, 694, 694, 1038, 1020, 1020,
    1020, 1020, 1020, 1444, 1854, 1854, 1854, 1854, 1126, 1237, 1237,
)
_BOLD = (
    463, 667, 898, 1020, 1038, 1493, 1443, 478, 638, 638, 1020, 1020, 528, 627, 547, 880, 1038, 1038, 1038, 1038,
    1038, 1038, 1038, 1038, 1038, 1038, 565, 565, 1020, 1020, 1020, 949, 1840, 1241, 1148, 1084, 1291, 999, 940,
    1305, 1292, 546, 678, 1120, 866, 1790, 1349, 1385, 1090, 1405, 1153, 968, 1014, 1337, 1211, 1856, 1128, 1064,
    979, 665, 880, 665, 1020, 1020, 615, 1011, 1099, 857, 1099, 1031, 648, 971, 1099, 503, 523, 983, 503, 1666,
    1099, 1101, 1099, 1099, 728, 817, 710, 1099, 969, 1526, 941, 970, 814, 704, 973, 704, 1020, 667, 1020, 1038,
    1020, 1038, 1020, 1020, 849, 1709, 852, 1103, 1020, 1038, 799, 701, 1020, 692, 688, 616, 1154, 1224, 548, 621,
    517, 891, 1103, 1347, 1415, 1437, 949, 1588, 1309, 1020, 1394, 1090, 1136, 1587, 1099, 1020, 1114, 1099, 1222,
    1309, 1165, 1347, 1121, 503, 1225, 1027, 983, 881, 627, 1150, 865, 886, 540, 1274, 1313, 1099, 1790, 1726, 744,
    1014, 726, 529, 1020, 1854, 528, 528, 528, 891, 891, 891, 1020, 1020, 1020, 1457, 2174, 705, 705, 1038, 1020,
    1020, 1020, 1020, 1020, 1475, 1854, 1854, 1854, 1854, 1126, 1237, 1237,
)
# fmt: on


class _Advances(dict[str, int]):
    """Width of each character; what the table lacks is derived on first sight and kept."""

    def __missing__(self, char: str) -> int:
        parts = unicodedata.normalize("NFKD", char)
        if parts != char:
            width = sum(self[part] for part in parts)
        elif unicodedata.category(char) in ("Mn", "Me", "Cf"):  # accents, soft hyphens, zero-width marks
            width = 0
        else:
            width = _UNKNOWN
        self[char] = width
        return width


_ADVANCES = {
    False: _Advances(zip(_CHARACTERS, _REGULAR, strict=True)),
    True: _Advances(zip(_CHARACTERS, _BOLD, strict=True)),
}

# Inside a word a line may end after - – / before a letter: `Lahti–|Heinola`, but `2021–2025`, `-5` and `1/2` hold.
_BREAK = re.compile(r"(?<=[\w/][-–/])(?=[^\W\d_])")


def _advance(text: str, bold: bool) -> int:
    return sum(map(_ADVANCES[bold].__getitem__, text))


@lru_cache(maxsize=16_384)
def _pieces(word: str, bold: bool) -> tuple[tuple[str, int], ...]:
    """The unbreakable pieces of a word, each with its width in font units."""
    return tuple((piece, _advance(piece, bold)) for piece in _BREAK.split(word) if piece)


def text_width(text: str, points: float = 11, bold: bool = False) -> float:
    """Width of one line of text in pixels at 96 dpi.

    Args:
        text: the text; a line break has no meaning here.
        points: size of the font.
        bold: whether the bold weight is meant.

    Returns:
        The sum of the advance widths, without kerning.

    Example:
        >>> round(text_width("Hyvinvointi lisääntyy"), 1)
        122.9
    """
    return _advance(text, bold) * points * _PIXELS_PER_POINT / _EM


def column_pixels(characters: float) -> int:
    """Width in pixels of a column whose width Excel gives as a number of characters of Calibri 11.

    Args:
        characters: the width as Excel shows it.

    Returns:
        The width at 96 dpi, padding included.

    Example:
        >>> column_pixels(8.43), column_pixels(0.5)
        (64, 6)
    """
    return int(characters * 12 + 0.5) if characters < 1 else int(characters * 7 + 5)


def line_count(text: str, characters: float, points: float = 11, bold: bool = False, indent: int = 0) -> int:
    r"""Number of lines that a text takes when it is wrapped in a column.

    Lines end at spaces, after - – / before a letter, and at "\n". A piece that alone is too long is cut anywhere.

    Args:
        text: the text of the cell.
        characters: width of the column as Excel shows it.
        points: size of the font.
        bold: whether the bold weight is meant.
        indent: levels of indentation of the cell.

    Returns:
        At least 1.

    Example:
        >>> line_count("Yksinäisyyden kokemus vähenee", 20), line_count("a\n\nb", 20)
        (2, 3)
    """
    pixels = max(column_pixels(characters) - _CELL_PADDING - _INDENT * indent, 1)
    room = pixels * _EM / (points * _PIXELS_PER_POINT)
    return sum(_paragraph_lines(paragraph, room, bold) for paragraph in text.split("\n"))


def _paragraph_lines(paragraph: str, room: float, bold: bool) -> int:
    lines, used = 1, 0
    for word in paragraph.split(" "):
        pieces = _pieces(word, bold)
        if "://" in word and used and used + sum(width for _, width in pieces) > room:
            lines, used = lines + 1, 0  # a web address that does not fit begins a line of its own
        for piece, width in pieces:
            if used and used + width > room:
                lines, used = lines + 1, 0
            if width > room:
                cuts, used = _cut(piece, room, bold)
                lines += cuts
            else:
                used += width
        used += _ADVANCES[bold][" "]
    return lines


def _cut(piece: str, room: float, bold: bool) -> tuple[int, int]:
    """How many times a piece longer than a line is cut, and how wide its last part is."""
    cuts, used = 0, 0
    for char in piece:
        width = _ADVANCES[bold][char]
        if used and used + width > room:
            cuts, used = cuts + 1, 0
        used += width
    return cuts, used


def row_height(lines: int) -> float:
    """Height in points of a row that shows so many lines of 11-point text.

    Args:
        lines: number of lines of the highest cell.

    Returns:
        Room for the lines and a little air, never above the 409 points that Excel allows.

    Example:
        >>> row_height(2), row_height(40)
        (36, 409)
    """
    return min(_LINE_POINTS * lines + _SLACK_POINTS, _HIGHEST_ROW)


def wrap(text: str, limit: int) -> list[str]:
    """Breaks a text into lines of so many characters, exactly as the workbook's own formula does.

    A line ends at the last space that leaves it within the limit; that one space is dropped and all others are kept.
    A newline counts as a space. A word longer than the limit is cut at the limit.

    Args:
        text: the text; an empty one has no lines.
        limit: the most characters a line may have.

    Returns:
        The lines in order.

    Raises:
        ValueError: the limit is less than 1.

    Example:
        >>> wrap("Tulosten raportointi on vielä kesken.", 20)
        ['Tulosten raportointi', 'on vielä kesken.']
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    lines = []
    rest = text.replace("\n", " ")
    while len(rest) > limit:
        end = rest.rfind(" ", 0, limit + 1)
        line, rest = (rest[:limit], rest[limit:]) if end < 0 else (rest[:end], rest[end + 1 :])
        lines.append(line)
    return [*lines, rest] if rest else lines
