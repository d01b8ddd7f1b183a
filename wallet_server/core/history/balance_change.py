"""One change of an account, with what it was for."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from wallet_server.core.accounts import Account
from wallet_server.core.answer import PostedEntry
from wallet_server.core.history.causes import BalanceCause, cause_of, kind_of
from wallet_server.core.ids import BetKey
from wallet_server.core.results import CommandResult
from wallet_server.core.value import value

SUBJECTS = (
    "adjustment_id",
    "deposit_id",
    "drain_id",
    "grant_id",
    "promotion_id",
    "requirement_id",
    "withdrawal_id",
)
"""What results of commands call the things that the commands were about."""


class About(NamedTuple):
    """What a command was about, as its answer has it: what that says beside, and the bet."""

    result: CommandResult | None = None
    bet: BetKey | None = None


NOTHING_KNOWN = About()


@value
class BalanceChange:
    """A change of an account by an entry. Amounts are in minor units of the entry's asset.

    `counterparts` are the accounts that the entry changed the other way. `provider_id` and
    `bet_ref` are of the bet or win that the entry belongs to; or that its command was about, where
    the entry merely followed from that. `subjects` are the things that the command was about, by
    what they are: their ids.
    """

    sequence: int
    ordinal: int
    entry_time: datetime
    change: int
    balance_after: int
    cause: BalanceCause
    command: str
    request_id: str
    counterparts: tuple[Account, ...]
    provider_id: str
    bet_ref: str
    subjects: Mapping[str, str]


def balance_change(
    account: Account, entry: PostedEntry, about: About = NOTHING_KNOWN
) -> BalanceChange:
    """Returns what an entry did to an account of the player that it changed.

    `about` is what the entry's command was about.
    """
    bet = about.bet if about.bet and not entry.provider_id else (entry.provider_id, entry.bet_ref)
    [own] = [each for each in entry.changes if each.account == account]
    assert own.balance_after is not None
    return BalanceChange(
        entry.sequence,
        entry.ordinal,
        entry.entry_time,
        own.change,
        own.balance_after,
        cause_of(kind_of(entry)),
        entry.command,
        entry.request_id,
        tuple(each.account for each in entry.changes if (each.change < 0) is (own.change > 0)),
        *bet,
        {} if about.result is None else subjects_of(about.result),
    )


def subjects_of(result: CommandResult) -> dict[str, str]:
    """Returns the things that a result names, by what they are."""
    named = {name: getattr(result, name, "") for name in SUBJECTS}
    return {name: each for name, each in named.items() if each}
