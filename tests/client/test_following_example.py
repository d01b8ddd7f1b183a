"""The example of a follower: it ends when it is told to, and what was lost on its way comes again."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

import pytest
from nats.aio.client import Client

from examples import following
from examples.following import follow
from wallet.v1.event_pb2 import Event
from wallet_server.embedded.nats import EmbeddedNats
from wallet_server.execution.relay.settings import NatsSettings

TURNS_MAX = 8
"""Of the loop, from when a message has come to when whoever waits for it has it, and some more."""


@dataclass(frozen=True)
class Told:
    """A stream with two events, and the subjects in it."""

    url: str
    stream: str
    subjects: str

    def follow(self) -> AsyncGenerator[tuple[int, Event]]:
        """Follows it from the beginning."""
        return follow(self.url, stream=self.stream, subjects=self.subjects)

    async def hear(self, heard: list[str], *, count: int | None = None) -> None:
        """Follows it until so many events were heard."""
        async for _, event in self.follow():
            heard.append(event.event_id)
            if len(heard) == count:
                break


@pytest.fixture
async def told(nats: EmbeddedNats, stream: NatsSettings) -> Told:
    """Tells two events."""
    client = Client()
    await client.connect(nats.url)
    jetstream = client.jetstream()
    subjects = f"{stream.nats_subject_prefix}.>"
    await jetstream.add_stream(name=stream.nats_stream, subjects=[subjects])
    for event_id in ("first", "second"):
        event = Event(event_id=event_id).SerializeToString()
        await jetstream.publish(subjects.replace(">", "demo.BET_SETTLED.1"), event)
    await client.close()
    return Told(nats.url, stream.nats_stream, subjects)


class Interfering(Client):
    """A client that does something where an event comes; and takes it, if that is true."""

    def __init__(self, takes: Callable[[], bool]) -> None:
        super().__init__()
        self._takes = takes

    async def _process_msg(  # The client has no other place to see what comes.
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes
    ) -> None:
        if b".BET_SETTLED." not in subject or self._takes():
            await super()._process_msg(sid, subject, reply, data, headers)


@pytest.mark.parametrize("turns", range(TURNS_MAX))
async def test_it_ends_when_it_is_cancelled_at_whatever_moment(
    told: Told, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    loop = asyncio.get_running_loop()
    is_first = True
    hearing = asyncio.create_task(told.hear([]))

    def cancel_after(turns: int) -> None:
        if turns:
            loop.call_soon(cancel_after, turns - 1)
        else:
            hearing.cancel()

    def takes() -> bool:
        nonlocal is_first
        if is_first:
            cancel_after(turns)
        is_first = False
        return True

    monkeypatch.setattr(following, "Client", lambda: Interfering(takes))

    await asyncio.wait({hearing}, timeout=20)

    assert hearing.cancelled()


async def test_what_was_sent_and_has_not_come_is_asked_for_again(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = [True, False]  # The second event, and nothing after it.
    monkeypatch.setattr(
        following, "Client", lambda: Interfering(lambda: losses.pop(0) if losses else True)
    )
    heard: list[str] = []

    async with asyncio.timeout(30):
        await told.hear(heard, count=2)

    assert heard == ["first", "second"]
    assert losses == []


async def test_it_closes_its_connection_when_nobody_wants_more(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients: list[Client] = []

    def make() -> Client:
        clients.append(Client())
        return clients[-1]

    monkeypatch.setattr(following, "Client", make)
    events = told.follow()
    await anext(events)

    await events.aclose()

    assert [each.is_closed for each in clients] == [True]
