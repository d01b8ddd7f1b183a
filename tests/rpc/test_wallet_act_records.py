"""What is on record of acts on wallets: from where they came, and the refusals no wallet keeps."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import grpc.aio

from tests.callers import bearing, token_for
from tests.database import Database
from tests.rpc.batches import batch_of, told
from tests.rpc.bets import eur
from tests.rpc.failures import failure_of
from tests.rpc.tenancy import AUDITOR, Desk
from tests.servers import apply_shape
from wallet.v1 import audit_pb2 as audit
from wallet.v1 import tenant_admin_pb2, tenant_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.player_pb2 import LIMIT_KIND_LOSS
from wallet.v1.tenant_admin_pb2_grpc import TenantAdminStub
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.server import open_server
from wallet_server.settings import Settings

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

WALLET = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")
NOBODYS = WalletRef(tenant_id="demo", player_id="p9", currency_code="EUR")
BEA = token_for("admin", "game_service", subject="bea")
PLAY = token_for("game_service", subject="game")
AS_ANN = (("x-actor", "ann"),)


def adjustment(request_id: str, wallet: WalletRef = WALLET) -> pb.AdjustBalanceRequest:
    return pb.AdjustBalanceRequest(
        request_id=request_id,
        wallet=wallet,
        bucket="withdrawable",
        amount=eur(5),
        reason_code="GOODWILL",
        comment="they waited",
    )


def opening(wallet: WalletRef = WALLET) -> pb.OpenWalletRequest:
    return pb.OpenWalletRequest(request_id="o1", wallet=wallet)


@asynccontextmanager
async def connected(desk: Desk) -> "AsyncGenerator[WalletCommandsAsyncStub]":
    """Calls through a connection of their own, and so from an address of their own."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    address = f"127.0.0.1:{desk.server.port}"
    async with grpc.aio.insecure_channel(address, options=options) as channel:
        yield WalletCommandsStub(channel)


async def sealed(desk: Desk) -> dict[str, Any]:
    """Returns the records of acts that wallets have answered, by their request ids."""
    await desk.server.sealing.catch_up()
    kind = audit.AUDIT_RESOURCE_KIND_WALLET
    records = await desk.records(AUDITOR, tenant_id="demo", resource_kind=kind)
    return {each.request_id: each for each in records}


async def refused_calls(desk: Desk, **filters: Any) -> list[Any]:
    """Returns the records of what was refused, once all are written."""
    await desk.server.audit_log.finish()
    outcome = audit.AUDIT_OUTCOME_REFUSED
    return await desk.records(tenant_id="demo", outcome=outcome, **filters)


async def test_acts_on_wallets_say_from_where_they_came(desk: Desk) -> None:
    async with connected(desk) as here, connected(desk) as there:
        await here.OpenWallet(opening(), metadata=bearing(BEA))
        await here.AdjustBalance(adjustment("a1"), metadata=bearing(BEA))
        batch = batch_of(adjustment("a2"), adjustment("a3"))
        assert told(await there.ExecuteBatch(batch, metadata=bearing(BEA))) == ["APPLIED"] * 2

    records = await sealed(desk)

    alone, first, second = (records[name] for name in ("a1", "a2", "a3"))
    assert {each.actor for each in records.values()} == {"bea"}
    (credential_id,) = {each.credential_id for each in records.values()}
    assert credential_id
    assert alone.peer.startswith("ipv4:127.0.0.1:")
    assert first.peer.startswith("ipv4:127.0.0.1:")
    assert first.peer == second.peer != alone.peer


async def test_the_same_act_may_be_sent_again_from_elsewhere(desk: Desk) -> None:
    async with connected(desk) as here, connected(desk) as there:
        await here.OpenWallet(opening(), metadata=bearing(BEA))
        first = await here.AdjustBalance(adjustment("a1"), metadata=bearing(BEA))
        renewed = token_for("admin", "game_service", subject="bea")
        again = await there.AdjustBalance(adjustment("a1"), metadata=bearing(renewed))

    assert (first.replayed, again.replayed) == (False, True)
    assert again.entries == first.entries
    assert list(await sealed(desk)) == ["a1"]


async def test_what_no_wallet_answers_is_on_record_as_refused(desk: Desk) -> None:
    commands: WalletCommandsAsyncStub = WalletCommandsStub(desk.channel)
    absent = await failure_of(
        commands.AdjustBalance(adjustment("a1", NOBODYS), metadata=bearing(BEA))
    )
    unvouched = (*bearing(BEA), *AS_ANN)
    disbelieved = await failure_of(commands.AdjustBalance(adjustment("a2"), metadata=unvouched))
    batch = batch_of(adjustment("a3", NOBODYS), opening(), adjustment("a4"))
    results = told(await commands.ExecuteBatch(batch, metadata=unvouched))

    records = await refused_calls(desk)

    expected = ["WALLET_NOT_FOUND", *["ACTOR_NOT_ACCEPTED"] * 3]
    assert [absent.reason, disbelieved.reason] == expected[:2]
    assert results == ["ACTOR_NOT_ACCEPTED", "APPLIED", "ACTOR_NOT_ACCEPTED"]
    assert [each.refusal_reason for each in records] == expected
    assert [each.request_id for each in records] == ["a1", "a2", "a3", "a4"]
    assert {each.method for each in records} == {"WalletCommands.AdjustBalance"}
    assert {each.resource.kind for each in records} == {audit.AUDIT_RESOURCE_KIND_WALLET}
    assert [each.resource.resource_id for each in records[:2]] == ["demo/p9/EUR", "demo/p1/EUR"]
    assert {(each.actor, each.reason) for each in records} == {("bea", "GOODWILL: they waited")}
    assert all(each.credential_id and each.peer for each in records)


async def test_what_a_wallet_answers_is_on_record_once(desk: Desk) -> None:
    async with connected(desk) as commands:
        await commands.OpenWallet(opening(), metadata=bearing(BEA))
        too_much = adjustment("a1")
        too_much.amount.minor_units = -9
        refused = await failure_of(commands.AdjustBalance(too_much, metadata=bearing(BEA)))
        again = await failure_of(commands.AdjustBalance(too_much, metadata=bearing(BEA)))

    await desk.server.sealing.catch_up()

    (record,) = await refused_calls(desk)
    assert record.refusal_reason == refused.reason == again.reason == "INSUFFICIENT_FUNDS"
    assert record.resource.revision == 2


async def test_who_may_not_decide_on_a_wallet_is_on_record(desk: Desk) -> None:
    commands: WalletCommandsAsyncStub = WalletCommandsStub(desk.channel)
    asked = pb.SetLimitRequest(request_id="l1", wallet=WALLET, kind=LIMIT_KIND_LOSS)
    await failure_of(commands.SetLimit(asked, metadata=bearing(PLAY)))
    batch = batch_of(asked)
    assert told(await commands.ExecuteBatch(batch, metadata=bearing(PLAY))) == [
        "PERMISSION_MISSING"
    ]

    records = await refused_calls(desk, resource_kind=audit.AUDIT_RESOURCE_KIND_CALL)

    assert [(each.actor, each.refusal_reason) for each in records] == [
        ("game", "PERMISSION_MISSING")
    ] * 2
    assert {each.method for each in records} == {"WalletCommands.SetLimit"}


async def test_everyday_refusals_are_not_on_record(desk: Desk) -> None:
    async with connected(desk) as commands:
        deposit = pb.ApproveDepositRequest(
            request_id="d1", wallet=NOBODYS, deposit_id="d1", bucket="withdrawable", amount=eur(5)
        )
        cashier = bearing(token_for("cashier"))
        refused = await failure_of(commands.ApproveDeposit(deposit, metadata=cashier))

    assert refused.reason == "WALLET_NOT_FOUND"
    assert await refused_calls(desk) == []


async def test_an_administrative_act_by_nobody_who_is_believed_is_on_record(desk: Desk) -> None:
    request = tenant_admin_pb2.UpdateTenantRequest(
        request_id="u1",
        tenant_id="demo",
        etag="1",
        settings=tenant_pb2.TenantSettings(display_name="x"),
    )
    stub, metadata = TenantAdminStub(desk.channel), (*bearing(BEA), *AS_ANN)
    refused = await failure_of(stub.UpdateTenant(request, metadata=metadata))
    request.validate_only = True
    await failure_of(stub.UpdateTenant(request, metadata=metadata))

    (record,) = await refused_calls(desk)
    assert record.refusal_reason == refused.reason == "ACTOR_NOT_ACCEPTED"
    assert (record.actor, record.method) == ("bea", "TenantAdmin.UpdateTenant")


async def test_an_act_of_nobody_is_on_record(database: Database) -> None:
    """A server that authenticates nobody knows only those whom a call names."""
    await apply_shape(database, "demo", "ruby")
    settings = Settings(listen_port=0, due_work_enabled=False)
    async with (
        open_server(settings, database.server_url, believes_metadata=True) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        commands: WalletCommandsAsyncStub = WalletCommandsStub(channel)
        await commands.OpenWallet(opening())
        approval = pb.ApproveWithdrawalRequest(request_id="w1", wallet=WALLET, withdrawal_id="w1")
        refused = await failure_of(commands.ApproveWithdrawal(approval))
        await server.audit_log.finish()

    connection = await database.connect()
    (row,) = await connection.fetch(
        "SELECT actor, method, resource_id, refusal ->> 'reason' AS reason FROM audit_records"
        " WHERE outcome = 'REFUSED'"
    )
    assert refused.reason == "ACTOR_REQUIRED"
    assert tuple(row) == ("", "WalletCommands.ApproveWithdrawal", "demo/p1/EUR", "ACTOR_REQUIRED")
