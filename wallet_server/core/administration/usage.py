"""What refers to buckets, by bucket and kind: counted as it comes and goes."""

from collections import defaultdict
from enum import StrEnum
from typing import NamedTuple

from wallet_server.core.value import value


class UsageKind(StrEnum):
    """How something refers to a bucket.

    BALANCE: a wallet has a balance there. OPEN_BET: an open bet's stake comes from it, or its
    payout would go there. COUPON: a grant that may still pay out to it. REQUIREMENT: one that is
    not over is on it or releases to it. WITHDRAWAL: one under way holds, or has forfeited, money of
    it. DEPOSIT: one that waits for approval names it.
    """

    BALANCE = "BALANCE"
    OPEN_BET = "OPEN_BET"
    COUPON = "COUPON"
    REQUIREMENT = "REQUIREMENT"
    WITHDRAWAL = "WITHDRAWAL"
    DEPOSIT = "DEPOSIT"


class UsageKey(NamedTuple):
    """What is counted together."""

    tenant_id: str
    bucket: str
    kind: UsageKind
    asset_code: str


@value
class Usage:
    """How many things refer to a bucket, and with how much money, in minor units of the asset."""

    count: int = 0
    total: int = 0


def add_up(changes: dict[UsageKey, list[int]]) -> dict[UsageKey, Usage]:
    """Returns changes as values, without those that came to nothing."""
    return {key: Usage(*change) for key, change in changes.items() if any(change)}


def no_changes() -> defaultdict[UsageKey, list[int]]:
    """Returns changes to add to: count and total by key."""
    return defaultdict(lambda: [0, 0])
