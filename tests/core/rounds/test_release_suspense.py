import pytest

from tests.core.rounds.round_world import WITH_GIFTS, RoundWorld, slots, with_policy
from wallet_server.core.commands import Actor
from wallet_server.core.refusals import SelfApproval, WinNotFound, WinNotSuspended
from wallet_server.core.results import WinResult
from wallet_server.core.rounds.win import WinState
from wallet_server.core.rounds.win_kind import WinKind

NO_WINDOW = slots(win_window_seconds=0)


def too_late() -> RoundWorld:
    """A win of 16 in suspense, of a round with CN 10 and CB 20."""
    world = RoundWorld("CN 10, CB 20", NO_WINDOW)
    world.play({"b1": 10, "b2": 20}, {})
    world.win(16)
    return world


def test_a_late_win_is_credited_by_its_stored_weights() -> None:
    """E27 (c)."""
    world = too_late()

    assert world.release() == "APPLIED"

    assert world.posted == {"CN": 5, "CB": 11, "H:SUSPENSE": -16}
    assert world.result == WinResult(late=True)
    assert (world.win_of().state, world.win_of().revision) == (WinState.CREDITED, 2)


def test_a_late_win_is_returned_to_the_house() -> None:
    world = too_late()

    assert world.release(credit=False) == "APPLIED"

    assert world.posted == {"GAME": 16, "H:SUSPENSE": -16}
    assert world.win_of().state is WinState.RETURNED
    assert world.balances == {}
    assert world.undo("w1") == "ALREADY_ROLLED_BACK"


def test_it_is_decided_on_once() -> None:
    world = too_late()
    world.release()

    assert world.release() == "WIN_NOT_SUSPENDED"
    assert world.refusal == WinNotSuspended("w1", "CREDITED")
    assert world.release("w9") == "WIN_NOT_FOUND"
    assert world.refusal == WinNotFound("w9")


@pytest.mark.parametrize("credit", [True, False])
@pytest.mark.parametrize("actor", [Actor("ann"), Actor("tom", player_id="ann")])
def test_the_player_decides_on_no_win_of_their_own(actor: Actor, *, credit: bool) -> None:
    world = too_late()
    before = world.wallet

    assert world.release(credit=credit, actor=actor) == "SELF_APPROVAL"

    assert world.refusal == SelfApproval(actor.name)
    assert (world.win_of().state, world.balances) == (WinState.SUSPENDED, {})
    assert world.wallet.wins == before.wins
    assert world.release(credit=credit, actor=Actor("bea")) == "APPLIED"


def test_a_cash_out_is_no_win() -> None:
    world = RoundWorld("CN 10")
    world.bet_in(10, "b1")
    world.cash_out(5, "c1", provider="slots")

    assert world.release("c1") == "WIN_NOT_FOUND"


def test_a_bet_undone_since_keeps_its_part_of_the_win() -> None:
    world = too_late()
    world.undo("b2")

    world.release()

    assert world.posted == {"CN": 5, "CB": 11, "H:SUSPENSE": -16}


def test_a_gift_goes_where_the_policy_says_by_now() -> None:
    world = RoundWorld("CN 10", NO_WINDOW)
    world.play({"b1": 10}, {})
    assert world.win(12, kind=WinKind.FREE_ROUND) == "REVIEW"
    assert world.posted == {"H:PROMO": -12, "H:SUSPENSE": 12}

    assert world.release() == "WIN_DESTINATION_MISSING"
    world.configure(WITH_GIFTS)
    assert world.release() == "APPLIED"
    assert world.posted == {"CB": 12, "H:SUSPENSE": -12}
    assert world.requirement(world.result.requirement_id).required == 60


def test_a_released_win_repays_debt() -> None:
    world = too_late()
    world.change(balances="DEBT -3")

    world.release()

    assert world.posted == {"CN": 2, "CB": 11, "DEBT": 3, "H:SUSPENSE": -16}


def test_a_win_in_suspense_may_be_rolled_back() -> None:
    world = too_late()

    assert world.undo("w1", amount=16) == "APPLIED"
    assert world.posted == {"GAME": 16, "H:SUSPENSE": -16}
    assert world.release() == "WIN_NOT_SUSPENDED"


def test_nothing_is_released_of_a_round_without_a_policy_for_gifts() -> None:
    world = with_policy(balances="CN 10")
    world.bet_in(10, "b1")
    world.win(3, kind=WinKind.PROMO_WIN)

    assert world.release() == "WIN_NOT_SUSPENDED"
