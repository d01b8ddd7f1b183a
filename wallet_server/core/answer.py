"""What is recorded of a command: its answer and the entries it made."""

from datetime import datetime

from wallet_server.core.accounts import Account
from wallet_server.core.bets.bet import Bet
from wallet_server.core.decision import Outcome
from wallet_server.core.refusals import Refusal
from wallet_server.core.results import CommandResult
from wallet_server.core.value import value


@value
class AccountChange:
    """A signed change of one account; for player accounts, with what it came to."""

    account: Account
    change: int
    balance_after: int | None


@value
class PostedEntry:
    """An entry as it stands in the journal."""

    sequence: int
    ordinal: int
    asset_code: str
    changes: tuple[AccountChange, ...]
    entry_time: datetime
    request_id: str
    command: str
    provider_id: str = ""
    bet_ref: str = ""
    correlation_id: str = ""


@value
class Answer:
    """What a command was answered: an outcome, or a refusal that is for ever.

    `command` is the name of the command's class, `bet` the bet as it was after the
    command. `fingerprint` tells whether another command is the same. `result` is what the
    answer says beside its entries and its bet.
    """

    request_id: str
    sequence: int
    command: str
    fingerprint: bytes
    answer_time: datetime
    outcome: Outcome | None = None
    refusal: Refusal | None = None
    bet: Bet | None = None
    entries: tuple[PostedEntry, ...] = ()
    result: CommandResult | None = None
