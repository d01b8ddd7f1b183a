"""What an amount is worth in another currency, for limits alone."""

from collections.abc import Sequence

from wallet_server.core.config.wallet_policy import CurrencyRate
from wallet_server.core.refusals import LimitRateMissing


def convert(
    amount: int, currency_code: str, target_code: str, rates: Sequence[CurrencyRate]
) -> int | LimitRateMissing:
    """Returns what an amount is worth in minor units of another currency, rounded up."""
    if currency_code == target_code:
        return amount
    by_code = {rate.currency_code: rate for rate in rates}
    source, target = by_code.get(currency_code), by_code.get(target_code)
    if source is None or target is None:
        return LimitRateMissing(currency_code, target_code)
    worth = amount * source.rate_numerator * target.rate_denominator
    return -(-worth // (source.rate_denominator * target.rate_numerator))
