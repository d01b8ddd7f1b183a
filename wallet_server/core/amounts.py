"""Checks on amounts as callers sent them."""

from wallet_server.core.commands import Amount
from wallet_server.core.refusals import CurrencyMismatch

INT64_MAX = 2**63 - 1
INT64_MIN = -(2**63)


def check_asset(field: str, amount: Amount | None, expected: str) -> CurrencyMismatch | None:
    """Refuses an amount of another asset than it must be."""
    if amount is None or amount.asset_code == expected:
        return None
    return CurrencyMismatch(field, expected, amount.asset_code)
