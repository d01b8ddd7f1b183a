"""Undoing a bet, or keeping one that has not arrived from ever arriving."""

from dataclasses import replace

from tests.core.rules import auto, policy
from tests.core.world import World, vector
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import AmountMismatch, BetAlreadySettled

UNSETTLES = ProviderProfile("sports", "SPORTS", rollback_after_settle=False)


def test_an_open_bet_is_undone_to_the_unit() -> None:
    """E18, without its coupon."""
    world = World("SB 20, SN 60, WD 50")
    world.authorize(100)

    assert world.roll_back() == "APPLIED"

    assert world.posted == vector("SB +20, SN +60, WD +20, O:SB -20, O:SN -60, O:WD -20")
    assert world.balances == vector("SB 20, SN 60, WD 50")
    assert (world.bet().state, world.bet().revision) == (BetState.ROLLED_BACK, 2)


def test_a_bet_goes_back_to_its_sources_whatever_the_policy_is_by_then() -> None:
    """R2."""
    world = World("SB 20, SN 80")
    world.authorize(100)
    world.configure(policy("SPORTS", auto("WD")))

    world.roll_back()

    assert world.balances == vector("SB 20, SN 80")


def test_a_bet_in_parts_is_undone_with_them() -> None:
    world = World("SB 20, SN 80")
    world.authorize(100)
    world.settle(50, portion="a", stake=40)

    assert world.roll_back() == "APPLIED"
    assert world.balances == vector("SB 20, SN 80")
    assert [portion.payout for portion in world.bet().portions] == [50]


def test_a_bet_is_undone_once() -> None:
    world = World("SN 100")
    world.authorize(40)
    world.roll_back()
    bet = world.bet()

    assert world.roll_back() == "ALREADY_ROLLED_BACK"
    assert world.roll_back(amount=40) == "ALREADY_ROLLED_BACK"
    assert (world.bet(), world.answer.bet, world.answer.entries) == (bet, bet, ())
    assert world.balances == {"SN": 100}


def test_a_rollback_that_comes_first_keeps_the_bet_out_for_ever() -> None:
    """E21."""
    world = World("SN 100")

    assert world.roll_back("late") == "TOMBSTONED"
    assert world.answer.entries == ()
    tombstone = Bet(BetKey("sports", "late"), BetState.TOMBSTONED, 2, world.answer.answer_time)
    assert world.bet("late") == world.answer.bet == tombstone
    assert world.authorize(40, "late") == "BET_TOMBSTONED"
    assert world.settle(90, "late") == "BET_ROLLED_BACK"
    assert world.unsettle(1, bet_ref="late") == "BET_ROLLED_BACK"
    assert world.roll_back("late") == "ALREADY_ROLLED_BACK"
    assert world.bet("late") == tombstone
    assert world.balances == {"SN": 100}


def test_a_tombstone_has_no_amount_to_compare() -> None:
    world = World("SN 100")

    assert world.roll_back("late", amount=40) == "TOMBSTONED"
    assert world.roll_back("late", amount=41) == "ALREADY_ROLLED_BACK"


def test_a_declined_bet_has_nothing_to_undo() -> None:
    """E24."""
    world = World("CN 10")
    world.authorize(40, provider="slots")
    bet = world.bet(provider="slots")

    assert world.roll_back(provider="slots") == "PARENT_DECLINED"
    assert world.answer.bet == replace(bet, revision=2)  # It is remembered, and final.
    assert world.roll_back(provider="slots") == "PARENT_DECLINED"
    assert world.answer.bet == replace(bet, revision=2)
    world.deposit(100, "CN")
    assert world.authorize(40, provider="slots") == "REPLAYED INSUFFICIENT_FUNDS"
    assert world.balances == {"CN": 110}


def test_the_amount_must_be_the_whole_stake() -> None:
    world = World("SN 100")
    world.authorize(40)

    assert world.roll_back(amount=39) == "AMOUNT_MISMATCH"
    assert world.refusal == AmountMismatch(expected=40, actual=39)
    assert world.bet().state is BetState.AUTHORIZED
    assert world.roll_back(amount=40) == "APPLIED"
    assert world.roll_back(amount=39) == "AMOUNT_MISMATCH"


def test_the_amount_is_compared_before_anything_else() -> None:
    world = World("SN 100", UNSETTLES)
    world.authorize(40)
    world.settle(0)
    world.authorize(500, "declined")

    assert world.roll_back(amount=39) == "AMOUNT_MISMATCH"
    assert world.roll_back("declined", amount=39) == "AMOUNT_MISMATCH"


def test_a_provider_that_unsettles_may_not_roll_a_settled_bet_back() -> None:
    world = World("SN 100", UNSETTLES)
    world.authorize(100)
    world.settle(10, portion="a", stake=40)
    world.authorize(5, "b2")
    assert world.roll_back("b2") == "APPLIED"
    world.settle(90)

    assert world.roll_back() == "BET_ALREADY_SETTLED"
    assert world.refusal == BetAlreadySettled("b1")
    assert world.balances == {"SN": 100}
    world.unsettle(2, "")
    assert world.roll_back() == "APPLIED"
    assert world.balances == {"SN": 100}


def test_whether_it_may_is_in_the_snapshot() -> None:
    world = World("SN 100", UNSETTLES)
    world.authorize(40)
    world.settle(0)
    world.configure()
    world.authorize(40, "b2")
    world.settle(0, "b2")
    world.configure(UNSETTLES)

    assert world.roll_back() == "BET_ALREADY_SETTLED"
    assert world.roll_back("b2") == "APPLIED"


def test_a_settled_bet_nets_to_nothing() -> None:
    """E19, without its coupon."""
    world = World("SB 20, SN 80")
    world.authorize(100)
    world.settle(240)

    world.roll_back()

    assert world.posted == vector("SB -28, SN -112, GAME +140")
    assert world.balances == vector("SB 20, SN 80")
