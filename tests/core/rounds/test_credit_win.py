from dataclasses import replace

from tests.core.rounds.round_world import WITH_GIFTS, RoundWorld, slots, with_policy
from tests.core.rules import auto, destinations, policy
from tests.core.world import vector
from wallet_server.core.bets.bet import BetState
from wallet_server.core.commands import Amount, CreditWin
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import (
    BetNotFound,
    BetRolledBack,
    IllegalTransition,
    RoundLimit,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import WinResult
from wallet_server.core.rounds.round import MEMBERS_MAX, WINS_MAX, RoundState
from wallet_server.core.rounds.win import WinState
from wallet_server.core.rounds.win_kind import WinKind


def two_bets() -> RoundWorld:
    """E26 until its wins: CN 10 and CB 20 are at stake in R1."""
    world = RoundWorld("CN 10, CB 20")
    world.bet_in(10, "b1")
    world.bet_in(20, "b2")
    return world


def test_a_round_with_two_bets_and_two_wins() -> None:
    """E26."""
    world = two_bets()

    assert world.win(45, "w1") == "APPLIED"
    assert world.posted == vector("CB +30, CN +15, GAME -45")
    assert world.win(16, "w2") == "APPLIED"
    assert world.posted == vector("CB +11, CN +5, GAME -16")
    assert world.close() == "APPLIED"
    assert world.posted == vector("O:CB -20, O:CN -10, GAME +30")

    assert world.balances == vector("CB 41, CN 20")
    assert world.round().bet_refs == ("b1", "b2")
    assert world.round().win_refs == ("w1", "w2")
    assert world.round().state is RoundState.CLOSED


def test_entries_of_a_win_name_it() -> None:
    world = two_bets()

    world.win(45)

    assert (world.entry.provider_id, world.entry.bet_ref) == ("slots", "w1")
    assert world.result == WinResult()


def test_a_bet_rolled_back_after_a_win_leaves_the_win_as_it_was_split() -> None:
    """E28."""
    world = two_bets()
    world.win(45)

    assert world.undo("b1") == "APPLIED"
    assert world.posted == vector("CN +10, O:CN -10")
    world.win(16, "w2")
    assert world.posted == vector("CB +16, GAME -16")
    world.close()

    assert world.balances == vector("CB 46, CN 25")


def test_after_the_round_is_closed() -> None:
    """E27."""
    world = two_bets()
    world.close()

    assert world.bet_in(1, "b3") == "ROUND_CLOSED"
    world.wait(hours=71)
    assert world.win(5) == "APPLIED"
    assert world.result == WinResult(late=True)
    assert world.win_of().late
    assert world.posted == vector("CN +2, CB +3, GAME -5")
    world.wait(hours=1)
    assert world.win(5, "w2") == "REVIEW"
    assert world.posted == {"H:SUSPENSE": 5, "GAME": -5}
    assert world.win_of("w2").state is WinState.SUSPENDED
    assert world.balances == vector("CN 2, CB 3")


def test_the_window_ends_at_its_last_second() -> None:
    world = RoundWorld("CN 10", slots(win_window_seconds=10))
    world.bet_in(10, "b1")
    world.close()

    world.wait(seconds=8)
    assert world.win(1, "w1") == "APPLIED"
    assert world.win(1, "w2") == "REVIEW"


def test_nothing_that_comes_too_late_needs_no_decision() -> None:
    world = RoundWorld("CN 10", slots(win_window_seconds=0))
    world.bet_in(10, "b1")
    world.close()

    assert world.win(0) == "APPLIED"
    assert world.win_of().state is WinState.CREDITED


def test_a_win_before_its_bet_may_come_again() -> None:
    """R5."""
    world = RoundWorld("CN 10")

    assert world.win(45) == "BET_NOT_FOUND"
    assert world.refusal == BetNotFound("R1")
    assert world.win(45, round_ref="", bet="b1") == "BET_NOT_FOUND"
    assert world.refusal == BetNotFound("b1")
    world.bet_in(10, "b1")
    assert world.win(45) == "APPLIED"


def test_a_win_of_a_round_that_has_only_other_wins_waits_for_a_bet() -> None:
    world = with_policy(balances="CN 10")
    world.win(3, "p1", kind=WinKind.PROMO_WIN)

    assert world.win(45) == "BET_NOT_FOUND"


def test_a_late_win_of_an_undone_bet() -> None:
    """E21."""
    world = RoundWorld("CN 100")

    assert world.undo("r1") == "TOMBSTONED"
    assert world.bet_in(40, "r1") == "BET_TOMBSTONED"
    assert world.win(90, round_ref="", bet="r1") == "BET_ROLLED_BACK"
    assert world.balances == {"CN": 100}


def test_a_round_all_of_whose_bets_are_undone_wins_nothing() -> None:
    world = two_bets()
    world.undo("b1")
    world.undo("b2")

    assert world.win(5) == "BET_ROLLED_BACK"
    assert world.refusal == BetRolledBack("b2")


def test_a_declined_bet_wins_nothing() -> None:
    world = RoundWorld("CN 1")
    world.bet_in(10, "b1")

    assert world.win(5, round_ref="", bet="b1") == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("b1", "DECLINED", "CreditWin")
    assert world.win(5) == "BET_NOT_FOUND"


def test_a_win_may_name_one_bet_of_its_round() -> None:
    world = two_bets()

    assert world.win(16, bet="b2", round_ref="") == "APPLIED"
    assert world.posted == vector("CB +16, GAME -16")
    assert world.round().win_refs == ("w1",)
    assert world.win_of().round_ref == "R1"
    assert world.win(1, "w2", "R2", bet="b2") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("b2", "round_ref")


def test_a_bet_without_a_round_is_alone_in_its_own() -> None:
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1", "")

    assert world.win(25, round_ref="", bet="b1") == "APPLIED"
    assert world.balances == vector("CN 25, O:CN 10")
    assert world.win_of().round_ref == ""
    assert world.undo("b1") == "APPLIED"
    assert world.balances == vector("CN 10")
    assert world.win_of().state is WinState.ROLLED_BACK


def test_a_win_is_credited_once() -> None:
    world = two_bets()
    world.win(45)

    assert world.win(45) == "REPLAYED APPLIED"
    assert world.win(46) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("w1", "amount")
    assert world.win(45, round_ref="R2") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.win(45, kind=WinKind.JACKPOT) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("w1", "kind")
    assert world.balances == vector("CN 15, CB 30, O:CN 10, O:CB 20")


def test_a_win_that_names_its_bet_may_leave_out_the_round() -> None:
    world = two_bets()
    world.win(16, bet="b2", round_ref="")

    assert world.win(16, bet="b2") == "REPLAYED APPLIED"


def test_a_reference_is_of_one_thing_only() -> None:
    world = two_bets()
    world.win(45)

    assert world.win(1, "b1") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("b1", "kind")
    assert world.bet_in(1, "w1") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("w1", "kind")
    world.undo("late")
    assert world.win(1, "late") == "BET_TOMBSTONED"


def test_the_asset_must_be_the_wallets() -> None:
    world = two_bets()
    win = CreditWin(BetKey("slots", "w1"), Amount("PTS", 5), round_ref="R1")

    assert world.run(win) == "CURRENCY_MISMATCH"


def test_a_win_repays_debt_first() -> None:
    """E32's second half."""
    world = RoundWorld("CN 10, DEBT -46")
    world.bet_in(10, "b1")

    world.win(100)

    assert world.posted == vector("CN +54, DEBT +46, GAME -100")
    assert world.win_of().substitutions


def test_stake_and_profit_of_a_line_go_their_ways_over_all_wins_of_a_round() -> None:
    bonus = destinations("CB", stake="CB", profit="CN", cap=25)
    world = RoundWorld("CB 20", policy("SLOTS", auto("CB"), bonus))
    world.bet_in(20, "b1")

    world.win(15, "w1")
    assert world.posted == vector("CB +15, GAME -15")
    world.win(15, "w2")
    assert world.posted == vector("CB +5, CN +10, GAME -15")
    world.win(18, "w3")
    assert world.posted == vector("CN +15, GAME -15")
    world.win(1, "w4")
    assert world.posted == {}


def test_a_bet_that_has_results_of_its_own_shares_what_is_left_in_play() -> None:
    world = two_bets()
    world.settle(0, "b1", refund=10, provider="slots")

    world.win(16)

    assert world.posted == vector("CB +16, GAME -16")
    world.settle(0, "b2", refund=20, provider="slots")
    world.win(3, "w2")
    assert world.posted == vector("CN +1, CB +2, GAME -3")


def test_a_cancelled_round_wins_nothing() -> None:
    world = two_bets()
    world.cancel()

    assert world.win(45) == "ROUND_CANCELLED"
    assert world.bet_in(1, "b3") == "ROUND_CANCELLED"
    assert world.bet("b3", "slots").state is BetState.DECLINED


def test_a_round_has_room_for_so_many() -> None:
    world = RoundWorld("CN 1000")
    for number in range(MEMBERS_MAX):
        assert world.bet_in(1, f"b{number}") == "APPLIED"

    assert world.bet_in(1, "one too many") == "ROUND_LIMIT"
    assert world.refusal == RoundLimit("R1", MEMBERS_MAX)
    assert world.win(1) == "APPLIED"
    full = world.round()
    many = tuple(f"w{number}" for number in range(WINS_MAX - MEMBERS_MAX))
    world.put_item(replace(full, win_refs=many))
    assert world.win(1, "one win too many") == "ROUND_LIMIT"
    assert world.refusal == RoundLimit("R1", WINS_MAX)


def test_the_destinations_are_those_of_the_snapshot() -> None:
    world = two_bets()
    world.configure(WITH_GIFTS, policy("SLOTS", auto("WD"), destinations("CN", "WD", "WD")))

    world.win(45)

    assert world.posted == vector("CB +30, CN +15, GAME -45")
