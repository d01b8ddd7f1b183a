"""Rules, and what bets go through, as hypothesis draws them."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.core.rules import MONEY_BUCKETS, auto, destinations, policy, ratio
from tests.core.world import World
from wallet_server.core.config.policy import Policy, SourceDestinations
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.config.wallet_policy import RecoveryScope, WalletPolicy

CODES = st.sampled_from(MONEY_BUCKETS)
STAKES = st.integers(1, 60)
AMOUNTS = st.one_of(st.just(0), st.integers(1, 300))
VERSIONS = st.integers(1, 12)
PORTIONS = st.sampled_from(["", "a", "b"])
HOLDINGS = st.fixed_dictionaries({code: st.integers(0, 60) for code in MONEY_BUCKETS})


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
