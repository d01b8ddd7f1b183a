from tests.core.rounds.round_world import RoundWorld, slots, with_policy
from tests.core.world import vector
from wallet_server.core.bets.bet import BetState
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    DeclinedRetry,
)
from wallet_server.core.refusals import (
    BetAlreadySettled,
    CorrectionShort,
    RoundClosed,
    TransactionPayloadMismatch,
)
from wallet_server.core.rounds.round import RoundState
from wallet_server.core.rounds.win import WinState
from wallet_server.core.rounds.win_kind import WinKind

UNSETTLES = slots(rollback_after_settle=False)
REJECTS = slots(correction_shortfall=CorrectionShortfall.REJECT)


def test_all_of_a_round_is_undone() -> None:
    """R1b."""
    world = RoundWorld("CN 10, CB 20")
    world.bet_in(10, "b1")
    world.bet_in(20, "b2")
    world.win(45)

    assert world.cancel() == "APPLIED"

    assert world.balances == vector("CN 10, CB 20")
    assert [entry.bet_ref for entry in world.answer.entries] == ["b2", "b1", "w1"]
    assert world.slot("b1").state is world.slot("b2").state is BetState.ROLLED_BACK
    assert world.win_of().state is WinState.ROLLED_BACK
    assert (world.round().state, world.round().revision) == (RoundState.CANCELLED, 4)
    assert world.cancel() == "ALREADY_ROLLED_BACK"
    assert world.undo("w1") == world.undo("b1") == "ALREADY_ROLLED_BACK"


def test_a_closed_round_is_undone_too() -> None:
    world = RoundWorld("CN 10")
    world.play({"b1": 10}, {"w1": 25, "w2": 3})

    assert world.cancel() == "APPLIED"

    assert world.balances == vector("CN 10")
    assert world.posted == vector("CN -18, GAME +18")


def test_a_closed_round_is_not_undone_where_the_provider_may_not() -> None:
    world = RoundWorld("CN 10", UNSETTLES)
    world.play({"b1": 10}, {"w1": 25})

    assert world.cancel() == "BET_ALREADY_SETTLED"
    assert world.refusal == BetAlreadySettled("b1")
    assert world.balances == vector("CN 25")
    world.bet_in(5, "b2", "R2")
    world.undo("b2")
    world.close("R2")
    assert world.cancel("R2") == "ROUND_CLOSED"
    assert world.refusal == RoundClosed("R2")
    world.bet_in(5, "b3", "R3")
    assert world.cancel("R3") == "APPLIED"


def test_whether_it_may_is_in_the_snapshot_of_its_bets() -> None:
    world = RoundWorld("CN 10")
    world.play({"b1": 10}, {"w1": 25})
    world.configure(UNSETTLES)

    assert world.cancel() == "APPLIED"


def test_a_round_that_never_began_never_does() -> None:
    world = RoundWorld("CN 10")

    assert world.cancel("R1", "b1", "w1") == "TOMBSTONED"

    assert world.answer.entries == ()
    assert world.round().state is RoundState.CANCELLED
    assert world.bet_in(5, "b1", "R2") == "BET_TOMBSTONED"
    assert world.win(5, "w1", "R2") == "BET_TOMBSTONED"
    assert world.bet_in(5, "b2") == "ROUND_CANCELLED"
    assert world.cancel("R1", "b1") == "ALREADY_ROLLED_BACK"
    assert world.cancel("R1", "b9") == "TOMBSTONED"
    assert world.bet_in(5, "b9", "R2") == "BET_TOMBSTONED"
    assert world.balances == vector("CN 10")


def test_only_the_names_that_are_said_are_kept_away() -> None:
    """R1."""
    world = RoundWorld("CN 10")
    world.bet_in(5, "b1")

    assert world.cancel("R1", "b1", "b2") == "APPLIED"

    assert world.slot("b2").state is BetState.TOMBSTONED
    assert world.slot("b1").state is BetState.ROLLED_BACK
    assert list(world.wallet.bets) == [world.slot("b1").key, world.slot("b2").key]


def test_a_declined_bet_is_not_tried_again_after_its_round() -> None:
    world = RoundWorld("CN 10", slots(declined_retry=DeclinedRetry.NEW_ATTEMPT))
    world.bet_in(50, "b1")

    assert world.cancel("R1", "b1") == "TOMBSTONED"

    assert world.slot("b1").is_final
    assert world.bet_in(50, "b1") == "REPLAYED INSUFFICIENT_FUNDS"


def test_what_belongs_elsewhere_is_not_undone() -> None:
    world = RoundWorld("CN 10")
    world.bet_in(5, "b1")
    world.bet_in(5, "b2", "R2")
    world.win(3, "w2", "R2")

    for ref in ("b2", "w2"):
        assert world.cancel("R1", ref) == "TRANSACTION_PAYLOAD_MISMATCH"
        assert world.refusal == TransactionPayloadMismatch(ref, "round_ref")
    assert world.round().state is RoundState.OPEN


def test_a_cash_out_goes_with_its_bet() -> None:
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1")
    world.bet_in(0, "other", "R2")
    world.cash_out(3, "c1", provider="slots", stake=5)

    assert world.cancel("R2", "c1") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.cancel("R1", "c1") == "APPLIED"
    assert world.balances == vector("CN 10")
    assert world.undo("c1") == "ALREADY_ROLLED_BACK"


def test_what_gives_comes_before_what_takes() -> None:
    """No debt arises where the round itself gives enough back."""
    world = RoundWorld("CN 30")
    world.bet_in(10, "won")
    world.bet_in(20, "lost")
    world.settle(25, "won", provider="slots")
    world.settle(0, "lost", provider="slots")
    world.change(balances="CN 0")

    assert world.cancel() == "APPLIED"

    assert world.balances == vector("CN 5")
    assert world.slot("won").substitutions == ()


def test_what_is_missing_becomes_debt() -> None:
    world = RoundWorld("CN 10")
    world.play({"b1": 10}, {"w1": 45})
    world.change(balances="CN 1")

    assert world.cancel() == "APPLIED"

    assert world.balances == {"DEBT": -34}
    assert world.posted == vector("CN -1, DEBT -34, GAME +35")


def test_nothing_is_undone_where_that_may_not_become_debt() -> None:
    world = RoundWorld("CN 10", REJECTS)
    world.play({"b1": 10}, {"w1": 45})
    world.change(balances="CN 1")

    assert world.cancel("R1", "late") == "CORRECTION_SHORTFALL"

    assert world.refusal == CorrectionShort("w1", 34)
    assert world.balances == vector("CN 1")
    assert world.round().state is RoundState.CLOSED
    assert len(world.wallet.bets) == 1


def test_gifts_of_the_round_are_undone_with_it() -> None:
    world = with_policy(balances="CN 10")
    world.bet_in(10, "b1")
    world.win(12, "f1", kind=WinKind.FREE_ROUND)
    requirement_id = world.result.requirement_id

    assert world.cancel() == "APPLIED"

    assert world.balances == vector("CN 10")
    assert not world.requirement(requirement_id).is_open


def test_a_win_in_suspense_goes_back_to_the_house() -> None:
    world = RoundWorld("CN 10", slots(win_window_seconds=0))
    world.play({"b1": 10}, {})
    world.win(5)

    assert world.cancel() == "APPLIED"

    assert world.posted == {"CN": 10, "H:SUSPENSE": -5, "GAME": -5}
    assert world.release() == "WIN_NOT_SUSPENDED"
