"""Relays what waits: from where the stream is, and each tenant in the order of its positions."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.core.events.reading import NO_EVENTS, EventHead, EventPage
from wallet_server.core.events.told import ToldEvent
from wallet_server.execution.relay.errors import UntoldError
from wallet_server.execution.relay.message import Encode, Message, message_of
from wallet_server.execution.relay.notes import Notes
from wallet_server.execution.relay.resuming import find_position
from wallet_server.execution.relay.settings import NatsSettings
from wallet_server.execution.relay.statistics import RelayStatistics
from wallet_server.storage.event_consumers import find_oldest_waiting
from wallet_server.storage.events_read import find_all_heads, read_events
from wallet_server.storage.readers import Readers

if TYPE_CHECKING:  # It takes a tenth of a second, and most servers need it never.
    from wallet_server.execution.relay.broker import Broker

logger = logging.getLogger(__name__)

ENCODED_AT_ONCE = 32
"""Events that are encoded before others of this process have a turn."""

LOOK_SECONDS = 1.0
"""How often it is measured what waits, and noted how far the relay is, at most."""

HALT_SECONDS = 30.0
"""After how long it is tried again to relay the events of a tenant that cannot be."""

HEADERS_BYTES_MAX = 1_024
"""Their subject and ids are much shorter."""


OpenBroker: TypeAlias = Callable[[], Awaitable["Broker"]]


class Relay:
    """Publishes events to one stream. It is right whoever else does so at the same time."""

    def __init__(
        self,
        readers: Readers,
        engine: AsyncEngine,
        open_broker: OpenBroker,
        encode: Encode,
        nats: NatsSettings,
        *,
        batch_events: int,
    ) -> None:
        """Connects when it begins, and publishes at most so many events at once."""
        self._readers = readers
        self._notes = Notes(readers, engine, consumer_of(nats.nats_stream))
        self._encode = encode
        self._open_broker = open_broker
        self._prefix = nats.nats_subject_prefix
        self._batch_events = batch_events
        self._broker: Broker | None = None
        self._last_sequence = 0
        self._reached: dict[str, int] = {}
        self._halted: dict[str, float] = {}
        self._looked_seconds = float("-inf")
        self.statistics = RelayStatistics()

    async def relay_some(self) -> bool:
        """Publishes what waits, up to a limit. Tells whether more waits.

        Raises:
            BrokerError: NATS cannot be reached, or does not do what it should.
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        try:
            heads = await find_all_heads(self._readers)
            if self._went_back(heads):
                await self._forget()
            await self._look(heads)
            broker = self._broker or await self._connect()
            tenants = await self._find_behind(broker, heads)
            return await self._publish_next(broker, tenants)
        except BaseException:
            await self._forget()
            raise

    async def leave(self) -> None:
        """Notes how far it is, and lets others go on.

        Raises:
            OSError: The database cannot be reached; or what asyncpg or SQLAlchemy raise.
        """
        reached = dict(self._reached)
        await self._disconnect()
        self.statistics = self.statistics.ended()
        await self._notes.save(reached)
        await self._forget()

    async def _connect(self) -> "Broker":
        """Connects, and learns where the stream ends."""
        broker = await self._open_broker()
        self._broker = broker
        self._last_sequence = await broker.last_sequence()
        self.statistics.connected = 1
        return broker

    async def _disconnect(self) -> None:
        """Forgets all that was known of the stream: whatever it was, it may be otherwise now."""
        broker, self._broker = self._broker, None
        self._reached.clear()
        self._halted.clear()
        self.statistics.connected = 0
        if broker is not None:
            await broker.close()

    def _went_back(self, heads: Mapping[str, EventHead]) -> bool:
        """Whether the database has less than it had: it was restored, or is a copy that lagged."""
        return any(
            not heads.get(tenant_id, NO_EVENTS).has_reached(position)
            for tenant_id, position in self._reached.items()
        )

    async def _forget(self) -> None:
        """Forgets all that was known of the stream and of the database, and so looks again."""
        await self._disconnect()
        self._looked_seconds = float("-inf")
        self._notes.forget()

    async def _find_behind(self, broker: "Broker", heads: Mapping[str, EventHead]) -> Sequence[str]:
        """Returns the tenants that have events to publish, in turns."""
        now_seconds = asyncio.get_running_loop().time()
        self._halted = {each: until for each, until in self._halted.items() if until > now_seconds}
        for tenant_id in heads.keys() - self._reached.keys() - self._halted.keys():
            noted = self._notes.position(tenant_id)
            try:
                position = await find_position(broker, self._readers, tenant_id, noted=noted)
            except UntoldError as error:
                self._halt(tenant_id, error)
            else:
                self._reached[tenant_id] = position
        # Whoever was served goes to the end, so that all have their turns.
        return [each for each in self._reached if heads[each].position > self._reached[each]]

    def _halt(self, tenant_id: str, error: Exception) -> None:
        """Leaves a tenant alone for a while. The others go on."""
        logger.error(
            "the events of a tenant cannot be relayed: %s", error, extra={"tenant_id": tenant_id}
        )
        self._reached.pop(tenant_id, None)
        self._halted[tenant_id] = asyncio.get_running_loop().time() + HALT_SECONDS

    async def _publish_next(self, broker: "Broker", tenants: Sequence[str]) -> bool:
        """Publishes a batch in which each of the tenants has its share, or its turn later."""
        limit = self._batch_events
        share = max(1, limit // max(1, len(tenants)))
        is_more = len(tenants) > limit
        messages: list[Message] = []
        positions: dict[str, int] = {}
        troubles: dict[str, Exception] = {}
        for tenant_id in tenants[:limit]:
            try:
                page = await self._read(tenant_id, share)
            except ValueError as error:  # An event that this release cannot tell of.
                troubles[tenant_id] = error
                continue
            told, trouble = await self._messages_of(page.events, broker.message_bytes_max)
            messages += told
            if trouble is not None:
                troubles[tenant_id] = trouble
                continue
            positions[tenant_id] = page.position
            is_more = is_more or not page.is_last
        if messages:
            await broker.publish(messages, last_sequence=self._last_sequence)
        self._last_sequence += len(messages)
        self.statistics.events += len(messages)
        for tenant_id, trouble in troubles.items():
            self._halt(tenant_id, trouble)
        self.statistics.halted_tenants = len(self._halted)
        for tenant_id, position in positions.items():
            del self._reached[tenant_id]  # So that others come first.
            self._reached[tenant_id] = position
        return is_more

    async def _read(self, tenant_id: str, limit: int) -> EventPage:
        """Returns the next events of a tenant."""
        after = self._reached[tenant_id]
        page = await read_events(self._readers, tenant_id, after=after, limit=limit)
        if not page.head.has_removed(after):
            return page
        logger.error(
            "events were removed before they were relayed",
            extra={"tenant_id": tenant_id, "after_position": after},
        )
        return EventPage((), page.head.first_position - 1, page.head)

    async def _messages_of(
        self, events: Sequence[ToldEvent], bytes_max: int
    ) -> tuple[list[Message], Exception | None]:
        """Returns the messages of events up to the first that cannot be told, and why it cannot."""
        messages: list[Message] = []
        for number, told in enumerate(events, start=1):
            try:
                messages.append(self._message_of(told, bytes_max))
            except (ValueError, UntoldError) as error:
                return messages, error
            if number % ENCODED_AT_ONCE == 0:
                await asyncio.sleep(0)
        return messages, None

    def _message_of(self, told: ToldEvent, bytes_max: int) -> Message:
        """Returns the message of an event.

        Raises:
            UntoldError: It is larger than the server or the stream allows.
            ValueError: It is of a kind that is not known.
        """
        message = message_of(told, self._prefix, self._encode)
        if len(message.payload) + HEADERS_BYTES_MAX > bytes_max:
            allowed = "max_payload of NATS, or max_msg_size of its stream"
            raise UntoldError(f"event {told.event_id} is larger than {allowed}")
        return message

    async def _look(self, heads: Mapping[str, EventHead]) -> None:
        """Notes how far it is and measures what waits, unless that was done a short while ago."""
        now_seconds = asyncio.get_running_loop().time()
        if now_seconds - self._looked_seconds < LOOK_SECONDS:
            return
        await self._notes.load()
        reached = {each: self._reached.get(each, self._notes.position(each)) for each in heads}
        await self._notes.save(reached)
        waiting = {each: heads[each].position - position for each, position in reached.items()}
        oldest_seconds = await find_oldest_waiting(self._readers, reached)
        self.statistics.waiting_events = sum(max(0, count) for count in waiting.values())
        self.statistics.oldest_seconds = oldest_seconds
        self._looked_seconds = now_seconds


def consumer_of(stream: str) -> str:
    """Returns what the relay to a stream is called among the consumers of events."""
    return f"nats:{stream}"
