"""Limiting what a player does.

What makes a limit stricter holds at once. What makes it laxer, or takes it away, waits: the player
must confirm it later, unless the wallet policy has it hold by itself then.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from wallet_server.core.amounts import check_asset
from wallet_server.core.commands import ConfirmLimitIncrease, SetLimit
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.wallet_policy import LimitRules
from wallet_server.core.decision import APPLIED, Change, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.players.bet_limits import count_loss, is_limited
from wallet_server.core.players.exchange import convert
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod, PendingLimit
from wallet_server.core.players.player import Player
from wallet_server.core.refusals import (
    LimitIncreasePending,
    LimitNotFound,
    LimitPeriodInvalid,
    LimitRateMissing,
)
from wallet_server.core.results import LimitResult
from wallet_server.core.wallet import Wallet

SECOND = timedelta(seconds=1)


def decide_set_limit(
    command: SetLimit, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Limits the player at once where that is stricter than before, and later where it is laxer."""
    if mismatch := check_asset("amount", command.amount, wallet.ref.currency_code):
        return mismatch
    if command.period is LimitPeriod.BET and command.kind is not LimitKind.STAKE:
        return LimitPeriodInvalid(command.kind.value, command.period.value)
    draft = Draft(wallet, configuration, now)
    known = find_limit(wallet.player, command.kind, command.period)
    if known is None:
        if command.amount is None:
            return LimitNotFound(command.kind.value, command.period.value)
        begin_counting(draft, command.kind)
        return hold(draft, limit_of(command, draft))
    laxer = is_laxer(command, known, configuration.wallet_policy.value.limits)
    if isinstance(laxer, LimitRateMissing):
        return laxer
    if laxer:
        return pend(draft, command, known)
    limit = limit_of(command, draft)
    if replace(limit, set_time=known.set_time) == known:
        return draft.change(Outcome.ALREADY_APPLIED, result=result_of(known))
    return hold(draft, limit)


def decide_confirm_limit_increase(
    command: ConfirmLimitIncrease, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Has a limit that waited hold, or be gone; by the scheduler, only what time makes of it."""
    draft = Draft(wallet, configuration, now)
    limit = find_limit(wallet.player, command.kind, command.period)
    pending = None if limit is None else limit.pending
    if command.lapsed:
        if limit is None or pending is None or now < pending.lapse_time:
            return Change(Outcome.ALREADY_APPLIED)
        if pending.is_automatic:
            return confirm(draft, limit, pending)
        return hold(draft, replace(limit, pending=None))
    if limit is None or pending is None or has_lapsed(pending, now):
        return LimitNotFound(command.kind.value, command.period.value)
    if now < pending.confirm_time:
        return LimitIncreasePending(pending.confirm_time.isoformat())
    return confirm(draft, limit, pending)


def find_limit(player: Player, kind: LimitKind, period: LimitPeriod) -> Limit | None:
    """Returns the player's own limit of a kind in a period, if there is one."""
    for limit in player.limits:
        if limit.kind is kind and limit.period is period:
            return limit
    return None


def begin_counting(draft: Draft, kind: LimitKind) -> None:
    """Has stakes or losses count from now on, and nothing that was before, if none counted yet."""
    if kind is LimitKind.DEPOSIT or is_limited(kind, draft.player, draft.configuration):
        return
    left = tuple(each for each in draft.player.usages if each.kind.value != kind.value)
    draft.put_player(replace(draft.player, usages=left))
    if kind is LimitKind.LOSS:
        count_loss(draft, 0)


def limit_of(command: SetLimit, draft: Draft) -> Limit:
    """Returns the limit that a command asks for, as one that holds."""
    assert command.amount is not None
    amount, currency = command.amount.minor_units, command.amount.asset_code
    return Limit(command.kind, command.period, amount, currency, draft.now)


def is_laxer(command: SetLimit, known: Limit, rules: LimitRules) -> bool | LimitRateMissing:
    """Tells whether a command asks for more than the limit that holds.

    An amount in another currency is rounded up, and so exceeds the limit if any of it does.
    """
    if command.amount is None:
        return True
    code = command.amount.asset_code
    asked = convert(command.amount.minor_units, code, known.currency_code, rules.rates)
    return asked if isinstance(asked, LimitRateMissing) else asked > known.amount


def pend(draft: Draft, command: SetLimit, known: Limit) -> Decision:
    """Has the limit become laxer later. The same asked for again does not begin to wait anew."""
    amount = None if command.amount is None else command.amount.minor_units
    was = known.pending
    if (
        was is not None
        and not has_lapsed(was, draft.now)
        and (was.amount, was.currency_code) == (amount, draft.currency)
    ):
        return draft.change(Outcome.ALREADY_APPLIED, result=result_of(known))
    rules = draft.configuration.wallet_policy.value.limits
    confirm_time = whole_second(draft.now + timedelta(seconds=rules.increase_delay_seconds))
    within = timedelta(seconds=rules.confirm_within_seconds if rules.reconfirm else 0)
    pending = PendingLimit(amount, draft.currency, confirm_time, confirm_time + within)
    return hold(draft, replace(known, pending=pending))


def whole_second(time: datetime) -> datetime:
    """Returns a time, rounded up to a second."""
    return time if time.microsecond == 0 else time.replace(microsecond=0) + SECOND


def has_lapsed(pending: PendingLimit, now: datetime) -> bool:
    """Tells whether it is too late to confirm what waits."""
    return not pending.is_automatic and now >= pending.lapse_time


def confirm(draft: Draft, limit: Limit, pending: PendingLimit) -> Change:
    """Has a limit become what it was to become, or be gone."""
    if pending.amount is not None:
        currency = pending.currency_code
        return hold(draft, Limit(limit.kind, limit.period, pending.amount, currency, draft.now))
    left = tuple(each for each in draft.player.limits if each is not limit)
    draft.put_player(replace(draft.player, limits=left))
    return draft.change(APPLIED, result=LimitResult(limit.kind.value, limit.period.value))


def hold(draft: Draft, limit: Limit) -> Change:
    """Makes a limit what it is from now on."""
    by_name = {(each.kind, each.period): each for each in draft.player.limits}
    by_name[limit.kind, limit.period] = limit
    limits = tuple(by_name[name] for name in sorted(by_name))
    draft.put_player(replace(draft.player, limits=limits))
    return draft.change(APPLIED, result=result_of(limit))


def result_of(limit: Limit) -> LimitResult:
    """Returns what is said of a limit."""
    pending = limit.pending
    if pending is None:
        return LimitResult(limit.kind.value, limit.period.value)
    return LimitResult(
        limit.kind.value,
        limit.period.value,
        pending=True,
        confirm_time=int(pending.confirm_time.timestamp()),
        lapse_time=int(pending.lapse_time.timestamp()),
    )
