"""Numbers as people write them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from taulukko.numbers import NumberError, canonical, parse_amount, parse_integer, parse_share, round_half_away

NBSP, NARROW, THIN, MINUS, DASH = "\u00a0", "\u202f", "\u2009", "\u2212", "\u2013"

GAPS = ["", " ", NBSP, NARROW, THIN, "'", "\u2019", ".", ","]

NEGATIVES = ["-{}", "- {}", f"{MINUS}{{}}", f"{MINUS}{NBSP}{{}}", f"{DASH}{{}}", "{}-", "{} -", "({})", "( {} )"]
POSITIVES = ["{}", "+{}", "+ {}", " {} ", "\t{}\n"]
EUROS = ["{}", "{} €", "{}€", f"{{}}{NBSP}€", "€{}", "€ {}", "{} EUR", "EUR {}", "{} eur"]

MANY_DIGITS = "1234567890123456789012345678901234567890"


def code_of(parse: Callable[[str], object], text: str) -> str:
    with pytest.raises(NumberError) as caught:
        parse(text)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("1 234,56", "1234.56"),
        (f"1{NBSP}234,56", "1234.56"),
        (f"1{NARROW}234,56", "1234.56"),
        (f"1{THIN}234,56", "1234.56"),
        (f"1{NBSP}234 567", "1234567"),
        ("1'234", "1234"),
        ("- 831 915", "-831915"),
        (f"{MINUS}831", "-831"),
        (f"{DASH}831", "-831"),
        ("831,00-", "-831"),
        ("(66 000)", "-66000"),
        ("-2.873.428 €", "-2873428"),
        ("(5 €)", "-5"),
        ("(5) €", "-5"),
        ("-€5", "-5"),
        ("€ -5", "-5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234,5678", "1234.5678"),
        ("42368,7", "42368.7"),
        ("42368.7", "42368.7"),
        ("12,5", "12.5"),
        ("12.50", "12.5"),
        ("0,125", "0.125"),
        ("-0.125", "-0.125"),
        ("1234,567", "1234.567"),
        ("1234.567", "1234.567"),
        ("EUR 12", "12"),
        ("12 €", "12"),
        ("+12", "12"),
        (f"-{MANY_DIGITS}", f"-{MANY_DIGITS}"),
    ],
)
def test_amount(text: str, value: str) -> None:
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", " ", f"{NBSP}\t"])
def test_blank_is_no_number(text: str) -> None:
    assert parse_amount(text) is None
    assert parse_amount(text, plain=True) is None
    assert parse_share(text) is None
    assert parse_integer(text) is None


@pytest.mark.parametrize("text", ["-0", "(0)", "-0,00"])
def test_minus_zero_is_zero(text: str) -> None:
    value = parse_amount(text)
    assert value == 0
    assert not value.is_signed()


@pytest.mark.parametrize(
    "text",
    [
        "1.234",
        "1,234",
        "-12.345",
        "(123,456)",
        "1,234 €",
        "2 114,000",
        "-2 114.000",
        "1'234.567",
        "1.234,567",
        "012,345",
    ],
)
def test_ambiguous(text: str) -> None:
    assert code_of(parse_amount, text) == "number_ambiguous"


@pytest.mark.parametrize(
    "text",
    [
        *["n. 5 000", "5 000 kpl", "abc", "1e5", "=1+1", "=1/2", "∞", "nan", "inf", "5 %", "5‰"],
        *["12 34", "1 2345", "1  234", "1234 567", "0 125", "1 234.567.890", "1'234 567", "1.234.56", "1.2.3"],
        *["--5", "- -5", "-5-", "+-5", "+5-", "(-5)", "-(5)", "(5", "5)", "5-6", "-", DASH, "()", "+"],
        *["€", "EUR", "€5€", "€ € 5", "5 EURO", "5 SEK", "5 €c", "1 € 50"],
        *[",5", "5,", "5.", "831,-", "1_000", "1\n234", "\u0661\u0662", "\uff15", "\u00b2"],
        *["/", "5 /", "; 5", "5 ja", "ja", "5 / n. 6"],
    ],
)
def test_not_a_number(text: str) -> None:
    assert code_of(parse_amount, text) == "number"


@pytest.mark.parametrize(
    "text",
    [
        "70,4 / 83,4 %",
        "70,4 % / 83,4 %",
        "5;6",
        "5 ja 6",
        "5 och 6",
        "5 AND 6",
        "1 000 € / 2 000 €",
        "5 EUR/6 EUR",
        "1/2/3",
        f"{MINUS}5 / 1,234",
    ],
)
def test_two_values(text: str) -> None:
    assert code_of(parse_amount, text) == "number_two_values"
    assert code_of(parse_share, text) == "number_two_values"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234", "1.234"), ("-2114.000", "-2114"), (" 12 ", "12"), ("0.125", "0.125"), ("1 234,5", "1234.5")],
)
def test_plain_takes_the_canonical_form_at_its_word(text: str, value: str) -> None:
    assert parse_amount(text, plain=True) == Decimal(value)
    assert parse_share(text, plain=True) == Decimal(value)


@pytest.mark.parametrize("text", ["1,234", "+1.234", f"{MINUS}1.234", "1.234 €", "(1.234)", "2 114.000"])
def test_plain_takes_nothing_else(text: str) -> None:
    assert code_of(lambda written: parse_amount(written, plain=True), text) == "number_ambiguous"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8,5 %", "0.085"),
        ("100 %", "1"),
        ("100%", "1"),
        (f"-3{NBSP}%", "-0.03"),
        ("(3 %)", "-0.03"),
        ("3 %-", "-0.03"),
        ("0 %", "0"),
        ("0.085", "0.085"),
        ("0,085", "0.085"),
        ("1", "1"),
        (f"{MANY_DIGITS} %", f"{MANY_DIGITS[:-2]}.{MANY_DIGITS[-2:]}"),
    ],
)
def test_share(text: str, value: str) -> None:
    assert parse_share(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [("12,345 %", "number_ambiguous"), ("5 €", "number"), ("%", "number"), ("% 5", "number"), ("5 %%", "number")],
)
def test_not_a_share(text: str, code: str) -> None:
    assert code_of(parse_share, text) == code


@pytest.mark.parametrize(("text", "value"), [("1 250", 1250), ("-3", -3), ("5,00", 5), ("1.234.567", 1234567)])
def test_integer(text: str, value: int) -> None:
    read = parse_integer(text)
    assert read == value
    assert type(read) is int


@pytest.mark.parametrize(
    ("text", "code"), [("12,5", "integer"), ("-0,1", "integer"), ("1.234", "number_ambiguous"), ("x", "number")]
)
def test_not_an_integer(text: str, code: str) -> None:
    assert code_of(parse_integer, text) == code


def test_plain_integer_with_decimals() -> None:
    assert code_of(lambda written: parse_integer(written, plain=True), "1.234") == "integer"


def test_error_says_what_was_written() -> None:
    with pytest.raises(NumberError, match="number: 'n. 5 000'") as caught:
        parse_amount("n. 5 000")
    assert caught.value.text == "n. 5 000"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234.50"), "1234.5"),
        (Decimal("-831915"), "-831915"),
        (Decimal("1E+5"), "100000"),
        (Decimal("1E-10"), "0.0000000001"),
        (Decimal("100.00"), "100"),
        (Decimal("-0.00"), "0"),
        (Decimal("0E+3"), "0"),
        (Decimal(MANY_DIGITS), MANY_DIGITS),
        (-1200, "-1200"),
        (0, "0"),
    ],
)
def test_canonical(value: Decimal | int, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_canonical_has_no_infinity(value: str) -> None:
    assert code_of(lambda text: canonical(Decimal(text)), value) == "number"


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        (2.5, 0, 3.0),
        (-2.5, 0, -3.0),
        (0.5, 0, 1.0),
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (-1.005, 2, -1.01),
        (1.0049999, 2, 1.0),
        (1500.0, -3, 2000.0),
        (-1499.99, -3, -1000.0),
        (499.0, -3, 0.0),
        (1e300, 2, 1e300),
        (5e-324, 2, 0.0),
    ],
)
def test_round_half_away(value: float, digits: int, rounded: float) -> None:
    assert round_half_away(value, digits) == rounded


def test_round_half_away_has_no_minus_zero() -> None:
    assert str(round_half_away(-0.4, 0)) == "0.0"


def test_round_half_away_keeps_infinity_and_nan() -> None:
    assert round_half_away(float("inf"), 2) == float("inf")
    assert str(round_half_away(float("nan"), 2)) == "nan"


def test_round_half_away_takes_a_numpy_float() -> None:
    numpy = pytest.importorskip("numpy")
    assert round_half_away(numpy.float64(2.675), 2) == 2.68


def test_decimal_context_of_the_caller_does_not_matter() -> None:
    with localcontext(Context(prec=3)):
        assert str(parse_amount("-1 234 567,89")) == "-1234567.89"
        assert str(parse_share("12345,67 %")) == "123.4567"
        assert canonical(Decimal("-1234567.89")) == "-1234567.89"
        assert round_half_away(123456.785, 2) == 123456.79


@st.composite
def written_amounts(draw: st.DrawFn) -> tuple[str, Decimal]:
    """A number and one of the ways to write it that mean nothing else."""
    places = draw(st.integers(0, 2))
    units = draw(st.integers(0, 10**15))
    gap = draw(st.sampled_from(GAPS))
    mark = draw(st.sampled_from([mark for mark in ",." if mark != gap]))
    whole, decimals = divmod(units, 10**places)
    groups = f"{whole:,}"
    assume(not (gap in (".", ",") and places == 0 and groups.count(",") == 1))
    unsigned = groups.replace(",", gap) + (f"{mark}{decimals:0{places}d}" if places else "")
    negative = draw(st.booleans())
    sign = draw(st.sampled_from(NEGATIVES if negative else POSITIVES))
    euro = draw(st.sampled_from(EUROS))
    inside_out = draw(st.booleans())
    text = sign.format(euro.format(unsigned)) if inside_out else euro.format(sign.format(unsigned).strip())
    return text, Decimal(-units if negative else units).scaleb(-places)


@given(written_amounts())
def test_every_style_is_read_back(case: tuple[str, Decimal]) -> None:
    text, value = case
    assert parse_amount(text) == value


@given(written_amounts(), st.characters(categories=["L"]), st.data())
def test_a_letter_is_never_passed_over(case: tuple[str, Decimal], letter: str, data: st.DataObject) -> None:
    text = case[0]
    place = data.draw(st.integers(0, len(text)))
    assert code_of(parse_amount, text[:place] + letter + text[place:]) == "number"


@given(
    st.integers(1, 999),
    st.lists(st.integers(0, 999), max_size=2),
    st.sampled_from([" ", NBSP, "'"]),
    st.sampled_from(",."),
    st.integers(0, 999),
    st.sampled_from(NEGATIVES + POSITIVES),
)
def test_three_digits_after_one_separator_are_ambiguous(
    head: int, groups: list[int], gap: str, mark: str, tail: int, sign: str
) -> None:
    whole = gap.join([str(head), *(f"{group:03d}" for group in groups)])
    assert code_of(parse_amount, sign.format(f"{whole}{mark}{tail:03d}")) == "number_ambiguous"


@given(st.text(alphabet=f"0123456789 .,'-+()€%/;{NBSP}{MINUS}") | st.text(), st.booleans())
def test_nothing_but_number_error_is_raised(text: str, plain: bool) -> None:
    for parse in (parse_amount, parse_share, parse_integer):
        try:
            parse(text, plain=plain)
        except NumberError as error:
            assert error.code in {"number", "number_ambiguous", "number_two_values", "integer"}  # noqa: PT017


@given(st.from_regex(r"[0-9]{1,4}([ .,'][0-9]{1,4}){0,3}", fullmatch=True))
def test_a_number_has_the_digits_of_its_text(text: str) -> None:
    try:
        value = parse_amount(text)
    except NumberError:
        return
    assert value is not None
    digits = "".join(character for character in text if character.isdigit())
    assert f"{value:f}".replace(".", "").lstrip("0") == digits.lstrip("0")


canonical_values = st.builds(
    lambda units, exponent: Decimal(units).scaleb(exponent), st.integers(-(10**15), 10**15), st.integers(-15, 3)
)


@given(canonical_values)
def test_canonical_is_read_back(value: Decimal) -> None:
    text = canonical(value)
    assert parse_amount(text, plain=True) == value
    assert parse_share(text, plain=True) == value


@given(canonical_values)
def test_canonical_is_one_way(value: Decimal) -> None:
    text = canonical(value)
    assert set(text) <= set("-.0123456789")
    assert text == canonical(Decimal(text + ("0" if "." in text else ".0")))
    assert not ("." in text and text.endswith(("0", ".")))


@given(written_amounts().filter(lambda case: "€" not in case[0] and "eur" not in case[0].lower()))
def test_a_percentage_is_a_hundredth(case: tuple[str, Decimal]) -> None:
    text, value = case
    assert parse_share(f"{text.strip()} %") == value.scaleb(-2)


halves = st.builds(lambda units, places: float(f"{units}5e{-places}"), st.integers(-(10**6), 10**6), st.integers(-5, 7))


@given(halves | st.floats(allow_nan=False, allow_infinity=False), st.integers(-6, 6))
def test_round_half_away_is_half_up_on_the_shortest_decimal(value: float, digits: int) -> None:
    exact = Decimal(repr(value)).quantize(Decimal(f"1E{-digits}"), ROUND_HALF_UP, Context(prec=500))
    assert round_half_away(value, digits) == float(exact)
