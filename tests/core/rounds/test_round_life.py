"""How rounds begin, end and begin again."""

from dataclasses import replace
from datetime import timedelta

from tests.core.rounds.round_world import RoundWorld, slots, with_policy
from tests.core.world import START, vector
from wallet_server.core.bets.bet import BetState, ResultKind
from wallet_server.core.refusals import RoundCancelled, RoundClosed, RoundNotFound
from wallet_server.core.rounds.round import RoundState
from wallet_server.core.rounds.win_kind import WinKind

CLOSES_ALONE = slots(implicit_close_seconds=60, win_window_seconds=10)
REOPENS = slots(reopens_rounds=True, implicit_close_seconds=60)


def test_the_first_bet_begins_a_round() -> None:
    world = RoundWorld("CN 10", CLOSES_ALONE)

    world.bet_in(4, "b1")

    found = world.round()
    assert (found.state, found.bet_refs, found.revision) == (RoundState.OPEN, ("b1",), 1)
    assert found.sequence == world.answer.sequence
    assert found.create_time == START + timedelta(seconds=1)
    assert found.due_time == START + timedelta(seconds=61)
    assert found.win_window_seconds == 10
    assert (world.entry.provider_id, world.entry.bet_ref) == ("slots", "b1")
    world.bet_in(4, "b2")
    assert (world.round().bet_refs, world.round().revision) == (("b1", "b2"), 2)


def test_a_round_keeps_its_rules_when_the_profile_changes() -> None:
    world = RoundWorld("CN 10", CLOSES_ALONE)
    world.bet_in(4, "b1")
    world.configure(slots())

    world.bet_in(4, "b2")

    assert world.round().due_time == START + timedelta(seconds=61)
    assert world.round().win_window_seconds == 10


def test_a_declined_bet_is_no_member() -> None:
    world = RoundWorld("CN 10")

    assert world.bet_in(11, "b1") == "INSUFFICIENT_FUNDS"
    assert world.wallet.items == {}
    world.bet_in(10, "b2")
    assert world.bet_in(11, "b3") == "INSUFFICIENT_FUNDS"
    assert world.round().bet_refs == ("b2",)


def test_a_bet_without_a_round_has_none() -> None:
    world = RoundWorld("CN 10")

    world.bet_in(4, "b1", "")

    assert world.wallet.items == {}


def test_closing_plays_all_open_stake() -> None:
    world = RoundWorld("CN 30")
    world.bet_in(10, "b1")
    world.bet_in(20, "b2")
    world.settle(8, "b1", portion="a", stake=4, provider="slots")

    assert world.close() == "APPLIED"

    assert world.posted == vector("O:CN -26, GAME +26")
    assert [entry.bet_ref for entry in world.answer.entries] == ["b1", "b2"]
    assert world.slot("b1").state is world.slot("b2").state is BetState.SETTLED
    assert world.slot("b2").result_kind is ResultKind.LOST
    assert world.round().state is RoundState.CLOSED
    assert (world.round().due_time, world.round().revision) == (None, 3)
    assert world.balances == vector("CN 8")


def test_a_round_is_closed_once() -> None:
    world = RoundWorld("CN 30")
    world.bet_in(10, "b1")
    world.close()
    found = world.round()
    world.wait(hours=1)

    assert world.close() == "ALREADY_APPLIED"
    assert world.answer.entries == ()
    assert world.round() == found


def test_a_round_must_be_there_to_be_closed() -> None:
    world = RoundWorld("CN 30")

    assert world.close() == "ROUND_NOT_FOUND"
    assert world.refusal == RoundNotFound("R1")
    world.cancel()
    assert world.close() == "ROUND_CANCELLED"
    assert world.refusal == RoundCancelled("R1")
    assert world.close(implicit=True) == "ALREADY_APPLIED"


def test_a_round_closes_by_itself_when_its_time_has_come() -> None:
    world = RoundWorld("CN 30", CLOSES_ALONE)
    world.bet_in(10, "b1")

    world.wait(seconds=58)
    assert world.close(implicit=True) == "ALREADY_APPLIED"
    assert world.round().state is RoundState.OPEN
    assert world.close(implicit=True) == "APPLIED"
    assert world.posted == vector("O:CN -10, GAME +10")
    assert world.close(implicit=True) == "ALREADY_APPLIED"


def test_a_round_that_never_closes_by_itself_does_not() -> None:
    world = RoundWorld("CN 30")
    world.bet_in(10, "b1")
    world.wait(hours=10_000)

    assert world.close(implicit=True) == "ALREADY_APPLIED"
    assert world.round().state is RoundState.OPEN


def test_a_closed_round_takes_no_bets() -> None:
    """R4."""
    world = RoundWorld("CN 30")
    world.bet_in(10, "b1")
    world.close()

    assert world.bet_in(10, "b2") == "ROUND_CLOSED"
    assert world.refusal == RoundClosed("R1")
    assert world.slot("b2").state is BetState.DECLINED
    assert world.bet_in(10, "b2") == "REPLAYED ROUND_CLOSED"
    assert world.balances == vector("CN 20")


def test_a_bet_opens_a_closed_round_again_where_the_profile_says_so() -> None:
    world = RoundWorld("CN 30", REOPENS)
    world.bet_in(10, "b1")
    world.close()
    world.wait(seconds=100)

    assert world.bet_in(5, "b2") == "APPLIED"
    found = world.round()
    assert (found.state, found.close_time) == (RoundState.OPEN, None)
    assert found.due_time == world.answer.answer_time + timedelta(seconds=60)
    assert found.bet_refs == ("b1", "b2")
    world.win(15)
    assert not world.win_of().late
    assert world.close() == "APPLIED"
    assert world.posted == vector("O:CN -5, GAME +5")


def test_a_bet_closed_as_lost_may_still_get_its_result() -> None:
    world = RoundWorld("CN 30")
    world.bet_in(10, "b1")
    world.close()

    assert world.settle(25, "b1", provider="slots") == "APPLIED"
    assert world.posted == vector("CN +25, GAME -25")
    assert world.slot("b1").version_of("") == 1


def test_what_closing_did_is_taken_back_like_any_result() -> None:
    world = RoundWorld("CN 30")
    world.bet_in(10, "b1")
    world.close()

    assert world.unsettle(1, bet_ref="b1", provider="slots") == "APPLIED"
    assert world.balances == vector("CN 20, O:CN 10")
    assert world.close() == "APPLIED"
    assert world.slot("b1").unsettled_versions == {}
    assert world.balances == vector("CN 20")
    assert world.settle(25, "b1", version=1, provider="slots") == "RESULT_VERSION_CONFLICT"
    assert world.settle(25, "b1", version=2, provider="slots") == "APPLIED"


def test_closing_leaves_a_result_alone_that_has_no_name() -> None:
    world = RoundWorld("CN 30")
    world.bet_in(10, "b1")
    world.settle(8, "b1", portion="a", stake=4, provider="slots")
    world.settle(9, "b1", provider="slots")
    world.unsettle(2, "a", bet_ref="b1", provider="slots")

    assert world.close() == "APPLIED"

    assert world.posted == vector("O:CN -4, GAME +4")
    assert [portion.payout for portion in world.slot("b1").portions] == [9, 0]
    assert world.slot("b1").state is BetState.SETTLED


def test_a_round_of_gifts_alone_closes_too() -> None:
    world = with_policy()
    world.win(3, "p1", kind=WinKind.PROMO_WIN)

    assert world.close() == "APPLIED"
    assert world.answer.entries == ()


def test_a_free_round_is_closed_without_stake() -> None:
    world = RoundWorld("CN 30")
    world.bet_in(10, "b1")
    world.put(replace(world.slot("b1"), stake=0, lines=(), free_round=True))

    assert world.close() == "APPLIED"

    assert world.answer.entries == ()
    assert world.slot("b1").state is BetState.SETTLED
