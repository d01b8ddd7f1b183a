"""Amounts as callers sent them."""

from wallet_server.core.amounts import check_asset
from wallet_server.core.commands import Amount
from wallet_server.core.refusals import CurrencyMismatch


def test_an_amount_of_another_asset_is_refused() -> None:
    assert check_asset("stake", Amount("USD", 1), "EUR") == CurrencyMismatch("stake", "EUR", "USD")


def test_the_right_asset_or_no_amount_passes() -> None:
    assert check_asset("stake", Amount("EUR", 1), "EUR") is None
    assert check_asset("stake", None, "EUR") is None
