"""Who bets, how much and what comes of it: the same for every way to call."""

import itertools
import random
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

TENANT = "bench"
CURRENCY = "EUR"
PROVIDER = "acme-sports"

STAKE = 1_000
PAYOUTS = (0, 2 * STAKE)
"""Half of the bets win."""

SHARED_PAYOUTS = (STAKE - 20, STAKE + 20)
"""Where several buckets pay. They get back about what they paid, so they can pay again."""

ZIPF_EXPONENT = 1.0

Pick: TypeAlias = Callable[[random.Random], int]


class Funding(StrEnum):
    """Which buckets of a wallet pay for a bet."""

    ONE = "one"
    TWO = "two"
    THREE = "three"


class Choice(StrEnum):
    """How the wallet of a bet is drawn."""

    UNIFORM = "uniform"
    ZIPF = "zipf"
    HOT = "hot"


@dataclass(frozen=True, slots=True)
class Crowd:
    """Players with the numbers from `first` on, and how one of them is drawn."""

    count: int
    choice: Choice = Choice.UNIFORM
    first: int = 0

    def pick(self) -> Pick:
        """Returns what draws the number of a player."""
        match self.choice:
            case Choice.UNIFORM:
                return lambda draw: self.first + int(draw.random() * self.count)
            case Choice.ZIPF:
                return lambda draw: self.first + draw_rank(draw, self.count)
            case Choice.HOT:
                return lambda _: self.first


def player_name(number: int) -> str:
    """Returns the name of a player."""
    return f"player-{number}"


def draw_rank(draw: random.Random, count: int) -> int:
    """Returns a rank from 0 on, by Zipf's law: rank r as often as 1 / (r + 1)."""
    sums = zipf_sums(count)
    return min(bisect(sums, draw.random() * sums[-1]), count - 1)


@lru_cache(maxsize=8)
def zipf_sums(count: int) -> tuple[float, ...]:
    """Returns the running sums of the weights of so many ranks."""
    weights = (1 / (rank + 1) ** ZIPF_EXPONENT for rank in range(count))
    return tuple(itertools.accumulate(weights))
