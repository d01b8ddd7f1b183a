"""What holds of rounds whatever they go through."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.bets.test_properties import HOLDINGS, holding, policies
from tests.core.rounds.round_world import WITH_GIFTS, RoundWorld
from tests.core.world import told_answer
from wallet_server.core.accounts import is_house
from wallet_server.core.batch import Recorded
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.settlement import posted
from wallet_server.core.config.policy import Policy, RecoveryScope, WalletPolicy
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.entry import Vector
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.membership import LIVE
from wallet_server.core.rounds.round import Round, RoundState
from wallet_server.core.rounds.win import WITH_EFFECT, Win, WinState
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


@dataclass(frozen=True)
class Step:
    """A call of one of the world's methods."""

    method: str
    arguments: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()

    def take(self, world: RoundWorld) -> str:
        return getattr(world, self.method)(*self.arguments, **dict(self.named))


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


def postings_of(world: RoundWorld) -> dict[str, Counter[str]]:
    """Returns what the entries of each transaction add up to, by its reference."""
    totals: dict[str, Counter[str]] = {}
    for recorded in world.fold.recorded:
        for entry in recorded.answer.entries:
            changes = {each.account: each.change for each in entry.changes}
            totals.setdefault(entry.bet_ref, Counter()).update(changes)
    return totals


def nonzero(amounts: Vector) -> dict[str, int]:
    return {account: amount for account, amount in amounts.items() if amount}


def check_transactions(world: RoundWorld) -> None:
    """I13, I16 and I17: what a bet or win has posted is its position with its substitutions."""
    totals = postings_of(world)
    for each in [*world.wallet.bets.values(), *world.wallet.wins.values()]:
        total = totals.pop(each.key.bet_ref, Counter())
        if isinstance(each, Bet):
            assert nonzero(total) == nonzero(posted(each))
            is_undone = each.state not in LIVE
        elif isinstance(each, Win):
            assert nonzero(total) == nonzero(each.posted)
            is_undone = each.state not in WITH_EFFECT
            check_win(each)
        else:
            assert not total
            continue
        if is_undone:
            assert sum(n for account, n in total.items() if is_house(account)) == 0
    totals.pop("", None)  # Adjustments, which are nobody's.
    assert not totals


def check_win(win: Win) -> None:
    """I15: a win pays its amount at most, and each line what is its share at most."""
    paid = sum(move.amount for move in win.moves)
    assert paid <= win.amount
    if win.state is WinState.SUSPENDED:
        assert paid == win.amount
    if win.shares and win.state is WinState.CREDITED:
        assert paid == sum(share.returned + share.profit for share in win.shares)


def check_wallet(world: RoundWorld) -> None:
    """I8 and I12."""
    held = Counter[str]({a: n for a, n in world.balances.items() if a.startswith("O:")})
    for bet in world.wallet.bets.values():
        if bet.state in LIVE:
            for line, share in zip(bet.lines, bet.open_shares, strict=True):
                held[f"O:{line.source}"] -= share
    assert not nonzero(held)
    for account, amount in world.balances.items():
        assert amount <= 0 if account == "DEBT" else amount >= 0


def check_rounds(world: RoundWorld) -> None:
    """A cancelled round has nothing left, and every member of a round knows of it."""
    rounds = [each for each in world.wallet.items.values() if isinstance(each, Round)]
    for found in rounds:
        bets = [world.wallet.bets[BetKey("slots", ref)] for ref in found.bet_refs]
        wins = [world.win_of(ref) for ref in found.win_refs]
        if found.state is RoundState.CANCELLED:
            assert not any(bet.state in LIVE for bet in bets)
            assert not any(win.state in WITH_EFFECT for win in wins)
        assert len(set(found.bet_refs)) == len(found.bet_refs)
        assert len(set(found.win_refs)) == len(found.win_refs)
    for bet in world.wallet.bets.values():
        if bet.round_ref and bet.state in LIVE:
            assert bet.key.bet_ref in world.round(bet.round_ref).bet_refs


@given(RULES, HOLDINGS, STEPS)
def test_the_invariants_of_the_domain_hold(
    rules: tuple[Any, ...], amounts: dict[str, int], steps: list[Step]
) -> None:
    world = playing(rules, amounts)
    for each in steps:
        each.take(world)
        check_wallet(world)
        check_transactions(world)
        check_rounds(world)


@given(RULES, HOLDINGS, STEPS)
def test_whatever_is_sent_again_changes_nothing(
    rules: tuple[Any, ...], amounts: dict[str, int], steps: list[Step]
) -> None:
    """I46, but for what a repeated command may do because something else came between."""
    world = playing(rules, amounts)
    for each in steps:
        each.take(world)
        if each.method in {"adjust", "spend"} or not isinstance(world.last, Recorded):
            continue
        task, balances, told = world.last.task, world.balances, told_of(world)
        assert world.run(task.command, task.request_id) == f"REPEATED {told}"
        world.run(task.command)
        assert world.balances == balances


def told_of(world: RoundWorld) -> str:
    return told_answer(world.answer)


@given(RULES, HOLDINGS, STAKES, st.lists(AMOUNTS, max_size=4), st.booleans())
def test_a_round_played_and_undone_leaves_nothing(
    rules: tuple[Any, ...],
    amounts: dict[str, int],
    stake: int,
    wins: list[int],
    close: bool,  # noqa: FBT001 - hypothesis passes by position.
) -> None:
    """R1b: the whole of a round is worth nothing when it is undone."""
    policy, profile, wallet_policy = rules
    world = world_of((policy, may_roll_back(profile), wallet_policy), amounts)
    before = world.balances
    named = {f"w{number}": amount for number, amount in enumerate(wins)}
    if world.play({"b1": stake}, named, close=close) != "APPLIED":
        assert world.balances == before
        return

    assert world.cancel() == "APPLIED"
    assert world.balances == before


@given(RULES, HOLDINGS, st.dictionaries(BETS, STAKES, min_size=1), st.integers(0, 10**6))
def test_no_win_helps_the_bets_of_its_call(
    rules: tuple[Any, ...], amounts: dict[str, int], bets: dict[str, int], amount: int
) -> None:
    """I22."""
    with_win, without = world_of(rules, amounts), world_of(rules, amounts)

    with_win.play(bets, {"w1": amount})
    without.play(bets, {}, close=False)

    for ref in bets:
        key = BetKey("slots", ref)
        placed, alone = with_win.wallet.bets.get(key), without.wallet.bets.get(key)
        assert (placed and placed.lines) == (alone and alone.lines)


@given(RULES, HOLDINGS, STAKES, st.lists(st.integers(1, 60), min_size=1, max_size=5))
def test_many_wins_pay_no_more_than_one_that_is_their_sum(
    rules: tuple[Any, ...], amounts: dict[str, int], stake: int, wins: list[int]
) -> None:
    """What is kept of a stake is kept once a round, and a cap is one for all wins of it."""
    apart, at_once = world_of(rules, amounts), world_of(rules, amounts)
    for world in (apart, at_once):
        world.bet_in(stake, "b1")
    if apart.slot("b1").state is BetState.DECLINED:
        return
    for number, amount in enumerate(wins):
        apart.win(amount, f"w{number}")
    at_once.win(sum(wins))

    lines = len(apart.slot("b1").lines)
    difference = money_of(apart) - money_of(at_once)
    assert abs(difference) <= lines * len(wins)


def money_of(world: RoundWorld) -> int:
    return sum(world.balances.values())


def may_roll_back(profile: ProviderProfile) -> ProviderProfile:
    return ProviderProfile(
        profile.provider_id,
        profile.provider_type,
        payout_basis=profile.payout_basis,
        rollback_after_settle=True,
    )
