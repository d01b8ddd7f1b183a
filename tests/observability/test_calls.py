"""What metrics tell of calls, under the names that public dashboards ask for."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping

import grpc
import grpc.aio
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.supervised import Supervised, serving
from tests.database import Database
from tests.rpc.bets import WALLET, bet
from tests.servers import TENANT, apply_shape
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_events_pb2 import WatchEventsRequest
from wallet.v1.wallet_events_pb2_grpc import WalletEventsStub

OPEN = pb.OpenWalletRequest(request_id="r", wallet=WALLET)
COMMANDS = "wallet.v1.WalletCommands"


@pytest.fixture
async def url(database: Database) -> str:
    await apply_shape(database, TENANT, "ruby")
    return database.server_url


@pytest.fixture
async def server(url: str) -> AsyncIterator[Supervised]:
    async with serving(2, url) as running:
        yield running


async def calls_of(server: Supervised, name: str) -> Mapping[tuple[str, ...], float]:
    """Returns the samples of a metric, by the values of their labels in the order of these."""
    families = text_string_to_metric_families((await server.get("/metrics"))[1])
    samples = [each for family in families for each in family.samples if each.name == name]
    return {
        tuple(value for _, value in sorted(each.labels.items())): each.value for each in samples
    }


async def wait_for(server: Supervised, name: str, labels: tuple[str, ...], value: float) -> None:
    """Waits until a worker has told of a sample's value."""
    async with asyncio.timeout(60):
        while (await calls_of(server, name)).get(labels) != value:
            await asyncio.sleep(0.02)


def channel_to(server: Supervised) -> grpc.aio.Channel:
    return grpc.aio.insecure_channel(f"127.0.0.1:{server.port}")


async def test_calls_are_counted_by_method_and_code(server: Supervised) -> None:
    async with channel_to(server) as channel:
        commands = WalletCommandsStub(channel)
        await commands.OpenWallet(OPEN)
        await commands.OpenWallet(OPEN)
        for request in (bet("r2", 1_000), bet("", 1_000)):
            with pytest.raises(grpc.aio.AioRpcError):
                await commands.AuthorizeBet(request)

    opened, bets = ((method, COMMANDS, "unary") for method in ("OpenWallet", "AuthorizeBet"))
    await wait_for(server, "grpc_server_handled_total", ("InvalidArgument", *bets), 1)
    handled = await calls_of(server, "grpc_server_handled_total")
    assert handled == {
        ("OK", *opened): 2,
        ("OK", *bets): 0,
        ("FailedPrecondition", *bets): 1,
        ("InvalidArgument", *bets): 1,
    }
    assert await calls_of(server, "grpc_server_started_total") == {opened: 2, bets: 2}
    assert await calls_of(server, "grpc_server_msg_received_total") == {opened: 2, bets: 2}
    assert await calls_of(server, "grpc_server_msg_sent_total") == {opened: 2, bets: 0}
    assert await calls_of(server, "grpc_server_handling_seconds_count") == {opened: 2, bets: 2}
    refusals = await calls_of(server, "wallet_refusals_total")
    assert {reason: count for reason, count in refusals.items() if count} == {
        ("INSUFFICIENT_FUNDS",): 1,
        ("INVALID_REQUEST",): 1,
    }


async def test_each_command_of_a_batch_that_is_refused_counts(server: Supervised) -> None:
    refused = [pb.BatchCommand(authorize_bet=bet(f"r{each}", 1_000)) for each in range(3)]
    async with channel_to(server) as channel:
        await WalletCommandsStub(channel).ExecuteBatch(pb.ExecuteBatchRequest(commands=refused))

    await wait_for(server, "wallet_refusals_total", ("WALLET_NOT_FOUND",), 3)
    handled = await calls_of(server, "grpc_server_handled_total")
    assert handled == {("OK", "ExecuteBatch", COMMANDS, "unary"): 1}


async def test_messages_of_streams_are_counted_and_callers_who_go_away(server: Supervised) -> None:
    stream = ("WatchEvents", "wallet.v1.WalletEvents", "server_stream")
    async with channel_to(server) as channel:
        await WalletCommandsStub(channel).OpenWallet(OPEN)
        watching = WalletEventsStub(channel).WatchEvents(WatchEventsRequest(tenant_id=TENANT))
        await anext(aiter(watching))
        watching.cancel()

    await wait_for(server, "grpc_server_handled_total", ("Canceled", *stream), 1)
    assert (await calls_of(server, "grpc_server_msg_sent_total"))[stream] >= 1


async def test_counts_of_workers_that_were_replaced_stay(server: Supervised) -> None:
    async with channel_to(server) as channel:
        await WalletCommandsStub(channel).OpenWallet(OPEN)
    opened = ("OpenWallet", COMMANDS, "unary")
    await wait_for(server, "grpc_server_started_total", opened, 1)

    server.process.send_signal(signal.SIGHUP)
    await server.wait_until(lambda workers: all(each["restarts"] == 1 for each in workers))

    await wait_for(server, "grpc_server_started_total", opened, 1)
    assert (await calls_of(server, "grpc_server_handling_seconds_count"))[opened] == 1


async def test_lanes_tell_how_long_commands_wait_and_batches_take(url: str) -> None:
    async with serving(1, url, WALLET_LANES_COUNT="2") as server:
        async with channel_to(server) as channel:
            await WalletCommandsStub(channel).OpenWallet(OPEN)

        assert await calls_of(server, "wallet_queue_wait_seconds_count") == {(): 1}
        assert await calls_of(server, "wallet_batch_stage_seconds_count") == {
            ("load",): 1,
            ("decide",): 1,
            ("record",): 1,
        }
        batches = await calls_of(server, "wallet_lane_batches_total")
        assert batches.keys() == {("1", "1"), ("2", "1")}
        assert sum(batches.values()) == 1
        busy = await calls_of(server, "wallet_lane_busy_seconds_total")
        assert [labels for labels, seconds in busy.items() if seconds] == [
            labels for labels, count in batches.items() if count
        ]


async def test_callers_cannot_make_up_labels(server: Supervised) -> None:
    async with channel_to(server) as channel:
        for number in range(3):
            call = channel.unary_unary(f"/wallet.v{number}.Made/Up{number}")
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call(b"")
            assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
        await WalletCommandsStub(channel).OpenWallet(OPEN)

    opened = ("OK", "OpenWallet", COMMANDS, "unary")
    await wait_for(server, "grpc_server_handled_total", opened, 1)
    assert [*await calls_of(server, "grpc_server_handled_total")] == [opened]
    assert not any((await calls_of(server, "wallet_refusals_total")).values())
