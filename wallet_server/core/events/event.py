"""An event: one thing that a command has done to a wallet, or an act to a tenant."""

from enum import StrEnum
from typing import TypeAlias

from wallet_server.core.events.bet_payloads import (
    BetAuthorized,
    BetContribution,
    BetDeclined,
    BetReplanned,
    BetRolledBack,
    BetSettled,
    BetTombstoned,
    BetUnsettled,
)
from wallet_server.core.value import value


class EventType(StrEnum):
    """What kind of thing happened. Each has a message of its own in the contract."""

    WALLET_OPENED = "WALLET_OPENED"
    COMMAND_ANSWERED = "COMMAND_ANSWERED"
    BET_AUTHORIZED = "BET_AUTHORIZED"
    BET_DECLINED = "BET_DECLINED"
    BET_TOMBSTONED = "BET_TOMBSTONED"
    BET_SETTLED = "BET_SETTLED"
    BET_UNSETTLED = "BET_UNSETTLED"
    BET_ROLLED_BACK = "BET_ROLLED_BACK"
    BET_REPLANNED = "BET_REPLANNED"
    BET_CONTRIBUTION = "BET_CONTRIBUTION"


@value
class WalletOpened:
    """A wallet was opened."""


@value
class CommandAnswered:
    """A command was recorded that has changed nothing: its outcome or, if refused, its reason."""

    command: str
    outcome: str = ""
    reason: str = ""


Payload: TypeAlias = (
    WalletOpened
    | CommandAnswered
    | BetAuthorized
    | BetDeclined
    | BetTombstoned
    | BetSettled
    | BetUnsettled
    | BetRolledBack
    | BetReplanned
    | BetContribution
)


@value
class Event:
    """What happened. `sequence` numbers the events of a wallet from one, without gaps."""

    sequence: int
    type: EventType
    payload: Payload
