"""Random rules and commands of rounds."""

from typing import Any

from hypothesis import strategies as st

from tests.core.bets.drawn import Step, holding, policies
from tests.core.rounds.round_world import WITH_GIFTS, RoundWorld
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.config.wallet_policy import RecoveryScope, WalletPolicy
from wallet_server.core.rounds.win_kind import WinKind

BETS = st.sampled_from(["b1", "b2", "b3", "b4"])
NEW_BETS = st.sampled_from(["b4", "b5", "b6"])
WINS = st.sampled_from(["w1", "w2", "w3"])
ROUNDS = st.sampled_from(["R1", "R1", "R2", ""])
REFS = st.one_of(BETS, WINS, st.just("c1"))
STAKES = st.integers(1, 30)
AMOUNTS = st.one_of(st.just(0), st.integers(1, 90))
KINDS = st.sampled_from([WinKind.ROUND, WinKind.ROUND, *WinKind])

PROFILES = st.builds(
    ProviderProfile,
    st.just("slots"),
    st.just("SLOTS"),
    payout_basis=st.sampled_from(PayoutBasis),
    rollback_after_settle=st.booleans(),
    correction_shortfall=st.sampled_from(CorrectionShortfall),
    win_window_seconds=st.sampled_from([0, 3, 1000]),
    reopens_rounds=st.booleans(),
)
WALLET_POLICIES = st.builds(WalletPolicy, recovery_scope=st.sampled_from(RecoveryScope))


@st.composite
def slot_policies(draw: st.DrawFn) -> Policy:
    drawn = draw(policies())
    return Policy(
        "SLOTS",
        drawn.funding_mode,
        drawn.destinations,
        win_destinations=WITH_GIFTS.win_destinations,
    )


RULES = st.tuples(slot_policies(), PROFILES, WALLET_POLICIES)


def step(
    method: str, *arguments: st.SearchStrategy[Any], **named: object
) -> st.SearchStrategy[Step]:
    """Returns steps that call a method with drawn arguments."""
    fixed = {
        name: each if isinstance(each, st.SearchStrategy) else st.just(each)
        for name, each in named.items()
    }
    return st.builds(
        Step,
        st.just(method),
        st.tuples(*arguments),
        st.fixed_dictionaries(fixed).map(lambda d: tuple(d.items())),
    )


STEPS = st.lists(
    st.one_of(
        step("bet_in", STAKES, NEW_BETS, ROUNDS),
        step("bet_in", STAKES, NEW_BETS, ROUNDS),
        step("win", AMOUNTS, WINS, ROUNDS, kind=KINDS, bet=st.sampled_from(["", "", "b1"])),
        step("win", AMOUNTS, WINS, ROUNDS, bet=st.sampled_from(["", "", "b1"])),
        step("close", ROUNDS, implicit=st.booleans()),
        step(
            "play",
            st.dictionaries(NEW_BETS, STAKES, max_size=2),
            st.dictionaries(WINS, AMOUNTS, max_size=2),
            ROUNDS,
            close=st.booleans(),
        ),
        step("undo", REFS),
        step("cancel", st.sampled_from(["R1", "R3"])),
        step("cancel", ROUNDS, BETS),
        step("release", WINS, credit=st.booleans()),
        step(
            "cash_out",
            AMOUNTS,
            st.just("c1"),
            BETS,
            stake=st.one_of(st.none(), STAKES),
            provider="slots",
        ),
        step(
            "settle",
            AMOUNTS,
            BETS,
            version=st.integers(1, 3),
            portion=st.sampled_from(["", "a"]),
            stake=st.one_of(st.none(), STAKES),
            provider="slots",
        ),
        step("unsettle", st.integers(1, 4), bet_ref=BETS, provider="slots"),
        step("adjust", st.integers(-60, 30), st.sampled_from(["SN", "SB", "WD"])),
        step("spend"),
    ),
    min_size=4,
    max_size=16,
)


class SpendingWorld(RoundWorld):
    """A wallet whose casino money may be gone at any moment."""

    def spend(self) -> str:
        """Takes casino money away behind the commands' back, as a withdrawal would."""
        left = {name: amount for name, amount in self.balances.items() if name not in {"CN", "CB"}}
        self.change(balances=holding(left))
        return ""


def world_of(rules: tuple[Any, ...], amounts: dict[str, int]) -> SpendingWorld:
    return SpendingWorld(holding(amounts), *rules)


def playing(rules: tuple[Any, ...], amounts: dict[str, int]) -> SpendingWorld:
    """Returns a world with bets that may go on: two in a round, and one without."""
    world = world_of(rules, {code: amount + 20 for code, amount in amounts.items()})
    for stake, bet_ref, round_ref in ((7, "b1", "R1"), (11, "b2", "R1"), (5, "b3", "")):
        world.bet_in(stake, bet_ref, round_ref)
    return world
