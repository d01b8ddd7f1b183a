"""What callers do."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.benchmarks.load import scripts
from tests.benchmarks.load.scripts import Bet
from tests.benchmarks.traffic import Crowd
from tests.benchmarks.work import Script, Work, shared_out

WORK = Work(Script.BETS, Crowd(20), callers=1, label="some")


@dataclass
class Recorder:
    """Answers everything at once, and keeps what it was asked."""

    done: list[tuple[str, Bet]] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)

    async def authorize(self, bet: Bet) -> int:
        self.done.append(("authorize", bet))
        return 1

    async def settle(self, bet: Bet) -> int:
        self.done.append(("settle", bet))
        return 1

    async def repeat(self, bet: Bet, *, settle: bool) -> int:
        assert self.done[-1] == ("settle" if settle else "authorize", bet)
        self.done.append(("repeat", bet))
        return 1

    async def twice(self, bet: Bet, *, settle: bool) -> int:
        self.done += [("settle" if settle else "authorize", bet), ("repeat", bet)]
        return 2

    async def read(self, player_id: str) -> int:
        raise NotImplementedError

    async def batch(self, settled: Sequence[Bet], placed: Sequence[Bet]) -> int:
        self.sizes.append((len(settled), len(placed)))
        self.done += [("settle", bet) for bet in settled] + [("authorize", bet) for bet in placed]
        return len(settled) + len(placed)


async def test_a_caller_settles_each_bet_it_has_taken() -> None:
    caller = Recorder()
    for call in itertools.islice(scripts.bets(caller, WORK, 0), 10):
        await call()

    assert [what for what, _ in caller.done] == ["authorize", "settle"] * 5
    assert all(caller.done[n][1] == caller.done[n + 1][1] for n in range(0, 10, 2))
    assert len({bet.bet_ref for _, bet in caller.done}) == 5


async def test_in_an_open_loop_only_a_bet_that_was_taken_is_settled() -> None:
    caller = Recorder()
    calls = scripts.unordered_bets(caller, WORK, 0)
    first, second = next(calls), next(calls)
    await asyncio.gather(first(), second())
    await next(calls)()

    assert [what for what, _ in caller.done] == ["authorize", "authorize", "settle"]
    assert caller.done[2][1] == caller.done[0][1]


async def test_of_the_calls_of_a_storm_one_in_five_is_a_repeat() -> None:
    caller = Recorder()
    for call in itertools.islice(scripts.storm(caller, WORK, 0), 20_000):
        await call()

    kinds = Counter(what for what, _ in caller.done)
    assert 0.19 < kinds["repeat"] / kinds.total() < 0.21  # Always the same: it is seeded.


async def test_each_call_settles_what_the_one_before_took() -> None:
    caller = Recorder()
    work = replace(WORK, script=Script.BATCHES, commands_per_call=10)
    for call in itertools.islice(scripts.batches(caller, work, 0), 3):
        await call()

    assert caller.sizes == [(0, 5), (5, 5), (5, 5)]
    authorized = [bet for what, bet in caller.done if what == "authorize"]
    settled = [bet for what, bet in caller.done if what == "settle"]
    assert settled == authorized[:10]


async def test_every_bet_on_a_match_is_settled_once_whoever_settles_it() -> None:
    whole = Work(Script.MATCH_RESULTS, Crowd(101), callers=6, commands_per_call=10)
    caller = Recorder()
    for part in shared_out(whole, 2):
        portions = iter(scripts.match_bets(part))
        for _ in range(part.callers):
            for call in scripts.match(caller, portions, settle=True):
                await call()

    assert Counter(bet.player_id for _, bet in caller.done) == {
        f"player-{n}": 1 for n in range(101)
    }
    assert {what for what, _ in caller.done} == {"settle"}
