"""Giving a bet its result, and replacing the result."""

import pytest

from tests.core.world import World, vector
from wallet_server.core.bets.bet import BetState, Portion, ResultKind
from wallet_server.core.refusals import (
    BetNotFound,
    IllegalTransition,
    PayoutWithoutStake,
    PortionRefRequired,
    PortionTooLarge,
    RefundExceedsStake,
    ResultInconsistent,
    ResultVersionConflict,
)

WON, LOST, VOID = ResultKind.WON, ResultKind.LOST, ResultKind.VOID


def test_a_result_is_kept_as_a_portion(world: World) -> None:
    world.settle(240, version=7)

    bet = world.bet()
    assert bet.portions == (Portion("", (20, 80), 7, 240, 0),)
    assert (bet.state, bet.revision, bet.result_kind) == (BetState.SETTLED, 2, WON)
    assert (bet.sequence, world.answer.sequence) == (2, 3)
    assert world.answer.bet == bet


def test_an_older_result_changes_nothing(world: World) -> None:
    """E35."""
    world.settle(240, version=3)
    bet, balances = world.bet(), world.balances

    assert world.settle(80, version=2) == "STALE_VERSION"

    assert (world.bet(), world.balances) == (bet, balances)
    assert world.answer.bet == bet
    assert world.answer.entries == ()


@pytest.mark.parametrize(
    ("case", "again", "outcome"),
    [
        ("as before", {"payout": 240}, "ALREADY_APPLIED"),
        ("with its stake", {"payout": 240, "stake": 100}, "ALREADY_APPLIED"),
        ("with its refund", {"payout": 240, "refund": 0}, "ALREADY_APPLIED"),
        ("with its kind", {"payout": 240, "kind": WON}, "ALREADY_APPLIED"),
        ("another payout", {"payout": 95}, "RESULT_VERSION_CONFLICT"),
        ("another stake", {"payout": 240, "stake": 99}, "RESULT_VERSION_CONFLICT"),
        ("another refund", {"payout": 240, "refund": 1}, "RESULT_VERSION_CONFLICT"),
        ("another kind", {"payout": 240, "kind": LOST}, "RESULT_VERSION_CONFLICT"),
    ],
)
def test_a_known_version_must_say_the_same(
    world: World, case: str, again: dict[str, int], outcome: str
) -> None:
    """E23."""
    world.settle(240)
    bet, balances = world.bet(), world.balances

    assert world.settle(**again) == outcome, case  # pyright: ignore[reportArgumentType]

    assert (world.bet(), world.balances) == (bet, balances)
    if outcome == "RESULT_VERSION_CONFLICT":
        assert world.refusal == ResultVersionConflict("b1", 1)
    else:
        assert world.answer.bet == bet


def test_a_known_void_is_the_same_with_or_without_its_refund(world: World) -> None:
    world.settle(0, kind=VOID)

    assert world.settle(0, refund=100) == "ALREADY_APPLIED"
    assert world.settle(0, kind=VOID) == "ALREADY_APPLIED"
    assert world.settle(0) == "RESULT_VERSION_CONFLICT"


def test_a_void_refunds_all_unless_it_says_how_much(world: World) -> None:
    world.settle(0, portion="a", stake=40, kind=VOID)
    assert world.bet().portions[0].refund == 40

    assert world.settle(0, refund=59, kind=VOID) == "RESULT_INCONSISTENT"
    assert world.settle(0, refund=60, kind=VOID) == "APPLIED"
    assert world.balances == vector("SB 20, SN 80")


@pytest.mark.parametrize(
    ("case", "result", "refusal"),
    [
        ("refund too large", {"payout": 0, "refund": 101}, RefundExceedsStake(101, 100)),
        (
            "refund of part too large",
            {"payout": 0, "portion": "a", "stake": 40, "refund": 41},
            RefundExceedsStake(41, 40),
        ),
        ("paid though void", {"payout": 1, "refund": 100}, PayoutWithoutStake(1)),
        ("void with a payout", {"payout": 1, "kind": VOID}, PayoutWithoutStake(1)),
        ("won nothing", {"payout": 0, "kind": WON}, ResultInconsistent("WON", 0, 0, 100)),
        ("lost and paid", {"payout": 5, "kind": LOST}, ResultInconsistent("LOST", 5, 0, 100)),
        (
            "lost and refunded",
            {"payout": 0, "refund": 100, "kind": LOST},
            ResultInconsistent("LOST", 0, 100, 100),
        ),
        (
            "void in part",
            {"payout": 0, "refund": 50, "kind": VOID},
            ResultInconsistent("VOID", 0, 50, 100),
        ),
        ("part without a name", {"payout": 0, "stake": 40}, PortionRefRequired(40, 100)),
        ("part too large", {"payout": 0, "portion": "a", "stake": 101}, PortionTooLarge(101, 100)),
        (
            "name before size",
            {"payout": 0, "stake": 101, "refund": 200},
            PortionRefRequired(101, 100),
        ),
        (
            "size before refund",
            {"payout": 1, "portion": "a", "stake": 101, "refund": 200},
            PortionTooLarge(101, 100),
        ),
        (
            "refund before payout",
            {"payout": 1, "refund": 101, "kind": LOST},
            RefundExceedsStake(101, 100),
        ),
        ("payout before kind", {"payout": 1, "refund": 100, "kind": LOST}, PayoutWithoutStake(1)),
    ],
)
def test_amounts_must_make_sense_together(
    world: World, case: str, result: dict[str, int], refusal: object
) -> None:
    before = world.bet(), world.balances

    world.settle(**result)  # pyright: ignore[reportArgumentType]

    assert world.refusal == refusal, case
    assert (world.bet(), world.balances) == before


def test_the_last_unit_may_be_lost_when_the_rest_is_refunded(world: World) -> None:
    assert world.settle(3, refund=99) == "APPLIED"
    assert world.settle(0, version=2, refund=99, kind=LOST) == "APPLIED"


def test_a_bet_must_be_known_and_live() -> None:
    world = World("SN 100")
    world.authorize(500, "declined")
    world.authorize(40, "undone")
    world.roll_back("undone")
    world.roll_back("tombstone")

    assert world.settle(90, "unknown") == "BET_NOT_FOUND"
    assert world.settle(90, "undone") == "BET_ROLLED_BACK"
    assert world.settle(90, "tombstone") == "BET_ROLLED_BACK"
    assert world.settle(90, "declined") == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("declined", "DECLINED", "SettleBet")
    assert world.balances == {"SN": 100}


def test_a_bet_that_was_not_found_is_not_recorded_so_that_the_retry_finds_it() -> None:
    """R5."""
    world = World("SN 100")
    before = world.wallet

    assert world.settle(90) == "BET_NOT_FOUND"
    assert world.wallet == before
    world.authorize(40)
    assert world.settle(90) == "APPLIED"


def test_a_win_never_funds_its_own_stake() -> None:
    """E29, with the two commands it is made of."""
    world = World("SN 10")

    assert world.authorize(40) == "INSUFFICIENT_FUNDS"
    assert world.settle(500) == "ILLEGAL_TRANSITION"
    assert world.balances == {"SN": 10}


def test_a_result_that_moves_nothing_has_no_entry(world: World) -> None:
    world.settle(0, refund=100)

    assert world.settle(100, version=2) == "APPLIED"

    assert world.answer.entries == ()
    assert world.bet().portions[0].result_version == 2


def test_a_result_is_posted_in_the_wallets_currency(world: World) -> None:
    world.settle(240)

    assert world.entry.asset_code == "EUR"


def test_a_bet_that_is_not_there_is_named(world: World) -> None:
    assert world.settle(1, "b2") == "BET_NOT_FOUND"
    assert world.refusal == BetNotFound("b2")
