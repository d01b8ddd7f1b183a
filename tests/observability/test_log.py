"""What a server says in its log while callers of all sorts come by, and what it never says."""

import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import grpc.aio
import pytest

from tests.callers import KEY, bearing, token_for
from tests.cli.supervised import Supervised, serving
from tests.database import Database
from tests.observability.collector import collecting
from tests.servers import TENANT, apply_shape
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef
from wallet.v1.wallet_queries_pb2 import GetWalletRequest
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub
from wallet_server.embedded.roles import Role

PLAYER = "anna-karenina"
UNLUCKY = "alexei-vronsky"
SUBJECT = "leo-tolstoy"
PAGE_SECRET = "all-happy-families-are-alike-each-unhappy-one"
CORRELATION = "flow-9"
TRACE = "0af7651916cd43dd8448eb211c80319c"
FOLLOWED = (
    ("x-correlation-id", CORRELATION),
    ("traceparent", f"00-{TRACE}-b7ad6b7169203331-01"),
)
GOOD = token_for("game_service", subject=SUBJECT)
EXPIRED = token_for("game_service", subject=SUBJECT, age_seconds=7_200)
POWERLESS = token_for("auditor", subject=SUBJECT)
BOUND = token_for("gateway", subject=SUBJECT, player_id=PLAYER)
FORGED = GOOD[:-8] + "AAAAAAAA"
TOKENS = (GOOD, EXPIRED, POWERLESS, BOUND, FORGED)


@pytest.fixture
async def server(database: Database, tmp_path: Path) -> AsyncIterator[Supervised]:
    """A server that says all it has to say, and cannot record what is of one player."""
    await apply_shape(database, TENANT, "ruby")
    connection = await database.connect(Role.OWNER)
    await connection.execute(f"ALTER TABLE players ADD CHECK (player_id <> '{UNLUCKY}')")
    await connection.close()
    keys = tmp_path / "keys.pem"
    keys.write_bytes(KEY.public_pem())
    async with (
        collecting() as collector,
        serving(
            1,
            database.server_url,
            WALLET_AUTH_KEYS_FILE=str(keys),
            WALLET_LOG_LEVEL="DEBUG",
            WALLET_PAGE_TOKEN_SECRET=PAGE_SECRET,
            WALLET_TRACING_ENDPOINT=collector.url,
            WALLET_TRACING_RATIO="0",
            WALLET_WITHOUT_AUTHENTICATION="false",
        ) as running,
    ):
        yield running


def wallet_of(player_id: str) -> WalletRef:
    return WalletRef(tenant_id=TENANT, player_id=player_id, currency_code="EUR")


def bet(player_id: str, provider_id: str = "acme-sports") -> pb.AuthorizeBetRequest:
    return pb.AuthorizeBetRequest(
        request_id="r2",
        wallet=wallet_of(player_id),
        provider_id=provider_id,
        bet_ref="b1",
        stake=Money(asset_code="EUR", minor_units=100),
    )


async def call_in_all_ways(port: int) -> list[str]:
    """Calls as callers do that are good, unlucky and bad. Returns the codes of the answers."""
    codes = list[str]()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        commands, queries = WalletCommandsStub(channel), WalletQueriesStub(channel)
        for token in TOKENS:
            metadata = (*bearing(token), *FOLLOWED)
            for call in (
                commands.OpenWallet(opening(PLAYER), metadata=metadata),
                commands.OpenWallet(opening(UNLUCKY), metadata=metadata),
                commands.AuthorizeBet(bet(PLAYER), metadata=metadata),
                commands.AuthorizeBet(bet(PLAYER, provider_id=PLAYER + "!"), metadata=metadata),
                commands.ExecuteBatch(batch_of(UNLUCKY), metadata=metadata),
                queries.GetWallet(GetWalletRequest(wallet=wallet_of(PLAYER)), metadata=metadata),
                channel.unary_unary(f"/wallet.v1.WalletQueries/{PLAYER}")(b"", metadata=metadata),
            ):
                codes.append((await call.code()).name)
    return codes


def opening(player_id: str) -> pb.OpenWalletRequest:
    return pb.OpenWalletRequest(request_id="r", wallet=wallet_of(player_id))


def batch_of(player_id: str) -> pb.ExecuteBatchRequest:
    opened = pb.BatchCommand(open_wallet=opening(player_id))
    return pb.ExecuteBatchRequest(commands=[opened])


async def test_no_token_secret_or_player_is_in_the_log(
    server: Supervised, database: Database
) -> None:
    codes = await call_in_all_ways(server.port)
    connection = await database.connect()
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        " AND usename = current_user"
    )
    await connection.close()
    codes += await call_in_all_ways(server.port)
    assert await server.stop(signal.SIGTERM) == 0

    assert {"OK", "INTERNAL", "INVALID_ARGUMENT", "UNAUTHENTICATED", "PERMISSION_DENIED"} <= {
        *codes
    }
    said = "\n".join(json.dumps(line, ensure_ascii=False) for line in server.log)
    password = urlsplit(database.server_url).password
    assert password
    for secret in (*TOKENS, PLAYER, UNLUCKY, SUBJECT, PAGE_SECRET, password):
        assert secret not in said


async def test_lines_of_a_call_have_its_correlation_and_its_trace(server: Supervised) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        commands = WalletCommandsStub(channel)
        metadata = (*bearing(GOOD), *FOLLOWED)
        await commands.OpenWallet(opening(PLAYER), metadata=metadata)
        await commands.OpenWallet(opening("p2"), metadata=bearing(GOOD))
        with pytest.raises(grpc.aio.AioRpcError):
            await commands.OpenWallet(opening(UNLUCKY), metadata=metadata)
    assert await server.stop(signal.SIGTERM) == 0

    ended = [line for line in server.log if line["message"] == "a call ended"]
    told = [(line["code"], line.get("correlation_id"), line.get("trace_id")) for line in ended]
    assert told == [(0, CORRELATION, TRACE), (0, None, None), (13, CORRELATION, TRACE)]
    assert ended[0]["method"] == "/wallet.v1.WalletCommands/OpenWallet"
    assert (ended[0]["reason"], ended[2]["reason"]) == ("", "INTERNAL")
    [failed] = [
        line for line in server.log if line["level"] == "ERROR" and "failed {" in line["message"]
    ]
    assert (failed["correlation_id"], failed["trace_id"]) == (CORRELATION, TRACE)
    assert failed["exception"]["sqlstate"] == "23514"
