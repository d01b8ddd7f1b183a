"""A coupon grant: its terms, and where it is in its life.

What a grant can still pay, and what bets hold of it, are balances of the wallet
(`accounts.coupon`, `accounts.open_stake`): here is what the ledger does not say.
"""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.value import value


class CouponState(StrEnum):
    """The life of a grant."""

    ISSUED = "ISSUED"
    ACTIVE = "ACTIVE"
    EXHAUSTED = "EXHAUSTED"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    FORFEITED = "FORFEITED"


class UseMode(StrEnum):
    """How much of a grant a bet may take.

    PARTIAL_OK: any part; the rest stays. SINGLE_USE_FORFEIT_REMAINDER: one bet only; the
    rest is the house's with the bet's first result. REQUIRE_FULL: only what covers the
    whole stake by itself.
    """

    PARTIAL_OK = "PARTIAL_OK"
    SINGLE_USE_FORFEIT_REMAINDER = "SINGLE_USE_FORFEIT_REMAINDER"
    REQUIRE_FULL = "REQUIRE_FULL"


class VoidBehavior(StrEnum):
    """What becomes of coupon stake that is refunded: back to the grant, or the house's."""

    RETURN = "RETURN"
    CONSUME = "CONSUME"


@value
class CouponRestrictions:
    """What a bet must be for the grant to pay. What is empty or `None` restricts nothing.

    A restriction on something that the bet does not say fails. Odds are in thousandths,
    stakes in minor units; all bounds are inclusive.
    """

    provider_types: tuple[str, ...] = ()
    provider_ids: tuple[str, ...] = ()
    game_ids: tuple[str, ...] = ()
    sports: tuple[str, ...] = ()
    competitions: tuple[str, ...] = ()
    bet_types: tuple[str, ...] = ()
    legs_min: int | None = None
    legs_max: int | None = None
    odds_milli_min: int | None = None
    odds_milli_max: int | None = None
    stake_min: int | None = None
    stake_max: int | None = None


@value
class CouponTerms:
    """What a grant promises. Fixed when it is granted, but for buckets that are emptied since.

    `profit_target` is the bucket that profit goes to, `stake_target` the one that
    returned stake goes to; none where the stake is not returned.
    """

    profit_target: str
    stake_target: str | None = None
    profit_cap: int | None = None
    use_mode: UseMode = UseMode.PARTIAL_OK
    void_behavior: VoidBehavior = VoidBehavior.RETURN
    cash_out_allowed: bool = False
    uses_max: int | None = None
    restrictions: CouponRestrictions = CouponRestrictions()


@value
class CouponGrant:
    """Value granted to a player, usable from `valid_from` until just before `valid_until`.

    `amount` is what was granted, in the wallet's currency. `uses` counts the bets that it
    pays, or paid, part of, without those rolled back. `topology_version` is the one that it
    was granted under. `taken_back` is what was left of it when it was revoked or forfeited.
    `granted_until` is until when it was to be valid, where a grace has changed that. `revision`
    counts the grant's changes. `qualifying_provider_types` are what the player had to use to
    get it. `granted_terms` are those that it was granted with, where a bucket that they name was
    emptied since.
    """

    grant_id: str
    state: CouponState
    amount: int
    valid_from: datetime
    valid_until: datetime
    terms: CouponTerms
    topology_version: int
    sequence: int
    create_time: datetime
    uses: int = 0
    revision: int = 1
    granted_until: datetime | None = None
    taken_back: int = 0
    qualifying_provider_types: tuple[str, ...] = ()
    granted_terms: CouponTerms | None = None

    @property
    def key(self) -> ItemKey:
        """What it is called among the wallet's items."""
        return ItemKey(ItemKind.COUPON, self.grant_id)

    @property
    def is_live(self) -> bool:
        """Whether commands look at it though they do not name it."""
        return self.state in {CouponState.ISSUED, CouponState.ACTIVE}

    @property
    def due_time(self) -> datetime | None:
        """When time has something to do about it."""
        return self.valid_until if self.is_live else None
