"""What every request is made of: who asks, of which wallet, and amounts, times and names."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Protocol, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from wallet.v1.bet_pb2 import BetContext as BetContextMessage
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import WalletRef as WalletRefMessage
from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.commands import Amount, Command
from wallet_server.core.commands.sender import NOWHERE, Sender
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.execution.submission import Submission

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NANOS_PER_MICROSECOND = 1_000
LAST_TIME = datetime.max.replace(tzinfo=UTC)

E = TypeVar("E", bound=Enum)


class CommandRequest(Protocol):
    """What the requests of all commands have."""

    @property
    def request_id(self) -> str: ...
    @property
    def wallet(self) -> WalletRefMessage: ...
    @property
    def correlation_id(self) -> str: ...


class BetRequest(Protocol):
    """What requests have that name a bet."""

    @property
    def provider_id(self) -> str: ...
    @property
    def bet_ref(self) -> str: ...


class WireEnum(Protocol):
    """An enumeration of a proto."""

    def Value(self, name: str) -> int:
        """Returns the number of a value."""
        ...


def submission(
    request: CommandRequest,
    command: Command,
    deadline_seconds: float | None,
    sender: Sender = NOWHERE,
) -> Submission:
    """Decodes who asks what, of which wallet and until when."""
    return Submission(
        wallet_ref(request.wallet),
        request.request_id,
        command,
        request.correlation_id,
        deadline_seconds,
        sender,
    )


def wallet_ref(message: WalletRefMessage) -> WalletRef:
    """Decodes which wallet."""
    return WalletRef(message.tenant_id, message.player_id, message.currency_code)


def amount(message: Money) -> Amount:
    """Decodes an amount."""
    return Amount(message.asset_code, message.minor_units)


def bet_key(request: BetRequest) -> BetKey:
    """Decodes which bet."""
    return BetKey(request.provider_id, request.bet_ref)


def time(message: Timestamp) -> datetime:
    """Decodes a time, rounded down to the microsecond."""
    microseconds = message.nanos // NANOS_PER_MICROSECOND
    return EPOCH + timedelta(seconds=message.seconds, microseconds=microseconds)


def bound(message: Timestamp) -> datetime:
    """Decodes where a period begins, or what it ends before, rounded up to the microsecond.

    What happened is told to whole microseconds: so it is on the same side as of the time itself.
    The last microsecond that there is has none after it.
    """
    microseconds = -(-message.nanos // NANOS_PER_MICROSECOND)
    since_epoch = timedelta(seconds=message.seconds, microseconds=microseconds)
    return EPOCH + min(since_epoch, LAST_TIME - EPOCH)


def values_by_number(values: type[E], wire: WireEnum, *, prefix: str) -> Mapping[int, E]:
    """Returns the values by their numbers on the wire, where they are named alike."""
    return {wire.Value(f"{prefix}_{value.name}"): value for value in values}


def bet_context(message: BetContextMessage) -> BetContext:
    """Decodes what a bet is on."""
    if not message.ListFields():
        return NO_CONTEXT
    return BetContext(
        game_id=message.game_id,
        sport=message.sport,
        competition=message.competition,
        bet_type=message.bet_type,
        legs=message.legs if message.HasField("legs") else None,
        odds_milli=message.odds_milli if message.HasField("odds_milli") else None,
    )
