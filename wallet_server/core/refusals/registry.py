"""All refusals, by their reasons."""

from collections.abc import Callable, Mapping
from typing import cast

from wallet_server.core.refusals import (
    access,
    administration,
    bets,
    cashier,
    coupons,
    events,
    limits,
    lookups,
    promotions,
    rolling,
    rounds,
    statements,
    tenancy,
    withdrawals,
)
from wallet_server.core.refusals.kinds import Refusal

MODULES = (
    lookups,
    bets,
    rounds,
    coupons,
    promotions,
    rolling,
    cashier,
    withdrawals,
    limits,
    administration,
    access,
    tenancy,
    statements,
    events,
)

REFUSALS: tuple[type[Refusal], ...] = tuple(
    each
    for module in MODULES
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Refusal) and "reason" in vars(each)
)

REFUSAL_BY_REASON: Mapping[str, type[Refusal]] = {each.reason: each for each in REFUSALS}


def refusal_of(reason: str, details: Mapping[str, str | int]) -> Refusal:
    """Returns a refusal as it was recorded."""
    kind = cast("Callable[..., Refusal]", REFUSAL_BY_REASON[reason])
    return kind(**details)
