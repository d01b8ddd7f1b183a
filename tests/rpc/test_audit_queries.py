"""Audit records over a real socket: of acts, of refused ones, and of calls that were not let in."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from tests.callers import bearing, token_for
from tests.execution.administration.audit_values import NOON, record, store_all
from tests.rpc.bets import eur
from tests.rpc.tenancy import ADMIN, AUDITOR, EVERY_AUDITOR, OWNER, SUPPORT, Desk
from wallet.v1 import audit_pb2 as pb
from wallet.v1 import tenant_pb2
from wallet.v1 import wallet_commands_pb2 as commands_pb2
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.embedded.roles import Role
from wallet_server.storage.engine import create_engine

REFUSED, APPLIED = pb.AUDIT_OUTCOME_REFUSED, pb.AUDIT_OUTCOME_APPLIED
CALL = pb.AUDIT_RESOURCE_KIND_CALL
SETTINGS = tenant_pb2.TenantSettings(display_name="x")


async def written(desk: Desk) -> None:
    """Waits until all refused calls are on record."""
    await desk.server.audit_log.finish()


async def test_a_refused_act_is_on_record(desk: Desk) -> None:
    await desk.refused("UpdateTenant", ADMIN, tenant_id="demo", etag="9", settings=SETTINGS)

    (found,) = await desk.records(AUDITOR, tenant_id="demo", outcome=REFUSED)

    assert (found.actor, found.method) == ("ada", "TenantAdmin.UpdateTenant")
    assert found.refusal_reason == "ETAG_MISMATCH"
    assert found.refusal_json == ('{"details":{"current":"1","etag":"9","resource":"tenant demo"}}')
    assert (found.before_json, found.after_json) == ("", "")
    assert found.resource.kind == pb.AUDIT_RESOURCE_KIND_TENANT
    assert found.resource.resource_id == "demo"


async def test_calls_that_were_not_let_in_are_on_record_where_their_callers_belong(
    desk: Desk,
) -> None:
    update: dict[str, Any] = {"etag": "1", "settings": SETTINGS}
    await desk.refused("UpdateTenant", SUPPORT, tenant_id="demo", **update, reason="Why not?")
    await desk.refused("UpdateTenant", ADMIN, tenant_id="other", **update)
    await desk.refused("ListAuditRecords", ADMIN, tenant_id="demo")
    await written(desk)

    ours = await desk.records(AUDITOR, tenant_id="demo", resource_kind=CALL)
    assert [(each.actor, each.method, each.refusal_reason) for each in ours] == [
        ("sue", "TenantAdmin.UpdateTenant", "PERMISSION_MISSING"),
        ("ada", "AuditQueries.ListAuditRecords", "PERMISSION_MISSING"),
    ]
    assert (ours[0].reason, ours[0].request_id) == ("Why not?", "r1")
    assert await desk.records(tenant_id="other", resource_kind=CALL) == []
    (foreign,) = await desk.records(tenant_id="", resource_kind=CALL)
    assert (foreign.actor, foreign.refusal_reason) == ("ada", "TENANT_NOT_ALLOWED")
    assert [each.resource.resource_id for each in (*ours, foreign)] == ["", "", "other"]


async def test_what_no_tenant_could_be_called_keeps_no_call_from_the_record(desk: Desk) -> None:
    """What was not let in was not looked at, and may say anything."""
    for name in ("\0", "x" * 5_000):
        await desk.refused("UpdateTenant", ADMIN, tenant_id=name, etag="1", settings=SETTINGS)
    await written(desk)

    found = await desk.records(tenant_id="", resource_kind=CALL)

    assert [each.resource.resource_id for each in found] == ["\ufffd", "x" * 512]


async def test_calls_by_nobody_who_is_known_are_on_record_unread(desk: Desk) -> None:
    update: dict[str, Any] = {"tenant_id": "demo", "etag": "1", "settings": SETTINGS}
    await desk.refused("UpdateTenant", "", **update)
    await desk.refused("UpdateTenant", "no.to.ken", **update)
    await desk.refused("GetTenant", "", tenant_id="demo")
    await written(desk)

    found = await desk.records(tenant_id="", resource_kind=CALL)
    assert [(each.method, each.refusal_reason) for each in found] == [
        ("TenantAdmin.UpdateTenant", "CREDENTIALS_MISSING"),
        ("TenantAdmin.UpdateTenant", "CREDENTIALS_INVALID"),
    ]
    assert {(each.actor, each.request_id, each.tenant_id) for each in found} == {("", "", "")}
    assert all(each.peer.startswith("ipv4:127.0.0.1:") for each in found)


async def test_reads_that_were_refused_are_no_acts(desk: Desk) -> None:
    await desk.refused("GetTenant", SUPPORT, tenant_id="other")
    await written(desk)

    assert await desk.records(tenant_id="", resource_kind=CALL) == []


async def test_pages_are_complete_though_all_records_have_one_time(desk: Desk) -> None:
    engine = create_engine(desk.database_url)
    await store_all(engine, *(record(number, correlation_id="k1") for number in range(1, 8)))
    await engine.dispose()

    found: list[int] = []
    token = ""
    while True:
        page = await desk.ask(
            "ListAuditRecords",
            AUDITOR,
            tenant_id="demo",
            correlation_id="k1",
            page_size=3,
            page_token=token,
        )
        found += [UUID(each.record_id).int for each in page.records]
        token = page.next_page_token
        if not token:
            break

    assert found == [7, 6, 5, 4, 3, 2, 1]


async def test_a_page_of_large_records_is_one_that_clients_take(desk: Desk) -> None:
    """Clients take messages of 4 MiB, unless they are told otherwise."""
    engine, numbers = create_engine(desk.database_url), range(1, 31)
    large = {"source": "x" * 400_000}
    records = [replace(record(number, correlation_id="k1"), after=large) for number in numbers]
    await store_all(engine, *records)
    await engine.dispose()

    pages: list[list[int]] = []
    token = ""
    while token or not pages:
        page = await desk.ask(
            "ListAuditRecords", AUDITOR, tenant_id="demo", correlation_id="k1", page_token=token
        )
        pages.append([UUID(each.record_id).int for each in page.records])
        token = page.next_page_token

    assert [number for page in pages for number in page] == sorted(numbers, reverse=True)
    assert {len(page) for page in pages[:-1]} == {3}


async def test_filters_hold_over_the_wire(desk: Desk) -> None:
    engine = create_engine(desk.database_url)
    await store_all(engine, record(1), record(2, minutes=1), record(3, minutes=2, actor="bob"))
    await engine.dispose()
    noon = int(NOON.timestamp())

    async def found(**filters: object) -> list[int]:
        listed = await desk.records(
            AUDITOR, tenant_id="demo", end_time={"seconds": noon + 600}, **filters
        )
        return [UUID(each.record_id).int for each in listed]

    assert await found(start_time={"seconds": noon}) == [1, 2, 3]
    assert await found(start_time={"seconds": noon, "nanos": 1_000}) == [2, 3]
    assert await found(start_time={"seconds": noon}, actor="bob") == [3]
    assert await found(resource_id="1", resource_kind=pb.AUDIT_RESOURCE_KIND_TOPOLOGY) == [1, 2, 3]
    assert await found(method="TopologyAdmin.CreateTopology", outcome=APPLIED) == [1, 2, 3]
    assert await found(outcome=REFUSED) == []


async def test_who_may_see_whose_records(desk: Desk) -> None:
    listing = "ListAuditRecords"

    assert await desk.reason(listing, AUDITOR, tenant_id="other") == "TENANT_NOT_ALLOWED"
    assert await desk.reason(listing, AUDITOR, tenant_id="") == "TENANT_NOT_ALLOWED"
    assert await desk.reason(listing, SUPPORT, tenant_id="demo") == "PERMISSION_MISSING"
    assert await desk.reason(listing, EVERY_AUDITOR, tenant_id="nobody") == "TENANT_NOT_FOUND"
    assert await desk.records(EVERY_AUDITOR, tenant_id="", outcome=APPLIED) == []
    token = "bm8tdG9rZW4="
    bad = await desk.reason(listing, AUDITOR, tenant_id="demo", page_token=token)
    assert bad == "PAGE_TOKEN_INVALID"


async def test_what_a_person_does_to_a_wallet_is_on_record_once_it_is_sealed(desk: Desk) -> None:
    wallet = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")
    commands = WalletCommandsStub(desk.channel)
    adjuster = token_for("admin", "game_service", subject="bea")
    opening = commands_pb2.OpenWalletRequest(request_id="o1", wallet=wallet)
    await commands.OpenWallet(opening, metadata=bearing(adjuster))
    adjustment = commands_pb2.AdjustBalanceRequest(
        request_id="a1",
        wallet=wallet,
        bucket="withdrawable",
        amount=eur(5),
        reason_code="GOODWILL",
        correlation_id="k9",
    )
    await commands.AdjustBalance(adjustment, metadata=bearing(adjuster))

    await desk.server.sealing.catch_up()

    (found,) = await desk.records(AUDITOR, tenant_id="demo", correlation_id="k9")
    assert (found.actor, found.method) == ("bea", "WalletCommands.AdjustBalance")
    assert (found.outcome, found.request_id) == (APPLIED, "a1")
    assert found.resource.kind == pb.AUDIT_RESOURCE_KIND_WALLET
    assert found.resource.resource_id == "demo/p1/EUR"


async def test_the_head_of_the_chain_is_told(desk: Desk) -> None:
    none = await desk.refused("GetChainHead", AUDITOR, chain=5)
    assert (none.code, none.reason) == (grpc.StatusCode.NOT_FOUND, "CHAIN_HEAD_NOT_FOUND")

    connection = await desk.database.connect(Role.SERVER)
    await connection.execute(
        "INSERT INTO chain_blocks VALUES (5, 9, $1, 2, 1, 'c', 'ch', 'p', 'b', 'k', 's')", NOON
    )

    head = (await desk.ask("GetChainHead", AUDITOR, chain=5)).head
    assert head == pb.ChainHead(
        chain=5,
        number=9,
        seal_time=Timestamp(seconds=int(NOON.timestamp())),
        block_hash=b"b",
        previous_hash=b"p",
        contents_hash=b"ch",
        key_id="k",
        signature=b"s",
    )
    assert await desk.reason("GetChainHead", SUPPORT) == "PERMISSION_MISSING"
    assert (await desk.refused("GetChainHead", "")).code is grpc.StatusCode.UNAUTHENTICATED
    assert await desk.reason("GetChainHead", OWNER, chain=4) == "CHAIN_HEAD_NOT_FOUND"
