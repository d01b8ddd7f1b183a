"""What a command comes to: a change, a refusal, or an answer given before."""

from enum import StrEnum
from typing import TypeAlias

from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.entry import Entry
from wallet_server.core.refusals import Refusal
from wallet_server.core.value import value


class Outcome(StrEnum):
    """What became of a command that was not refused."""

    APPLIED = "APPLIED"
    ALREADY_APPLIED = "ALREADY_APPLIED"
    STALE_VERSION = "STALE_VERSION"
    TOMBSTONED = "TOMBSTONED"
    ALREADY_ROLLED_BACK = "ALREADY_ROLLED_BACK"
    PARENT_DECLINED = "PARENT_DECLINED"


APPLIED = Outcome.APPLIED
"""Named for the path of every command: Python 3.11 takes 0.15 µs to find a member of an enum."""


@value
class Change:
    """The command is carried out. `bet` and `deposit` are as they are afterwards.

    A change may leave everything as it was: the outcome then says why.
    """

    outcome: Outcome
    entries: tuple[Entry, ...] = ()
    bet: Bet | None = None
    deposit: Deposit | None = None


@value
class Decline:
    """The command is refused for ever, and `bet` remembers it."""

    refusal: Refusal
    bet: Bet | None = None


@value
class Replay:
    """The command repeats, under another `request_id`, one that was answered before.

    The answer is that of the command with this sequence; `bet` is as it was then.
    Nothing is recorded.
    """

    sequence: int
    bet: Bet | None = None
    refusal: Refusal | None = None


Decision: TypeAlias = Change | Decline | Replay | Refusal
