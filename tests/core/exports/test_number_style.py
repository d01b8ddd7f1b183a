"""Amounts are written exactly, with the decimals of their asset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_server.core.exports.number_style import NumberStyle, format_money
from wallet_server.core.exports.table import Money

GERMAN = NumberStyle(decimal=",", group=".")
INDIAN = NumberStyle(group=",", first_group_digits=3, other_group_digits=2)
AROUND = NumberStyle(negative=("(", ")"))


@pytest.mark.parametrize(
    ("minor_units", "exponent", "plain", "german", "indian"),
    [
        (0, 2, "0.00", "0,00", "0.00"),
        (5, 2, "0.05", "0,05", "0.05"),
        (-5, 2, "-0.05", "-0,05", "-0.05"),
        (123_456, 2, "1234.56", "1.234,56", "1,234.56"),
        (1_234_567_890, 2, "12345678.90", "12.345.678,90", "1,23,45,678.90"),
        (100_000, 0, "100000", "100.000", "1,00,000"),
        (1, 8, "0.00000001", "0,00000001", "0.00000001"),
        (
            -(2**63),
            2,
            "-92233720368547758.08",
            "-92.233.720.368.547.758,08",
            "-92,23,37,20,36,85,47,758.08",
        ),
    ],
)
def test_an_amount(minor_units: int, exponent: int, plain: str, german: str, indian: str) -> None:
    money = Money(minor_units, exponent)

    assert format_money(money) == plain
    assert format_money(money, GERMAN) == german
    assert format_money(money, INDIAN) == indian


def test_what_is_below_zero_may_be_told_on_both_sides() -> None:
    assert format_money(Money(-1234, 2), AROUND) == "(12.34)"


@given(st.integers(), st.integers(0, 12))
def test_no_digit_is_lost_or_added(minor_units: int, exponent: int) -> None:
    written = format_money(Money(minor_units, exponent), GERMAN)

    assert int(written.replace(".", "").replace(",", "")) == minor_units
    assert len(written.partition(",")[2]) == exponent
