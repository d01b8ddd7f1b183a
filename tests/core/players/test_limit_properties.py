"""What holds of counted stakes and losses, whatever bets, wins and rounds go through."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.bets.test_properties import HOLDINGS, RICH
from tests.core.players.limited import LOSS, MONTH, STAKE, default, draft_of, limits
from tests.core.rounds.plays import PROFILES, RULES, STEPS, SpendingWorld, Step, playing
from tests.core.rounds.round_world import WITH_GIFTS
from tests.core.rules import TOPOLOGY
from tests.core.world import World, told
from wallet_server.core.accounts import bucket, open_stake
from wallet_server.core.bets.settlement import position
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.wallet_policy import LimitRules
from wallet_server.core.entry import Vector
from wallet_server.core.players.bet_limits import loss_of, own_open_stake, stake_of, won_by
from wallet_server.core.players.usage import UsageKind
from wallet_server.core.rounds.win import Win
from wallet_server.core.rounds.win_kind import WinKind

ENORMOUS = LimitRules(defaults=(default(LOSS, 10**12), default(STAKE, 10**12, MONTH)))
OWN = ("SN", "CN", "WD")


def limited(rules: tuple[Any, ...], amounts: dict[str, int]) -> SpendingWorld:
    """Returns a world as `playing` does, with limits that nothing reaches."""
    *others, wallet_policy = rules
    return playing((*others, replace(wallet_policy, limits=ENORMOUS)), amounts)


def counted_of(world: World, kind: UsageKind) -> int:
    """Returns what was counted of a kind; nothing where no own money was ever staked."""
    usages = world.wallet.player.usages
    return sum(slot.amount for each in usages if each.kind is kind for slot in each.slots)


def open_of(world: World) -> int:
    """Returns the open stake that was noted last."""
    usages = world.wallet.player.usages
    return sum(each.open_stake for each in usages if each.kind is UsageKind.LOSS)


def wins_of(world: World) -> list[Win]:
    return [each for each in world.wallet.wins.values() if isinstance(each, Win)]


@given(RULES, HOLDINGS, STEPS)
def test_what_is_counted_is_what_bets_and_wins_come_to(
    rules: tuple[Any, ...], amounts: dict[str, int], steps: list[Step]
) -> None:
    world = limited(rules, amounts)
    for each in steps:
        each.take(world)

        bets, draft = world.wallet.bets.values(), draft_of(world)
        lost = sum(loss_of(bet, TOPOLOGY) for bet in bets)
        won = sum(won_by(win, draft) for win in wins_of(world))
        assert counted_of(world, UsageKind.LOSS) == lost - won
        assert counted_of(world, UsageKind.STAKE) == sum(stake_of(bet, TOPOLOGY) for bet in bets)
        assert open_of(world) == own_open_stake(world.wallet, TOPOLOGY)


@given(PROFILES, HOLDINGS, STEPS)
def test_what_is_lost_is_what_is_gone_where_payouts_return_to_their_sources(
    profile: ProviderProfile, amounts: dict[str, int], steps: list[Step]
) -> None:
    world = limited((WITH_GIFTS, profile, limits()), amounts)
    for each in steps:
        each.take(world)

    bets = [position(bet) for bet in world.wallet.bets.values()]
    wins = [win.position for win in wins_of(world) if win.kind is WinKind.ROUND]
    gone = -sum(own_money(each) for each in (*bets, *wins))
    assert counted_of(world, UsageKind.LOSS) == gone


def own_money(changes: Vector) -> int:
    """Returns what changes make of the player's own money, open stake included."""
    accounts = (account for code in OWN for account in (bucket(code), open_stake(code)))
    return sum(changes.get(account, 0) for account in accounts)


@given(RULES, HOLDINGS, STEPS)
def test_counting_changes_nothing_else(
    rules: tuple[Any, ...], amounts: dict[str, int], steps: list[Step]
) -> None:
    world, plain = limited(rules, amounts), playing(rules, amounts)
    for each in steps:
        assert each.take(world) == each.take(plain)

    assert world.wallet.balances == plain.wallet.balances
    assert world.wallet.wins == plain.wallet.wins
    assert world.wallet.items == plain.wallet.items
    for one, other in zip(world.fold.recorded, plain.fold.recorded, strict=True):
        assert told(one) == told(other)
        assert one.answer.entries == other.answer.entries
    for key, bet in plain.wallet.bets.items():
        # What they were placed under are two wallet policies of the same version.
        assert replace(world.wallet.bets[key], snapshot=None) == replace(bet, snapshot=None)


BETS = st.sampled_from([f"b{n}" for n in range(12)])
CALLS = st.lists(
    st.one_of(
        st.tuples(st.just("authorize"), st.integers(1, 40), BETS),
        st.tuples(st.just("settle"), st.integers(0, 60), BETS),
    ),
    max_size=40,
)


@given(st.integers(0, 100), CALLS)
def test_no_more_is_ever_lost_than_the_limit(
    amount: int, calls: list[tuple[str, int, str]]
) -> None:
    world = World(RICH.replace("SB 100000", "SB 30"), limits(defaults=(default(LOSS, amount),)))
    before = sum(world.balances[code] for code in OWN)
    for method, minor_units, bet_ref in calls:
        getattr(world, method)(minor_units, bet_ref)

        assert before - sum(world.balances[code] for code in OWN) <= amount
