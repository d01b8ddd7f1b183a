"""Crediting promotions."""

from dataclasses import replace

import pytest

from tests.core.promotions.promotions import FIVE_TIMES, PROMO_TOPOLOGY, PromoWorld, with_bucket
from tests.core.world import START, vector
from wallet_server.core.commands import Amount, CreditPromotion
from wallet_server.core.config.topology import BucketStatus, RetiredBucket
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.coupons.grant import CouponGrant, CouponState, CouponTerms
from wallet_server.core.items import LIVE_ITEMS_MAX
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import Promotion, PromotionKind, PromotionState
from wallet_server.core.refusals import DestinationUnknown, TransactionPayloadMismatch
from wallet_server.core.results import PromotionResult
from wallet_server.core.rolling.requirement import (
    ReleaseMode,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)


def test_a_promotion_is_credited_at_the_houses_cost() -> None:
    world = PromoWorld("SN 10", PROMO_TOPOLOGY)

    assert world.credit(50, kind=PromotionKind.CASHBACK) == "APPLIED"
    assert world.posted == vector("SB +50, H:PROMO -50")
    assert world.balances == vector("SN 10, SB 50")
    assert world.answer.result == PromotionResult("p1", "CREDITED")
    assert world.promotion() == Promotion(
        promotion_id="p1",
        state=PromotionState.CREDITED,
        sequence=2,
        create_time=world.answer.answer_time,
        kind=PromotionKind.CASHBACK,
        bucket="SB",
        asset_code="EUR",
        amount=50,
    )


def test_points_are_credited_in_their_own_asset() -> None:
    world = PromoWorld("SN 10", PROMO_TOPOLOGY)

    assert world.credit(50, "PT") == "APPLIED"
    assert world.entry.asset_code == "PTS"
    assert world.balances == vector("SN 10, PT 50")
    assert world.promotion().asset_code == "PTS"


def test_terms_for_rolling_open_a_requirement() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)

    assert world.credit(50, rolling=FIVE_TIMES) == "APPLIED"

    requirement = world.requirement()
    assert (requirement.required, requirement.remaining, requirement.bucket) == (250, 250, "SB")
    assert requirement.state is RequirementState.ACTIVE
    assert (requirement.origin, requirement.origin_id) == (RequirementOrigin.PROMOTION, "p1")
    assert world.promotion().requirement_id == requirement.requirement_id
    assert world.answer.result == PromotionResult(
        "p1", "CREDITED", requirement_id=requirement.requirement_id
    )


def test_wagering_of_nothing_is_done_at_once() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    terms = RollingTerms(0, release_target="WD", release_mode=ReleaseMode.AUTOMATIC)

    world.credit(50, rolling=terms)

    assert world.balances == {"WD": 50}
    assert world.requirement().state is RequirementState.RELEASED


def test_a_promotion_repays_no_debt() -> None:
    world = PromoWorld("DEBT -30", PROMO_TOPOLOGY)

    world.credit(50, "SN")

    assert world.balances == vector("SN 50, DEBT -30")


def test_a_frozen_bucket_still_takes_promotions() -> None:
    world = PromoWorld("SB 1", PROMO_TOPOLOGY, frozen="SB")

    assert world.credit(50) == "APPLIED"
    assert world.balances == {"SB": 51}


def test_a_known_promotion_with_the_same_content_is_a_replay() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, rolling=FIVE_TIMES)
    before = world.wallet

    assert world.credit(50, rolling=FIVE_TIMES) == "REPLAYED APPLIED"
    assert world.wallet == before


def test_it_is_a_replay_whatever_has_become_of_the_promotion_the_account_or_the_bucket() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50)
    world.reverse()
    world.change(status=AccountStatus.FROZEN)
    world.configure(with_bucket("SB", promo_creditable=False))

    assert world.credit(50) == "REPLAYED APPLIED"
    assert world.balances == {}


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"amount": Amount("EUR", 51)}, "amount"),
        ({"bucket": "SN"}, "bucket"),
        ({"kind": PromotionKind.REBATE}, "kind"),
        ({"rolling": None}, "rolling"),
        ({"rolling": RollingTerms(60_000, "WD")}, "rolling"),
        ({"qualifying_provider_types": ("SLOTS",)}, "qualifying_provider_types"),
    ],
)
def test_a_known_promotion_with_other_content_is_a_conflict(
    other: dict[str, object], field: str
) -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    command = CreditPromotion("p1", "SB", Amount("EUR", 50), rolling=FIVE_TIMES)
    world.run(command)
    before = world.wallet

    assert world.run(replace(command, **other)) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("p1", field)
    assert world.wallet == before


def test_a_known_promotion_in_another_asset_is_a_mismatch_of_currency() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50)

    assert world.run(CreditPromotion("p1", "SB", Amount("USD", 50))) == "CURRENCY_MISMATCH"


def test_a_coupon_has_taken_the_name() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    grant = CouponGrant("p1", CouponState.REVOKED, 50, START, START, CouponTerms("SN"), 1, 1, START)
    world.fold.wallets[world.wallet.ref] = replace(world.wallet, items={grant.key: grant})

    assert world.credit(50) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("p1", "kind")


def test_refusals_come_in_the_documented_order() -> None:
    terms = RollingTerms(100_001, "XX")
    world = PromoWorld(
        "", with_bucket("SB", promo_creditable=False, status=BucketStatus.DRAINING),
        status=AccountStatus.CLOSED,
    )  # fmt: skip
    uk = WalletPolicy(jurisdiction="UK")

    assert world.credit(5, "XX", rolling=terms) == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.run(CreditPromotion("p1", "SB", Amount("USD", 5))) == "CURRENCY_MISMATCH"
    assert world.credit(5, rolling=terms) == "ACCOUNT_CLOSED"
    world.change(status=AccountStatus.ACTIVE)
    assert world.credit(5, rolling=terms) == "BUCKET_NOT_PROMO_CREDITABLE"
    world.configure(with_bucket("SB", status=BucketStatus.DRAINING), uk)
    assert world.credit(5, rolling=terms) == "BUCKET_DRAINING"
    world.configure(PROMO_TOPOLOGY, uk)
    assert world.credit(5, rolling=terms, qualifying=("SLOTS",)) == "JURISDICTION_WAGERING_CAP"
    terms = replace(terms, multiplier_bp=100_000)
    assert world.credit(5, rolling=terms, qualifying=("SLOTS",)) == "JURISDICTION_MIXED_PRODUCT"
    assert world.credit(5, rolling=terms) == "DESTINATION_UNKNOWN"
    terms = replace(terms, release_target="WD")
    assert world.credit(5, rolling=terms) == "APPLIED"
    assert world.balances == {"SB": 5}


def test_a_retired_bucket_takes_no_promotions() -> None:
    buckets = tuple(each for each in PROMO_TOPOLOGY.buckets if each.code != "CB")
    retired = replace(PROMO_TOPOLOGY, buckets=buckets, retired_buckets=(RetiredBucket("CB", "CN"),))

    assert PromoWorld("", retired).credit(5, "CB") == "BUCKET_UNKNOWN_IN_TOPOLOGY"


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("WD", "APPLIED"),
        ("", "APPLIED"),
        ("SB", "DESTINATION_UNKNOWN"),
        ("CB", "DESTINATION_UNKNOWN"),
        ("PT", "DESTINATION_UNKNOWN"),
        ("XX", "DESTINATION_UNKNOWN"),
    ],
)
def test_money_is_released_only_to_where_it_can_go(target: str, outcome: str) -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)

    assert world.credit(50, rolling=RollingTerms(50_000, target)) == outcome
    if outcome != "APPLIED":
        assert world.refusal == DestinationUnknown(target)
        assert (world.balances, world.wallet.items) == ({}, {})


def test_no_more_wagering_is_asked_for_than_the_books_have_numbers() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)

    assert world.credit(2**62, rolling=RollingTerms(20_001)) == "AMOUNT_OUT_OF_RANGE"
    assert (world.balances, world.wallet.items) == ({}, {})


def test_a_refused_promotion_is_not_remembered_by_its_id() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY, status=AccountStatus.SELF_EXCLUDED)
    world.credit(50)
    world.change(status=AccountStatus.ACTIVE)

    assert world.credit(60) == "APPLIED"


def test_a_wallet_has_only_so_many_requirements_at_once() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    for i in range(LIVE_ITEMS_MAX):
        assert world.credit(1, promotion_id=f"p{i}", rolling=FIVE_TIMES) == "APPLIED"
    before = world.balances

    assert world.credit(1, promotion_id="more", rolling=FIVE_TIMES) == "ITEM_LIMIT"
    assert world.balances == before
    assert world.credit(1, promotion_id="without") == "APPLIED"


def test_a_promotion_may_not_leave_the_range_of_the_books() -> None:
    world = PromoWorld(f"SB {2**63 - 10}", PROMO_TOPOLOGY)
    before = world.wallet

    assert world.credit(10) == "AMOUNT_OUT_OF_RANGE"
    assert world.wallet == before
    assert world.credit(9) == "APPLIED"


def test_what_is_credited_can_be_played() -> None:
    world = PromoWorld("SN 20", PROMO_TOPOLOGY)
    world.credit(30)

    assert world.authorize(50) == "APPLIED"
    assert world.balances == vector("O:SB 30, O:SN 20")
