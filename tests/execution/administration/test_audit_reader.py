"""Pages of audit records: newest first, each once, and only what was asked for."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.database import Database
from tests.execution.administration.audit_values import NOON, numbers, record, store_all
from wallet_server.core.administration.audit_filter import AuditFilter
from wallet_server.core.administration.audit_record import AuditOutcome, Resource, ResourceKind
from wallet_server.core.administration.chain_head import ChainHead
from wallet_server.core.refusals import TenantNotFound
from wallet_server.core.refusals.tenancy import ChainHeadNotFound
from wallet_server.embedded.roles import Role
from wallet_server.execution.administration.audit_reader import AuditReader
from wallet_server.execution.errors import RefusedError, StorageUnavailableError
from wallet_server.storage import audit_pages
from wallet_server.storage.engine import create_engine

DEMO = AuditFilter("demo")
POLICY = Resource(ResourceKind.POLICY, "SPORTS/4", 2)


@pytest.fixture
def reader(engine: AsyncEngine) -> AuditReader:
    return AuditReader(engine)


async def pages(reader: AuditReader, wanted: AuditFilter, size: int) -> list[int]:
    """Returns the numbers of all records, read page by page."""
    found: list[int] = []
    before = None
    while True:
        page = await reader.records(wanted, before=before, limit=size)
        found += numbers(page)
        if len(page) < size:
            return found
        before = (page[-1].record_time, page[-1].record_id)


async def test_records_come_newest_first_and_in_full(
    reader: AuditReader, engine: AsyncEngine
) -> None:
    ours = [record(1), record(2, minutes=2), record(3, minutes=1)]
    await store_all(engine, *ours, record(4, tenant_id="other"))

    assert await reader.records(DEMO, before=None, limit=9) == [ours[1], ours[2], ours[0]]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8])
async def test_records_of_one_time_are_each_on_one_page(
    reader: AuditReader, engine: AsyncEngine, size: int
) -> None:
    """Seven at noon, whose ids alone tell them apart, between one before and one after."""
    await add_tenant(engine, "demo")
    at_noon = [record(number) for number in (5, 3, 9, 1, 7, 2, 8)]
    await store_all(engine, record(4, minutes=-1), *at_noon, record(6, minutes=1))

    assert await pages(reader, DEMO, size) == [6, 9, 8, 7, 5, 3, 2, 1, 4]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (AuditFilter("demo", actor="bob"), [2]),
        (AuditFilter("demo", method="PolicyAdmin.ApprovePolicy"), [3]),
        (AuditFilter("demo", resource_kind=ResourceKind.POLICY), [4, 3]),
        (AuditFilter("demo", resource_id="SPORTS/4"), [3]),
        (AuditFilter("demo", outcome=AuditOutcome.REFUSED), [4]),
        (AuditFilter("demo", outcome=AuditOutcome.APPLIED), [3, 2, 1]),
        (AuditFilter("demo", correlation_id="k1"), [3, 1]),
        (AuditFilter("demo", start_time=NOON + timedelta(minutes=1)), [4, 3, 2]),
        (AuditFilter("demo", end_time=NOON + timedelta(minutes=1)), [1]),
        (AuditFilter("demo", actor="ada", correlation_id="k1", method="x"), []),
        (AuditFilter("other"), [5]),
        (AuditFilter(""), [6]),
    ],
)
async def test_only_what_passes_all_filters_is_listed(
    reader: AuditReader, engine: AsyncEngine, wanted: AuditFilter, expected: list[int]
) -> None:
    casino = Resource(ResourceKind.POLICY, "CASINO/1")
    approve = "PolicyAdmin.ApprovePolicy"
    await add_tenant(engine, "demo")
    await store_all(
        engine,
        record(1, correlation_id="k1"),
        record(2, minutes=1, actor="bob"),
        record(3, minutes=2, method=approve, resource=POLICY, correlation_id="k1"),
        record(4, minutes=3, resource=casino, outcome=AuditOutcome.REFUSED),
        record(5, tenant_id="other"),
        record(6, tenant_id=""),
    )

    assert await pages(reader, wanted, 2) == expected


async def add_tenant(engine: AsyncEngine, tenant_id: str) -> None:
    """Makes a tenant."""
    async with engine.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO tenants (tenant_id, epoch, create_time) VALUES ($1, 1, now())",
            (tenant_id,),
        )


async def test_a_tenant_without_records_has_none_and_an_unknown_one_is_refused(
    reader: AuditReader, engine: AsyncEngine
) -> None:
    await add_tenant(engine, "demo")

    assert await reader.records(DEMO, before=None, limit=9) == []
    assert await reader.records(AuditFilter(""), before=None, limit=9) == []
    with pytest.raises(RefusedError) as refused:
        await reader.records(AuditFilter("nobody"), before=None, limit=9)
    assert refused.value.refusal == TenantNotFound("nobody")


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (DEMO, "time"),
        (AuditFilter("demo", start_time=NOON, end_time=NOON + timedelta(days=1)), "time"),
        (AuditFilter("demo", actor="ada"), "actor"),
        (AuditFilter("demo", correlation_id="k1"), "correlation"),
        (AuditFilter("demo", resource_kind=POLICY.kind, resource_id="SPORTS/4"), "resource"),
    ],
)
async def test_a_page_is_read_backwards_from_an_index(
    engine: AsyncEngine, wanted: AuditFilter, index: str
) -> None:
    """Whatever the statistics say: nothing is sorted, and no more is read than is asked for."""
    query = audit_pages.page_query(wanted, (NOON, UUID(int=5)), 9)
    async with engine.connect() as connection:
        for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
            await connection.exec_driver_sql(f"SET LOCAL {setting} = off")
        compiled = query.compile(engine, compile_kwargs={"literal_binds": True})
        rows = await connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {compiled}")
        plan = [row[0] for row in rows]

    assert f"Index Scan Backward using audit_records_{index}_idx on audit_records" in plan[1]


async def test_the_head_is_the_last_block_of_its_chain(
    reader: AuditReader, database: Database
) -> None:
    connection = await database.connect(Role.SERVER)
    for chain, number in ((0, 1), (0, 2), (1, 3)):
        await connection.execute(
            "INSERT INTO chain_blocks VALUES ($1, $2, $3, 5, 1, 'c', 'ch', 'p', $4, 'k', 's')",
            *(chain, number, NOON, b"block %d" % number),
        )

    assert await reader.chain_head(0) == ChainHead(
        chain=0,
        number=2,
        seal_time=NOON,
        block_hash=b"block 2",
        previous_hash=b"p",
        contents_hash=b"ch",
        key_id="k",
        signature=b"s",
    )


async def test_a_chain_without_blocks_has_no_head(reader: AuditReader) -> None:
    with pytest.raises(RefusedError) as refused:
        await reader.chain_head(0)

    assert refused.value.refusal == ChainHeadNotFound(0)


async def test_a_database_that_is_away_is_a_fault() -> None:
    engine = create_engine("postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(StorageUnavailableError):
        await AuditReader(engine).records(DEMO, before=None, limit=1)

    await engine.dispose()
