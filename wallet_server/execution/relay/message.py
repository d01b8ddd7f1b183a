"""An event as a message of NATS: its subject, its headers, its bytes.

`<prefix>.<tenant>.<type>.<partition>` is the subject, such as `wallet.demo.BET_SETTLED.7`. Tenants
and types hold no character that means something in subjects.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wallet_server.core.events.told import ToldEvent
from wallet_server.core.ids import WalletRef, locate

Encode: TypeAlias = Callable[[ToldEvent], bytes]

PARTITIONS_COUNT = 16
"""A wallet always has the same, so that consumers may share the work and keep its order."""

TENANT_PARTITION = "tenant"
"""Where the events of a tenant itself are."""

MESSAGE_ID = "Nats-Msg-Id"
POSITION = "Wallet-Position"
TIME = "Wallet-Time"
EXPECTED_STREAM = "Nats-Expected-Stream"
EXPECTED_SEQUENCE = "Nats-Expected-Last-Sequence"
EXPECTED_ID = "Nats-Expected-Last-Msg-Id"


@dataclass(frozen=True, slots=True)
class Message:
    """What is published of an event. Its id is the event's, by which a stream knows it again."""

    subject: str
    event_id: str
    position: int
    payload: bytes
    event_time: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """The last message that a stream has of a tenant.

    `event_time` is empty where a relay of an earlier build has published it.
    """

    event_id: str
    position: int
    event_time: str = ""

    def is_of(self, told: ToldEvent) -> bool:
        """Tells whether it is the message of an event: after a restore another may have its id."""
        is_same_time = self.event_time in {"", told.event_time.isoformat()}
        return self.event_id == told.event_id and is_same_time


def message_of(told: ToldEvent, prefix: str, encode: Encode) -> Message:
    """Returns the message of an event."""
    subject = f"{prefix}.{told.tenant_id}.{told.type}.{partition_of(told.wallet)}"
    time = told.event_time.isoformat()
    return Message(subject, told.event_id, told.position, encode(told), time)


def partition_of(wallet: WalletRef | None) -> str:
    """Returns the last token of the subjects of a wallet, or of a tenant itself."""
    if wallet is None:
        return TENANT_PARTITION
    return str(locate(wallet).shard % PARTITIONS_COUNT)


def subjects_of_all(prefix: str) -> str:
    """Returns what matches the subjects of all events."""
    return f"{prefix}.>"


def subjects_of_tenant(prefix: str, tenant_id: str) -> str:
    """Returns what matches the subjects of a tenant's events."""
    return f"{prefix}.{tenant_id}.>"


def chained_headers(
    messages: Sequence[Message], stream: str, last_sequence: int
) -> list[dict[str, str]]:
    """Returns headers by which a stream stores each message after the one before, or not at all.

    The first asks for the last sequence of the stream, which says all there is in it; the others
    for the id of the one before as well. So wherever another relay got in between, or a message
    was lost, all that follow are refused.
    """
    headers = [
        {
            MESSAGE_ID: message.event_id,
            POSITION: str(message.position),
            TIME: message.event_time,
            EXPECTED_STREAM: stream,
            EXPECTED_SEQUENCE: str(last_sequence + number),
        }
        for number, message in enumerate(messages)
    ]
    for header, before in zip(headers[1:], messages[:-1], strict=True):
        header[EXPECTED_ID] = before.event_id
    return headers


def published_of(headers: Mapping[str, str] | None) -> Published | None:
    """Returns what the headers of a message say; none if no relay has published it."""
    if headers is None or not headers.get(POSITION, "").isdecimal() or MESSAGE_ID not in headers:
        return None
    return Published(headers[MESSAGE_ID], int(headers[POSITION]), headers.get(TIME, ""))
