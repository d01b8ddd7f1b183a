"""What a player has done that counts for limits, by the hour."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from wallet_server.core.value import value

HOUR = timedelta(hours=1)

USAGE_KEPT_DAYS = 32
"""For how long hours are kept: the longest month by name, and a day for time zones."""


class UsageKind(StrEnum):
    """What is counted: for limits, and for withdrawals that are approved without a person."""

    DEPOSIT = "DEPOSIT"
    LOSS = "LOSS"
    STAKE = "STAKE"
    AUTO_APPROVAL = "AUTO_APPROVAL"


class Slot(NamedTuple):
    """What was counted in the hour that begins at `start`, in minor units. It may be negative.

    `peak` is the most that the hour came to from any moment in it until its end, and at least
    zero: what counts of the hour where only its end, nobody knows from when on, is looked at.
    """

    start: datetime
    amount: int
    peak: int = 0


@value
class Usage:
    """What was counted of a kind in one of the player's currencies, in minor units of it.

    `slots` are in the order of their times, each once, as far back as any period reaches.
    `open_stake` is own money in bets without a result, as the wallet had it last: of losses only.
    What happened before `since`, if that is there, was not counted.
    """

    kind: UsageKind
    currency_code: str
    slots: tuple[Slot, ...] = ()
    open_stake: int = 0
    since: datetime | None = None


def with_counted(usage: Usage, amount: int, at: datetime, now: datetime) -> Usage:
    """Returns the usage with an amount counted in the hour of a time, and too old hours dropped.

    A negative amount gives back what was counted. Of losses it is a gain, and may make an hour
    negative. Of anything else no more is given back than the hour has, and nothing of what
    happened before anything was counted.
    """
    if amount < 0 and usage.kind is not UsageKind.LOSS and usage.since and at < usage.since:
        amount = 0
    start = at.replace(minute=0, second=0, microsecond=0)
    by_start = {slot.start: slot for slot in usage.slots}
    before = by_start.get(start, Slot(start, 0))
    total = before.amount + amount
    if usage.kind is not UsageKind.LOSS:
        total = max(0, total)
    by_start[start] = Slot(start, total, max(0, before.peak + total - before.amount))
    oldest = now - timedelta(days=USAGE_KEPT_DAYS)
    kept = (slot for slot in by_start.values() if slot.start >= oldest and slot[1:] != (0, 0))
    return replace(usage, slots=tuple(sorted(kept)))


def counted_from(usage: Usage, start: datetime) -> int:
    """Returns what was counted from a time on.

    It is never less than what really happened since: of an hour that begins before, the most
    that its end may have come to is counted.
    """
    counted = 0
    for slot in usage.slots:
        if slot.start >= start:
            counted += slot.amount
        elif slot.start + HOUR > start:
            counted += slot.peak
    return counted


def find_usage(
    usages: Iterable[Usage], kind: UsageKind, currency_code: str, now: datetime
) -> Usage:
    """Returns what was counted of a kind in a currency; an empty usage that begins now, if none."""
    for usage in usages:
        if usage.kind is kind and usage.currency_code == currency_code:
            return usage
    return Usage(kind, currency_code, since=now)


def with_usage(usages: Iterable[Usage], usage: Usage) -> tuple[Usage, ...]:
    """Returns usages with one put in, or in the place of its earlier self, in their order."""
    by_name = {(each.kind, each.currency_code): each for each in usages}
    by_name[usage.kind, usage.currency_code] = usage
    return tuple(by_name[name] for name in sorted(by_name))
