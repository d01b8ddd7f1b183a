"""Counting what players do, and checking it against their limits.

Limits are the player's own and those of the wallet policy; each of them must hold. They are over
all of the player's currencies: what is counted in another is converted into the limit's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeAlias

from wallet_server.core.config.wallet_policy import DefaultLimit, LimitRules
from wallet_server.core.draft import Draft
from wallet_server.core.players.exchange import convert
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.player import Player
from wallet_server.core.players.usage import (
    Usage,
    UsageKind,
    counted_from,
    find_usage,
    with_counted,
    with_usage,
)
from wallet_server.core.players.windows import period_start
from wallet_server.core.refusals import DepositLimit, LimitRateMissing, LossLimit, StakeLimit

LimitRefusal: TypeAlias = DepositLimit | LossLimit | StakeLimit

REFUSALS: Mapping[LimitKind, type[LimitRefusal]] = {
    LimitKind.DEPOSIT: DepositLimit,
    LimitKind.LOSS: LossLimit,
    LimitKind.STAKE: StakeLimit,
}


class Cap(NamedTuple):
    """The most in a period, in minor units of a currency."""

    period: LimitPeriod
    amount: int
    currency_code: str


def check_deposit(
    draft: Draft, amount: int, *, counted_since: datetime | None = None
) -> DepositLimit | LimitRateMissing | None:
    """Refuses a deposit, in the wallet's currency, that exceeds what may be paid in.

    Args:
        draft: The command's changes so far.
        amount: What is paid in, in minor units.
        counted_since: When this deposit itself was counted, if it was; it then counts once.
    """
    player = draft.player
    if counted_since is not None:
        usage = usage_of(player, UsageKind.DEPOSIT, draft.currency, draft.now)
        player = with_this(player, with_counted(usage, -amount, counted_since, draft.now))
    rules = draft.configuration.wallet_policy.value.limits
    refusal = check(player, LimitKind.DEPOSIT, amount, draft.currency, rules, draft.now)
    assert not isinstance(refusal, LossLimit | StakeLimit)
    return refusal


def count_deposit(draft: Draft, amount: int, at: datetime) -> None:
    """Counts a deposit at a time; a negative amount gives back one that was counted then."""
    count(draft, UsageKind.DEPOSIT, amount, at)


def count(draft: Draft, kind: UsageKind, amount: int, at: datetime) -> None:
    """Counts an amount of the wallet's currency in the hour of a time, in minor units."""
    usage = usage_of(draft.player, kind, draft.currency, draft.now)
    draft.put_player(with_this(draft.player, with_counted(usage, amount, at, draft.now)))


def used_since(player: Player, kind: UsageKind, currency_code: str, since: datetime) -> int:
    """Returns what was counted of a kind in a currency from a time on, in minor units."""
    return counted_from(usage_of(player, kind, currency_code, since), since)


def usage_of(player: Player, kind: UsageKind, currency_code: str, now: datetime) -> Usage:
    """Returns what was counted of a kind in a currency; nothing yet, if nothing was."""
    return find_usage(player.usages, kind, currency_code, now)


def with_this(player: Player, usage: Usage) -> Player:
    """Returns a player of whom this was counted."""
    return replace(player, usages=with_usage(player.usages, usage))


def check(
    player: Player,
    kind: LimitKind,
    amount: int,
    currency_code: str,
    rules: LimitRules,
    now: datetime,
) -> LimitRefusal | LimitRateMissing | None:
    """Refuses an amount that exceeds one of the limits of a kind; of several, the tightest."""
    tightest: tuple[int, LimitRefusal] | None = None
    for cap in caps_of(kind, player, currency_code, rules):
        asked = convert(amount, currency_code, cap.currency_code, rules.rates)
        used = used_of(player, kind, cap, rules, now)
        if isinstance(asked, LimitRateMissing):
            return asked
        if isinstance(used, LimitRateMissing):
            return used
        if used + asked <= cap.amount:
            continue
        left = max(0, cap.amount - used)
        here = convert(left, cap.currency_code, currency_code, rules.rates)
        assert isinstance(here, int)  # There is a rate, as there was one the other way round.
        if tightest is None or here < tightest[0]:
            tightest = here, REFUSALS[kind](cap.amount, used, left, cap.period.value)
    return tightest[1] if tightest else None


def caps_of(
    kind: LimitKind, player: Player, currency_code: str, rules: LimitRules
) -> Iterator[Cap]:
    """Yields the limits of a kind that hold for a player's wallet in a currency."""
    for limit in player.limits:
        if limit.kind is kind:
            yield Cap(limit.period, limit.amount, limit.currency_code)
    for default in rules.defaults:
        if default.kind is kind and is_for(default, currency_code, rules):
            yield Cap(default.period, default.amount, default.currency_code)


def is_for(default: DefaultLimit, currency_code: str, rules: LimitRules) -> bool:
    """Tells whether a default limit is for wallets in a currency.

    One in another currency is not where there is the same in this one.
    """
    return default.currency_code == currency_code or not any(
        each.kind is default.kind
        and each.period is default.period
        and each.currency_code == currency_code
        for each in rules.defaults
    )


def used_of(
    player: Player, kind: LimitKind, cap: Cap, rules: LimitRules, now: datetime
) -> int | LimitRateMissing:
    """Returns how much of a limit is used, in minor units of its currency."""
    if cap.period is LimitPeriod.BET:
        return 0
    start = period_start(cap.period, rules, now)
    total = 0
    for usage in player.usages:
        if usage.kind.value != kind.value:
            continue
        used = counted_from(usage, start) + usage.open_stake
        if used:
            worth = convert(used, usage.currency_code, cap.currency_code, rules.rates)
            if isinstance(worth, LimitRateMissing):
                return worth
            total += worth
    return total
