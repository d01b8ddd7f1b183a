"""Refusals by a player's limits."""

from wallet_server.core.refusals.kinds import Declined, Invalid, NotFound
from wallet_server.core.value import value


@value
class DepositLimit(Declined):
    """The deposit exceeds what may be paid in within a period.

    The amounts are in minor units of the limit's currency.
    """

    reason = "DEPOSIT_LIMIT"
    message = "{remaining} of {limit} left this {period}"

    limit: int
    used: int
    remaining: int
    period: str


@value
class LossLimit(Declined):
    """The stake exceeds what may be lost within a period."""

    reason = "LOSS_LIMIT"
    message = "{remaining} of {limit} left this {period}"

    limit: int
    used: int
    remaining: int
    period: str


@value
class StakeLimit(Declined):
    """The stake exceeds what may be staked on one bet, or within a period."""

    reason = "STAKE_LIMIT"
    message = "{remaining} of {limit} left this {period}"

    limit: int
    used: int
    remaining: int
    period: str


@value
class LimitRateMissing(Declined):
    """The player has a limit in another currency, and nothing says what this one is worth in it."""

    reason = "LIMIT_RATE_MISSING"
    message = "no rate from {currency_code} to {limit_currency_code}"

    currency_code: str
    limit_currency_code: str


@value
class LimitPeriodInvalid(Invalid):
    """Only stakes are limited for each bet."""

    reason = "LIMIT_PERIOD_INVALID"
    message = "no limit of kind {kind} for the period {period}"

    kind: str
    period: str


@value
class LimitNotFound(NotFound):
    """The player has no such limit that waits to be confirmed, or is to be taken away."""

    reason = "LIMIT_NOT_FOUND"
    message = "no limit of kind {kind} for the period {period}"

    kind: str
    period: str


@value
class LimitIncreasePending(Declined):
    """What makes the limit laxer may not be confirmed yet. `confirm_time` is in ISO 8601."""

    reason = "LIMIT_INCREASE_PENDING"
    message = "may be confirmed from {confirm_time} on"

    confirm_time: str
