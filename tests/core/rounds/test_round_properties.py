"""What holds of rounds whatever they go through."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.bets.drawn import HOLDINGS
from tests.core.rounds.plays import (
    AMOUNTS,
    BETS,
    RULES,
    STAKES,
    STEPS,
    Step,
    playing,
    world_of,
)
from tests.core.rounds.round_world import RoundWorld
from tests.core.world import told_answer
from wallet_server.core.accounts import HOUSE_PREFIX
from wallet_server.core.batch import Recorded
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.settlement import posted
from wallet_server.core.config.provider_profile import (
    ProviderProfile,
)
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.membership import LIVE
from wallet_server.core.rounds.round import Round, RoundState
from wallet_server.core.rounds.win import WITH_EFFECT, Win, WinState


def postings_of(world: RoundWorld) -> dict[str, Counter[str]]:
    """Returns what the entries of each transaction add up to, by its reference."""
    totals: dict[str, Counter[str]] = {}
    for recorded in world.fold.recorded:
        for entry in recorded.answer.entries:
            changes = {each.account: each.change for each in entry.changes}
            totals.setdefault(entry.bet_ref, Counter()).update(changes)
    return totals


def nonzero(amounts: Mapping[Any, int]) -> dict[str, int]:
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
            assert sum(n for account, n in total.items() if account.startswith(HOUSE_PREFIX)) == 0
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
    close: bool,
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
