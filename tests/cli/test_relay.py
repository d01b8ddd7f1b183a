"""Events go to NATS: from `relay`, from `serve` with workers, and from `dev --nats`."""

import asyncio
import re
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from nats.js.errors import NotFoundError

from tests.cli.calls import caller
from tests.cli.programs import run_afresh, run_here, start, start_process
from tests.cli.supervised import Supervised, serving
from tests.database import Database
from tests.embedded.clusters import open_directory
from tests.nats import Stored, nats, read_stream, stream
from tests.servers import apply_shape
from wallet.v1.event_pb2 import Event
from wallet_server.embedded.nats import EmbeddedNats
from wallet_server.execution.relay.settings import NatsSettings, RelaySettings
from wallet_server.settings import SettingsError, read_settings

__all__ = ["nats", "stream"]

PATIENCE_SECONDS = 60


@pytest.fixture
def directory() -> Iterator[Path]:
    with open_directory() as made:
        yield made


def environment_of(stream: NatsSettings) -> dict[str, str]:
    """Returns the settings by which a program finds a stream."""
    return {
        "WALLET_NATS_URLS": stream.nats_urls[0],
        "WALLET_NATS_STREAM": stream.nats_stream,
        "WALLET_NATS_SUBJECT_PREFIX": stream.nats_subject_prefix,
    }


def type_of(stored: Stored) -> str:
    """Returns the type of an event."""
    return (Event.FromString(stored.payload).WhichOneof("payload") or "").upper()


async def read_all(stream: NatsSettings, of_type: str, count: int) -> list[Stored]:
    """Returns what is in a stream, as soon as it has so many events of a type."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with suppress(NotFoundError):
                stored = await read_stream(stream)
                if [type_of(each) for each in stored].count(of_type) == count:
                    return stored
            await asyncio.sleep(0.05)


async def open_wallets(port: int, count: int) -> None:
    async with caller(port) as calls:
        answers = await calls.open_wallets(count)
    assert all(not isinstance(each, BaseException) for each in answers)


@pytest.fixture
async def tenant_url(database: Database) -> str:
    """A database with the tenant that callers name."""
    await apply_shape(database, "acme", "ruby")
    return database.server_url


@asynccontextmanager
async def relaying(url: str, **environment: str) -> AsyncGenerator[Supervised]:
    """Runs `relay` with a management endpoint."""
    process = await start_process(
        *("relay", "--management-port", "0"), WALLET_DATABASE_URL=url, **environment
    )
    relay = Supervised(process)
    collecting = asyncio.create_task(relay.collect())
    try:
        await relay.wait_for_line("relaying")
        relay.management_port = (await relay.wait_for_line("management"))["port"]
        yield relay
    finally:
        process.kill()
        await process.wait()
        await collecting


async def test_a_process_of_its_own_relays_what_servers_record(
    tenant_url: str, stream: NatsSettings
) -> None:
    async with (
        serving(1, tenant_url) as server,
        relaying(tenant_url, **environment_of(stream)) as relay,
    ):
        await open_wallets(server.port, 7)
        stored = await read_all(stream, "WALLET_OPENED", 7)

        positions = [each.position for each in stored]
        assert positions == list(range(1, len(stored) + 1))
        assert (await relay.get("/readyz"))[0] == 200
        assert await relay.metric("wallet_relayed_events_total") == {"": len(stored)}
        assert await relay.metric("wallet_relay_connected") == {"": 1}
        assert await relay.metric("wallet_relay_active") == {"": 1}
        assert await relay.metric("wallet_relay_halted_tenants") == {"": 0}
        assert await server.metric("wallet_relay_active") == {"": 0}
        assert await relay.stop() == 0


async def test_relays_to_two_streams_keep_out_of_each_others_way(
    tenant_url: str, stream: NatsSettings
) -> None:
    other = replace(stream, nats_stream=f"{stream.nats_stream}-2", nats_subject_prefix="second")
    async with (
        serving(1, tenant_url) as server,
        relaying(tenant_url, **environment_of(stream)) as first,
        relaying(tenant_url, **environment_of(other)) as second,
    ):
        await open_wallets(server.port, 3)
        stored = [await read_all(each, "WALLET_OPENED", 3) for each in (stream, other)]

        assert [each.event_id for each in stored[0]] == [each.event_id for each in stored[1]]
        for relay in (first, second):
            assert await relay.metric("wallet_relay_active") == {"": 1}


async def test_one_of_several_workers_relays(tenant_url: str, stream: NatsSettings) -> None:
    async with serving(2, tenant_url, **environment_of(stream)) as server:
        await open_wallets(server.port, 20)
        stored = await read_all(stream, "WALLET_OPENED", 20)

        assert [each.position for each in stored] == list(range(1, len(stored) + 1))
        async with asyncio.timeout(PATIENCE_SECONDS):  # Workers tell their numbers every second.
            while await server.metric("wallet_relayed_events_total") != {"": len(stored)}:
                await asyncio.sleep(0.05)
        assert await server.stop() == 0


async def test_a_server_that_is_told_not_to_relay_does_not(
    tenant_url: str, stream: NatsSettings
) -> None:
    silent = {**environment_of(stream), "WALLET_RELAY_ENABLED": "false"}
    async with serving(1, tenant_url, **silent) as server:
        await open_wallets(server.port, 3)
        async with relaying(tenant_url, **environment_of(stream)) as relay:
            stored = await read_all(stream, "WALLET_OPENED", 3)

            assert await relay.metric("wallet_relayed_events_total") == {"": len(stored)}
        assert await server.metric("wallet_relayed_events_total") == {"": 0}


async def test_dev_relays_what_its_demonstration_does_to_a_nats_of_its_own(directory: Path) -> None:
    arguments = ("--port", "0", "--nats-port", "0", "--data-dir", str(directory / "data"))
    async with start("dev", "--nats", *arguments) as running:
        told = await running.read_until("Events go to")
        found = re.search(r"(nats://127\.0\.0\.1:\d+), stream WALLET\.", told)
        assert found is not None
        await running.read_until("Ctrl-C")
        stored = await read_all(NatsSettings((found[1],)), "BET_TOMBSTONED", 1)
        assert "TOPOLOGY_ACTIVATED" in {type_of(each) for each in stored}
        ended = await running.stop(signal.SIGINT)

    assert (ended.code, ended.stderr) == (0, "")
    with EmbeddedNats.start(directory / "data" / "nats") as kept:  # It is there no more.
        assert len(await read_stream(NatsSettings((kept.url,)))) >= len(stored)


async def test_a_relay_has_to_know_from_where_and_where_to(tenant_url: str) -> None:
    from_nowhere = await run_afresh("relay")
    to_nowhere = await run_here("relay", WALLET_DATABASE_URL=tenant_url, WALLET_NATS_URLS="")

    assert (from_nowhere.code, to_nowhere.code) == (2, 2)
    assert "Which database?" in from_nowhere.stderr
    assert "Which NATS?" in to_nowhere.stderr


@pytest.mark.parametrize(
    "values",
    [
        {"nats_urls": "http://nats:4222"},
        {"nats_urls": "nats://a:4222,my-secret"},
        {"nats_urls": "nats://relay:my-secret@:4222"},
        {"nats_urls": "nats://a:x"},
        {"nats_stream": "a.b"},
        {"nats_subject_prefix": "wallet.>"},
        {"nats_subject_prefix": "wallet."},
        {"nats_credentials_file": "a", "nats_nkey_file": "b"},
        {"nats_key_file": "a"},
    ],
)
def test_settings_of_nats_that_make_no_sense_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="nats_") as refused:
        read_settings(None, **values)

    assert "my-secret" not in str(refused.value)


def test_the_settings_say_what_the_relay_does_by_itself() -> None:
    settings = read_settings(None, nats_urls=" nats://a:4222, tls://b ")

    assert settings.for_relay() == RelaySettings()
    assert settings.for_nats() == NatsSettings(("nats://a:4222", "tls://b"))
    assert settings.has_nats
    assert not read_settings(None).has_nats
    assert "hunter2" not in repr(read_settings(None, nats_urls="nats://relay:hunter2@a"))
    assert "hunter2" not in repr(read_settings(None, nats_urls="nats://r:hunter2@a").for_nats())
