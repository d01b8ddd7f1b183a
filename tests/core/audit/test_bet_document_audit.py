"""What must hold of a bet by itself."""

from dataclasses import replace

import pytest

from tests.core.world import World, eur
from wallet_server.core.audit.bet_document_audit import find_document_problems, is_whole
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet, BetState, Portion
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import InsufficientFunds

REFUSAL = InsufficientFunds(5, 0)
MISFIT = "a portion's shares, refund and payout do not fit its lines"


def settled_free_round() -> Bet:
    world = World("SN 10")
    world.run(AuthorizeBet(BetKey("sports", "b1"), eur(0), free_round=True))
    world.settle(0)
    return world.bet()


def placed() -> Bet:
    """Returns a bet of 100, 40 of it from SB and 60 from SN."""
    world = World("SB 40, SN 60")
    assert world.authorize(100) == "APPLIED"
    return world.bet()


def with_portions(*portions: Portion, state: BetState = BetState.PARTIALLY_SETTLED) -> Bet:
    return replace(placed(), state=state, portions=portions)


def portion(
    *shares: int, ref: str = "a", payout: int = 0, refund: int = 0, version: int = 1
) -> Portion:
    return Portion(ref, shares, version, payout, refund)


def funding(bet: Bet) -> list[str]:
    """Returns what is wrong with the funding alone."""
    return messages(bet, Check.BET_FUNDING)


def results(bet: Bet) -> list[str]:
    """Returns what is wrong with the results alone."""
    return messages(bet, Check.BET_RESULTS)


def messages(bet: Bet, check: Check) -> list[str]:
    found = list(find_document_problems(bet))
    assert all(each.subject == "" for each in found)  # Who follows the bet knows its name.
    return [each.message for each in found if each.check is check]


def test_a_free_round_that_is_settled_is_whole_without_lines() -> None:
    bet = settled_free_round()

    assert len(bet.portions) == 1
    assert list(find_document_problems(bet)) == []
    assert is_whole(bet)


def test_a_portion_of_a_free_round_has_no_share_of_anything() -> None:
    bet = settled_free_round()
    (only,) = bet.portions
    wrong = replace(bet, portions=(replace(only, stake_shares=(1,)),))

    found = list(find_document_problems(wrong))

    assert found == [Finding(Check.BET_RESULTS, "", MISFIT)]
    assert not is_whole(wrong)


def test_a_placed_bet_is_whole() -> None:
    assert is_whole(placed())
    assert list(find_document_problems(placed())) == []


@pytest.mark.parametrize("state", [BetState.DECLINED, BetState.TOMBSTONED])
def test_a_bet_that_never_was_placed_has_nothing(state: BetState) -> None:
    refusal = REFUSAL if state is BetState.DECLINED else None
    bet = replace(placed(), state=state, refusal=refusal, lines=(), snapshot=None)
    funded = [f"{state.value}, and yet something paid for it"]

    assert is_whole(bet)
    assert list(find_document_problems(bet)) == []
    with_lines = replace(bet, lines=placed().lines)
    assert not is_whole(with_lines)
    assert funding(with_lines) == funded
    assert funding(replace(bet, snapshot=placed().snapshot)) == funded
    with_results = replace(bet, portions=(portion(1),))
    assert not is_whole(with_results)
    assert results(with_results) == [f"{state.value}, and yet it has results"]


def test_a_placed_bet_has_a_snapshot() -> None:
    bet = replace(placed(), snapshot=None)

    assert not is_whole(bet)
    assert funding(bet) == ["it has no snapshot"]


def test_the_lines_add_up_to_the_stake() -> None:
    bet = replace(placed(), stake=99)

    assert is_whole(bet)
    assert funding(bet) == ["its lines add up to 100, its stake is 99"]


def test_a_bet_has_lines_unless_it_is_a_free_round() -> None:
    bet = replace(placed(), lines=(), stake=0)

    assert not is_whole(bet)
    assert is_whole(replace(bet, free_round=True))


@pytest.mark.parametrize("amount", [0, -1])
def test_a_line_is_positive(amount: int) -> None:
    bet = placed()
    first, second = bet.lines
    wrong = replace(bet, lines=(replace(first, amount=amount), second), stake=60 + amount)

    assert not is_whole(wrong)
    assert funding(wrong) == ["a line is not positive"]


def test_a_line_of_the_smallest_unit_is_positive() -> None:
    bet = placed()
    first, second = bet.lines
    small = replace(bet, lines=(replace(first, amount=1), second), stake=61)

    assert is_whole(small)
    assert funding(small) == []


def test_only_a_declined_bet_has_a_refusal() -> None:
    declined = replace(placed(), state=BetState.DECLINED, lines=(), snapshot=None)

    assert results(declined) == ["DECLINED and a refusal do not go together"]
    assert results(replace(declined, refusal=REFUSAL)) == []
    assert results(replace(placed(), refusal=REFUSAL)) == [
        "AUTHORIZED and a refusal do not go together"
    ]


@pytest.mark.parametrize(
    ("wrong", "fits"),
    [
        (portion(10), False),
        (portion(10, 5, 0), False),
        (portion(-1, 5), False),
        (portion(0, 5), True),
        (portion(10, 5, refund=-1), False),
        (portion(10, 5, refund=16), False),
        (portion(10, 5, refund=15), True),
        (portion(10, 5, payout=-1), False),
        (portion(10, 5, payout=1), True),
        (portion(10, 5, refund=15, payout=1), False),
        (portion(10, 5, refund=14, payout=1), True),
    ],
)
def test_a_portion_fits_its_lines(wrong: Portion, *, fits: bool) -> None:
    bet = with_portions(wrong)

    assert is_whole(bet) is fits
    assert results(bet) == ([] if fits else [MISFIT])


def test_one_portion_that_does_not_fit_is_enough() -> None:
    bet = with_portions(portion(10, 5), portion(10, ref="b"))

    assert not is_whole(bet)
    assert results(bet) == [MISFIT]


def test_a_portion_has_a_name_of_its_own() -> None:
    bet = with_portions(portion(10, 5), portion(1, 2))

    assert results(bet) == ["several portions have one name"]
    taken_back = replace(with_portions(portion(10, 5)), unsettled_versions={"a": 2})
    assert results(taken_back) == ["several portions have one name"]
    assert results(replace(taken_back, unsettled_versions={"b": 2})) == []


def test_portions_take_no_more_than_the_stake() -> None:
    too_much = with_portions(portion(40, 0), portion(1, 0, ref="b"))

    assert results(too_much) == ["its portions take more than its stake"]


@pytest.mark.parametrize(
    ("portions", "right", "open_stake"),
    [
        ([], BetState.AUTHORIZED, 100),
        ([portion(40, 59)], BetState.PARTIALLY_SETTLED, 1),
        ([portion(40, 60)], BetState.SETTLED, 0),
    ],
)
def test_the_portions_put_a_bet_in_its_state(
    portions: list[Portion], right: BetState, open_stake: int
) -> None:
    for state in (BetState.AUTHORIZED, BetState.PARTIALLY_SETTLED, BetState.SETTLED):
        wrong = [f"{state.value} with {open_stake} of the stake open"]
        assert results(with_portions(*portions, state=state)) == ([] if state is right else wrong)
    assert results(with_portions(*portions, state=BetState.ROLLED_BACK)) == []
