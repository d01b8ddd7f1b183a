"""A connection to NATS, and the stream that events are published to."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Self, TypeVar, cast

from nats.js import JetStreamContext, api
from nats.js.errors import APIError, NotFoundError

from wallet_server.execution.relay.connecting import (
    NATS_TROUBLES,
    Connection,
    close,
    connect,
    describe,
)
from wallet_server.execution.relay.errors import BrokerError, ChainBrokenError
from wallet_server.execution.relay.message import (
    Message,
    Published,
    chained_headers,
    published_of,
    subjects_of_all,
    subjects_of_tenant,
)
from wallet_server.execution.relay.settings import SECONDS_PER_DAY, NatsSettings

T = TypeVar("T")

CHAIN_ERROR_CODES = {10070, 10071}
"""JetStream's, where the last message is not the expected one: by its id, by its sequence."""


class Broker:
    """A connection with its stream. Once anything went wrong, another must be made."""

    def __init__(
        self, connection: Connection, settings: NatsSettings, *, ack_seconds: float
    ) -> None:
        """Takes a connection; `open` makes one."""
        self._client = connection.client
        self._trouble = connection.trouble
        self._settings = settings
        self._stream_bytes_max = -1
        self._jetstream = JetStreamContext(connection.client, timeout=ack_seconds)

    @classmethod
    async def open(cls, settings: NatsSettings, *, ack_seconds: float) -> Self:
        """Connects, and makes the stream if there is none and it may.

        Raises:
            BrokerError: NATS cannot be reached, or has no such stream.
        """
        broker = cls(await connect(settings), settings, ack_seconds=ack_seconds)
        try:
            await broker._find_or_make_stream()
        except BaseException:
            await broker.close()
            raise
        return broker

    @property
    def message_bytes_max(self) -> int:
        """How large a message may be, its headers included, for the server and for the stream."""
        largest = self._client.max_payload
        return largest if self._stream_bytes_max < 0 else min(largest, self._stream_bytes_max)

    async def last_sequence(self) -> int:
        """Returns the number of the stream's last message, zero if it has had none.

        Raises:
            BrokerError: NATS does not say.
        """
        info = await self._ask(self._jetstream.stream_info(self._settings.nats_stream))
        return info.state.last_seq

    async def find_last(self, tenant_id: str) -> Published | None:
        """Returns the last event of a tenant that the stream holds; none if it holds none.

        Raises:
            BrokerError: NATS does not say; or the message is of somebody else.
        """
        subjects = subjects_of_tenant(self._settings.nats_subject_prefix, tenant_id)
        stream = self._settings.nats_stream
        try:
            message = await self._ask(self._jetstream.get_last_msg(stream, subjects))
        except NotInStreamError:
            return None
        headers = cast("Mapping[str, str] | None", message.headers)  # pyright: ignore[reportUnknownMemberType] - the client says no more than that they are a mapping.
        published = published_of(headers)
        if published is None:
            raise BrokerError(f"message {message.seq} of stream {stream} is not of a relay")
        return published

    async def publish(self, messages: Sequence[Message], *, last_sequence: int) -> None:
        """Has the stream store messages after its last one: all of them, or the first few.

        Each depends on the one before, so one answer, to the last, is enough.

        Raises:
            ChainBrokenError: They were not all stored, as the stream has another last message.
            BrokerError: It is not known how many were stored.
        """
        stream = self._settings.nats_stream
        headers = chained_headers(messages, stream, last_sequence)
        ack = await self._ask(self._send(messages, headers))
        if ack.duplicate or ack.seq != last_sequence + len(messages):
            raise ChainBrokenError(f"stream {stream} has events that this relay did not publish")

    async def close(self) -> None:
        """Closes the connection, whatever state it is in."""
        await close(self._client)

    async def _send(
        self, messages: Sequence[Message], headers: Sequence[dict[str, str]]
    ) -> api.PubAck:
        """Sends messages, and waits for the answer to the last."""
        for message, header in zip(messages[:-1], headers[:-1], strict=True):
            await self._client.publish(message.subject, message.payload, headers=header)
        last = messages[-1]
        return await self._jetstream.publish(last.subject, last.payload, headers=dict(headers[-1]))

    async def _find_or_make_stream(self) -> None:
        """Makes sure that there is a stream. One that is there stays as it is."""
        settings = self._settings
        try:
            info = await self._ask(self._jetstream.stream_info(settings.nats_stream))
        except NotInStreamError:
            if not settings.nats_stream_create:
                message = f"NATS has no stream {settings.nats_stream}, and it may not be made"
                raise BrokerError(message) from None
            making = self._jetstream.add_stream(stream_config(settings))  # pyright: ignore[reportUnknownMemberType] - of its other arguments.
            info = await self._ask(making)
        if info.config.max_msg_size is not None:
            self._stream_bytes_max = info.config.max_msg_size

    async def _ask(self, answering: Awaitable[T]) -> T:
        """Waits for an answer, for as long as the connection is sound.

        Raises:
            BrokerError: There was none, or it was an error.
        """
        asking = asyncio.ensure_future(answering)
        try:
            await asyncio.wait({asking, self._trouble}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise BrokerError(f"the connection to NATS is lost: {self._trouble.result()}")
            return asking.result()
        except NotFoundError as error:
            raise NotInStreamError(describe(error)) from error
        except APIError as error:
            kind = ChainBrokenError if error.err_code in CHAIN_ERROR_CODES else BrokerError
            raise kind(describe(error)) from error
        except NATS_TROUBLES as error:
            raise BrokerError(describe(error)) from error
        finally:
            asking.cancel()


class NotInStreamError(BrokerError):
    """There is no such stream, or no such message in it."""


def stream_config(settings: NatsSettings) -> api.StreamConfig:
    """Returns what a new stream is like: it keeps all events, or those of its limits."""
    return api.StreamConfig(
        name=settings.nats_stream,
        subjects=[subjects_of_all(settings.nats_subject_prefix)],
        retention=api.RetentionPolicy.LIMITS,
        discard=api.DiscardPolicy.OLD,
        storage=api.StorageType.FILE,
        num_replicas=settings.nats_stream_replicas,
        max_age=settings.nats_stream_days_max * SECONDS_PER_DAY,
        max_bytes=settings.nats_stream_bytes_max,
        duplicate_window=settings.nats_duplicate_window_seconds,
        allow_direct=True,
    )
