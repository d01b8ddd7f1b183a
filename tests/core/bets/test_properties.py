"""What holds of bets whatever they go through."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.rules import MONEY_BUCKETS, auto, destinations, policy, ratio
from tests.core.world import World, vector
from wallet_server.core.accounts import game
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.settlement import position
from wallet_server.core.config.policy import Policy, SourceDestinations
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.config.wallet_policy import RecoveryScope, WalletPolicy
from wallet_server.core.decision import Outcome

CODES = st.sampled_from(MONEY_BUCKETS)
STAKES = st.integers(1, 60)
AMOUNTS = st.one_of(st.just(0), st.integers(1, 300))
VERSIONS = st.integers(1, 12)
PORTIONS = st.sampled_from(["", "a", "b"])
HOLDINGS = st.fixed_dictionaries({code: st.integers(0, 60) for code in MONEY_BUCKETS})
RICH = "SN 100000, CN 100000, SB 100000, CB 100000, WD 100000"


@st.composite
def plans(draw: st.DrawFn, source: str) -> SourceDestinations:
    stake, profit = draw(st.one_of(st.none(), st.just(source), CODES)), draw(CODES)
    return destinations(source, stake, profit, draw(st.one_of(st.none(), st.integers(0, 40))))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    sources = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    weights = {source: draw(st.integers(0, 3)) for source in sources}
    mode = draw(st.sampled_from([auto(*sources), ratio(**weights)]))
    return policy("SPORTS", mode, *(draw(plans(source)) for source in sources))


PROFILES = st.builds(
    ProviderProfile,
    st.just("sports"),
    st.just("SPORTS"),
    payout_basis=st.sampled_from(PayoutBasis),
    rollback_after_settle=st.booleans(),
    correction_shortfall=st.sampled_from(CorrectionShortfall),
)
WALLET_POLICIES = st.builds(WalletPolicy, recovery_scope=st.sampled_from(RecoveryScope))
RULES = st.tuples(policies(), PROFILES, WALLET_POLICIES)


@dataclass(frozen=True)
class Step:
    """A call of one of the world's methods."""

    method: str
    arguments: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()

    def take(self, world: World) -> str:
        return getattr(world, self.method)(*self.arguments, **dict(self.named))


@st.composite
def settles(draw: st.DrawFn) -> Step:
    named = st.fixed_dictionaries(
        {"version": VERSIONS, "portion": PORTIONS},
        optional={"stake": STAKES, "refund": st.integers(0, 30)},
    )
    return Step("settle", (draw(AMOUNTS),), tuple(draw(named).items()))


@st.composite
def unsettles(draw: st.DrawFn) -> Step:
    refs = draw(st.lists(PORTIONS, max_size=2, unique=True))
    return Step("unsettle", (draw(VERSIONS), *refs))


@st.composite
def spending(draw: st.DrawFn) -> Step:
    return Step("adjust", (draw(st.integers(-100, 30)), draw(st.sampled_from(["SN", "SB", "WD"]))))


@st.composite
def others(draw: st.DrawFn) -> Step:
    """Draws what happens to other bets of the same wallet."""
    method = draw(st.sampled_from(["authorize", "settle"]))
    return Step(method, (draw(STAKES), draw(st.sampled_from(["b2", "b3"]))))


ROLLBACKS = st.just(Step("roll_back"))
STEPS = st.lists(
    st.one_of(settles(), settles(), unsettles(), spending(), others(), ROLLBACKS), max_size=14
)


def holding(amounts: dict[str, int]) -> str:
    return ", ".join(f"{code} {amount}" for code, amount in amounts.items())


def postings_of(world: World, bet_ref: str = "b1") -> Counter[str]:
    """Returns what the entries of a bet add up to."""
    total = Counter[str]()
    for recorded in world.fold.recorded:
        for entry in recorded.answer.entries:
            if entry.bet_ref == bet_ref:
                total.update({change.account: change.change for change in entry.changes})
    return total


def nonzero(amounts: Counter[str]) -> dict[str, int]:
    return {account: amount for account, amount in amounts.items() if amount}


def check_bet(bet: Bet, world: World) -> None:
    """I11 and I13 to I17 of the domain."""
    postings = postings_of(world, bet.key.bet_ref)
    expected = Counter[str](position(bet))
    for move in bet.substitutions:
        expected[move.source] -= move.amount
        expected[move.target] += move.amount
        assert move.amount > 0
    assert nonzero(postings) == nonzero(expected)
    assert sum(position(bet).values()) == 0

    if bet.state in {BetState.DECLINED, BetState.TOMBSTONED}:
        assert not bet.lines
        assert not nonzero(postings)
        return
    assert sum(line.amount for line in bet.lines) == bet.stake
    decided = sum(portion.stake for portion in bet.portions)
    if bet.state is BetState.ROLLED_BACK:
        assert position(bet) == {}
        assert sum(amount for account, amount in postings.items() if account.startswith("H:")) == 0
    else:
        assert decided <= bet.stake
        assert (decided == bet.stake) == (bet.state is BetState.SETTLED)
    for portion in bet.portions:
        check_paid(bet, portion.portion_ref)


def check_paid(bet: Bet, portion_ref: str) -> None:
    """I15: what the house pays for a portion is its payout, but for what stays with it."""
    assert bet.snapshot is not None
    portion = bet.portion(portion_ref)
    assert portion is not None
    alone = replace(bet, state=BetState.PARTIALLY_SETTLED, portions=(portion,))
    house = position(alone).get(game("SPORTS"), 0)
    paid = portion.stake - portion.refund - house
    assert 0 <= paid <= portion.payout
    capped = any(line.destinations.profit_cap is not None for line in bet.lines)
    returned = all(line.destinations.stake_target is not None for line in bet.lines)
    if not capped and (returned or bet.snapshot.payout_basis is PayoutBasis.NET_OF_FREEBET):
        assert paid == portion.payout


def check_wallet(world: World) -> None:
    """I1, I4, I8 and I12 of the domain."""
    held = Counter[str]({a: n for a, n in world.balances.items() if a.startswith("O:")})
    for bet in world.wallet.bets.values():
        if bet.state is BetState.ROLLED_BACK:
            continue
        for line, share in zip(bet.lines, bet.open_shares, strict=True):
            held[f"O:{line.source}"] -= share
    assert not nonzero(held)
    for account, amount in world.balances.items():
        assert amount <= 0 if account == "DEBT" else amount >= 0
    for recorded in world.fold.recorded:
        for entry in recorded.answer.entries:
            assert sum(change.change for change in entry.changes) == 0
            assert all(change.change for change in entry.changes)


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
