"""What cannot be relayed of one tenant stops that tenant alone, and is tried again."""

from dataclasses import replace

import pytest

from tests.execution.relay.conftest import Relays, relay_all, tenant_of
from tests.nats import jetstream
from wallet_server.core.ids import WalletRef
from wallet_server.execution.relay import relay as relay_module
from wallet_server.execution.relay.broker import stream_config

ANN, BEN = WalletRef("demo", "ann", "EUR"), WalletRef("demo", "ben", "EUR")
CAT = WalletRef("other", "cat", "EUR")


async def test_other_events_than_the_database_has_stop_their_tenant_alone(
    relays: Relays, caplog: pytest.LogCaptureFixture
) -> None:
    await relays.record(ANN, CAT, times=3)
    await relay_all(await relays.make())
    # The database is restored: it forgets the last event, and another takes its place.
    await relays.connection.execute("DELETE FROM events WHERE tenant_id = 'demo' AND position = 3")
    await relays.connection.execute("UPDATE event_heads SET position = 2 WHERE tenant_id = 'demo'")
    relay = await relays.make()
    assert not await relay.relay_some()
    assert relay.statistics.halted_tenants == 1
    await relays.record(BEN, CAT, times=2)

    again = await relays.make()
    await relay_all(again)

    assert again.statistics.halted_tenants == 1
    assert "was it restored?" in caplog.text
    subjects = [each.subject for each in await relays.published()]
    assert len([each for each in subjects if ".demo." in each]) == 3
    assert len([each for each in subjects if ".other." in each]) == 5


async def test_an_event_that_cannot_be_told_stops_its_tenant_alone(
    relays: Relays, caplog: pytest.LogCaptureFixture
) -> None:
    await relays.record(ANN, CAT, times=3)
    await relays.connection.execute(
        "UPDATE events SET type = 'OF_THE_NEXT_RELEASE' WHERE tenant_id = 'demo' AND position = 2"
    )
    relay = await relays.make(batch_events=2)

    await relay_all(relay)

    told = [(tenant_of(each, relays.stream), each.position) for each in await relays.published()]
    assert sorted(told) == [("demo", 1), ("other", 1), ("other", 2), ("other", 3)]
    assert relay.statistics.halted_tenants == 1
    assert "OF_THE_NEXT_RELEASE" in caplog.text


async def test_an_event_that_is_too_large_for_nats_stops_its_tenant_alone(
    relays: Relays, caplog: pytest.LogCaptureFixture
) -> None:
    await relays.record(ANN, CAT)
    await relays.connection.execute(
        "UPDATE events SET document = to_json(repeat('x', 1048576)) WHERE tenant_id = 'demo'"
    )
    relay = await relays.make()

    await relay_all(relay)

    assert [tenant_of(each, relays.stream) for each in await relays.published()] == ["other"]
    assert "larger than max_payload" in caplog.text


async def test_a_tenant_that_was_halted_is_tried_again(
    relays: Relays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "HALT_SECONDS", 0.0)
    await relays.record(ANN)
    await relays.connection.execute("UPDATE events SET type = 'OF_THE_NEXT_RELEASE'")
    relay = await relays.make()
    await relay_all(relay)
    assert relay.statistics.halted_tenants == 1

    await relays.connection.execute("UPDATE events SET type = 'WALLET_OPENED'")
    await relay_all(relay)

    assert relay.statistics.halted_tenants == 0
    await relays.check()


async def test_what_comes_before_an_event_that_cannot_be_told_is_published(relays: Relays) -> None:
    await relays.record(ANN, CAT, times=3)
    await relays.connection.execute(
        "UPDATE events SET document = to_json(repeat('x', 1048576))"
        " WHERE tenant_id = 'demo' AND position = 3"
    )
    relay = await relays.make()

    await relay_all(relay)

    told = [(tenant_of(each, relays.stream), each.position) for each in await relays.published()]
    assert sorted(told) == [("demo", 1), ("demo", 2), ("other", 1), ("other", 2), ("other", 3)]
    assert relay.statistics.halted_tenants == 1


async def test_an_event_that_is_too_large_for_the_stream_stops_its_tenant_alone(
    relays: Relays, caplog: pytest.LogCaptureFixture
) -> None:
    async with jetstream(relays.stream.nats_urls[0]) as context:
        await context.add_stream(replace(stream_config(relays.stream), max_msg_size=4_096))
    await relays.record(ANN, CAT)
    await relays.connection.execute(
        "UPDATE events SET document = to_json(repeat('x', 4096)) WHERE tenant_id = 'demo'"
    )
    relay = await relays.make()

    await relay_all(relay)

    assert [tenant_of(each, relays.stream) for each in await relays.published()] == ["other"]
    assert relay.statistics.halted_tenants == 1
    assert "larger than" in caplog.text
