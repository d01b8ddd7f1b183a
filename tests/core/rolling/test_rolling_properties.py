"""What holds for requirements whatever happens (I27, I28, I30, I31)."""

from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.rolling.rolling_world import RollingWorld, requirement, weighing
from tests.core.rules import SPORTS
from wallet_server.core.bets.bet import BetState
from wallet_server.core.config.policy import RollingRules
from wallet_server.core.config.topology import TransferEdge
from wallet_server.core.ids import BetKey
from wallet_server.core.rolling.inheritance import split_rolling
from wallet_server.core.rolling.requirement import (
    ReleaseMode,
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)

Family: TypeAlias = tuple[RequirementOrigin, str]

PAIRS = (("SB", "SN"), ("SN", "SB"), ("SN", "WD"))
EDGES = tuple(TransferEdge(source, target) for source, target in PAIRS)
STEPS_COUNT = 40
KINDS = (
    *("place",) * 8,
    *("settle",) * 12,
    *("unsettle",) * 4,
    *("complete",) * 4,
    *("transfer",) * 2,
    "roll_back",
    "cancel",
)
REFS = ("b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8")


TERMS = st.builds(
    RollingTerms,
    multiplier_bp=st.just(10_000),
    release_target=st.sampled_from(["", "WD"]),
    conversion_cap=st.one_of(st.none(), st.integers(0, 150)),
    release_mode=st.sampled_from(ReleaseMode),
    group_wide=st.booleans(),
)


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.data())
def test_a_split_loses_nothing(remaining: int, whole: int, data: st.DataObject) -> None:
    moved = data.draw(st.integers(0, whole))
    child = split_rolling(remaining, moved, whole)

    assert 0 <= child <= remaining
    assert 0 <= child * whole - remaining * moved < whole
    assert moved < whole or child == remaining


@settings(max_examples=300)
@given(
    st.randoms(use_true_random=False),
    st.tuples(TERMS, TERMS),
    st.tuples(st.integers(1, 150), st.integers(1, 150)),
    st.booleans(),
)
def test_requirements_stay_consistent(
    random: Random,
    terms: tuple[RollingTerms, RollingTerms],
    required: tuple[int, int],
    parallel: bool,
) -> None:
    world = RollingWorld(
        "SB 200, SN 200",
        requirement("a", "SB", required[0], terms=terms[0], amount=100, order=0),
        requirement("b", "SN", required[1], terms=terms[1], amount=100, order=1),
        edges=EDGES,
        policies=(weighing(SPORTS, RollingRules(weight_bp=7_000, parallel=parallel)),),
    )
    caps = {each.family: each.terms.conversion_cap for each in world.requirements}
    for version in range(1, STEPS_COUNT):
        before = left_by_family(world.requirements)
        kind, outcome = take(world, random, version)
        audit(world, caps)
        if kind == "transfer" or outcome not in {"APPLIED", "ALREADY_APPLIED"}:
            assert left_by_family(world.requirements) == before


def take(world: RollingWorld, random: Random, version: int) -> tuple[str, str]:
    """Takes a step drawn by chance. Returns its kind, and what it came to."""
    kind = random.choice(KINDS)
    ref = random.choice(REFS)
    named = random.choice(world.requirements).requirement_id
    if kind == "place":
        return kind, world.place(random.randint(1, 120), ref)
    if kind == "settle":
        bet = world.wallet.bets.get(BetKey("sports", ref))
        refund = 0 if bet is None else bet.stake * random.choice((0, 0, 0, 1, 3, 4)) // 4
        return kind, world.settle(random.choice((0, 50, 250)), ref, version=version, refund=refund)
    if kind == "unsettle":
        return kind, world.unsettle(version, bet_ref=ref)
    if kind == "roll_back":
        return kind, world.roll_back(ref)
    if kind == "transfer":
        source, target = random.choice(PAIRS)
        held = world.balances.get(source, 0)
        return kind, world.transfer(random.choice((held, held, held // 3)), source, target)
    if kind == "complete":
        return kind, world.complete(named)
    return kind, world.cancel(named, forfeit=random.random() < 0.5)


def left_by_family(found: list[Requirement]) -> dict[Family, int]:
    """What families must still wager; what is RELEASED asks for nothing any more."""
    left = Counter[Family]()
    for each in found:
        left[each.family] += each.remaining if each.is_open else 0
    return dict(left)


def audit(world: RollingWorld, caps: Mapping[Family, int | None]) -> None:
    counted = Counter[str]()
    for bet in world.wallet.bets.values():
        for each in bet.contributions:
            assert each.counted >= 0
            counted[each.requirement_id] += each.counted
        if bet.state is BetState.ROLLED_BACK:
            assert not any(each.counted for each in bet.contributions)
    released = Counter[Family]()
    for each in world.requirements:
        assert each.progress == counted[each.requirement_id]
        assert 0 <= each.progress <= each.required
        assert (each.state is RequirementState.FULFILLED) <= (each.remaining == 0)
        assert (each.state is RequirementState.ACTIVE) <= (each.remaining > 0)
        assert each.passed >= 0
        assert not (each.tail and each.is_open)
        assert each.cap_left is None or each.released <= (each.terms.conversion_cap or 0)
        released[each.family] += each.released
    for family, cap in caps.items():
        assert cap is None or released[family] <= cap
