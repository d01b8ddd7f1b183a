"""Reads at times that are over, where they are answered from a replica that lags."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import grpc
import grpc.aio
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from tests.callers import HandClock
from tests.database import Database
from tests.rpc.bets import WALLET, bet, eur
from tests.servers import apply_shape
from wallet.v1 import wallet_commands_pb2 as commands_pb
from wallet.v1 import wallet_queries_pb2 as queries
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.server import open_server
from wallet_server.settings import Settings

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub
    from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesAsyncStub

NORMAL = "bkt:sports_normal"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Lagging:
    """A server whose replica has the commands up to a minute past noon, and no later ones."""

    reads: "WalletQueriesAsyncStub"
    commands: "WalletCommandsAsyncStub"
    clock: HandClock


@asynccontextmanager
async def serving(
    database: Database, clock: HandClock, replica_url: str = ""
) -> AsyncGenerator[grpc.aio.Channel]:
    """Serves a database, at a time, with what is read elsewhere."""
    settings = Settings.model_validate(
        {
            "listen_port": 0,
            "without_authentication": True,
            "due_work_enabled": False,
            "read_database_url": replica_url,
        }
    )
    async with (
        open_server(settings, database.server_url, clock=clock) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        yield channel


@pytest.fixture
async def lagging(database: Database, postgres: EmbeddedPostgres) -> AsyncIterator[Lagging]:
    clock, replica = HandClock(), Database(postgres, f"{database.name}_replica")
    await apply_shape(database, WALLET.tenant_id, "ruby")
    async with serving(database, clock) as channel:
        commands = WalletCommandsStub(channel)
        await commands.OpenWallet(commands_pb.OpenWalletRequest(request_id="o1", wallet=WALLET))
        await commands.ApproveDeposit(
            commands_pb.ApproveDepositRequest(
                request_id="d1",
                wallet=WALLET,
                deposit_id="d1",
                bucket="sports_normal",
                amount=eur(1_000),
            )
        )
        clock.advance(60)
        await commands.AuthorizeBet(bet("r1", 100, "b1"))
    await postgres.create_database(replica.name, database.name)
    async with serving(database, clock, replica.server_url) as channel:
        commands = WalletCommandsStub(channel)
        clock.advance(60)
        await commands.AuthorizeBet(bet("r2", 100, "b2"))
        clock.time = NOON + timedelta(hours=1)
        yield Lagging(WalletQueriesStub(channel), commands, clock)
    await replica.drop()


def moment(minutes: int) -> Timestamp:
    """Returns so many minutes past noon."""
    made = Timestamp()
    made.FromDatetime(NOON + timedelta(minutes=minutes))
    return made


async def test_what_was_is_told_with_what_the_replica_has_not_heard_of(lagging: Lagging) -> None:
    told = await lagging.reads.GetWallet(queries.GetWalletRequest(wallet=WALLET, at_time=moment(3)))
    explained = await lagging.reads.ExplainBalance(
        queries.ExplainBalanceRequest(wallet=WALLET, account=NORMAL, at_time=moment(3))
    )
    since = await lagging.reads.ExplainBalance(
        queries.ExplainBalanceRequest(wallet=WALLET, account=NORMAL, after_time=moment(3))
    )
    listed = await lagging.reads.ListEntries(
        queries.ListEntriesRequest(wallet=WALLET, end_time=moment(3))
    )

    assert (told.past.sequence, explained.sequence) == (4, 4)
    assert (explained.balance, since.opening_balance, since.parts) == (800, 800, [])
    assert [each.sequence for each in listed.entries] == [2, 3, 4]


async def test_what_the_replica_has_for_good_is_not_asked_of_the_database(
    lagging: Lagging, database: Database
) -> None:
    superuser = await database.connect_superuser()
    await superuser.execute("DELETE FROM entries")

    told = await lagging.reads.GetWallet(queries.GetWalletRequest(wallet=WALLET, at_time=moment(0)))
    latest = await lagging.reads.ListEntries(queries.ListEntriesRequest(wallet=WALLET))
    to_come = await lagging.reads.ListEntries(
        queries.ListEntriesRequest(wallet=WALLET, end_time=moment(61))
    )

    assert told.past.sequence == 2
    for listed in (latest, to_come):
        assert [each.sequence for each in listed.entries] == [2, 3]


async def test_a_wallet_of_which_the_replica_has_not_heard_is_told_as_it_was(
    lagging: Lagging,
) -> None:
    late = WalletRef(tenant_id=WALLET.tenant_id, player_id="late", currency_code="EUR")
    await lagging.commands.OpenWallet(commands_pb.OpenWalletRequest(request_id="o2", wallet=late))
    lagging.clock.advance(60)

    told = await lagging.reads.GetWallet(queries.GetWalletRequest(wallet=late, at_time=moment(60)))

    assert told.past.wallet == late
