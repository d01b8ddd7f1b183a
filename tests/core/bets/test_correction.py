"""Taking back more than is there, and what comes of it later."""

from dataclasses import replace

import pytest

from tests.core.rules import SPORTS, TOPOLOGY, auto, destinations, policy
from tests.core.world import World, vector
from wallet_server.core.bets.settlement import position
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import CorrectionShortfall, ProviderProfile
from wallet_server.core.config.topology import RetiredBucket, Topology
from wallet_server.core.config.wallet_policy import RecoveryScope, WalletPolicy
from wallet_server.core.refusals import CorrectionShort

REJECT = ProviderProfile(
    "sports", "SPORTS", rollback_after_settle=True, correction_shortfall=CorrectionShortfall.REJECT
)


def scope(value: RecoveryScope) -> WalletPolicy:
    return WalletPolicy(recovery_scope=value)


def won(
    *changes: Policy | ProviderProfile | WalletPolicy | Topology, holds: str = "SB 20, SN 80"
) -> World:
    """Returns a wallet whose bet of 100 has won 240: SB 48, SN 192."""
    world = World(holds, *changes)
    world.authorize(100)
    world.settle(240)
    return world


def without(code: str, successor: str) -> Topology:
    """Returns the topology with a bucket retired."""
    return replace(
        TOPOLOGY,
        buckets=tuple(each for each in TOPOLOGY.buckets if each.code != code),
        retired_buckets=(RetiredBucket(code, successor),),
        recovery_order=tuple(each for each in TOPOLOGY.recovery_order if each != code),
    )


def check_explained(world: World) -> None:
    """The bet's entries add up to its position and its substitutions."""
    bet = world.bet()
    total: dict[str, int] = {}
    for each in world.fold.recorded:
        if each.answer.bet is not None:
            for entry in each.answer.entries:
                for change in entry.changes:
                    total[change.account] = total.get(change.account, 0) + change.change
    for move in bet.substitutions:
        total[move.source] = total.get(move.source, 0) + move.amount
        total[move.target] = total.get(move.target, 0) - move.amount
    assert {a: n for a, n in total.items() if n} == position(bet)


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
    check_explained(world)


def test_a_bucket_gives_what_it_must_give_itself_before_it_stands_in() -> None:
    # SN must give 150 of its own and WD 60; WD has 80, so only 20 are left to stand in.
    rules = policy("SPORTS", auto("SN", "WD"))
    world = World("SN 50, WD 20", rules)
    world.authorize(70)
    world.settle(210)
    world.change(balances="SN 100, WD 80")

    world.settle(0, version=2)

    assert world.posted == vector("SN -100, WD -80, DEBT -30, GAME +210")
    check_explained(world)


def test_a_credit_in_the_same_correction_can_stand_in() -> None:
    world = World("SN 100", policy("SPORTS", auto("SN"), destinations("SN", "WD", "WD")))
    world.authorize(100)
    world.settle(60)
    world.change(balances="")

    world.settle(0, version=2, refund=100)

    # SN gets its 100 back, and WD should give 60 that it has not.
    assert world.posted == vector("SN +40, GAME -40")
    check_explained(world)


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
    check_explained(world)


def test_a_frozen_bucket_is_credited_all_the_same() -> None:
    world = won()
    world.change(frozen="SN")

    world.settle(250, version=2)

    assert world.posted == vector("SB +2, SN +8, GAME -10")


def test_what_was_taken_elsewhere_is_given_back_first() -> None:
    world = won()
    world.change(balances="SB 48, SN 52, WD 30")
    world.settle(80, version=2)

    world.settle(240, version=3)

    assert world.posted == vector("SB +32, SN +52, WD +30, DEBT +46, GAME -160")
    assert world.balances == vector("SB 48, SN 52, WD 30")
    assert world.bet().substitutions == ()


def test_what_was_taken_elsewhere_is_given_back_as_far_as_the_new_result_goes() -> None:
    world = won()
    world.change(balances="SB 48, SN 52, WD 30")
    world.settle(80, version=2)

    world.settle(140, version=3)

    # The new target is SB 28, SN 112: SN is to give 80 of its 192, and still has but the 52.
    assert world.posted == vector("SB +12, WD +2, DEBT +46, GAME -60")
    assert world.balances == vector("SB 28, WD 2")
    check_explained(world)


def test_a_later_credit_of_another_bet_repays_the_debt() -> None:
    """E32."""
    world = won()
    world.change(balances="SB 48, SN 152")
    world.authorize(100, "b2")
    world.change(balances="SB 48, SN 52, WD 30, O:SB 0, O:SN 100")
    world.settle(80, version=2)

    world.change(balances="SB 16, DEBT -46, O:SB 48, O:SN 52")
    world.settle(100, "b2")

    # Shares 48 and 52: bonus repays nothing, and SN 46 of its 52.
    assert world.posted == vector("SB +48, SN +6, DEBT +46, O:SB -48, O:SN -52")


def test_debt_that_was_repaid_meanwhile_comes_back_where_the_shortfall_arose() -> None:
    world = won()
    world.change(balances="SB 48, SN 52")
    world.settle(80, version=2)
    assert world.balances == vector("SB 16, DEBT -76")
    world.change(balances="SB 16, DEBT -10")

    world.settle(240, version=3)

    # Of the 76, only 10 are still owed; the player paid the other 66, and gets them in SN.
    assert world.posted == vector("SB +32, SN +118, DEBT +10, GAME -160")
    assert world.balances == vector("SB 48, SN 118")
    check_explained(world)


def test_debt_of_several_buckets_comes_back_to_the_first_of_them() -> None:
    world = won()
    world.change(balances="")
    world.settle(80, version=2)
    assert world.balances == vector("DEBT -160")
    world.change(balances="")

    world.settle(240, version=3)

    assert world.posted == vector("SN +160, GAME -160")
    check_explained(world)


def test_debt_comes_back_to_its_own_bucket_and_not_to_one_that_others_stood_in_for() -> None:
    world = won()
    world.change(balances="CN 128")
    world.settle(80, version=2)
    assert world.posted == vector("CN -128, DEBT -32, GAME +160")
    world.change(balances="")

    world.settle(240, version=3)

    # CN stood in for SN, and the debt was for SB.
    assert world.posted == vector("CN +128, SB +32, GAME -160")
    check_explained(world)


def test_a_correction_up_and_down_again_ends_where_it_would_have() -> None:
    world = won()
    world.change(balances="SB 48, SN 52")
    world.settle(80, version=2)
    world.change(balances="SB 16")
    world.settle(240, version=3)
    assert world.balances == vector("SB 48, SN 128")

    world.settle(80, version=4)

    assert world.balances == vector("SB 16")
    check_explained(world)


def test_a_settlement_repays_debt_with_own_money_only_and_in_the_order_of_buckets() -> None:
    rules = policy("SPORTS", auto("SB", "WD", "SN"))
    world = World("SB 10, WD 10, SN 10, DEBT -25", rules)
    world.authorize(30)

    world.settle(60)

    # Each is credited 20: all of SN's and 5 of WD's repay the debt, and bonus nothing.
    assert world.posted == vector(
        "SB +20, WD +15, DEBT +25, O:SB -10, O:WD -10, O:SN -10, GAME -30"
    )
    assert world.balances == vector("SB 20, WD 15")
    check_explained(world)


def test_a_refund_repays_debt_as_any_credit_of_a_settlement_does() -> None:
    world = World("SN 40, DEBT -25")
    world.authorize(40)

    world.settle(0, refund=40)

    assert world.balances == vector("SN 15")


def test_rollbacks_and_unsettles_repay_nothing() -> None:
    world = World("SN 100")
    world.authorize(60)
    world.change(balances="SN 40, O:SN 60, DEBT -25")
    world.roll_back()
    assert world.balances == vector("SN 100, DEBT -25")

    world = World("SB 50, SN 50")
    world.authorize(100)
    world.settle(0)
    world.change(balances="DEBT -25")
    world.unsettle(2)
    assert world.balances == vector("O:SB 50, O:SN 50, DEBT -25")
    world.roll_back()
    assert world.balances == vector("SB 50, SN 50, DEBT -25")


def test_what_an_unsettle_gives_back_repays_no_debt_either() -> None:
    world = won()
    world.change(balances="SB 48, SN 100, CN 28")
    world.settle(80, version=2)
    assert world.posted == vector("SB -32, SN -100, CN -28, GAME +160")
    world.change(balances="SB 16, SN 500, DEBT -25")

    world.unsettle(3)

    # CN gets back the 28 that it gave for SN, which has enough by now.
    assert world.posted == vector("SB -16, SN -92, CN +28, O:SB +20, O:SN +80, GAME -20")


def test_debt_that_a_win_repaid_is_owed_again_when_the_win_is_taken_back() -> None:
    world = World("SN 40, DEBT -25")
    world.authorize(40)
    world.settle(90)
    assert world.balances == vector("SN 65")

    world.settle(0, version=2)

    assert world.balances == vector("DEBT -25")
    assert world.posted == vector("SN -65, DEBT -25, GAME +90")
    world.roll_back()
    assert world.balances == vector("SN 40, DEBT -25")


def test_a_rollback_counts_debt_when_it_nets_to_nothing() -> None:
    """E20."""
    world = won()
    world.adjust(-190)

    world.roll_back()

    assert world.posted == vector("SB -28, SN -2, DEBT -110, GAME +140")
    assert world.balances == vector("SB 20, DEBT -110")
    check_explained(world)


def test_a_retired_bucket_is_credited_and_debited_at_its_successor() -> None:
    world = World("SB 20, SN 80, CN 1000")
    world.authorize(100)
    world.configure(without("SN", "CN"), SPORTS)

    world.settle(240)
    assert world.posted == vector("SB +48, CN +192, O:SB -20, O:SN -80, GAME -140")
    check_explained(world)
    world.settle(80, version=2)
    assert world.posted == vector("SB -32, CN -128, GAME +160")
    check_explained(world)
    world.roll_back()
    assert world.posted == vector("SB +4, CN +16, GAME -20")
    assert world.balances == vector("SB 20, CN 1080")
    check_explained(world)


def test_what_was_paid_before_a_bucket_retired_is_taken_back_from_its_successor() -> None:
    world = won()
    world.change(balances="SB 48, CN 100, WD 50")
    world.configure(without("SN", "CN"), SPORTS)

    world.settle(80, version=2)

    assert world.posted == vector("SB -32, CN -100, WD -28, GAME +160")
    check_explained(world)


def test_the_successor_of_a_bucket_that_is_retired_stands_in_for_it() -> None:
    world = won(replace(TOPOLOGY, recovery_order=("CN",)))
    world.change(balances="SB 48, SN 100, WD 200")
    world.configure(without("CN", "WD"), SPORTS)

    world.settle(80, version=2)

    assert world.posted == vector("SB -32, SN -100, WD -28, GAME +160")
    check_explained(world)


def test_a_successor_that_a_promotion_restricts_does_not_stand_in() -> None:
    world = won(replace(TOPOLOGY, recovery_order=("CN",)))
    world.change(balances="SB 48, SN 100, CB 200")
    world.configure(without("CN", "CB"), SPORTS)

    world.settle(80, version=2)

    assert world.posted == vector("SB -32, SN -100, DEBT -28, GAME +160")


def test_a_bet_is_corrected_by_the_recovery_order_it_was_placed_under() -> None:
    world = won(replace(TOPOLOGY, recovery_order=("WD", "CN")))
    world.change(balances="SB 48, SN 100, CN 50, WD 20")
    world.configure(scope(RecoveryScope.DESTINATION_ONLY), REJECT)

    world.settle(80, version=2)

    assert world.posted == vector("SB -32, SN -100, WD -20, CN -8, GAME +160")


def test_debt_that_was_repaid_comes_back_to_the_successor_of_a_retired_bucket() -> None:
    world = won()
    world.change(balances="SB 48")
    world.settle(80, version=2)
    world.change(balances="SB 16")
    world.configure(without("SN", "CN"), SPORTS)

    assert world.settle(240, version=3) == "APPLIED"

    assert world.posted == vector("SB +32, CN +128, GAME -160")
    check_explained(world)


def test_a_correction_may_not_push_debt_out_of_the_range_of_the_books() -> None:
    world = won()
    world.change(balances=f"SN 160, DEBT {-(2**63) + 10}")

    assert world.roll_back() == "APPLIED"
    world = won()
    world.change(balances=f"DEBT {-(2**63) + 10}")
    assert world.roll_back() == "AMOUNT_OUT_OF_RANGE"
