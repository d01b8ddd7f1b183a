from tests.core.rounds.round_world import RoundWorld, slots
from tests.core.world import eur, vector
from wallet_server.core.bets.bet import BetState
from wallet_server.core.commands import PlayRound, RoundBet
from wallet_server.core.config.provider_profile import DeclinedRetry
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import InsufficientFunds, RoundNotFound
from wallet_server.core.results import WinResult
from wallet_server.core.rounds.round import RoundState


def test_bets_and_wins_in_one_call() -> None:
    """E26 at once."""
    world = RoundWorld("CN 10, CB 20")

    assert world.play({"b1": 10, "b2": 20}, {"w1": 45, "w2": 16}) == "APPLIED"

    assert world.balances == vector("CB 41, CN 20")
    assert world.posted == vector("CB +21, CN +10, GAME -31")
    assert [entry.bet_ref for entry in world.answer.entries] == ["b1", "b2", "w1", "w2"]
    assert world.answer.bet == world.slot("b1")
    assert world.slot("b1").state is world.slot("b2").state is BetState.SETTLED
    assert world.round().state is RoundState.CLOSED
    assert world.result == WinResult()


def test_a_win_never_pays_for_the_stake_of_its_call() -> None:
    """E29, I22."""
    world = RoundWorld("CN 10")

    assert world.play({"b1": 40}, {"w1": 500}) == "INSUFFICIENT_FUNDS"

    assert world.refusal == InsufficientFunds(required=40, available=10)
    assert world.balances == vector("CN 10")
    assert world.slot("b1").state is BetState.DECLINED
    assert world.wallet.wins == {}
    assert world.wallet.items == {}


def test_only_the_first_bet_that_failed_is_remembered() -> None:
    world = RoundWorld("CN 10")

    assert world.play({"b1": 6, "b2": 6, "b3": 99}, {"w1": 500}) == "INSUFFICIENT_FUNDS"

    assert world.refusal == InsufficientFunds(required=6, available=4)
    assert list(world.wallet.bets) == [world.slot("b2").key]
    assert world.balances == vector("CN 10")


def test_a_declined_round_is_declined_for_ever() -> None:
    world = RoundWorld("CN 10")
    world.play({"b1": 6, "b2": 6}, {})
    world.deposit(100, "CN")

    assert world.play({"b1": 6, "b2": 6}, {}) == "REPLAYED INSUFFICIENT_FUNDS"
    assert world.balances == vector("CN 110")
    assert world.play({"b1": 6}, {}) == "APPLIED"


def test_a_declined_round_may_be_tried_again_where_the_profile_says_so() -> None:
    world = RoundWorld("CN 10", slots(declined_retry=DeclinedRetry.NEW_ATTEMPT))
    world.play({"b1": 6, "b2": 6}, {"w1": 1})
    world.deposit(100, "CN")

    assert world.play({"b1": 6, "b2": 6}, {"w1": 1}) == "APPLIED"
    assert world.balances == vector("CN 99")


def test_a_round_is_played_once() -> None:
    world = RoundWorld("CN 10")
    world.play({"b1": 10}, {"w1": 25})

    assert world.play({"b1": 10}, {"w1": 25}) == "REPLAYED APPLIED"
    assert world.play({"b1": 11}, {"w1": 25}) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.play({"b1": 10}, {"w1": 26}) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.win(25) == "REPLAYED APPLIED"
    assert world.bet_in(10, "b1") == "REPLAYED APPLIED"
    assert world.balances == vector("CN 25")


def test_what_was_done_before_is_not_done_again() -> None:
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1")

    assert world.play({"b1": 10}, {"w1": 25}) == "APPLIED"
    assert world.posted == vector("CN +25, O:CN -10, GAME -15")
    assert world.play({"b1": 10}, {"w1": 25}) == "ALREADY_APPLIED"
    assert world.answer.entries == ()


def test_the_close_alone_may_be_missing() -> None:
    world = RoundWorld("CN 10")
    world.play({"b1": 10}, {"w1": 25}, close=False)
    assert world.balances == vector("CN 25, O:CN 10")

    assert world.play({"b1": 10}, {"w1": 25}) == "APPLIED"
    assert world.balances == vector("CN 25")
    assert world.play({}, {"w2": 1}) == "APPLIED"
    assert world.result == WinResult(late=True)


def test_a_win_that_fails_takes_everything_along() -> None:
    world = RoundWorld("CN 10")
    world.undo("w2")

    assert world.play({"b1": 10}, {"w1": 25, "w2": 1}) == "BET_TOMBSTONED"
    assert world.play({}, {"w3": 25}, "R2") == "BET_NOT_FOUND"
    assert world.play({}, {}, "R2") == "ROUND_NOT_FOUND"
    assert world.refusal == RoundNotFound("R2")
    assert world.balances == vector("CN 10")
    assert world.wallet.wins == {}


def test_a_win_in_suspense_is_for_review() -> None:
    world = RoundWorld("CN 10", slots(win_window_seconds=0))
    world.play({"b1": 10}, {})

    assert world.play({}, {"w1": 5}) == "REVIEW"
    assert world.posted == {"H:SUSPENSE": 5, "GAME": -5}


def test_a_cancelled_round_is_played_by_nobody() -> None:
    world = RoundWorld("CN 10")
    world.cancel()

    assert world.play({"b1": 10}, {"w1": 25}) == "ROUND_CANCELLED"
    assert world.slot("b1").state is BetState.DECLINED


def test_only_its_bets_are_ruled_out_by_the_status() -> None:
    """I41."""
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1")
    world.change(status=AccountStatus.SELF_EXCLUDED)

    assert world.play({"b2": 1}, {"w1": 5}) == "ACCOUNT_SELF_EXCLUDED"
    assert world.play({}, {"w1": 5}) == "APPLIED"


def test_what_makes_no_sense_is_not_recorded() -> None:
    world = RoundWorld("CN 10")
    selected = RoundBet("b1", eur(10), selected_source="CASINO_NORMAL")

    assert world.run(PlayRound("slots", "R1", (selected,))) == "SELECTED_SOURCE_NOT_ALLOWED"
    assert world.wallet.bets == {}
    assert world.wallet.sequence == 1
