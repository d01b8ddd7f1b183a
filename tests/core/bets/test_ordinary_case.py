"""The short ways of the ordinary case come to what the rule for all cases comes to."""

from dataclasses import replace

from hypothesis import assume, event, given
from hypothesis import strategies as st

from tests.core.bets.examples import placed
from tests.core.rules import MONEY_BUCKETS, TOPOLOGY
from tests.core.world import World
from wallet_server.core.accounts import bucket, debt
from wallet_server.core.bets.bet import Bet, FundingLine, Portion
from wallet_server.core.bets.correction import Correction, correct, is_plain, work_out
from wallet_server.core.bets.settlement import (
    difference,
    has_only_more_portions,
    moves_of_portions,
    position,
    posted,
)
from wallet_server.core.config.policy import Destinations
from wallet_server.core.config.provider_profile import PayoutBasis
from wallet_server.core.entry import Move, minus

CODES = st.sampled_from(MONEY_BUCKETS)
DESTINATIONS = st.builds(
    Destinations,
    stake_target=st.none() | CODES,
    profit_target=CODES,
    profit_cap=st.none() | st.integers(0, 60),
)


BUCKETS = CODES.map(bucket)
SUBSTITUTIONS = st.lists(
    st.builds(Move, st.just(debt("EUR")) | BUCKETS, BUCKETS, st.integers(1, 60)).filter(
        lambda move: move.source != move.target
    ),
    max_size=2,
).map(tuple)


@st.composite
def lines(draw: st.DrawFn) -> tuple[FundingLine, ...]:
    sources = draw(st.lists(CODES, min_size=1, max_size=3, unique=True))
    amounts = st.integers(1, 50)
    return tuple(FundingLine(code, draw(amounts), draw(DESTINATIONS)) for code in sources)


@st.composite
def portions(draw: st.DrawFn, shares: list[int], ref: str) -> Portion:
    assume(any(shares))
    taken = tuple(draw(st.integers(0, share)) for share in shares)
    taken = taken if any(taken) else tuple(shares)
    refund = draw(st.integers(0, sum(taken)))
    payout = 0 if refund == sum(taken) else draw(st.integers(0, 300))
    return Portion(ref, taken, 1, payout, refund)


@st.composite
def settlements(draw: st.DrawFn) -> tuple[Bet, Bet]:
    """Draws a bet with some portions, and the same with more. Others may have stood in."""
    before = placed(*draw(lines()), basis=draw(st.sampled_from(PayoutBasis)))
    before = replace(before, substitutions=draw(SUBSTITUTIONS))
    for ref in draw(st.sampled_from(["", "a", "ab"])):
        before = before.with_portions(
            (*before.portions, draw(portions(before.open_shares, ref))), {}
        )
    more = draw(portions(before.open_shares, "more"))
    return before, before.with_portions((*before.portions, more), {})


@given(settlements())
def test_more_portions_make_the_difference_that_they_move(bets: tuple[Bet, Bet]) -> None:
    before, after = bets

    assert has_only_more_portions(before, after) is not bool(before.substitutions)
    assert difference(before, after) == minus(position(after), posted(before))


def test_one_more_portion_gives_back_what_was_recovered_for_another() -> None:
    world = World("SN 100, WD 300")
    world.authorize(100)
    world.settle(200, portion="a", stake=50)
    world.adjust(-200)
    world.settle(0, portion="a", version=2)  # 200 are recovered from WD.
    assert world.balances == {"WD": 100, "O:SN": 50}

    world.settle(250, portion="b", stake=50)

    assert world.balances == {"WD": 300, "SN": 50}
    assert not world.bet().substitutions


@given(settlements(), st.integers(0, 300))
def test_a_portion_with_another_result_is_not_more_of_them(
    bets: tuple[Bet, Bet], payout: int
) -> None:
    _, before = bets
    last = before.portions[-1]
    other = Portion(last.portion_ref, last.stake_shares, 2, payout, 0)
    after = before.with_portions((*before.portions[:-1], other), {})

    assert not has_only_more_portions(before, after)
    assert difference(before, after) == minus(position(after), posted(before))


@given(settlements())
def test_the_moves_of_all_portions_are_those_of_each(bets: tuple[Bet, Bet]) -> None:
    _, after = bets
    number = len(after.portions)

    each = [
        moves_of_portions(after.with_portions(after.portions[: i + 1], {}), after_first=i)
        for i in range(number)
    ]

    assert [move for moves in each for move in moves] == list(moves_of_portions(after))


@given(
    settlements(),
    st.fixed_dictionaries({code: st.integers(0, 60) for code in MONEY_BUCKETS}),
    st.sampled_from([0, 0, 0, -40]),
    st.sampled_from([False, False, True]),
)
def test_what_is_plain_needs_no_working_out(
    bets: tuple[Bet, Bet],
    holds: dict[str, int],
    owed: int,
    backwards: bool,
) -> None:
    before, after = reversed(bets) if backwards else bets
    wallet = World(
        ", ".join(f"{code} {held}" for code, held in {**holds, "DEBT": owed}.items())
    ).wallet
    changes = difference(before, after)
    plain = is_plain(changes, before, wallet, TOPOLOGY)
    event("plain" if plain else "not plain")

    for repays_debt in (False, True):
        worked_out = work_out(changes, before, wallet, TOPOLOGY, repays_debt=repays_debt)

        assert not plain or worked_out == Correction(changes, ())
        assert correct(before, after, wallet, TOPOLOGY, repays_debt=repays_debt) == worked_out
