"""Short ways to tell stories of coupons.

A grant is called by its id, `C1`, and its open stake `O:C1`. The policies are those of the
worked examples: coupons pay first, unless a test says otherwise.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.core.rules import auto, policy
from tests.core.world import START, World, eur, shortened
from wallet_server.core.accounts import Account
from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.commands import (
    AuthorizeBet,
    ExpireCoupons,
    GrantCoupon,
    ReversePromotion,
    RevokeCoupon,
)
from wallet_server.core.config.policy import CouponRules, Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.coupons.grant import CouponGrant, CouponRestrictions, CouponTerms
from wallet_server.core.coupons.lookup import find_grant
from wallet_server.core.ids import BetKey

COUPON_SPORTS = policy("SPORTS", auto("COUPON", "SB", "SN", "WD"))
DAY = timedelta(days=1)


def renamed(amounts: Mapping[str, int]) -> dict[str, int]:
    """Returns amounts with grants called by their ids alone."""
    return {name.replace("cpn:", ""): amount for name, amount in amounts.items()}


def with_coupons(per_bet_max: int, *order: str) -> Policy:
    """Returns the policy of sports with so many coupons a bet."""
    order = order or ("COUPON", "SB", "SN", "WD")
    return replace(policy("SPORTS", auto(*order)), coupons=CouponRules(per_bet_max))


class CouponWorld(World):
    """A wallet with coupons."""

    def __init__(
        self, balances: str = "", *changes: Policy | ProviderProfile | WalletPolicy | Topology
    ) -> None:
        super().__init__(balances, COUPON_SPORTS, *changes)

    @property
    def balances(self) -> dict[str, int]:
        return renamed(shortened(self.wallet.balances))

    @property
    def posted(self) -> dict[str, int]:
        changes: dict[Account, int] = {}
        for entry in self.answer.entries:
            for each in entry.changes:
                changes[each.account] = changes.get(each.account, 0) + each.change
        return renamed(shortened(changes))

    @property
    def now(self) -> datetime:
        """The time of the last command."""
        return START + timedelta(seconds=self.requests)

    def wait(self, duration: timedelta) -> None:
        self.requests += int(duration.total_seconds())

    def coupon(self, grant_id: str = "C1") -> CouponGrant:
        grant = find_grant(grant_id, self.wallet)
        assert grant is not None
        return grant

    def state(self, grant_id: str = "C1") -> str:
        return self.coupon(grant_id).state.value

    def grant(
        self,
        amount: int = 30,
        grant_id: str = "C1",
        *,
        until: timedelta = DAY,
        after: timedelta | None = None,
        restrictions: CouponRestrictions | None = None,
        qualifying: tuple[str, ...] = (),
        **terms: Any,
    ) -> str:
        """Grants a coupon whose stake is not returned and whose profit goes to SN."""
        known: dict[str, Any] = {"profit_target": "SN", **terms}
        return self.run(
            GrantCoupon(
                grant_id,
                eur(amount),
                START + until,
                CouponTerms(**known, restrictions=restrictions or CouponRestrictions()),
                None if after is None else START + after,
                qualifying,
            )
        )

    def bet_with(
        self,
        stake: int,
        bet_ref: str = "b1",
        *,
        coupon: str = "",
        context: BetContext = NO_CONTEXT,
        free: bool = False,
        provider: str = "sports",
        selected: str = "",
    ) -> str:
        return self.run(
            AuthorizeBet(
                BetKey(provider, bet_ref),
                eur(stake),
                selected_source=selected,
                coupon_grant_id=coupon,
                free_round=free,
                context=context,
            )
        )

    def revoke(self, grant_id: str = "C1", *, forfeit: bool = False) -> str:
        return self.run(RevokeCoupon(grant_id, "TEST", forfeit))

    def reverse(self, grant_id: str = "C1") -> str:
        return self.run(ReversePromotion(grant_id))

    def expire(self, grant_id: str = "") -> str:
        return self.run(ExpireCoupons(grant_id))


def funding(world: CouponWorld, bet_ref: str = "b1") -> dict[str, int]:
    """Returns what each source has paid of a bet, in order."""
    return renamed({line.source: line.amount for line in world.bet(bet_ref).lines})
