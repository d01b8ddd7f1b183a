"""Follows a stream of events over NATS, in its order, through whatever happens to the connection.

The consumer keeps, with what it has made of the events, the number of the last one in the stream:
that is all it needs to go on. Nothing is acknowledged, so nothing comes later than what follows it.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import Error as StreamError

from wallet.v1.event_pb2 import Event

FETCHED_MESSAGES_MAX = 256
FETCH_SECONDS = 1.0
PAUSE_SECONDS = 0.2
FORGOTTEN_AFTER_SECONDS = 30.0
TROUBLES = (nats.errors.Error, StreamError, OSError, asyncio.TimeoutError)


async def follow(
    url: str, *, stream: str = "WALLET", subjects: str = "wallet.>", after: int = 0
) -> AsyncGenerator[tuple[int, Event]]:
    """Yields events with their numbers in the stream, from the one after `after` on, for ever.

    An event may come twice, with the same `event_id`. Those of a wallet come in the order of
    their `sequence`. `subjects` picks some of them: `wallet.demo.BET_SETTLED.*`.
    """
    while True:
        client = Client()
        try:
            with suppress(*TROUBLES):
                await client.connect(
                    url, allow_reconnect=False, max_reconnect_attempts=1, error_cb=say_nothing
                )
                context = JetStreamContext(client)
                async for number, event in read(context, stream, subjects, after):
                    after = number
                    yield number, event
        finally:
            await client.close()
        await asyncio.sleep(PAUSE_SECONDS)


def end_if_cancelled() -> None:
    """Ends the task if somebody has cancelled it.

    Before Python 3.12 the client does not hear of it if a message comes at that very moment.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def say_nothing(error: Exception) -> None:
    """Takes what the client tells of by itself: whoever waits for an answer is told as well."""
    del error


async def read(
    context: JetStreamContext, stream: str, subjects: str, after: int
) -> AsyncGenerator[tuple[int, Event]]:
    """Yields events until one may have been lost on its way, or the connection is."""
    config = ConsumerConfig(
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=after + 1,
        ack_policy=AckPolicy.NONE,
        inactive_threshold=FORGOTTEN_AFTER_SECONDS,
    )
    subscription = await context.pull_subscribe(subjects, stream=stream, config=config)
    expected = 1
    while True:
        try:
            messages = await subscription.fetch(FETCHED_MESSAGES_MAX, timeout=FETCH_SECONDS)
        except nats.errors.TimeoutError:
            info = await subscription.consumer_info()  # Is it still there?
            if info.delivered is not None and info.delivered.consumer_seq >= expected:
                return  # Something was sent that has not come.
            messages = []
        end_if_cancelled()
        for message in messages:
            sequence = message.metadata.sequence
            if sequence.consumer != expected:
                return
            expected += 1
            yield sequence.stream, Event.FromString(message.data)
