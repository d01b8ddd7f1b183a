"""Taking back more than is there."""

from dataclasses import replace

import pytest

from tests.core.bets.corrections import REJECT, won
from tests.core.bets.invariants import check_explained
from tests.core.rules import TOPOLOGY, auto, destinations, policy
from tests.core.world import World, vector
from wallet_server.core.config.wallet_policy import RecoveryScope, WalletPolicy
from wallet_server.core.refusals import CorrectionShort


def scope(value: RecoveryScope) -> WalletPolicy:
    return WalletPolicy(recovery_scope=value)


@pytest.mark.parametrize(
    ("case", "value", "left", "posts"),
    [
        ("nothing missing", RecoveryScope.ALL_CASH, "SB 48, SN 192", "SB -32, SN -128"),
        ("E32", RecoveryScope.ALL_CASH, "SB 48, SN 52, WD 30", "SB -32, SN -52, WD -30, DEBT -46"),
        (
            "in order",
            RecoveryScope.ALL_CASH,
            "SB 48, SN 100, CN 20, WD 50",
            "SB -32, SN -100, CN -20, WD -8",
        ),
        (
            "order, first enough",
            RecoveryScope.ALL_CASH,
            "SB 48, SN 100, CN 50, WD 50",
            "SB -32, SN -100, CN -28",
        ),
        ("bonus short", RecoveryScope.ALL_CASH, "SN 192, CB 99", "SN -160"),
        (
            "both short",
            RecoveryScope.ALL_CASH,
            "SB 10, SN 100, CN 10",
            "SB -10, SN -100, CN -10, DEBT -40",
        ),
        (
            "no promotion stands in",
            RecoveryScope.ALL_CASH,
            "SB 48, SN 100, CB 99, PT 99",
            "SB -32, SN -100, DEBT -28",
        ),
        ("nothing there", RecoveryScope.ALL_CASH, "", "DEBT -160"),
        (
            "debt there already",
            RecoveryScope.ALL_CASH,
            "SB 48, SN 100, DEBT -5",
            "SB -32, SN -100, DEBT -28",
        ),
        (
            "alone",
            RecoveryScope.DESTINATION_ONLY,
            "SB 48, SN 100, CN 20, WD 50",
            "SB -32, SN -100, DEBT -28",
        ),
        (
            "bonus alone",
            RecoveryScope.DESTINATION_ONLY,
            "SB 10, SN 192",
            "SB -10, SN -128, DEBT -22",
        ),
        ("own group", RecoveryScope.GROUP, "SB 10, SN 192, CN 50", "SB -10, SN -150"),
        (
            "own group only",
            RecoveryScope.GROUP,
            "SB 48, SN 100, CN 50, WD 50",
            "SB -32, SN -100, DEBT -28",
        ),
    ],
)
def test_what_is_missing_comes_from_the_recovery_order_and_then_from_debt(
    case: str, value: RecoveryScope, left: str, posts: str
) -> None:
    world = won(scope(value))
    world.change(balances=left)

    assert world.settle(80, version=2) == "APPLIED"

    assert world.posted == {**vector(posts), "GAME": 160}, case
    check_explained(world.bet(), world)


def test_a_bucket_gives_what_it_must_give_itself_before_it_stands_in() -> None:
    # SN must give 150 of its own and WD 60; WD has 80, so only 20 are left to stand in.
    rules = policy("SPORTS", auto("SN", "WD"))
    world = World("SN 50, WD 20", rules)
    world.authorize(70)
    world.settle(210)
    world.change(balances="SN 100, WD 80")

    world.settle(0, version=2)

    assert world.posted == vector("SN -100, WD -80, DEBT -30, GAME +210")
    check_explained(world.bet(), world)


def test_a_credit_in_the_same_correction_can_stand_in() -> None:
    world = World("SN 100", policy("SPORTS", auto("SN"), destinations("SN", "WD", "WD")))
    world.authorize(100)
    world.settle(60)
    world.change(balances="")

    world.settle(0, version=2, refund=100)

    # SN gets its 100 back, and WD should give 60 that it has not.
    assert world.posted == vector("SN +40, GAME -40")
    check_explained(world.bet(), world)


def test_correction_rejected() -> None:
    """E36."""
    world = won(REJECT)
    world.change(balances="SB 48, SN 60, WD 8")
    before = world.balances, world.bet()

    assert world.settle(80, version=2) == "CORRECTION_SHORTFALL"

    assert world.refusal == CorrectionShort("b1", short=60)
    assert (world.balances, world.bet()) == before
    assert world.settle(80, version=2) == "CORRECTION_SHORTFALL"
    world.adjust(60)
    assert world.settle(80, version=2) == "APPLIED"
    assert world.balances == vector("SB 16")


def test_a_rejected_correction_tells_all_that_is_short() -> None:
    world = won(REJECT)
    world.change(balances="SB 2, SN 100")

    world.settle(80, version=2)

    assert world.refusal == CorrectionShort("b1", short=30 + 28)


@pytest.mark.parametrize("command", ["unsettle", "roll back"])
def test_taking_a_result_back_may_be_rejected_as_well(command: str) -> None:
    world = won(REJECT)
    world.change(balances="SB 48, SN 100")
    short = 92 if command == "unsettle" else 12

    outcome = world.unsettle(2) if command == "unsettle" else world.roll_back()

    assert outcome == "CORRECTION_SHORTFALL"
    assert world.refusal == CorrectionShort("b1", short)


def test_a_frozen_bucket_gives_nothing_and_does_not_stand_in() -> None:
    world = won()
    world.change(balances="SB 48, SN 192, CN 100, WD 50", frozen="SN CN")

    world.settle(80, version=2)

    assert world.posted == vector("SB -32, WD -50, DEBT -78, GAME +160")
    check_explained(world.bet(), world)


def test_a_frozen_bucket_is_credited_all_the_same() -> None:
    world = won()
    world.change(frozen="SN")

    world.settle(250, version=2)

    assert world.posted == vector("SB +2, SN +8, GAME -10")


def test_a_rollback_counts_debt_when_it_nets_to_nothing() -> None:
    """E20."""
    world = won()
    world.adjust(-190)

    world.roll_back()

    assert world.posted == vector("SB -28, SN -2, DEBT -110, GAME +140")
    assert world.balances == vector("SB 20, DEBT -110")
    check_explained(world.bet(), world)


def test_a_bet_is_corrected_by_the_recovery_order_it_was_placed_under() -> None:
    world = won(replace(TOPOLOGY, recovery_order=("WD", "CN")))
    world.change(balances="SB 48, SN 100, CN 50, WD 20")
    world.configure(scope(RecoveryScope.DESTINATION_ONLY), REJECT)

    world.settle(80, version=2)

    assert world.posted == vector("SB -32, SN -100, WD -20, CN -8, GAME +160")


def test_a_correction_may_not_push_debt_out_of_the_range_of_the_books() -> None:
    world = won()
    world.change(balances=f"SN 160, DEBT {-(2**63) + 10}")

    assert world.roll_back() == "APPLIED"
    world = won()
    world.change(balances=f"DEBT {-(2**63) + 10}")
    assert world.roll_back() == "AMOUNT_OUT_OF_RANGE"
