"""R3, and what it says of the money that is gone."""

from tests.core.rounds.round_world import RoundWorld, slots, with_policy
from tests.core.world import vector
from wallet_server.core.bets.bet import BetState
from wallet_server.core.config.provider_profile import CorrectionShortfall
from wallet_server.core.refusals import AmountMismatch, CorrectionShort
from wallet_server.core.rolling.requirement import RequirementState
from wallet_server.core.rounds.win import WinState
from wallet_server.core.rounds.win_kind import WinKind


def with_wins(*profiles: object) -> RoundWorld:
    """CN 10 and CB 20 at stake, wins of 45 and 16: E26 before its close."""
    world = RoundWorld("CN 10, CB 20", *profiles)  # type: ignore[arg-type]
    world.bet_in(10, "b1")
    world.bet_in(20, "b2")
    world.win(45, "w1")
    world.win(16, "w2")
    return world


def test_a_rollback_takes_that_win_back_and_nothing_else() -> None:
    world = with_wins()

    assert world.undo("w1") == "APPLIED"

    assert world.posted == vector("CN -15, CB -30, GAME +45")
    assert (world.win_of("w1").state, world.win_of("w1").revision) == (WinState.ROLLED_BACK, 2)
    assert world.win_of("w2").state is WinState.CREDITED
    assert world.undo("w1") == "ALREADY_ROLLED_BACK"
    assert world.answer.entries == ()
    assert world.win(45, "w1") == "REPLAYED APPLIED"
    assert world.balances == vector("CN 5, CB 11, O:CN 10, O:CB 20")


def test_the_amount_must_be_the_whole_win() -> None:
    world = with_wins()

    assert world.undo("w1", amount=44) == "AMOUNT_MISMATCH"
    assert world.refusal == AmountMismatch(expected=45, actual=44)
    assert world.undo("w1", amount=45) == "APPLIED"


def test_money_that_is_gone_comes_from_elsewhere_and_then_becomes_debt() -> None:
    world = with_wins()
    world.change(balances="CN 4, CB 40, SN 6, O:CN 10, O:CB 20")

    assert world.undo("w1") == "APPLIED"

    assert world.posted == vector("CN -4, SN -6, DEBT -5, CB -30, GAME +45")
    assert world.win_of("w1").substitutions


def test_debt_may_be_ruled_out() -> None:
    world = with_wins(slots(correction_shortfall=CorrectionShortfall.REJECT))
    world.change(balances="CN 4, CB 40, O:CN 10, O:CB 20")

    assert world.undo("w1") == "CORRECTION_SHORTFALL"
    assert world.refusal == CorrectionShort("w1", 11)
    assert world.win_of("w1").state is WinState.CREDITED


def test_the_rules_are_those_of_the_time_of_the_win() -> None:
    world = with_wins(slots(correction_shortfall=CorrectionShortfall.REJECT))
    world.change(balances="O:CN 10, O:CB 20")
    world.configure()

    assert world.undo("w1") == "CORRECTION_SHORTFALL"


def test_debt_that_a_win_repaid_comes_back_with_its_rollback() -> None:
    world = RoundWorld("CN 10, DEBT -46")
    world.bet_in(10, "b1")
    world.win(100)

    world.undo("w1")

    assert world.posted == vector("CN -54, DEBT -46, GAME +100")
    assert world.balances == vector("O:CN 10, DEBT -46")


def test_the_rounds_only_bet_takes_its_wins_along() -> None:
    """R3."""
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1")
    world.win(45, "w1")
    world.win(16, "w2")
    world.undo("w2")

    assert world.undo("b1") == "APPLIED"

    assert world.posted == vector("CN -35, O:CN -10, GAME +45")
    assert [entry.bet_ref for entry in world.answer.entries] == ["b1", "w1"]
    assert world.answer.bet == world.slot("b1")
    assert (world.slot("b1").state, world.slot("b1").revision) == (BetState.ROLLED_BACK, 2)
    assert world.win_of("w1").state is WinState.ROLLED_BACK
    assert world.balances == vector("CN 10")


def test_so_does_the_last_bet_that_is_not_undone() -> None:
    world = with_wins()

    world.undo("b1")
    assert world.win_of("w1").state is WinState.CREDITED
    world.undo("b2")

    assert world.win_of("w1").state is world.win_of("w2").state is WinState.ROLLED_BACK
    assert world.balances == vector("CN 10, CB 20")


def test_a_stake_that_comes_back_pays_for_the_win_that_goes() -> None:
    world = RoundWorld("CN 10", slots(correction_shortfall=CorrectionShortfall.REJECT))
    world.play({"b1": 10}, {"w1": 12})
    world.change(balances="CN 2")

    assert world.undo("b1") == "APPLIED"
    assert world.balances == {}


def test_all_or_nothing_goes_with_it() -> None:
    world = RoundWorld("CN 10", slots(correction_shortfall=CorrectionShortfall.REJECT))
    world.play({"b1": 10}, {"w1": 12})
    world.change(balances="CN 1")

    assert world.undo("b1") == "CORRECTION_SHORTFALL"
    assert world.slot("b1").state is BetState.SETTLED
    assert world.balances == vector("CN 1")


def test_a_requirement_ends_with_its_win() -> None:
    world = with_policy(balances="CN 5")
    world.win(12, kind=WinKind.FREE_ROUND)
    requirement_id = world.result.requirement_id

    world.undo("w1")

    requirement = world.requirement(requirement_id)
    assert requirement.state is RequirementState.CANCELLED
    assert requirement.end_sequence == world.answer.sequence
    assert world.balances == vector("CN 5")


def test_a_tombstone_keeps_wins_and_cash_outs_away() -> None:
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1")
    world.undo("w1")
    world.undo("c1")

    assert world.win(5) == "BET_TOMBSTONED"
    assert world.cash_out(5, "c1", provider="slots") == "BET_TOMBSTONED"
    assert world.balances == vector("O:CN 10")
