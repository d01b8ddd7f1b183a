"""A bet, and what its portions say about it."""

from dataclasses import replace

import pytest

from tests.core.bets.examples import line, placed, portion
from wallet_server.core.accounts import bucket
from wallet_server.core.bets.bet import BetState, Portion, ResultKind
from wallet_server.core.entry import Move
from wallet_server.core.refusals import BetNotFound

BET = placed(line("SB", 20), line("SN", 80))
A = portion((8, 32), 50, ref="a")
REST = portion((12, 48), 0)


@pytest.mark.parametrize(
    ("portions", "state", "open_shares"),
    [
        ((), BetState.AUTHORIZED, [20, 80]),
        ((A,), BetState.PARTIALLY_SETTLED, [12, 48]),
        ((A, REST), BetState.SETTLED, [0, 0]),
        ((REST,), BetState.PARTIALLY_SETTLED, [8, 32]),
    ],
)
def test_the_portions_decide_the_state(
    portions: tuple[Portion, ...], state: BetState, open_shares: list[int]
) -> None:
    bet = BET.with_portions(portions, {})

    assert (bet.state, bet.open_shares) == (state, open_shares)
    assert bet.revision == BET.revision + 1


def test_other_portions_leave_the_rest_of_the_bet_as_it_was() -> None:
    before = replace(
        BET,
        round_ref="r",
        selected_source="s",
        substitutions=(Move(bucket("SN"), bucket("SB"), 1),),
        refusal=BetNotFound("b1"),
    )

    after = before.with_portions((A,), {"b": 3})

    assert after == replace(
        before,
        state=BetState.PARTIALLY_SETTLED,
        revision=before.revision + 1,
        portions=(A,),
        unsettled_versions={"b": 3},
    )


def test_portions_may_not_take_more_than_the_stake() -> None:
    with pytest.raises(AssertionError):
        BET.with_portions((portion((21, 0), 0),), {})


@pytest.mark.parametrize(
    ("payout", "refund", "kind"),
    [
        (1, 0, ResultKind.WON),
        (50, 20, ResultKind.WON),
        (0, 0, ResultKind.LOST),
        (0, 39, ResultKind.LOST),
        (0, 40, ResultKind.VOID),
    ],
)
def test_the_amounts_say_how_a_portion_ended(payout: int, refund: int, kind: ResultKind) -> None:
    assert portion((8, 32), payout, refund).result_kind is kind


@pytest.mark.parametrize(
    ("payouts", "kind"),
    [((50, 0), ResultKind.MIXED), ((50, 10), ResultKind.WON), ((0, 0), ResultKind.LOST)],
)
def test_a_bet_is_mixed_if_its_portions_ended_differently(
    payouts: tuple[int, int], kind: ResultKind
) -> None:
    first, second = payouts
    bet = BET.with_portions((portion((8, 32), first, ref="a"), portion((12, 48), second)), {})

    assert bet.result_kind is kind


def test_only_a_settled_bet_has_ended() -> None:
    assert BET.result_kind is None
    assert BET.with_portions((A,), {}).result_kind is None
    settled = BET.with_portions((A, REST), {})
    assert replace(settled, state=BetState.ROLLED_BACK).result_kind is None


def test_versions_are_known_of_portions_that_are_there_or_were() -> None:
    bet = BET.with_portions((replace(A, result_version=3),), {"": 7})

    assert [bet.version_of(ref) for ref in ("a", "", "b")] == [3, 7, 0]
    assert bet.portion("a") is not None
    assert bet.portion("") is None


def test_a_bet_as_authorized_has_no_results() -> None:
    stood_in = Move(bucket("WD"), bucket("SN"), 5)
    settled = BET.with_portions((A, REST), {"c": 4})
    bet = replace(settled, round_ref="r", substitutions=(stood_in,))

    assert bet.as_authorized() == replace(BET, round_ref="r")
