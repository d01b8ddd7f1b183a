"""Adjustments under a name of their own, and those that take a second person."""

from dataclasses import replace

import pytest

from tests.core.cashier.deposits import DepositWorld
from tests.core.promotions.promotions import with_bucket
from tests.core.rules import TOPOLOGY
from tests.core.world import vector
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentKind, AdjustmentState
from wallet_server.core.commands import Actor, AdjustBalance, Amount
from wallet_server.core.config.topology import RetiredBucket
from wallet_server.core.config.wallet_policy import AdjustmentRules, WalletPolicy
from wallet_server.core.refusals import (
    ApprovalRequired,
    SelfApproval,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import AdjustmentResult

FOUR_EYES = WalletPolicy(adjustments=AdjustmentRules(four_eyes_from=100))


def test_a_small_adjustment_with_a_name_is_made_once() -> None:
    world = DepositWorld("", FOUR_EYES)

    assert world.put_right(99) == "APPLIED"
    assert world.posted == vector("SN +99, H:ADJUST -99")
    assert world.result == AdjustmentResult("a1", "APPLIED")
    before = world.wallet
    assert world.put_right(99) == "REPLAYED APPLIED"
    assert world.put_right(99, "bea") == "REPLAYED APPLIED"
    assert world.result == AdjustmentResult("a1", "APPLIED")
    assert world.wallet == before
    assert world.put_right(99, adjustment_id="a2") == "APPLIED"
    assert world.balances == {"SN": 198}


def test_what_is_kept_of_an_adjustment() -> None:
    world = DepositWorld("", FOUR_EYES)
    world.put_right(-1, adjustment_id="")
    assert world.wallet.items == {}

    world.put_right(5, "tom")

    assert world.adjustment() == Adjustment(
        "a1",
        AdjustmentKind.BALANCE,
        AdjustmentState.APPLIED,
        "EUR",
        5,
        "TEST",
        sequence=3,
        create_time=world.answer.answer_time,
        bucket="SN",
        author="tom",
        apply_sequence=3,
    )


def test_a_large_adjustment_is_made_when_a_second_person_says_so_too() -> None:
    world = DepositWorld("", FOUR_EYES)

    assert world.put_right(100, "tom") == "APPROVAL_REQUIRED"
    assert world.refusal == ApprovalRequired(100, "a1")
    assert world.adjustment().state is AdjustmentState.PENDING
    assert world.balances == {}
    assert world.put_right(100, "bea") == "APPLIED"
    assert world.posted == vector("SN +100, H:ADJUST -100")
    assert world.result == AdjustmentResult("a1", "APPLIED")
    known = world.adjustment()
    assert (known.state, known.author, known.approver) == (AdjustmentState.APPLIED, "tom", "bea")
    assert (known.sequence, known.apply_sequence, known.revision) == (2, 3, 2)


def test_once_it_is_made_anybody_gets_the_same_answer() -> None:
    world = DepositWorld("", FOUR_EYES)
    world.put_right(100, "tom")
    world.put_right(100, "bea")
    before = world.wallet

    for name in ("tom", "bea", "eve", ""):
        assert world.put_right(100, name) == "REPLAYED APPLIED"
    assert world.wallet == before


def test_the_same_person_twice_is_one_person() -> None:
    world = DepositWorld("", FOUR_EYES)
    world.put_right(100, "tom")

    assert world.put_right(100, "tom") == "SELF_APPROVAL"
    assert world.refusal == SelfApproval("tom")
    assert world.put_right(100, "Tom") == "SELF_APPROVAL"
    assert world.balances == {}


@pytest.mark.parametrize(
    "actor", [Actor("ann"), Actor("tom", player_id="ann"), Actor("office/ann")]
)
def test_who_gains_by_it_may_neither_ask_nor_approve(actor: Actor) -> None:
    world = DepositWorld("", FOUR_EYES)

    assert world.put_right(100, actor=actor) == "SELF_APPROVAL"
    assert world.wallet.items == {}
    world.put_right(100, "bea")
    assert world.put_right(100, actor=actor) == "SELF_APPROVAL"
    assert world.balances == {}


@pytest.mark.parametrize(
    "actor", [Actor("ann"), Actor("tom", player_id="ann"), Actor("office/ann")]
)
@pytest.mark.parametrize("policy", [FOUR_EYES, WalletPolicy()])
def test_who_gains_by_it_makes_no_small_one_either(policy: WalletPolicy, actor: Actor) -> None:
    """One person is enough for it, and that is never the player."""
    world = DepositWorld("SN 50, DEBT -50", policy)

    assert world.put_right(1, actor=actor) == "SELF_APPROVAL"
    assert world.refusal == SelfApproval(actor.name)
    assert world.put_right(-1, actor=actor, adjustment_id="") == "SELF_APPROVAL"
    assert world.write_off(1, actor=actor) == "SELF_APPROVAL"
    assert world.wallet.items == {}
    assert world.balances == {"SN": 50, "DEBT": -50}
    assert world.put_right(1, "bea") == "APPLIED"


def test_who_asks_for_much_must_be_known() -> None:
    world = DepositWorld("", FOUR_EYES)

    assert world.put_right(100) == "ACTOR_REQUIRED"
    assert world.wallet.items == {}
    world.put_right(100, "tom")
    assert world.put_right(100) == "ACTOR_REQUIRED"
    assert world.put_right(99, adjustment_id="a2") == "APPLIED"


def test_what_is_taken_away_counts_as_what_is_given() -> None:
    world = DepositWorld("SN 150", FOUR_EYES)

    assert world.put_right(-100, "tom") == "APPROVAL_REQUIRED"
    assert world.put_right(-100, "bea") == "APPLIED"
    assert world.put_right(-50, adjustment_id="a2") == "APPLIED"
    assert world.balances == {}


def test_no_second_person_makes_an_adjustment_of_a_bucket_that_is_retired_meanwhile() -> None:
    world = DepositWorld("", FOUR_EYES)
    world.put_right(100, "tom", "CN")
    kept = tuple(each for each in TOPOLOGY.buckets if each.code != "CN")
    retired = (RetiredBucket("CN", "SN"),)
    world.configure(replace(TOPOLOGY, buckets=kept, retired_buckets=retired), FOUR_EYES)

    assert world.put_right(100, "bea", "CN") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.balances == {}


def test_without_a_name_of_its_own_nothing_is_kept() -> None:
    world = DepositWorld("", FOUR_EYES)

    assert world.put_right(100, "tom", adjustment_id="") == "APPROVAL_REQUIRED"
    assert world.refusal == ApprovalRequired(100, "")
    assert world.put_right(100, "bea", adjustment_id="") == "APPROVAL_REQUIRED"
    assert world.wallet.items == {}


def test_the_second_person_must_say_the_same() -> None:
    world = DepositWorld("DEBT -500", FOUR_EYES)
    world.put_right(100, "tom")

    assert world.put_right(101, "bea") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("a1", "amount")
    assert world.put_right(-100, "bea") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.put_right(100, "bea", "CN") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("a1", "bucket")
    assert world.put_right(100, "bea", reason_code="OTHER") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("a1", "reason_code")
    assert world.write_off(100, "bea") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("a1", "kind")
    assert world.balances == {"DEBT": -500}


def test_comments_may_differ() -> None:
    world = DepositWorld("", FOUR_EYES)
    world.put_right(100, "tom")

    bea = Actor("bea")
    command = AdjustBalance("SN", Amount("EUR", 100), "TEST", "looks right", "a1", bea)

    assert world.run(command) == "APPLIED"
    assert world.adjustment().comment == ""


def test_what_cannot_be_done_is_refused_before_a_second_person_is_asked_for() -> None:
    world = DepositWorld("SN 99", FOUR_EYES)

    assert world.put_right(-100, "tom") == "INSUFFICIENT_FUNDS"
    assert world.put_right(100, "tom", "XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.put_right(100, "tom", "CB") == "BUCKET_NOT_ADJUSTABLE"
    assert world.wallet.items == {}


def test_the_second_person_comes_too_late_for_money_that_is_gone() -> None:
    world = DepositWorld("SN 100", FOUR_EYES)
    world.put_right(-100, "tom")
    world.change(balances="SN 99")

    assert world.put_right(-100, "bea") == "INSUFFICIENT_FUNDS"
    assert world.adjustment().state is AdjustmentState.PENDING
    world.configure(FOUR_EYES, with_bucket("SN", adjustable=False))
    assert world.put_right(-100, "bea") == "BUCKET_NOT_ADJUSTABLE"


def test_what_waits_takes_two_persons_whatever_the_wallet_policy_says_by_now() -> None:
    world = DepositWorld("", FOUR_EYES)
    world.put_right(100, "tom")
    world.configure(WalletPolicy())

    assert world.put_right(100, "tom") == "SELF_APPROVAL"
    assert world.put_right(100) == "ACTOR_REQUIRED"
    assert world.put_right(100, "bea") == "APPLIED"


def test_one_person_is_enough_where_the_wallet_policy_asks_for_no_more() -> None:
    world = DepositWorld()

    assert world.put_right(10**15) == "APPLIED"
