"""What holds of bets whatever they go through."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.bets.drawn import (
    AMOUNTS,
    HOLDINGS,
    RULES,
    STAKES,
    STEPS,
    Step,
    holding,
    policies,
    settles,
)
from tests.core.bets.invariants import check_bet, check_wallet, nonzero, postings_of
from tests.core.world import World, vector
from wallet_server.core.bets.settlement import position
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import PayoutBasis, ProviderProfile
from wallet_server.core.decision import Outcome

RICH = "SN 100000, CN 100000, SB 100000, CB 100000, WD 100000"


def play(world: World, steps: Iterable[Step]) -> list[str]:
    return [step.take(world) for step in steps]


@given(RULES, HOLDINGS, STAKES, STEPS)
def test_the_books_of_a_bet_are_its_position_and_its_substitutions(
    rules: tuple[Any, ...], holds: dict[str, int], stake: int, steps: list[Step]
) -> None:
    world = World(holding(holds), *rules)
    world.authorize(stake)

    for step in steps:
        step.take(world)
        check_wallet(world)
        for bet in world.wallet.bets.values():
            check_bet(bet, world)


@given(RULES, RULES, HOLDINGS, STAKES, STEPS)
def test_a_bet_settles_by_its_snapshot_alone(
    rules: tuple[Any, ...],
    later: tuple[Any, ...],
    holds: dict[str, int],
    stake: int,
    steps: list[Step],
) -> None:
    own = [step for step in steps if step.method in {"settle", "unsettle", "roll_back", "adjust"}]
    own = [step for step in own if len(step.arguments) < 2 or step.method != "settle"]
    one, other = World(holding(holds), *rules), World(holding(holds), *rules)
    for world in (one, other):
        world.authorize(stake)
    other.configure(*later)

    assert play(one, own) == play(other, own)
    assert one.wallet.balances == other.wallet.balances
    assert one.bet() == other.bet()


@given(
    RULES,
    STAKES,
    st.lists(st.tuples(AMOUNTS, st.integers(0, 1)), min_size=1, max_size=5),
    st.randoms(),
)
def test_results_may_come_in_any_order(
    rules: tuple[Any, ...], stake: int, results: list[tuple[int, int]], random: Random
) -> None:
    """The highest version counts, of each portion by itself."""
    in_order, shuffled = World(RICH, *rules), World(RICH, *rules)
    for world in (in_order, shuffled):
        world.authorize(stake + 1)
        world.settle(0, portion="a", stake=1)
        world.settle(0)
    steps = [
        (payout, version, ("a", "")[which])
        for version, (payout, which) in enumerate(results, start=2)
    ]

    for payout, version, ref in steps:
        in_order.settle(payout, version=version, portion=ref)
    random.shuffle(steps)
    for payout, version, ref in steps:
        shuffled.settle(payout, version=version, portion=ref)

    assert shuffled.bet().portions == in_order.bet().portions
    assert position(shuffled.bet()) == position(in_order.bet())
    assert shuffled.balances == in_order.balances


@given(RULES, STAKES, settles(), settles())
def test_settled_again_after_it_was_unsettled_is_as_settled(
    rules: tuple[Any, ...], stake: int, first: Step, second: Step
) -> None:
    once, twice = World(RICH, *rules), World(RICH, *rules)
    payout, again = first.arguments[0], second.arguments[0]
    for world in (once, twice):
        world.authorize(stake)

    once.settle(again, version=9)
    twice.settle(payout, version=1)
    twice.unsettle(2)
    twice.settle(again, version=9)

    assert twice.balances == once.balances
    assert twice.bet().portions == once.bet().portions
    assert twice.bet().substitutions == once.bet().substitutions == ()


@given(policies(), st.sampled_from(PayoutBasis), STAKES, STEPS)
def test_a_rollback_nets_to_nothing_on_every_account_while_the_money_is_there(
    rules: Policy, basis: PayoutBasis, stake: int, steps: list[Step]
) -> None:
    profile = ProviderProfile("sports", "SPORTS", payout_basis=basis, rollback_after_settle=True)
    world = World(RICH, rules, profile)
    world.authorize(stake)
    play(
        world,
        (
            step
            for step in steps
            if step.method in {"unsettle", "settle"} and len(step.arguments) != 2
        ),
    )

    world.roll_back()

    assert world.balances == vector(RICH)
    assert nonzero(postings_of(world)) == {}


@given(policies(), HOLDINGS, STAKES, STEPS)
def test_a_rollback_nets_to_nothing_on_every_account_when_its_debt_is_counted(
    rules: Policy, holds: dict[str, int], stake: int, steps: list[Step]
) -> None:
    profile = ProviderProfile("sports", "SPORTS", rollback_after_settle=True)
    world = World(holding(holds), rules, profile)
    if world.authorize(stake) != "APPLIED":
        return
    play(world, steps)

    assert world.roll_back() in {"APPLIED", "ALREADY_ROLLED_BACK"}

    postings = postings_of(world)
    assert sum(postings.values()) == 0
    assert all(not n for a, n in postings.items() if a.startswith(("H:", "open:")))


@given(policies(), HOLDINGS, st.integers(1, 400), AMOUNTS)
def test_a_win_never_funds_its_own_stake(
    rules: Policy, holds: dict[str, int], stake: int, payout: int
) -> None:
    world = World(holding(holds), rules)
    before = sum(holds.values())

    placed = world.authorize(stake) == "APPLIED"
    world.settle(payout)

    if placed:
        assert stake <= before
    else:
        assert world.balances == {code: amount for code, amount in holds.items() if amount}


@given(RULES, HOLDINGS, STAKES, STEPS, st.sampled_from(["SN", "CB", "WD SN"]))
def test_nothing_is_ever_taken_from_a_frozen_bucket(
    rules: tuple[Any, ...], holds: dict[str, int], stake: int, steps: list[Step], frozen: str
) -> None:
    world = World(holding(holds), *rules)
    world.authorize(stake)
    world.change(frozen=frozen)

    for step in steps:
        held = world.balances
        step.take(world)
        assert all(world.balances.get(code, 0) >= held.get(code, 0) for code in frozen.split())


@given(RULES, HOLDINGS, STAKES, STEPS)
def test_versions_rise_and_what_is_stale_changes_nothing(
    rules: tuple[Any, ...], holds: dict[str, int], stake: int, steps: list[Step]
) -> None:
    """I19."""
    world = World(holding(holds), *rules)
    world.authorize(stake)

    for step in steps:
        before, bet = world.balances, world.bet()
        outcome = step.take(world)
        after = world.bet()
        refs = {portion.portion_ref for portion in (*bet.portions, *after.portions)}
        assert all(after.version_of(ref) >= bet.version_of(ref) for ref in refs)
        if outcome == "PARENT_DECLINED":
            assert (world.balances, after) == (before, replace(bet, revision=2))
        elif outcome not in {Outcome.APPLIED.value, "TOMBSTONED"}:
            assert (world.balances, after) == (before, bet)
