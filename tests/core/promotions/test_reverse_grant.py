"""Taking promotions back whose value is a coupon."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.promotions.promotions import PROMO_TOPOLOGY, PromoWorld
from tests.core.world import START, eur
from wallet_server.core.accounts import PROMO, coupon, open_stake
from wallet_server.core.answer import PostedEntry
from wallet_server.core.commands import AuthorizeBet, GrantCoupon, RevokeCoupon
from wallet_server.core.coupons.grant import CouponGrant, CouponState, CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.refusals import PromotionValueSpent
from wallet_server.core.results import CouponResult

C1 = coupon("c1")
OPEN_C1 = open_stake(C1)


class CouponWorld(PromoWorld):
    def grant(self, amount: int = 50, grant_id: str = "c1") -> str:
        terms = CouponTerms(profit_target="SN")
        return self.run(GrantCoupon(grant_id, eur(amount), START + timedelta(days=7), terms))

    def stake(self, amount: int, bet_ref: str = "b1") -> str:
        return self.run(AuthorizeBet(BetKey("sports", bet_ref), eur(amount), coupon_grant_id="c1"))

    def coupon(self, grant_id: str = "c1") -> CouponGrant:
        found = self.wallet.items[ItemKey(ItemKind.COUPON, grant_id)]
        assert isinstance(found, CouponGrant)
        return found

    @property
    def held(self) -> dict[str, int]:
        return {account: amount for account, amount in self.wallet.balances.items() if amount}


def world_with_coupon(amount: int = 50) -> CouponWorld:
    world = CouponWorld("", PROMO_TOPOLOGY)
    assert world.grant(amount) == "APPLIED"
    return world


def changes(entry: PostedEntry) -> dict[str, int]:
    return {each.account: each.change for each in entry.changes}


def test_e47_a_coupon_is_taken_back_with_a_bet_open_on_it() -> None:
    world = world_with_coupon()
    assert world.stake(30) == "APPLIED"

    assert world.reverse(promotion_id="c1") == "APPLIED"
    assert changes(world.entry) == {C1: -20, PROMO: 20}
    assert world.answer.result == CouponResult("c1", "REVOKED", taken_back=20, unrecovered=30)
    assert world.coupon().state is CouponState.REVOKED
    assert world.held == {OPEN_C1: 30}

    assert world.roll_back() == "APPLIED"
    bets_own, beside = world.answer.entries
    assert changes(bets_own) == {C1: 30, OPEN_C1: -30}
    assert changes(beside) == {C1: -30, PROMO: 30}
    assert (bets_own.bet_ref, beside.bet_ref) == ("b1", "")
    assert world.held == {}


def test_a_win_of_a_coupon_that_was_taken_back_still_pays() -> None:
    world = world_with_coupon()
    world.stake(30)
    world.reverse(promotion_id="c1")

    assert world.settle(75) == "APPLIED"
    assert world.balances == {"SN": 45}


@pytest.mark.parametrize("mode", ["STRICT", "PARTIAL", "DEBT"])
def test_a_coupon_that_is_all_there_is_all_taken_back(mode: str) -> None:
    world = world_with_coupon()

    assert world.reverse(mode, "c1") == "APPLIED"
    assert world.answer.result == CouponResult("c1", "REVOKED", taken_back=50)
    assert world.held == {}


def test_strict_takes_no_coupon_that_was_used() -> None:
    world = world_with_coupon()
    world.stake(30)
    before = world.wallet

    assert world.reverse("STRICT", "c1") == "PROMOTION_VALUE_SPENT"
    assert world.refusal == PromotionValueSpent(available=20, requested=50)
    assert (world.wallet.items, world.wallet.balances) == (before.items, before.balances)


def test_no_coupon_makes_debt() -> None:
    world = world_with_coupon()
    world.stake(30)
    world.settle(0)

    assert world.reverse("DEBT", "c1") == "APPLIED"
    assert world.answer.result == CouponResult("c1", "REVOKED", taken_back=20, unrecovered=30)
    assert world.held == {}


@pytest.mark.parametrize("mode", ["STRICT", "PARTIAL", "DEBT"])
def test_a_coupon_is_taken_back_once(mode: str) -> None:
    world = world_with_coupon()
    world.stake(30)
    world.reverse(promotion_id="c1")
    first = world.answer.result
    before = world.held, world.wallet.items

    assert world.reverse(mode, "c1") == "ALREADY_APPLIED"
    assert (world.answer.result, world.answer.entries) == (first, ())
    assert (world.held, world.wallet.items) == before


def test_a_coupon_that_was_revoked_says_what_was_taken_then() -> None:
    world = world_with_coupon()
    world.stake(30)
    world.run(RevokeCoupon("c1", "TEST"))

    assert world.reverse(promotion_id="c1") == "ALREADY_APPLIED"
    assert world.answer.result == CouponResult("c1", "REVOKED", taken_back=20, unrecovered=30)


@pytest.mark.parametrize("state", [CouponState.EXHAUSTED, CouponState.EXPIRED])
def test_no_rollback_revives_a_coupon_that_was_taken_back(state: CouponState) -> None:
    world = world_with_coupon(30)
    world.stake(30)
    world.settle(0)
    over = replace(world.coupon(), state=state)
    items = {**world.wallet.items, over.key: over}
    world.fold.wallets[world.wallet.ref] = replace(world.wallet, items=items)

    assert world.reverse(promotion_id="c1") == "APPLIED"
    assert world.coupon().state is CouponState.REVOKED
    world.roll_back()
    assert world.held == {}
    assert world.coupon().state is CouponState.REVOKED


def test_a_reversal_before_the_grant_keeps_it_away_for_ever() -> None:
    world = CouponWorld("", PROMO_TOPOLOGY)

    assert world.reverse(promotion_id="c1") == "TOMBSTONED"
    assert world.grant() == "PROMOTION_TOMBSTONED"
    assert world.held == {}


def test_a_promotion_and_a_coupon_never_have_the_same_name() -> None:
    world = world_with_coupon()
    assert world.credit(50, promotion_id="c1") == "TRANSACTION_PAYLOAD_MISMATCH"
    world.credit(50, promotion_id="c2")

    assert world.grant(50, "c2") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal.details() == {"reference": "c2", "field": "kind"}
