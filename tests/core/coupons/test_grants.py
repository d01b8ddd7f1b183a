"""Granting, revoking and expiring coupons."""

from datetime import timedelta
from typing import Any

import pytest

from tests.core.coupons.coupons import DAY, CouponWorld
from tests.core.world import START, World, eur, vector
from wallet_server.core.commands import Amount, GrantCoupon
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.coupons.grant import CouponRestrictions, CouponTerms, UseMode
from wallet_server.core.items import LIVE_ITEMS_MAX
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import (
    CouponTermsInvalid,
    DestinationUnknown,
    ItemLimit,
    JurisdictionMixedProduct,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import CouponResult, ExpiryResult

TERMS = CouponTerms("SN")


def test_a_grant_is_the_houses_gift() -> None:
    world = CouponWorld()

    assert world.grant(30) == "APPLIED"

    assert world.posted == vector("C1 +30, H:PROMO -30")
    assert world.answer.result == CouponResult("C1", "ACTIVE")
    assert world.coupon().topology_version == 1
    assert world.coupon().sequence == world.wallet.sequence


def test_the_same_grant_comes_once() -> None:
    world = CouponWorld()
    world.grant(30)

    assert world.grant(30) == "REPLAYED APPLIED"
    assert world.grant(31) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("C1", "amount")
    assert world.grant(30, until=2 * DAY) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.grant(30, after=timedelta(hours=1)) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.grant(30, uses_max=1) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.grant(30, qualifying=("SLOTS",)) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("C1", "qualifying_provider_types")
    assert world.balances == vector("C1 30")


def test_what_a_player_had_to_use_for_a_coupon_counts_as_its_product_too() -> None:
    world = CouponWorld("", WalletPolicy(jurisdiction="UK"))
    for_sports = CouponRestrictions(provider_types=("SPORTS",))

    assert world.grant(restrictions=for_sports, qualifying=("SLOTS",)) == (
        "JURISDICTION_MIXED_PRODUCT"
    )
    assert world.refusal == JurisdictionMixedProduct("UK", "SLOTS, SPORTS")
    assert world.grant(restrictions=for_sports, qualifying=("SPORTS",)) == "APPLIED"
    assert world.grant(grant_id="C2", qualifying=("SLOTS",)) == "APPLIED"
    assert world.coupon("C2").qualifying_provider_types == ("SLOTS",)


def test_a_grace_does_not_make_a_grant_another() -> None:
    world = CouponWorld()
    world.grant(30)
    world.authorize(30)
    world.wait(2 * DAY)
    world.expire()
    world.roll_back()
    assert world.coupon().valid_until > START + DAY

    assert world.grant(30) == "REPLAYED APPLIED"


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("valid_until", {"until": timedelta(seconds=1)}),
        ("valid_until", {"after": DAY, "until": DAY}),
        ("legs_min", {"restrictions": CouponRestrictions(legs_min=2, legs_max=1)}),
        (
            "odds_milli_min",
            {"restrictions": CouponRestrictions(odds_milli_min=2, odds_milli_max=1)},
        ),
        ("stake_min", {"restrictions": CouponRestrictions(stake_min=2, stake_max=1)}),
        (
            "stake_min",
            {
                "restrictions": CouponRestrictions(stake_min=31),
                "use_mode": UseMode.REQUIRE_FULL,
            },
        ),
    ],
)
def test_terms_under_which_it_never_pays_are_refused(field: str, named: dict[str, Any]) -> None:
    world = CouponWorld()

    assert world.grant(30, **named) == "COUPON_TERMS_INVALID"
    assert isinstance(world.refusal, CouponTermsInvalid)
    assert world.refusal.field == field
    assert world.wallet.sequence == 1


def test_bounds_may_be_equal() -> None:
    world = CouponWorld()
    same = CouponRestrictions(
        legs_min=2, legs_max=2, odds_milli_min=5, odds_milli_max=5, stake_min=30, stake_max=30
    )

    assert world.grant(30, restrictions=same, use_mode=UseMode.REQUIRE_FULL) == "APPLIED"


@pytest.mark.parametrize("named", [{"profit_target": "XX"}, {"stake_target": "PT"}])
def test_destinations_must_hold_the_wallets_currency(named: dict[str, Any]) -> None:
    world = CouponWorld()

    assert world.grant(30, **named) == "DESTINATION_UNKNOWN"
    assert world.refusal == DestinationUnknown(*named.values())


def test_another_currency_is_refused() -> None:
    world = CouponWorld()
    other = GrantCoupon("C1", Amount("USD", 30), START + DAY, TERMS)

    assert world.run(other) == "CURRENCY_MISMATCH"


def test_a_wallet_has_only_so_many_live_coupons() -> None:
    world = CouponWorld()
    for number in range(LIVE_ITEMS_MAX):
        assert world.grant(1, f"c{number}") == "APPLIED"

    assert world.grant(1, "one-more") == "ITEM_LIMIT"
    assert world.refusal == ItemLimit(LIVE_ITEMS_MAX)
    world.revoke("c0")
    assert world.grant(1, "instead") == "APPLIED"


@pytest.mark.parametrize("status", [s for s in AccountStatus if s is not AccountStatus.ACTIVE])
def test_only_active_players_are_given_coupons(status: AccountStatus) -> None:
    world = CouponWorld()
    world.grant(30)
    world.change(status=status)

    assert world.grant(30, "C2").startswith("ACCOUNT_")
    assert world.revoke() == "APPLIED"
    assert world.expire() == "ALREADY_APPLIED"


def test_a_coupon_that_was_reversed_before_it_came_never_comes() -> None:
    world = CouponWorld()
    assert world.reverse("C1") == "TOMBSTONED"

    assert world.grant(30) == "PROMOTION_TOMBSTONED"


@pytest.mark.parametrize(("forfeit", "state"), [(False, "REVOKED"), (True, "FORFEITED")])
def test_what_is_left_of_a_revoked_coupon_goes_back(forfeit: bool, state: str) -> None:
    world = CouponWorld()
    world.grant(30)
    world.authorize(10)

    assert world.revoke(forfeit=forfeit) == "APPLIED"

    assert world.posted == vector("C1 -20, H:PROMO +20")
    assert world.answer.result == CouponResult("C1", state, 20)
    assert world.revoke(forfeit=not forfeit) == "ALREADY_APPLIED"
    assert world.state() == state
    world.settle(0, refund=10)
    assert world.balances == {}
    assert world.state() == state


def test_a_coupon_may_be_revoked_before_its_time_and_after_it() -> None:
    world = CouponWorld()
    world.grant(30, "C1", after=timedelta(hours=1))
    world.grant(30, "C2")
    world.authorize(30)
    world.wait(2 * DAY)
    world.expire("C2")
    assert (world.state("C1"), world.state("C2")) == ("ISSUED", "EXPIRED")

    assert (world.revoke("C1"), world.revoke("C2")) == ("APPLIED", "APPLIED")
    world.roll_back()

    assert world.balances == {}
    assert world.revoke("C3") == "COUPON_NOT_FOUND"


def test_a_sweep_ends_what_is_due_and_nothing_else() -> None:
    world = CouponWorld()
    world.grant(10, "C1")
    world.grant(20, "C2", after=timedelta(hours=1))
    world.grant(40, "C3", until=7 * DAY)
    world.wait(DAY)

    assert world.expire("C3") == "ALREADY_APPLIED"
    assert world.expire("C2") == "APPLIED"
    assert world.answer.result == ExpiryResult(1, 20)
    assert world.expire() == "APPLIED"
    assert world.answer.result == ExpiryResult(1, 10)
    assert world.balances == vector("C3 40")
    assert world.expire("C4") == "COUPON_NOT_FOUND"


def test_a_coupon_is_due_when_it_ends_and_not_after() -> None:
    world = CouponWorld()
    world.grant(10)

    assert world.coupon().due_time == START + DAY
    world.wait(DAY)
    world.expire()
    assert world.coupon().due_time is None
    assert not world.coupon().is_live


def test_a_wallet_of_another_shape_has_no_coupons_place() -> None:
    world = World("SN 10")
    world.run(GrantCoupon("C1", eur(5), START + DAY, TERMS))

    world.authorize(10)

    assert [line.source for line in world.bet().lines] == ["SN"]


def test_a_named_coupon_pays_first_in_any_mode() -> None:
    world = CouponWorld("CN 10, CB 10")
    world.grant(15, profit_target="CN")

    assert world.bet_with(20, coupon="C1", provider="live", selected="CASINO_BONUS") == "APPLIED"

    lines = world.wallet.bets[next(iter(world.wallet.bets))].lines
    assert [(line.source, line.amount) for line in lines] == [("cpn:C1", 15), ("CB", 5)]
    assert world.bet_with(5, "b2", coupon="C1", provider="live") == "SELECTED_SOURCE_REQUIRED"
