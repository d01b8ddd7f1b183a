"""What coupons keep, say and leave alone, down to the fields that few look at."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.core.coupons.coupons import DAY, CouponWorld, with_coupons
from tests.core.world import START, eur
from wallet_server.core.commands import Amount, CreditPromotion, GrantCoupon
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.coupons.grant import CouponRestrictions, CouponTerms, UseMode
from wallet_server.core.decision import Replay
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import promotion_key
from wallet_server.core.refusals import (
    CouponNotEligible,
    CouponNotFound,
    CouponTermsInvalid,
    CurrencyMismatch,
    DestinationUnknown,
    PromotionTombstoned,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import CouponResult


def granted(
    amount: int = 30,
    **named: Any,
) -> CouponWorld:
    """Returns a world with a coupon and SN 100."""
    world = CouponWorld("SN 100")
    assert world.grant(amount, **named) == "APPLIED"
    return world


def test_entries_of_coupons_are_in_the_wallets_currency() -> None:
    world = granted()
    assert world.entry.asset_code == "EUR"
    assert world.revoke() == "APPLIED"
    assert world.entry.asset_code == "EUR"


def test_of_two_that_expire_together_the_one_with_less_left_pays_first() -> None:
    world = CouponWorld("SN 100", with_coupons(1))
    world.grant(30, "A")
    world.grant(20, "B")

    assert world.bet_with(10) == "APPLIED"

    assert [line.source for line in world.bet().lines] == ["cpn:B"]


def test_refusals_of_coupons_name_them() -> None:
    world = granted(use_mode=UseMode.REQUIRE_FULL)

    assert world.bet_with(31, coupon="C1") == "COUPON_NOT_ELIGIBLE"
    assert world.refusal == CouponNotEligible("C1", "require_full")
    assert world.bet_with(30, "b2", coupon="C1") == "APPLIED"
    assert world.bet_with(5, "b3", coupon="C9") == "COUPON_NOT_FOUND"
    assert world.refusal == CouponNotFound("C9")
    assert world.revoke("C8") == "COUPON_NOT_FOUND"
    assert world.refusal == CouponNotFound("C8")
    assert world.expire("C7") == "COUPON_NOT_FOUND"
    assert world.refusal == CouponNotFound("C7")
    none = CouponWorld("SN 100", with_coupons(0))
    none.grant(30)
    assert none.bet_with(5, coupon="C1") == "COUPON_NOT_ELIGIBLE"
    assert none.refusal == CouponNotEligible("C1", "policy")


def test_every_change_of_a_grant_counts_up_its_revision_by_one() -> None:
    world = granted()
    assert world.bet_with(10) == "APPLIED"
    assert world.coupon().revision == 2
    assert world.settle(0) == "APPLIED"
    assert world.coupon().revision == 2
    assert world.revoke() == "APPLIED"
    assert world.coupon().revision == 3

    expiring = granted()
    expiring.wait(DAY)
    assert expiring.expire() == "APPLIED"
    assert expiring.coupon().revision == 2


def test_what_comes_back_before_the_end_comes_back_as_it_was() -> None:
    world = granted(until=timedelta(seconds=4))
    assert world.bet_with(10) == "APPLIED"

    assert world.settle(0, refund=10) == "APPLIED"

    grant = world.coupon()
    assert (grant.state.value, grant.valid_until, grant.granted_until) == (
        "ACTIVE",
        START + timedelta(seconds=4),
        None,
    )


def test_what_comes_back_at_the_end_lives_for_the_grace() -> None:
    world = CouponWorld("SN 100", WalletPolicy(coupon_grace_seconds=60))
    assert world.grant(1, until=timedelta(seconds=3)) == "APPLIED"
    assert world.bet_with(1) == "APPLIED"

    assert world.roll_back() == "APPLIED"  # At the third second: no longer valid.

    grant = world.coupon()
    assert (grant.state.value, grant.valid_until, grant.granted_until) == (
        "ACTIVE",
        START + timedelta(seconds=63),
        START + timedelta(seconds=3),
    )
    assert world.balances == {"C1": 1, "SN": 100}


def test_a_grant_expires_at_its_last_moment() -> None:
    world = granted(until=timedelta(seconds=3))
    assert world.expire() == "ALREADY_APPLIED"

    assert world.expire() == "APPLIED"

    assert world.state() == "EXPIRED"


def test_an_amount_in_another_currency_is_refused() -> None:
    world = CouponWorld()
    command = GrantCoupon("C1", Amount("USD", 30), START + DAY, CouponTerms("SN"))

    assert world.run(command) == "CURRENCY_MISMATCH"
    assert world.refusal == CurrencyMismatch("amount", "EUR", "USD")


def test_a_player_who_may_not_play_gets_no_coupon() -> None:
    world = CouponWorld()
    world.change(status=AccountStatus.SELF_EXCLUDED)

    assert world.grant() == "ACCOUNT_SELF_EXCLUDED"


def test_destinations_hold_the_wallets_currency() -> None:
    world = CouponWorld()

    assert world.grant(profit_target="PT") == "DESTINATION_UNKNOWN"
    assert world.refusal == DestinationUnknown("PT")
    assert world.grant(stake_target="PT") == "DESTINATION_UNKNOWN"
    assert world.refusal == DestinationUnknown("PT")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": 2 * DAY}, "valid_until"),
        ({"after": timedelta(hours=1)}, "valid_from"),
        ({"profit_cap": 5}, "terms"),
        ({"qualifying": ("SPORTS",)}, "qualifying_provider_types"),
    ],
)
def test_what_a_repeated_grant_says_otherwise_is_named(changes: dict[str, Any], field: str) -> None:
    world = granted()

    assert world.grant(**changes) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("C1", field)


def test_a_repeated_grant_is_answered_by_the_first() -> None:
    world = granted()
    first = world.answer.sequence
    world.deposit(5)

    assert world.grant() == "REPLAYED APPLIED"
    assert world.last == Replay(first)


def test_a_name_that_a_promotion_has_is_taken() -> None:
    world = CouponWorld()
    world.reverse("C1")
    assert promotion_key("C1") in world.wallet.items
    assert world.grant() == "PROMOTION_TOMBSTONED"
    assert world.refusal == PromotionTombstoned("C1")

    topology = world.fold.configurations["demo"].topology.value
    promoting = tuple(replace(each, promo_creditable=True) for each in topology.buckets)
    world = CouponWorld("", replace(topology, buckets=promoting))
    assert world.run(CreditPromotion("C1", "SB", eur(5))) == "APPLIED"
    assert world.grant() == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("C1", "kind")


@pytest.mark.parametrize(("forfeit", "state"), [(False, "REVOKED"), (True, "FORFEITED")])
def test_what_is_taken_back_is_taken_back_once(*, forfeit: bool, state: str) -> None:
    world = granted()
    assert world.bet_with(10) == "APPLIED"

    assert world.revoke(forfeit=forfeit) == "APPLIED"
    assert world.answer.result == CouponResult("C1", state, taken_back=20)
    assert world.coupon().taken_back == 20
    assert world.revoke(forfeit=not forfeit) == "ALREADY_APPLIED"
    assert world.answer.result == CouponResult("C1", state)
    assert world.answer.entries == ()


@pytest.mark.parametrize(
    ("amount", "until", "after", "restrictions", "refusal"),
    [
        (30, -DAY, None, {}, CouponTermsInvalid("valid_until", "is past")),
        (30, DAY, DAY, {}, CouponTermsInvalid("valid_until", "is not after valid_from")),
        (30, DAY, None, {"legs_min": 3, "legs_max": 2}, CouponTermsInvalid("legs_min", "exceeds legs_max")),
        (
            30,
            DAY,
            None,
            {"stake_min": 31},
            CouponTermsInvalid("stake_min", "exceeds the amount, which must pay it in full"),
        ),
    ],
)  # fmt: skip
def test_terms_that_contradict_each_other_are_named(
    amount: int,
    until: timedelta,
    after: timedelta | None,
    restrictions: dict[str, Any],
    refusal: CouponTermsInvalid,
) -> None:
    world = CouponWorld()

    said = world.grant(
        amount,
        until=until,
        after=after,
        restrictions=CouponRestrictions(**restrictions),
        use_mode=UseMode.REQUIRE_FULL,
    )

    assert said == "COUPON_TERMS_INVALID"
    assert world.refusal == refusal


def test_a_coupon_of_one_unit_may_be_for_full_stakes() -> None:
    world = CouponWorld()

    assert world.grant(1, use_mode=UseMode.REQUIRE_FULL) == "APPLIED"
