"""What is answered from a replica that is behind, and what is not."""

from collections.abc import AsyncIterator

import grpc
import grpc.aio
import pytest

from tests.database import Database
from tests.rpc.bets import WALLET, eur
from tests.rpc.failures import failure_of
from tests.servers import apply_shape
from wallet.v1 import exports_pb2, wallet_commands_pb2
from wallet.v1 import wallet_queries_pb2 as queries
from wallet.v1.exports_pb2_grpc import ExportsStub
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.server import open_server
from wallet_server.settings import Settings


@pytest.fixture
async def channel(
    database: Database, postgres: EmbeddedPostgres, template: str
) -> AsyncIterator[grpc.aio.Channel]:
    """A server with a wallet, and a deposit in it, of which its replica has not heard."""
    replica = Database(postgres, f"{database.name}_replica")
    await postgres.create_database(replica.name, template)
    await apply_shape(database, WALLET.tenant_id, "ruby")
    await apply_shape(replica, WALLET.tenant_id, "ruby")
    settings = Settings.model_validate(
        {
            "listen_port": 0,
            "without_authentication": True,
            "due_work_enabled": False,
            "read_database_url": replica.server_url,
        }
    )
    async with (
        open_server(settings, database.server_url) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        commands = WalletCommandsStub(channel)
        await commands.OpenWallet(
            wallet_commands_pb2.OpenWalletRequest(request_id="o1", wallet=WALLET)
        )
        await commands.ApproveDeposit(
            wallet_commands_pb2.ApproveDepositRequest(
                request_id="d1",
                wallet=WALLET,
                deposit_id="d1",
                bucket="sports_normal",
                amount=eur(1_000),
            )
        )
        yield channel
    await replica.drop()


async def test_reads_of_wallets_come_from_it_and_say_when_it_is_behind(
    channel: grpc.aio.Channel,
) -> None:
    reads = WalletQueriesStub(channel)

    behind = await failure_of(
        reads.GetWallet(queries.GetWalletRequest(wallet=WALLET, minimum_sequence=2))
    )
    unknown = await failure_of(reads.GetWallet(queries.GetWalletRequest(wallet=WALLET)))

    assert (behind.code, behind.reason) == (
        grpc.StatusCode.UNAVAILABLE,
        "SEQUENCE_NOT_REACHED",
    )
    assert behind.metadata == {"minimum_sequence": "2", "sequence": "0"}
    assert unknown.reason == "WALLET_NOT_FOUND"


async def test_files_have_all_that_happened(channel: grpc.aio.Channel) -> None:
    request = exports_pb2.ExportRequest(
        tenant_id=WALLET.tenant_id,
        kind=exports_pb2.EXPORT_KIND_ENTRIES,
        format=exports_pb2.EXPORT_FORMAT_CSV,
    )

    *_, last = [part async for part in ExportsStub(channel).Export(request)]

    assert last.summary.entries_count == 1


async def test_what_became_of_a_command_is_told_though_it_has_not_heard_of_it(
    channel: grpc.aio.Channel,
) -> None:
    reads = WalletQueriesStub(channel)

    told = await reads.GetAnswer(queries.GetAnswerRequest(wallet=WALLET, request_id="d1"))
    unrecorded = await failure_of(
        reads.GetAnswer(queries.GetAnswerRequest(wallet=WALLET, request_id="d2"))
    )

    assert (told.answer.sequence, unrecorded.reason) == (2, "ANSWER_NOT_FOUND")
