"""Wallet groups, bucket types and transfer edges: the shape of a tenant's wallets."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from wallet_server.core.value import value


class BucketClass(StrEnum):
    """What kind of value a bucket holds."""

    CASH = "CASH"
    RESTRICTED = "RESTRICTED"
    POINTS = "POINTS"
    WITHDRAWABLE = "WITHDRAWABLE"


OWN_MONEY = frozenset({BucketClass.CASH, BucketClass.WITHDRAWABLE})
"""The classes that hold the player's own money."""


class AssetKind(StrEnum):
    """What an asset is."""

    CURRENCY = "CURRENCY"
    POINTS = "POINTS"


class BucketStatus(StrEnum):
    """Whether a bucket may be credited: DRAINING takes only what bets give back."""

    ACTIVE = "ACTIVE"
    DRAINING = "DRAINING"


class Withdrawable(StrEnum):
    """When money may be withdrawn from a bucket."""

    NEVER = "NEVER"
    AFTER_ROLLING = "AFTER_ROLLING"
    ALWAYS = "ALWAYS"


class LockMode(StrEnum):
    """What an open rolling requirement locks."""

    NONE = "NONE"
    BINARY = "BINARY"


class RollingInheritance(StrEnum):
    """What becomes of a rolling requirement when money is transferred."""

    PROPORTIONAL = "PROPORTIONAL"
    BLOCK = "BLOCK"
    NONE = "NONE"


@value
class Asset:
    """Something that amounts are counted in, with the decimals of its minor unit."""

    code: str
    exponent: int
    kind: AssetKind


@value
class WalletGroup:
    """Buckets that belong together, such as sports or casino."""

    code: str
    display_name: str = ""


@value
class BucketType:
    """A kind of bucket that every wallet has.

    `asset_code` is `None` where the bucket holds the wallet's currency.
    """

    code: str
    wallet_group: str
    bucket_class: BucketClass
    asset_code: str | None = None
    depositable: bool = False
    withdrawable: Withdrawable = Withdrawable.NEVER
    promo_creditable: bool = False
    adjustable: bool = False
    status: BucketStatus = BucketStatus.ACTIVE
    lock_mode: LockMode = LockMode.NONE
    display_name: str = ""

    def asset_in(self, currency_code: str) -> str:
        """Returns the asset it holds in a wallet of the currency."""
        return self.asset_code or currency_code


@value
class TransferEdge:
    """A way that money may be transferred; amounts are of the source's asset."""

    source: str
    target: str
    enabled: bool = True
    rate_numerator: int = 1
    rate_denominator: int = 1
    minimum: int = 1
    multiple_of: int = 1
    daily_cap: int | None = None
    rolling_inheritance: RollingInheritance = RollingInheritance.PROPORTIONAL
    opens_rolling_bp: int = 0


@value
class RetiredBucket:
    """A code that was in use once, and the bucket that what is left of it goes to."""

    code: str
    successor: str


@dataclass(frozen=True)
class Topology:
    """Everything that may exist in a tenant's wallets.

    The order of the buckets decides wherever order matters.
    """

    name: str
    assets: tuple[Asset, ...]
    wallet_groups: tuple[WalletGroup, ...]
    buckets: tuple[BucketType, ...]
    transfer_edges: tuple[TransferEdge, ...] = ()
    recovery_order: tuple[str, ...] = ()
    withdraw_order: tuple[str, ...] = ()
    retired_buckets: tuple[RetiredBucket, ...] = field(default=())

    @cached_property
    def bucket_by_code(self) -> Mapping[str, BucketType]:
        """The bucket types by code."""
        return {bucket.code: bucket for bucket in self.buckets}

    @cached_property
    def successor_by_code(self) -> Mapping[str, str]:
        """Where what is left of a retired code goes: a live bucket, in a valid topology.

        The successor of a code may be retired too, since a later version; then its own counts.
        """
        named = {retired.code: retired.successor for retired in self.retired_buckets}
        return {code: last_successor(code, named) for code in named}

    def live_code(self, code: str) -> str:
        """Returns the code itself, or the successor of one that is retired."""
        return self.successor_by_code.get(code, code)

    @cached_property
    def own_sources(self) -> frozenset[str]:
        """The buckets of the wallet's currency with the player's own money.

        One that is retired counts as its successor does.
        """
        own = {b.code for b in self.buckets if b.asset_code is None and b.bucket_class in OWN_MONEY}
        retired = (code for code, live in self.successor_by_code.items() if live in own)
        return frozenset((*own, *retired))

    @cached_property
    def currencies(self) -> frozenset[str]:
        """The assets that a wallet may have as its currency."""
        return frozenset(a.code for a in self.assets if a.kind is AssetKind.CURRENCY)

    def with_draining(self, codes: AbstractSet[str]) -> "Topology":
        """Returns the topology with these of its buckets DRAINING, beside those that are so."""
        if not any(each.code in codes for each in self.buckets):
            return self
        buckets = tuple(
            replace(each, status=BucketStatus.DRAINING) if each.code in codes else each
            for each in self.buckets
        )
        return replace(self, buckets=buckets)


def last_successor(code: str, named: Mapping[str, str]) -> str:
    """Returns where the successors of a retired code end; in a circle, at one of its codes."""
    seen = {code}
    while (code := named[code]) in named and code not in seen:
        seen.add(code)
    return code
