"""What the callers do: each takes a bet, settles it, and goes on with the next."""

import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

TENANT = "bench"
CURRENCY = "EUR"
PROVIDER = "acme-sports"
BUCKET = "sports_normal"
DEPOSIT = 1_000_000_000
STAKE = 100
PAYOUTS = (0, 200)


@dataclass(frozen=True, slots=True)
class Work:
    """What a generator of load does, from now until `end`.

    What has happened by `begin` warms up and is not measured. Both are on the clock
    of `time.monotonic`, which all processes of a machine share. `label` makes bets
    of different work differ.
    """

    label: str
    callers: int
    players: Sequence[str]
    begin: float
    end: float


class Caller(Protocol):
    """Someone who has bets, over gRPC or without."""

    async def authorize(self, player_id: str, bet_ref: str) -> None: ...
    async def settle(self, player_id: str, bet_ref: str, payout: int) -> None: ...


def players(count: int) -> list[str]:
    """Returns the names of the players who have a wallet."""
    return [f"player-{number}" for number in range(count)]


async def play(caller: Caller, work: Work, number: int) -> list[float]:
    """Has bets, one after the other. Returns how many seconds each measured call took."""
    draw = random.Random(f"{work.label}/{number}")
    seconds: list[float] = []
    for count in itertools.count():
        player_id = draw.choice(work.players)
        bet_ref = f"{work.label}-{number}-{count}"
        calls = (
            partial(caller.authorize, player_id, bet_ref),
            partial(caller.settle, player_id, bet_ref, draw.choice(PAYOUTS)),
        )
        for call in calls:
            started = time.monotonic()
            if started >= work.end:
                return seconds
            await call()
            ended = time.monotonic()
            if work.begin <= ended < work.end:
                seconds.append(ended - started)
    raise AssertionError
