"""What holds for requirements whatever happens (I27, I28, I30, I31)."""

from collections import Counter

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
    RequirementState,
    RollingTerms,
)

PAIRS = (("SB", "SN"), ("SN", "SB"), ("SN", "WD"))
EDGES = tuple(TransferEdge(source, target) for source, target in PAIRS)
REFS = st.sampled_from(["b1", "b2", "b3"])
AMOUNTS = st.integers(1, 120)
STEPS = st.one_of(
    st.tuples(st.just("place"), AMOUNTS, REFS),
    st.tuples(st.just("settle"), AMOUNTS, REFS, st.integers(0, 3)),
    st.tuples(st.just("unsettle"), REFS),
    st.tuples(st.just("roll_back"), REFS),
    st.tuples(st.just("transfer"), AMOUNTS, st.sampled_from(PAIRS)),
    st.tuples(st.just("complete"), st.integers(0, 5)),
    st.tuples(st.just("cancel"), st.integers(0, 5), st.booleans()),
)
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
    st.lists(STEPS, max_size=25),
    st.tuples(TERMS, TERMS),
    st.tuples(st.integers(1, 300), st.integers(1, 300)),
    st.booleans(),
)
def test_requirements_stay_consistent(
    steps: list[tuple[object, ...]],
    terms: tuple[RollingTerms, RollingTerms],
    required: tuple[int, int],
    parallel: bool,  # noqa: FBT001 - hypothesis gives it by place.
) -> None:
    world = RollingWorld(
        "SB 200, SN 200",
        requirement("a", "SB", required[0], terms=terms[0], amount=100, order=0),
        requirement("b", "SN", required[1], terms=terms[1], amount=100, order=1),
        edges=EDGES,
        policies=(weighing(SPORTS, RollingRules(weight_bp=7_000, parallel=parallel)),),
    )
    caps = {each.family: each.terms.conversion_cap for each in world.requirements}
    for version, step in enumerate(steps, start=1):
        before = left_by_family(world.requirements)
        outcome = take(world, step, version)
        audit(world, caps)
        if step[0] == "transfer" and outcome == "APPLIED":
            assert left_by_family(world.requirements) == before
        if outcome not in {"APPLIED", "ALREADY_APPLIED"}:
            assert left_by_family(world.requirements) == before


def take(world: RollingWorld, step: tuple[object, ...], version: int) -> str:
    match step:
        case ("place", int(stake), str(ref)):
            return world.place(stake, ref)
        case ("settle", int(payout), str(ref), int(part)):
            bet = world.wallet.bets.get(BetKey("sports", ref))
            refund = 0 if bet is None else bet.stake * part // 4
            return world.settle(payout, ref, version=version, refund=refund)
        case ("unsettle", str(ref)):
            return world.unsettle(version, bet_ref=ref)
        case ("roll_back", str(ref)):
            return world.roll_back(ref)
        case ("transfer", int(amount), (str(source), str(target))):
            return world.transfer(amount, source, target)
        case ("complete", int(number)):
            return world.complete(nth(world, number).requirement_id)
        case ("cancel", int(number), bool(forfeit)):
            return world.cancel(nth(world, number).requirement_id, forfeit=forfeit)
        case _:
            raise AssertionError(step)


def nth(world: RollingWorld, number: int) -> Requirement:
    return world.requirements[number % len(world.requirements)]


def left_by_family(found: list[Requirement]) -> dict[object, int]:
    """What families must still wager; what is RELEASED asks for nothing any more."""
    left = Counter[object]()
    for each in found:
        left[each.family] += each.remaining if each.is_open else 0
    return dict(left)


def audit(world: RollingWorld, caps: dict[object, int | None]) -> None:
    counted = Counter[str]()
    for bet in world.wallet.bets.values():
        for each in bet.contributions:
            assert each.counted >= 0
            counted[each.requirement_id] += each.counted
        if bet.state is BetState.ROLLED_BACK:
            assert not any(each.counted for each in bet.contributions)
    released = Counter[object]()
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
