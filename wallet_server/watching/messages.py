"""What a server asks the process that reads events for it, and what that tells.

Both go through pipes in frames: a number that the answer has too, the length of what follows, and
a message as MessagePack. The first frame to the process says where it is to read.
"""

import struct
from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime
from typing import TypeAlias

import msgspec

from wallet_server.core.events.event import EventType
from wallet_server.core.events.reading import EventHead
from wallet_server.core.refusals import TenantNotFound
from wallet_server.core.refusals.events import (
    EventsOfTimeRemoved,
    EventsRemoved,
    PositionNotReached,
)
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.watching.encoded import EncodedEvent
from wallet_server.settings_groups.log import LogFormat, LogLevel

HEAD = struct.Struct("!QI")


class Job(msgspec.Struct, kw_only=True):
    """Where to read, how to log, and whether to tell of statements."""

    database_url: str
    connections_max: int
    statement_timeout_seconds: float
    log_format: LogFormat
    log_level: LogLevel
    is_traced: bool


class PageAsked(msgspec.Struct, array_like=True, tag=True):
    """Asks for the next events of a tenant after a position."""

    tenant_id: str
    after: int
    limit: int
    types: tuple[EventType, ...]
    player_id: str
    currency_code: str


class HeadAsked(msgspec.Struct, array_like=True, tag=True):
    """Asks how far the events of a tenant are."""

    tenant_id: str


class HeadsAsked(msgspec.Struct, array_like=True, tag=True):
    """Asks how far those of several are."""

    tenant_ids: list[str]


class PositionAsked(msgspec.Struct, array_like=True, tag=True):
    """Asks for the position before the events that got theirs at a time or later."""

    tenant_id: str
    time: datetime


Asked: TypeAlias = PageAsked | HeadAsked | HeadsAsked | PositionAsked


class PageTold(msgspec.Struct, array_like=True, tag=True):
    """Some events; up to which position these are all; how far the tenant is."""

    events: list[EncodedEvent]
    position: int
    head: EventHead
    processor_seconds: float


class HeadTold(msgspec.Struct, array_like=True, tag=True):
    """How far the events of a tenant are."""

    head: EventHead


class HeadsTold(msgspec.Struct, array_like=True, tag=True):
    """How far those of several are."""

    heads: dict[str, EventHead]


class PositionTold(msgspec.Struct, array_like=True, tag=True):
    """A position."""

    position: int


class RefusedTold(msgspec.Struct, array_like=True, tag=True):
    """It was refused: the name of a refusal, and its facts."""

    name: str
    facts: list[str | int]


class UnavailableTold(msgspec.Struct, array_like=True, tag=True):
    """The database cannot be reached."""


class UntellableTold(msgspec.Struct, array_like=True, tag=True):
    """One of the events cannot be told by this release."""

    reason: str


class FailedTold(msgspec.Struct, array_like=True, tag=True):
    """Nobody has foreseen why it failed. It is told by the kind of error alone."""

    kind: str


Told: TypeAlias = (
    PageTold
    | HeadTold
    | HeadsTold
    | PositionTold
    | RefusedTold
    | UnavailableTold
    | UntellableTold
    | FailedTold
)


class Statement(msgspec.Struct, array_like=True):
    """A statement that was made for an answer, and how long it took."""

    text: str
    seconds: float


class Answer(msgspec.Struct, array_like=True):
    """What is told, and the statements that were made for it, where somebody follows these."""

    told: Told
    statements: list[Statement]


ENCODER = msgspec.msgpack.Encoder()
JOBS = msgspec.msgpack.Decoder(Job)
QUESTIONS = msgspec.msgpack.Decoder(Asked)
ANSWERS = msgspec.msgpack.Decoder(Answer)

OF_READERS = TenantNotFound | EventsRemoved | EventsOfTimeRemoved | PositionNotReached

REFUSALS: Mapping[str, type[OF_READERS]] = {
    kind.__name__: kind
    for kind in (TenantNotFound, EventsRemoved, EventsOfTimeRemoved, PositionNotReached)
}
"""All that are given to who reads events."""


def frame(number: int, message: Job | Asked | Answer) -> bytes:
    """Returns a message as it is written."""
    body = ENCODER.encode(message)
    return HEAD.pack(number, len(body)) + body


def told_of(error: RefusedError) -> RefusedTold:
    """Returns what is told of a refusal."""
    refusal = error.refusal
    assert isinstance(refusal, OF_READERS)
    return RefusedTold(type(refusal).__name__, [*astuple(refusal)])


def refused(told: RefusedTold) -> RefusedError:
    """Returns the refusal that was told of."""
    return RefusedError(REFUSALS[told.name](*told.facts))  # pyright: ignore[reportArgumentType]
