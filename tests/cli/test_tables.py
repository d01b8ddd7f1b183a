"""Amounts and tables as people read them."""

import pytest

from wallet_server.cli.tables import count_of, format_amount, format_table


@pytest.mark.parametrize(
    ("minor_units", "exponent", "expected"),
    [(0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (123456, 2, "1234.56"), (-7, 0, "-7")],
)
def test_an_amount_has_its_decimals(minor_units: int, exponent: int, expected: str) -> None:
    assert format_amount(minor_units, exponent=exponent) == expected


def test_a_change_has_its_sign_but_nothing_has_none() -> None:
    assert format_amount(100, exponent=2, signed=True) == "+1.00"
    assert format_amount(0, exponent=2, signed=True) == "0.00"


def test_columns_are_aligned_the_first_to_the_left() -> None:
    assert format_table([("name", "n"), ("a", "100")], indent=1) == " name    n\n a     100"


def test_one_is_singular() -> None:
    assert [count_of(n, "bet") for n in (0, 1, 2)] == ["0 bets", "1 bet", "2 bets"]
    assert [count_of(n, "entry", "entries") for n in (1, 2)] == ["1 entry", "2 entries"]
