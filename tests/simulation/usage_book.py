"""What a player's history comes to in a period: added up from nothing each time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.simulation.limit_book import LimitBook, has_rates, worth
from wallet_server.core.config.wallet_policy import LimitRules, LimitWindow

HOUR = timedelta(hours=1)
KEPT = timedelta(days=33)
ROLLING_DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 30}


class Counted(NamedTuple):
    """Something that counts from a time on, in minor units of a currency."""

    time: datetime
    currency: str
    amount: int


class Cap(NamedTuple):
    """The most in a period."""

    period: str
    amount: int
    currency: str


class Span(NamedTuple):
    """What was used of a cap, exactly, and the least and the most by whole hours.

    Doubtful: it may take a rate that is not there, by what the end of an hour came to.
    """

    exact: Fraction
    low: int
    high: int
    doubtful: bool = False


@dataclass
class UsageBook:
    """What counts for one kind of limit. `open_stake` is of losses alone."""

    named: dict[object, Counted] = field(default_factory=dict[object, Counted])
    unnamed: list[Counted] = field(default_factory=list[Counted])
    open_stake: dict[str, int] = field(default_factory=dict[str, int])

    def clear(self) -> None:
        """Forgets all."""
        self.named.clear()
        self.unnamed.clear()
        self.open_stake.clear()

    def add(self, counted: Counted) -> None:
        """Counts a gain or a loss."""
        if counted.amount:
            self.unnamed.append(counted)
        if len(self.unnamed) > 2 and self.unnamed[0].time < counted.time - KEPT:
            self.unnamed = [each for each in self.unnamed if each.time >= counted.time - KEPT]

    def without(self, name: object) -> "UsageBook":
        """Returns what counts beside something."""
        others = {each: counted for each, counted in self.named.items() if each != name}
        return UsageBook(others, self.unnamed, self.open_stake)

    def with_open(self, currency: str, amount: int) -> "UsageBook":
        """Returns the same with so much at stake in one currency."""
        return UsageBook(self.named, self.unnamed, {**self.open_stake, currency: amount})

    def all(self) -> Iterator[Counted]:
        yield from self.named.values()
        yield from self.unnamed

    def used(self, cap: Cap, rules: LimitRules, now: datetime) -> Span | None:
        """Returns what is used of a cap; nothing if it takes a rate that is not there."""
        if cap.period == "BET":
            return Span(Fraction(0), 0, 0)
        exact, low, high, doubtful = Fraction(0), 0, 0, False
        for currency in {*self.open_stake, *(each.currency for each in self.all())}:
            of_it = [each for each in self.all() if each.currency == currency]
            opened = self.open_stake.get(currency, 0)
            within = sum(e.amount for e in of_it if is_within(e.time, cap.period, rules, now))
            whole, part = by_hours(of_it, cap.period, rules, now)
            least, most = whole + opened, whole + part + opened
            if not has_rates(rules, currency, cap.currency):
                if least > 0 or most < 0:
                    return None
                doubtful |= least != 0 or most != 0
                continue
            exact += worth(within + opened, currency, cap.currency, rules)
            low += ceil(worth(least, currency, cap.currency, rules))
            high += ceil(worth(most, currency, cap.currency, rules))
        return Span(exact, low, high, doubtful)


def by_hours(
    counted: Iterable[Counted], period: str, rules: LimitRules, now: datetime
) -> tuple[int, int]:
    """Adds up the hours that are wholly in a period, and the gainless sum of those partly in it."""
    whole = part = 0
    for each in counted:
        first = each.time.replace(minute=0, second=0, microsecond=0)
        last = first + HOUR - timedelta(microseconds=1)
        if is_within(first, period, rules, now):
            whole += each.amount
        elif is_within(last, period, rules, now):
            part += max(0, each.amount)
    return whole, part


def is_within(time: datetime, period: str, rules: LimitRules, now: datetime) -> bool:
    """Tells whether a time is in the period that now is in, or after it."""
    if rules.window is LimitWindow.ROLLING:
        return time >= now - timedelta(days=ROLLING_DAYS[period])
    zone = ZoneInfo(rules.time_zone)
    then, here = time.astimezone(zone).date(), now.astimezone(zone).date()
    if period == "WEEK":
        return then.isocalendar()[:2] >= here.isocalendar()[:2]
    if period == "MONTH":
        return (then.year, then.month) >= (here.year, here.month)
    return then >= here


def caps_of(kind: str, book: LimitBook, currency: str, rules: LimitRules) -> list[Cap]:
    """Returns what limits a player's wallet in a currency: the player's own, and the defaults.

    A default in another currency is not for it where there is the same in its own.
    """
    caps = [
        Cap(name[1], own.amount, own.currency)
        for name, own in book.limits.items()
        if name[0] == kind
    ]
    of_kind = [each for each in rules.defaults if each.kind.value == kind]
    own = {each.period for each in of_kind if each.currency_code == currency}
    caps += [
        Cap(each.period.value, each.amount, each.currency_code)
        for each in of_kind
        if each.currency_code == currency or each.period not in own
    ]
    return caps
