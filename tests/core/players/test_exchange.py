"""What amounts are worth in other currencies."""

import pytest

from wallet_server.core.config.wallet_policy import CurrencyRate
from wallet_server.core.players.exchange import convert
from wallet_server.core.refusals import LimitRateMissing

# A dollar's cent is worth 3, a yen 2/3, a euro's cent 4 of the common unit.
RATES = (CurrencyRate("USD", 3), CurrencyRate("JPY", 2, 3), CurrencyRate("EUR", 4))


@pytest.mark.parametrize(
    ("amount", "source", "target", "worth"),
    [
        (100, "USD", "EUR", 75),
        (101, "USD", "EUR", 76),  # 75.75
        (1, "EUR", "USD", 2),  # 1.33
        (100, "JPY", "EUR", 17),  # 16.67
        (6, "JPY", "EUR", 1),
        (1, "EUR", "JPY", 6),
        (0, "USD", "JPY", 0),
        (-101, "USD", "EUR", -75),  # Up, which is towards more: a gain counts for less.
    ],
)
def test_amounts_are_converted_and_rounded_up(
    amount: int, source: str, target: str, worth: int
) -> None:
    assert convert(amount, source, target, RATES) == worth


def test_the_same_currency_needs_no_rate() -> None:
    assert convert(7, "GBP", "GBP", ()) == 7


@pytest.mark.parametrize(("source", "target"), [("GBP", "EUR"), ("EUR", "GBP")])
def test_a_rate_that_is_missing_is_named(source: str, target: str) -> None:
    assert convert(7, source, target, RATES) == LimitRateMissing(source, target)
