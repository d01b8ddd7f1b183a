"""What callers do: each script is an endless row of calls, but for those of a match."""

import itertools
import random
from collections import deque
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from tests.benchmarks.load.loops import Call
from tests.benchmarks.traffic import player_name
from tests.benchmarks.work import Work

REPEATED_PART = 0.25
"""Of the calls of a storm, before repeats: so of all its calls one in five is a repeat."""


@dataclass(frozen=True, slots=True)
class Bet:
    """A bet that a caller has, or will have."""

    player_id: str
    bet_ref: str
    payout: int


class Caller(Protocol):
    """Someone who has bets, over gRPC or without. Each call returns how many commands it was."""

    def authorize(self, bet: Bet) -> Awaitable[int]: ...
    def settle(self, bet: Bet) -> Awaitable[int]: ...


class WideCaller(Caller, Protocol):
    """Someone who can do more than bet. Over gRPC only."""

    def repeat(self, bet: Bet, *, settle: bool) -> Awaitable[int]:
        """Sends a command again that was just answered; the answer must be the same."""
        ...

    def twice(self, bet: Bet, *, settle: bool) -> Awaitable[int]:
        """Sends a command twice at once; the answers must be the same."""
        ...

    def read(self, player_id: str) -> Awaitable[int]: ...
    def batch(self, settled: Sequence[Bet], placed: Sequence[Bet]) -> Awaitable[int]: ...


def draw_bets(work: Work, number: int) -> Iterator[Bet]:
    """Yields new bets of a caller, for ever: the same whenever the work is the same."""
    draw = random.Random(f"{work.label}/{number}")
    pick = work.crowd.pick()
    for count in itertools.count():
        bet_ref = f"{work.label}-{number}-{count}"
        yield Bet(player_name(pick(draw)), bet_ref, draw.choice(work.payouts))


def bets(caller: Caller, work: Work, number: int) -> Iterator[Call]:
    """Yields calls: one takes a bet, the next settles it."""
    for bet in draw_bets(work, number):
        yield partial(caller.authorize, bet)
        yield partial(caller.settle, bet)


def unordered_bets(caller: Caller, work: Work, number: int) -> Iterator[Call]:
    """Yields calls for an open loop: every second one settles a bet, the oldest one taken."""
    taken: deque[Bet] = deque()

    async def authorize(bet: Bet) -> int:
        count = await caller.authorize(bet)
        taken.append(bet)
        return count

    for bet in draw_bets(work, number):
        yield partial(authorize, bet)
        if taken:
            yield partial(caller.settle, taken.popleft())


def storm(caller: WideCaller, work: Work, number: int) -> Iterator[Call]:
    """Yields calls, many of which are repeated."""
    draw = random.Random(f"storm {work.label}/{number}")
    for bet in draw_bets(work, number):
        for settle, call in ((False, caller.authorize), (True, caller.settle)):
            if draw.random() >= REPEATED_PART:
                yield partial(call, bet)
            elif draw.random() < 1 / 2:
                yield partial(call, bet)
                yield partial(caller.repeat, bet, settle=settle)
            else:
                yield partial(caller.twice, bet, settle=settle)


def batches(caller: WideCaller, work: Work, number: int) -> Iterator[Call]:
    """Yields calls that each settle the bets of the one before and take as many new ones."""
    drawn = draw_bets(work, number)
    settled: list[Bet] = []
    while True:
        room = work.commands_per_call - len(settled) if settled else work.commands_per_call // 2
        placed = list(itertools.islice(drawn, room))
        yield partial(caller.batch, settled, placed)
        settled = placed


def reads(caller: WideCaller, work: Work, number: int) -> Iterator[Call]:
    """Yields calls that read wallets."""
    draw = random.Random(f"{work.label}/{number}")
    pick = work.crowd.pick()
    while True:
        yield partial(caller.read, player_name(pick(draw)))


def match_bets(work: Work) -> list[list[Bet]]:
    """Returns the bets on a match, one for each player, in portions for one call each."""
    numbers = range(work.crowd.first, work.crowd.first + work.crowd.count)
    every = [
        Bet(player_name(number), f"match-{number}", work.payouts[number % len(work.payouts)])
        for number in numbers
    ]
    size = work.commands_per_call
    return [every[first : first + size] for first in range(0, len(every), size)]


def match(caller: WideCaller, portions: Iterator[list[Bet]], *, settle: bool) -> Iterator[Call]:
    """Yields calls for portions of the bets on a match, until none is left for any caller."""
    for portion in portions:
        yield partial(caller.batch, *((portion, ()) if settle else ((), portion)))
