"""Taking promotions back."""

from dataclasses import replace

import pytest

from tests.core.promotions.promotions import PROMO_TOPOLOGY, PromoWorld
from tests.core.world import vector
from wallet_server.core.config.topology import RetiredBucket
from wallet_server.core.config.wallet_policy import RecoveryScope, WalletPolicy
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import Promotion, PromotionState
from wallet_server.core.refusals import BucketFrozen, PromotionTombstoned, PromotionValueSpent
from wallet_server.core.results import PromotionResult


def spent_points() -> PromoWorld:
    """Returns a wallet that was credited 50 points and has 20 of them left."""
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, "PT")
    world.change(balances="PT 20")
    return world


def test_e46a_strict_takes_nothing_back_where_a_part_is_spent() -> None:
    world = spent_points()
    before = world.promotion()

    assert world.reverse("STRICT") == "PROMOTION_VALUE_SPENT"
    assert world.refusal == PromotionValueSpent(available=20, requested=50)
    assert world.balances == {"PT": 20}
    assert world.promotion() == before


def test_e46b_partial_takes_back_what_is_there() -> None:
    world = spent_points()

    assert world.reverse("PARTIAL", request_id="r1") == "APPLIED"
    assert world.posted == vector("PT -20, H:PROMO +20")
    result = PromotionResult("p1", "PARTIALLY_REVERSED", reversed=20, unrecovered=30)
    assert world.answer.result == result
    assert world.balances == {}
    assert world.promotion().state is PromotionState.PARTIALLY_REVERSED

    assert world.reverse("PARTIAL", request_id="r1") == "REPEATED APPLIED"
    assert world.reverse("PARTIAL") == "ALREADY_APPLIED"
    assert (world.answer.result, world.answer.entries) == (result, ())


def test_e46c_debt_makes_the_player_owe_what_is_gone_in_its_own_asset() -> None:
    world = spent_points()

    assert world.reverse("DEBT") == "APPLIED"
    assert world.posted == vector("PT -20, DEBT:PTS -30, H:PROMO +50")
    assert world.entry.asset_code == "PTS"
    assert world.balances == {"DEBT:PTS": -30}
    assert world.answer.result == PromotionResult("p1", "REVERSED", reversed=50)


@pytest.mark.parametrize("mode", ["STRICT", "PARTIAL", "DEBT"])
def test_what_is_all_there_is_all_taken_back_in_any_mode(mode: str) -> None:
    world = PromoWorld("SN 10, SB 7", PROMO_TOPOLOGY)
    world.credit(50)

    assert world.reverse(mode) == "APPLIED"
    assert world.posted == vector("SB -50, H:PROMO +50")
    assert world.balances == vector("SN 10, SB 7")
    assert world.answer.result == PromotionResult("p1", "REVERSED", reversed=50)
    assert world.promotion().revision == 2


@pytest.mark.parametrize("mode", ["STRICT", "PARTIAL", "DEBT"])
def test_a_reversal_before_the_credit_keeps_it_away_for_ever(mode: str) -> None:
    world = PromoWorld("SN 10", PROMO_TOPOLOGY)

    assert world.reverse(mode) == "TOMBSTONED"
    result = PromotionResult("p1", "TOMBSTONED")
    assert (world.answer.result, world.answer.entries) == (result, ())
    at = world.answer.answer_time
    assert world.promotion() == Promotion("p1", PromotionState.TOMBSTONED, 2, at)
    assert world.reverse(mode) == "ALREADY_APPLIED"
    assert world.answer.result == result
    assert world.credit(50) == "PROMOTION_TOMBSTONED"
    assert world.refusal == PromotionTombstoned("p1")
    assert world.credit(50, promotion_id="p2") == "APPLIED"
    assert world.balances == vector("SN 10, SB 50")


@pytest.mark.parametrize("mode", ["STRICT", "PARTIAL", "DEBT"])
def test_a_promotion_is_reversed_once(mode: str) -> None:
    world = PromoWorld("SB 100", PROMO_TOPOLOGY)
    world.credit(50)
    world.reverse()
    before = world.balances, world.wallet.items

    assert world.reverse(mode) == "ALREADY_APPLIED"
    assert world.answer.result == PromotionResult("p1", "REVERSED", reversed=50)
    assert (world.balances, world.wallet.items) == before


def test_running_it_again_takes_what_has_come_back_since() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50)
    world.authorize(30, "b1")
    world.authorize(5, "b2")

    assert world.reverse() == "APPLIED"
    assert world.answer.result == PromotionResult("p1", "PARTIALLY_REVERSED", 15, 35)
    world.roll_back("b1")
    assert world.reverse() == "APPLIED"
    assert world.posted == vector("SB -30, H:PROMO +30")
    assert world.answer.result == PromotionResult("p1", "PARTIALLY_REVERSED", 45, 5)
    world.roll_back("b2")
    assert world.reverse("STRICT") == "APPLIED"
    assert world.answer.result == PromotionResult("p1", "REVERSED", 50, 0)
    assert world.balances == {}


def test_debt_finishes_what_a_partial_reversal_has_left() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50)
    world.change(balances="SB 20")
    world.reverse("PARTIAL")

    assert world.reverse("STRICT") == "PROMOTION_VALUE_SPENT"
    assert world.refusal == PromotionValueSpent(available=0, requested=30)
    assert world.reverse("DEBT") == "APPLIED"
    assert world.posted == vector("DEBT -30, H:PROMO +30")
    assert world.promotion().state is PromotionState.REVERSED


def test_a_partial_reversal_that_finds_nothing_is_one_all_the_same() -> None:
    world = PromoWorld("SN 10", PROMO_TOPOLOGY)
    world.credit(50)
    world.change(balances="SN 10")

    assert world.reverse() == "APPLIED"
    assert world.answer.entries == ()
    assert world.answer.result == PromotionResult("p1", "PARTIALLY_REVERSED", 0, 50)
    assert world.balances == {"SN": 10}


@pytest.mark.parametrize(
    ("scope", "posted"),
    [
        (RecoveryScope.ALL_CASH, "SB -20, SN -5, CN -4, WD -6, DEBT -15, H:PROMO +50"),
        (RecoveryScope.GROUP, "SB -20, SN -5, DEBT -25, H:PROMO +50"),
        (RecoveryScope.DESTINATION_ONLY, "SB -20, DEBT -30, H:PROMO +50"),
    ],
)
def test_own_money_stands_in_before_debt_is_made(scope: RecoveryScope, posted: str) -> None:
    world = PromoWorld("", PROMO_TOPOLOGY, WalletPolicy(recovery_scope=scope))
    world.credit(50)
    world.change(balances="SB 20, SN 5, CN 4, WD 6, CB 100, PT 100")

    assert world.reverse("DEBT") == "APPLIED"
    assert world.posted == vector(posted)


def test_only_as_much_own_money_as_is_missing_stands_in() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50)
    world.change(balances="SB 20, SN 12, CN 40, WD 6")

    world.reverse("DEBT")

    assert world.posted == vector("SB -20, SN -12, CN -18, H:PROMO +50")


def test_own_money_never_stands_in_for_points() -> None:
    world = spent_points()
    world.change(balances="PT 20, SN 500, WD 500")

    world.reverse("DEBT")

    assert world.balances == vector("DEBT:PTS -30, SN 500, WD 500")


def test_a_frozen_bucket_gives_nothing() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50)
    world.change(balances="SB 50, SN 30, CN 30", frozen="SB SN")

    assert world.reverse("STRICT") == "BUCKET_FROZEN"
    assert world.refusal == BucketFrozen("SB")
    assert world.reverse("PARTIAL") == "APPLIED"
    assert world.balances == vector("SB 50, SN 30, CN 30")
    assert world.reverse("DEBT") == "APPLIED"
    assert world.balances == vector("SB 50, SN 30, DEBT -20")


def test_of_a_retired_bucket_the_successor_gives() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, "CB")
    buckets = tuple(each for each in PROMO_TOPOLOGY.buckets if each.code != "CB")
    successor = RetiredBucket("CB", "SB")
    world.configure(replace(PROMO_TOPOLOGY, buckets=buckets, retired_buckets=(successor,)))
    world.change(balances="SB 30, SN 100")

    assert world.reverse("STRICT") == "PROMOTION_VALUE_SPENT"
    assert world.reverse("DEBT") == "APPLIED"
    assert world.posted == vector("SB -30, SN -20, H:PROMO +50")


def test_of_a_bucket_that_is_retired_the_last_successor_gives() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, "CB")
    buckets = tuple(each for each in PROMO_TOPOLOGY.buckets if each.code not in {"CB", "SB"})
    retired = (RetiredBucket("CB", "SB"), RetiredBucket("SB", "SN"))
    world.configure(replace(PROMO_TOPOLOGY, buckets=buckets, retired_buckets=retired))
    world.change(balances="SN 100")

    assert world.reverse("STRICT") == "APPLIED"
    assert world.posted == vector("SN -50, H:PROMO +50")


@pytest.mark.parametrize("status", AccountStatus)
def test_no_status_rules_a_reversal_out(status: AccountStatus) -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50)
    world.change(status=status)

    assert world.reverse() == "APPLIED"
