"""All events are published, those of each tenant in order, whatever becomes of relays."""

import asyncio
import json
from dataclasses import replace

import pytest

from tests.execution.relay.conftest import ACK_SECONDS, Relays, insist, relay_all
from tests.nats import read_stream
from wallet_server.core.ids import WalletRef, locate
from wallet_server.execution.relay.broker import Broker
from wallet_server.execution.relay.errors import BrokerError, ChainBrokenError
from wallet_server.execution.relay.message import Message

ANN, BEN = WalletRef("demo", "ann", "EUR"), WalletRef("demo", "ben", "EUR")
CAT = WalletRef("other", "cat", "EUR")


async def test_each_event_is_a_message_that_says_what_it_is(relays: Relays) -> None:
    await relays.outbox.add(ANN, event_type="BET_SETTLED")
    await relays.record("demo")
    await relay_all(await relays.make())

    bet, act = await relays.published()

    prefix, shard = relays.stream.nats_subject_prefix, locate(ANN).shard
    assert bet.subject == f"{prefix}.demo.BET_SETTLED.{shard % 16}"
    assert (bet.event_id, bet.position) == (f"{locate(ANN).wallet_id}/1", 1)
    assert bet.payload.decode().startswith(f"{bet.event_id} {{")
    assert act.subject == f"{prefix}.demo.COMMAND_ANSWERED.tenant"
    assert (act.event_id, act.position) == ("demo/1", 2)


async def test_consumers_filter_by_tenant_and_type(relays: Relays) -> None:
    await relays.outbox.add(ANN, CAT, event_type="WALLET_OPENED")
    await relays.outbox.add(ANN, CAT, event_type="BET_SETTLED")
    await relays.record(BEN)
    await relay_all(await relays.make())
    prefix = relays.stream.nats_subject_prefix

    async def found(subjects: str) -> int:
        return len(await read_stream(relays.stream, f"{prefix}.{subjects}"))

    assert await found("demo.>") == 3
    assert await found("*.BET_SETTLED.*") == 2
    assert await found("other.WALLET_OPENED.*") == 1


async def test_a_backlog_of_many_tenants_is_published_in_turns(relays: Relays) -> None:
    for number in range(7):
        ref = WalletRef(f"tenant-{number}", "ann", "EUR")
        await relays.record(ref, times=3 + number)
    relay = await relays.make(batch_events=5)  # Fewer than there are tenants.

    await relay.relay_some()
    assert [each.position for each in await relays.published()] == [1] * 5
    await relay_all(relay)

    await relays.check()
    assert relay.statistics.events == len(await relays.expected())


async def test_a_relay_goes_on_where_one_was_killed_before_it_could_note_it(
    relays: Relays,
) -> None:
    await relays.record(ANN, CAT, times=5)
    first = await relays.make()
    await relay_all(first)
    assert set((await relays.noted()).values()) == {0}  # It notes no more than once a second.

    await relays.record(ANN, BEN, CAT, "demo", times=3)
    second = await relays.make()
    await relay_all(second)
    await second.leave()

    await relays.check()
    assert second.statistics.events == 12
    assert await relays.noted() == {"demo": 14, "other": 8}


async def test_relays_that_know_nothing_of_each_other_publish_each_event_once(
    relays: Relays,
) -> None:
    for number in range(10):
        await relays.record(ANN, BEN, WalletRef(f"t-{number}", "ann", "EUR"), times=5)
    made = [await relays.make(batch_events=size) for size in (3, 7, 16)]

    broken = await asyncio.gather(*(insist(relay) for relay in made))

    await relays.check()
    assert sum(broken) > 0  # Else they have not met.


async def test_a_relay_that_wakes_up_late_changes_nothing(relays: Relays) -> None:
    await relays.record(ANN, CAT)
    await relay_all(await relays.make())
    late = await Broker.open(relays.stream, ack_seconds=ACK_SECONDS)
    last_sequence = await late.last_sequence()
    await relays.record(CAT)
    await relay_all(await relays.make())
    prefix = relays.stream.nats_subject_prefix
    ids = [f"{locate(ANN).wallet_id}/{number}" for number in (2, 3)]

    # Its first message is one too late. Its second finds the sequence that it expects, and must
    # not be stored without the first.
    with pytest.raises(ChainBrokenError):
        await late.publish(
            [Message(f"{prefix}.demo.X.1", each, n, b"") for n, each in enumerate(ids, start=2)],
            last_sequence=last_sequence,
        )

    await late.close()
    assert len(await relays.check()) == 3


@pytest.mark.parametrize("batch_events", [1, 2, 3])
async def test_what_another_relay_has_published_is_not_published_again(
    relays: Relays, batch_events: int
) -> None:
    await relays.record(ANN)
    relay = await relays.make()
    await relay_all(relay)
    await relays.record(ANN, times=3)
    other = await relays.make(batch_events=batch_events)
    await other.relay_some()

    await insist(relay)
    await insist(other)

    await relays.check()


async def test_a_relay_that_finds_its_events_published_starts_anew(relays: Relays) -> None:
    await relays.record(ANN)
    relay = await relays.make()
    await relay_all(relay)
    await relays.record(ANN, times=3)
    await relay_all(await relays.make())

    with pytest.raises(ChainBrokenError):
        await relay.relay_some()
    await relay_all(relay)

    assert relay.statistics.events == 1


async def test_what_the_stream_has_lost_is_published_again(
    relays: Relays, caplog: pytest.LogCaptureFixture
) -> None:
    await relays.record(ANN, times=6)
    relay = await relays.make()
    await relay_all(relay)
    await relay.leave()
    broker = await Broker.open(relays.stream, ack_seconds=ACK_SECONDS)
    for sequence in (5, 6):
        await broker._jetstream.delete_msg(relays.stream.nats_stream, sequence)
    await broker.close()

    async with asyncio.timeout(60):
        while len(await relays.published()) < 6:  # The stream knows their ids for a moment.
            try:
                await relay.relay_some()
            except BrokerError:
                await asyncio.sleep(0.02)

    stored = await relays.check()
    assert [each.sequence for each in stored] == [1, 2, 3, 4, 7, 8]
    assert "has lost the last events" in caplog.text


async def test_a_stream_that_keeps_nothing_any_more_goes_on_after_what_was_noted(
    relays: Relays, caplog: pytest.LogCaptureFixture
) -> None:
    await relays.record(ANN, times=3)
    relay = await relays.make()
    await relay_all(relay)
    await relay.leave()
    broker = await Broker.open(relays.stream, ack_seconds=ACK_SECONDS)
    await broker._jetstream.purge_stream(relays.stream.nats_stream)
    await broker.close()
    await relays.record(ANN, times=2)

    await relay_all(relay)

    assert [(each.position, each.sequence) for each in await relays.published()] == [(4, 4), (5, 5)]
    assert "has lost a tenant's events" in caplog.text


async def test_another_stream_begins_with_the_first_event(relays: Relays) -> None:
    await relays.record(ANN, times=3)
    await relay_all(await relays.make())
    name, prefix = (
        f"{relays.stream.nats_stream}-again",
        f"again.{relays.stream.nats_subject_prefix}",
    )
    relays.stream = replace(relays.stream, nats_stream=name, nats_subject_prefix=prefix)

    await relay_all(await relays.make())

    await relays.check()


async def test_nothing_is_published_that_has_no_position(relays: Relays) -> None:
    await relays.record(ANN)
    await relays.outbox.add(ANN, BEN)

    await relay_all(await relays.make())

    assert [
        json.loads(each.payload.partition(b" ")[2])["number"] for each in await relays.check()
    ] == [1]


async def test_what_waits_is_measured_and_held_back_from_retention(relays: Relays) -> None:
    await relays.record(ANN, CAT, times=4)
    relay = await relays.make(nats_urls=("nats://127.0.0.1:1",))

    with pytest.raises(BrokerError, match="NATS cannot be reached"):
        await relay.relay_some()

    assert relay.statistics.waiting_events == 8
    assert relay.statistics.oldest_seconds > 0
    assert relay.statistics.connected == 0
    assert await relays.noted() == {"demo": 0, "other": 0}


async def test_events_that_retention_has_removed_all_the_same_are_told_of(
    relays: Relays, caplog: pytest.LogCaptureFixture
) -> None:
    await relays.record(ANN, times=2)
    relay = await relays.make()
    await relay_all(relay)
    await relays.record(ANN, times=4)
    await relays.connection.execute("DELETE FROM events WHERE position <= 4")
    await relays.connection.execute("UPDATE event_heads SET first_position = 5")

    await relay_all(relay)

    assert [each.position for each in await relays.published()] == [1, 2, 5, 6]
    assert "removed before they were relayed" in caplog.text
