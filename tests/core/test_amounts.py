"""Amounts as callers sent them."""

import pytest

from wallet_server.core.amounts import INT64_MAX, INT64_MIN, check_asset, in_range
from wallet_server.core.commands import Amount
from wallet_server.core.refusals import CurrencyMismatch


def test_an_amount_of_another_asset_is_refused() -> None:
    assert check_asset("stake", Amount("USD", 1), "EUR") == CurrencyMismatch("stake", "EUR", "USD")


def test_the_right_asset_or_no_amount_passes() -> None:
    assert check_asset("stake", Amount("EUR", 1), "EUR") is None
    assert check_asset("stake", None, "EUR") is None


@pytest.mark.parametrize(
    ("amount", "fits"),
    [
        (0, True),
        (INT64_MAX, True),
        (INT64_MAX + 1, False),
        (INT64_MIN, True),
        (INT64_MIN - 1, False),
    ],
)
def test_amounts_fit_64_bits(amount: int, fits: bool) -> None:  # noqa: FBT001
    assert in_range(amount) is fits
