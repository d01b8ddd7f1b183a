"""Calls, followed from a caller to the statements of a real server, over a real collector."""

import asyncio
import signal
import sys

import grpc.aio
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.cli.supervised import serving
from tests.database import Database
from tests.observability.collector import attributes_of, collecting
from tests.rpc.bets import bet
from tests.servers import TENANT, apply_shape
from wallet.v1 import topology_admin_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef
from wallet.v1.wallet_queries_pb2 import GetWalletRequest
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLERS_SPAN = "b7ad6b7169203331"
FOLLOWED = (("traceparent", f"00-{TRACE}-{CALLERS_SPAN}-01"), ("x-correlation-id", "flow-7"))
PREFIX = "wallet.v1.WalletCommands/"
NOT_SAMPLED = (("traceparent", f"00-{TRACE}-{CALLERS_SPAN}-00"),)
SECRET_PLAYER = "anna-karenina"


@pytest.fixture
async def url(database: Database) -> str:
    await apply_shape(database, TENANT, "ruby")
    return database.server_url


def wallet_of(player_id: str) -> WalletRef:
    return WalletRef(tenant_id=TENANT, player_id=player_id, currency_code="EUR")


def opening(player_id: str) -> pb.OpenWalletRequest:
    return pb.OpenWalletRequest(request_id="r", wallet=wallet_of(player_id))


async def test_a_call_is_followed_to_its_statements(url: str) -> None:
    async with collecting() as collector:
        environment = {"WALLET_TRACING_ENDPOINT": collector.url, "WALLET_TRACING_RATIO": "0"}
        async with serving(1, url, **environment) as server:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
                commands = WalletCommandsStub(channel)
                await commands.OpenWallet(opening("unfollowed"))
                await commands.OpenWallet(opening("unfollowed-too"), metadata=NOT_SAMPLED)
                await commands.OpenWallet(opening(SECRET_PLAYER), metadata=FOLLOWED)
            assert await server.stop(signal.SIGTERM) == 0

    [call] = collector.named(PREFIX + "OpenWallet")
    assert (call.trace_id.hex(), call.parent_span_id.hex()) == (TRACE, CALLERS_SPAN)
    assert call.kind == Span.SPAN_KIND_SERVER
    assert attributes_of(call)["wallet.correlation_id"] == "flow-7"
    [batch] = collector.below(call)
    assert (batch.name, attributes_of(batch)) == ("batch", {"wallet.batch.commands": 1})
    assert [stage.name for stage in collector.below(batch)][:3] == ["load", "decide", "record"]
    load, decide, record = collector.below(batch)[:3]
    assert collector.below(load)
    assert collector.below(decide) == []
    [recorded] = collector.below(record)
    assert recorded.kind == Span.SPAN_KIND_CLIENT
    assert attributes_of(recorded)["db.query.text"].startswith("WITH claimed AS ( UPDATE wallets")
    assert attributes_of(recorded)["db.system.name"] == "postgresql"
    assert {span.trace_id.hex() for span in collector.spans} == {TRACE}
    assert collector.services == {"wallet-server"}
    assert not [span for span in collector.spans if SECRET_PLAYER in str(span)]


async def test_a_batch_and_all_its_calls_lead_to_each_other(url: str) -> None:
    async with collecting() as collector:
        environment = {
            "WALLET_TRACING_ENDPOINT": collector.url,
            "WALLET_TRACING_RATIO": "1",
            "WALLET_LANES_COUNT": "1",
        }
        async with serving(1, url, **environment) as server:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
                commands = WalletCommandsStub(channel)
                await asyncio.gather(
                    *(commands.OpenWallet(opening(f"p{each}")) for each in range(40))
                )
            assert await server.stop(signal.SIGTERM) == 0

    calls = collector.named(PREFIX + "OpenWallet")
    batches = {batch.span_id: batch for batch in collector.named("batch")}
    assert len(calls) == 40
    of_calls = 0
    for call in calls:
        own = [each for each in collector.below(call) if each.span_id in batches]
        linked = [batches[link.span_id] for link in call.links]
        [batch] = own or linked
        assert bool(own) != bool(linked)
        assert bool(own) != (call.span_id in {link.span_id for link in batch.links})
        of_calls += 1
    commands_count = sum(attributes_of(each)["wallet.batch.commands"] for each in batches.values())
    assert commands_count == of_calls == 40


async def test_reads_acts_and_refusals_are_followed_too(url: str) -> None:
    async with collecting() as collector:
        environment = {"WALLET_TRACING_ENDPOINT": collector.url, "WALLET_TRACING_RATIO": "1"}
        async with serving(2, url, **environment) as server:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
                commands = WalletCommandsStub(channel)
                await commands.OpenWallet(opening("p1"))
                await WalletQueriesStub(channel).GetWallet(GetWalletRequest(wallet=wallet_of("p1")))
                await TopologyAdminStub(channel).GetTopology(
                    topology_admin_pb2.GetTopologyRequest(tenant_id=TENANT)
                )
                with pytest.raises(grpc.aio.AioRpcError):
                    await commands.AuthorizeBet(bet("r2", 1_000))
            assert await server.stop(signal.SIGTERM) == 0

    [read] = collector.named("wallet.v1.WalletQueries/GetWallet")
    [act] = collector.named("wallet.v1.TopologyAdmin/GetTopology")
    [refused] = collector.named(PREFIX + "AuthorizeBet")
    assert "SELECT" in {span.name for span in collector.below(read)}
    assert "SELECT" in {span.name for span in collector.below(act)}
    assert refused.status.code == Status.STATUS_CODE_UNSET
    assert attributes_of(refused)["error.type"] == "INSUFFICIENT_FUNDS"
    assert attributes_of(refused)["rpc.grpc.status_code"] == 9


async def test_a_collector_that_is_away_is_not_waited_for(url: str) -> None:
    async with collecting() as collector:
        nobody = collector.url
    environment = {"WALLET_TRACING_ENDPOINT": nobody, "WALLET_TRACING_RATIO": "1"}

    async with serving(1, url, **environment) as server:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            opened = await WalletCommandsStub(channel).OpenWallet(opening("p1"))
        code = await server.stop(signal.SIGTERM)

    assert (opened.sequence, code) == (1, 0)


async def test_nothing_of_it_is_loaded_where_nobody_asks_for_it() -> None:
    told = (
        "import sys, wallet_server.serving.alone;"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", told)
    assert await process.wait() == 0
