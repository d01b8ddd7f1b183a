"""What must hold of a player's limits, and of what was counted for them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.players.player import Player
from wallet_server.core.players.usage import USAGE_KEPT_DAYS, Usage, UsageKind

UNCOUNTED = frozenset({DepositState.DECLINED, DepositState.EXPIRED})


def find_player_problems(player: Player, due_time: datetime | None) -> Iterator[str]:
    """A player's limits and usages are in order, each once, and the row says when one is due."""
    if due_time != player.due_time:
        yield f"due_time is {due_time}, the document says {player.due_time}"
    limits = [(each.kind, each.period) for each in player.limits]
    usages = [(each.kind, each.currency_code) for each in player.usages]
    for what, names in (("limits", limits), ("usages", usages)):
        if names != sorted(set(names)):
            yield f"its {what} are not in order, each once"
    for usage in player.usages:
        starts = [slot.start for slot in usage.slots]
        if starts != sorted(set(starts)):
            yield f"the hours of {usage.kind} in {usage.currency_code} are not in order"
    if (player.limits or player.usages) and not player.revision:
        yield "it has limits or usages, and never was changed"


def find_usage_problems(
    player: Player, currency_code: str, deposits: Iterable[Deposit], until: datetime
) -> Iterator[str]:
    """Each hour counts the deposits that were made in it, as far back as hours are kept.

    `deposits` are those of the wallet in the currency that may have been counted. An announced
    one counts when it was announced, an approved one when it was approved, and a payout that is
    paid in anew never. `until` is when the wallet last changed.
    """
    usage = deposit_usage(player, currency_code)
    first = until - timedelta(days=USAGE_KEPT_DAYS)
    expected = Counter[datetime]()
    for deposit in deposits:
        at = counted_at(deposit)
        if at is not None and (usage.since is None or at >= usage.since):
            expected[at.replace(minute=0, second=0, microsecond=0)] += deposit.amount
    found = Counter({slot.start: slot.amount for slot in usage.slots})
    for start in sorted(expected.keys() | found.keys()):
        if start >= first and expected[start] != found[start]:
            yield (
                f"{found[start]} is counted as paid in from {start} on,"
                f" deposits come to {expected[start]}"
            )


def deposit_usage(player: Player, currency_code: str) -> Usage:
    """Returns what was counted of a player's deposits in a currency."""
    for usage in player.usages:
        if (usage.kind, usage.currency_code) == (UsageKind.DEPOSIT, currency_code):
            return usage
    return Usage(UsageKind.DEPOSIT, currency_code)


def counted_at(deposit: Deposit) -> datetime | None:
    """Returns when a deposit counts; never if it did not come, or is a payout paid in anew."""
    if deposit.withdrawal_id or deposit.state in UNCOUNTED:
        return None
    return deposit.approve_time or deposit.create_time
