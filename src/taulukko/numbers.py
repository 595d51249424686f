"""The only place that parses a number a person wrote, and the rounding policy.

A number is read only when it can mean one thing. What could mean two is refused, never guessed.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

_SPELLINGS = str.maketrans(
    {
        "\u00a0": " ",  # no-break space
        "\u202f": " ",  # narrow no-break space
        "\u2009": " ",  # thin space
        "\u2019": "'",  # typographic apostrophe
        "\u2212": "-",  # minus sign
        "\u2013": "-",  # en dash
    }
)

_CANONICAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")

_UNSIGNED = re.compile(
    r"""
    (?P<whole> [0-9]+ | [1-9][0-9]{0,2} (?P<gap>[ '.,])[0-9]{3} (?:(?P=gap)[0-9]{3})* )
    (?: (?!(?P=gap)) [.,] (?P<decimals>[0-9]+) )?
    """,
    re.VERBOSE,
)

# The unit may stand inside the sign or outside it: `-€5`, `€ -5`, `(5 €)`, `(5) €`.
_EURO_BEFORE = re.compile(r"\A([-+(]?) *(?:€|EUR) *", re.IGNORECASE)
_EURO_AFTER = re.compile(r" *(?:€|EUR) *([-)]?)\Z", re.IGNORECASE)
_PERCENT_AFTER = re.compile(r" *% *([-)]?)\Z")

_BETWEEN_NUMBERS = re.compile(r"[/;]|\b(?:ja|och|and)\b", re.IGNORECASE)
_LIKE_A_NUMBER = re.compile(r"(?:[-+() 0-9.,'€%]|EUR)*", re.IGNORECASE)

# Wide enough for the largest float with more decimals than anyone asks for; the caller's context need not be.
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)


class NumberError(ValueError):
    """A text that is not one number.

    Attributes:
        code: `number`, `number_ambiguous`, `number_two_values` or `integer`.
        text: what was written.
    """

    def __init__(self, code: str, text: str):
        self.code, self.text = code, text
        super().__init__(f"{code}: {text!r}")


def parse_amount(text: str, *, plain: bool = False) -> Decimal | None:
    """Read an amount as Finnish, Swedish and English finance staff write them.

    A single separator before exactly three digits (`1.234`, `2 114,000`) could mark thousands or decimals, and is
    refused. In a data folder, however, `1.234` is what `canonical` writes for one and a bit: read data folders with
    `plain`, and texts typed by people without it.

    Args:
        text: what was written; blank means no number.
        plain: take a text in exactly the canonical form (`-12`, `1.234`) at its word.

    Returns:
        The number, or None for a blank text.

    Raises:
        NumberError: the text is not a number, is ambiguous, or holds two numbers.

    Example:
        >>> parse_amount("- 1 234,56 €")
        Decimal('-1234.56')
    """
    written = text.strip()
    if not written:
        return None
    if plain and _CANONICAL.fullmatch(written):
        return _exact(written)
    return _parse_signed(_without_euro(written.translate(_SPELLINGS)), text)


def parse_share(text: str, *, plain: bool = False) -> Decimal | None:
    """Read a share: a percentage, or without a percent sign the fraction itself.

    Args:
        text: what was written; blank means no number.
        plain: as in `parse_amount`; a text with a percent sign is never in the canonical form.

    Returns:
        The share as a fraction, or None for a blank text.

    Raises:
        NumberError: the text is not a number, is ambiguous, or holds two numbers.

    Example:
        >>> parse_share("8,5 %")
        Decimal('0.085')
    """
    written = text.strip()
    if not written:
        return None
    if plain and _CANONICAL.fullmatch(written):
        return _exact(written)
    bare, percent_signs = _PERCENT_AFTER.subn(r"\1", written.translate(_SPELLINGS))
    value = _parse_signed(bare, text)
    return _hundredth(value) if percent_signs else value


def parse_integer(text: str, *, plain: bool = False) -> int | None:
    """Read a whole number, written in any of the ways of `parse_amount`.

    Args:
        text: what was written; blank means no number.
        plain: as in `parse_amount`.

    Returns:
        The number, or None for a blank text.

    Raises:
        NumberError: as in `parse_amount`, or with the code `integer` when the number is not whole.

    Example:
        >>> parse_integer("1 250")
        1250
    """
    value = parse_amount(text, plain=plain)
    if value is None:
        return None
    whole = int(value)
    if whole != value:
        raise NumberError("integer", text)
    return whole


def canonical(value: Decimal | int) -> str:
    """Write a number the one way it is written in a data folder.

    Raises:
        NumberError: the value is infinite or not a number.

    Example:
        >>> canonical(Decimal("-1234.50"))
        '-1234.5'
    """
    number = Decimal(value)
    if not number.is_finite():
        raise NumberError("number", str(value))
    if not number:
        return "0"
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def round_half_away(value: float, digits: int) -> float:
    """Round as Excel's ROUND does: a half goes away from zero.

    The half is judged on the shortest decimal form of the float, the one people see, so 2.675 is a half although
    its binary value lies just below.

    Args:
        value: the number to round; infinities and NaN are returned as they are.
        digits: decimals to keep; negative to round to tens, hundreds and so on.

    Example:
        >>> round_half_away(2.675, 2)
        2.68
    """
    if not math.isfinite(value):
        return value
    # A numpy float is a float whose own repr is not a number.
    # Adding zero turns -0.0 into 0.0.
    return float(rounded(Decimal(repr(float(value))), digits)) + 0.0


def rounded(value: Decimal, digits: int) -> Decimal:
    """The same of an exact number, however large.

    Example:
        >>> rounded(Decimal("2.675"), 2)
        Decimal('2.68')
    """
    return value.quantize(_quantum(digits), context=_ROUNDING)


@cache
def _quantum(digits: int) -> Decimal:
    return Decimal(f"1E{-digits}")


def _without_euro(text: str) -> str:
    bare, found = _EURO_BEFORE.subn(r"\1", text)
    return bare if found else _EURO_AFTER.sub(r"\1", text)


def _parse_signed(bare: str, text: str) -> Decimal:
    """Parse a number without its unit; `text` is what the user wrote, for the error."""
    if _is_several_numbers(bare):
        raise NumberError("number_two_values", text)
    sign, unsigned = _split_sign(bare)
    match = _UNSIGNED.fullmatch(unsigned)
    if match is None:
        raise NumberError("number", text)
    if _could_be_thousands(match):
        raise NumberError("number_ambiguous", text)
    whole, gap, decimals = match["whole"], match["gap"], match["decimals"]
    digits = whole.replace(gap, "") if gap else whole
    return _exact(f"{sign}{digits}.{decimals or ''}")


def _is_several_numbers(text: str) -> bool:
    parts = _BETWEEN_NUMBERS.split(text)
    return len(parts) > 1 and all(_looks_like_a_number(part) for part in parts)


def _looks_like_a_number(text: str) -> bool:
    return _LIKE_A_NUMBER.fullmatch(text) is not None and any(digit in text for digit in "0123456789")


def _split_sign(text: str) -> tuple[str, str]:
    if text.startswith("(") and text.endswith(")"):
        return "-", text[1:-1].strip(" ")
    if text.startswith("-"):
        return "-", text[1:].strip(" ")
    if text.endswith("-"):
        return "-", text[:-1].strip(" ")
    return "", text.removeprefix("+").strip(" ")


def _could_be_thousands(match: re.Match[str]) -> bool:
    """Whether what was taken for decimals could be one more group of three."""
    whole, gap, decimals = match["whole"], match["gap"], match["decimals"]
    if decimals is None or len(decimals) != 3 or whole == "0":
        return False
    return gap is not None or len(whole) <= 3


def _exact(digits: str) -> Decimal:
    """The value to its last digit, whatever the decimal context; minus zero is zero."""
    return Decimal(digits) or Decimal(0)


def _hundredth(value: Decimal) -> Decimal:
    # Dividing would round to the decimal context.
    return Decimal(f"{value:f}E-2")
