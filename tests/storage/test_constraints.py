"""What the tables refuse, whoever writes: the invariants of the core a second time."""

from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import asyncpg
import pytest

from tests.database import Database
from tests.storage.rows import NOW, TABLES, Connection, insert
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role

I64_MAX = 2**63 - 1

UNSOUND_ENTRIES = [
    ("does not add up", [5, -6], [5, None]),
    ("adds up only if 64 bits overflow", [I64_MAX, I64_MAX, 2], [1, 1, None]),
    ("has one change", [0], [0]),
    ("has no change", [], []),
    ("has a change of zero", [5, -5, 0], [5, None, None]),
    ("has a change that is NULL", [5, -5, None], [5, None, None]),
    ("has fewer changes than accounts", [5], [5, None]),
    ("has fewer balances than accounts", [5, -5], [5]),
    ("overdraws a bucket", [-5, 5], [-1, None]),
    ("lacks the balance of a bucket", [5, -5], [None, None]),
    ("has a balance of the house", [5, -5], [5, 7]),
]


@pytest.fixture(scope="module")
async def shared_database(
    postgres: EmbeddedPostgres, template: str, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """A database for all tests here, whose owner has every right: only constraints resist."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, template)
    await database.let_owner_do_all()
    yield database
    await database.drop()


@pytest.fixture(scope="module")
async def connection(shared_database: Database) -> Connection:
    return await shared_database.connect(Role.OWNER)


@pytest.fixture
async def owner(connection: Connection) -> AsyncIterator[Connection]:
    """The owner's connection, in a transaction that comes to nothing."""
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()


@pytest.mark.parametrize(("problem", "changes", "balances_after"), UNSOUND_ENTRIES)
async def test_an_entry_is_refused_that(
    owner: Connection, problem: str, changes: list[int], balances_after: list[int]
) -> None:
    accounts = ["bkt:cash", *["H:CASH"] * (max(len(changes), len(balances_after)) - 1)]
    if problem.startswith("adds up"):
        accounts = ["bkt:cash", "bkt:bonus", "H:CASH"]

    with pytest.raises(asyncpg.CheckViolationError, match="entries_sound_check"):
        await insert(
            owner, "entries", accounts=accounts, changes=changes, balances_after=balances_after
        )


@pytest.mark.parametrize(
    ("accounts", "balances_after"),
    [
        (["DEBT:EUR", "H:CASH"], [1, None]),
        (["DEBT:EUR", "H:CASH"], [None, None]),
        (["open:cash", "H:CASH"], [-1, None]),
        (["DEBTOR", "H:CASH"], [-1, None]),
        (["house", "H:CASH"], [None, None]),
        ([None, "H:CASH"], [0, None]),
        ([["bkt:cash", "H:CASH"]], [0, None]),
    ],
)
async def test_an_entry_is_refused_if_a_balance_does_not_fit_its_account(
    owner: Connection, accounts: list[str], balances_after: list[int]
) -> None:

    with pytest.raises(asyncpg.CheckViolationError, match="entries_sound_check"):
        await insert(
            owner, "entries", accounts=accounts, changes=[5, -5], balances_after=balances_after
        )


@pytest.mark.parametrize(
    ("accounts", "changes", "balances_after"),
    [
        (["bkt:cash", "H:CASH"], [5, -5], [5, None]),
        (["bkt:cash", "H:CASH"], [-5, 5], [0, None]),
        (["bkt:cash", "DEBT:EUR", "H:ADJUST"], [-5, -5, 10], [0, -5, None]),
        (["H:CASH", "H:ADJUST"], [5, -5], [None, None]),
        (["bkt:a", "bkt:b"], [I64_MAX, -I64_MAX], [I64_MAX, 0]),
    ],
)
async def test_a_sound_entry_is_kept(
    owner: Connection, accounts: list[str], changes: list[int], balances_after: list[int]
) -> None:

    await insert(
        owner, "entries", accounts=accounts, changes=changes, balances_after=balances_after
    )


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("tenants", {"epoch": 0}, "epoch"),
        ("topologies", {"version": 0}, "version"),
        ("tenants", {"revision": 0}, "revision"),
        ("tenants", {"fence_expire_time": NOW}, "fence"),
        ("topologies", {"state": "NEW"}, "state"),
        ("topologies", {"revision": 0}, "revision"),
        ("policies", {"state": "SCHEDULED"}, "effective_time"),
        ("wallet_policies", {"state": "active"}, "state"),
        ("policies", {"version": -1}, "version"),
        ("provider_profiles", {"state": ""}, "state"),
        ("players", {"status": "HAPPY"}, "status"),
        ("players", {"revision": -1}, "revision"),
        ("wallets", {"sequence": 0}, "sequence"),
        ("wallets", {"balances": [100]}, "accounts"),
        ("wallets", {"balances": [100, -1]}, "balances"),
        ("wallets", {"balances": [100, None]}, "balances"),
        ("wallets", {"debts": [0]}, "debts"),
        ("wallets", {"debts": [1]}, "debts"),
        ("wallets", {"debts": [None]}, "debts"),
        ("wallets", {"debts": []}, "debt_assets"),
        ("wallet_items", {"kind": "PAYMENT"}, "kind"),
        ("wallet_items", {"sequence": 0}, "sequence"),
        ("wallet_items", {"revision": 0}, "revision"),
        ("bets", {"stake": -1}, "stake"),
        ("bets", {"sequence": 0}, "sequence"),
        ("bets", {"revision": 0}, "revision"),
        ("bets", {"state": "OPEN"}, "state"),
        ("answers", {"sequence": 0}, "sequence"),
        ("answers", {"outcome": None}, "outcome"),
        ("answers", {"refusal": "{}"}, "outcome"),
        ("entries", {"sequence": 0}, "sequence"),
        ("audit_records", {"outcome": "TRIED"}, "outcome"),
        ("audit_records", {"refusal": "{}"}, "refusal"),
        ("audit_records", {"outcome": "REFUSED"}, "refusal"),
        ("audit_records", {"shard": 7}, "wallet"),
        ("chain_blocks", {"number": 0}, "number"),
        ("bucket_statuses", {"status": "RETIRED"}, "status"),
        ("drains", {"state": "BEGUN"}, "state"),
        ("credentials", {"kind": "PASSWORD"}, "kind"),
        ("credentials", {"state": "DELETED"}, "state"),
        ("revocations", {"kind": "ALL"}, "kind"),
    ],
)
async def test_a_row_is_refused_with(
    owner: Connection, table: str, change: dict[str, object], constraint: str
) -> None:

    with pytest.raises(asyncpg.CheckViolationError, match=f'"{table}_{constraint}_check"'):
        await insert(owner, table, **change)


async def test_a_balance_that_is_there_cannot_be_made_negative(owner: Connection) -> None:
    await insert(owner, "wallets")

    with pytest.raises(asyncpg.CheckViolationError, match="wallets_balances_check"):
        await owner.execute("UPDATE wallets SET balances[2] = -1")


@pytest.mark.parametrize("table", TABLES)
async def test_every_key_is_unique(owner: Connection, table: str) -> None:
    await insert(owner, table)

    with pytest.raises(asyncpg.UniqueViolationError):
        await insert(owner, table)


@pytest.mark.parametrize(
    "table", ["topologies", "wallet_policies", "policies", "provider_profiles"]
)
async def test_one_version_is_active(owner: Connection, table: str) -> None:
    await insert(owner, table)
    await insert(owner, table, version=2, state="SUPERSEDED")

    with pytest.raises(asyncpg.UniqueViolationError, match=f"{table}_active_idx"):
        await insert(owner, table, version=3)


async def test_a_request_id_is_carried_out_once(owner: Connection) -> None:
    await insert(owner, "audit_records")
    refused = {"outcome": "REFUSED", "refusal": "{}"}
    await insert(owner, "audit_records", record_id=UUID(int=6), **refused)
    await insert(owner, "audit_records", record_id=UUID(int=7), request_id="")
    await insert(owner, "audit_records", record_id=UUID(int=8), tenant_id="other")

    with pytest.raises(asyncpg.UniqueViolationError, match="audit_records_request_idx"):
        await insert(owner, "audit_records", record_id=UUID(int=9))


async def test_a_bucket_has_one_drain_at_a_time(owner: Connection) -> None:
    await insert(owner, "drains")
    await insert(owner, "drains", drain_id="d2", state="DONE")

    with pytest.raises(asyncpg.UniqueViolationError, match="drains_open_idx"):
        await insert(owner, "drains", drain_id="d3", state="RUNNING")


async def test_a_subject_has_one_credential_in_force(owner: Connection) -> None:
    await insert(owner, "credentials")
    await insert(owner, "credentials", credential_id="c2", state="REVOKED")

    with pytest.raises(asyncpg.UniqueViolationError, match="credentials_subject_idx"):
        await insert(owner, "credentials", credential_id="c3")


async def test_every_unique_key_of_a_wallet_starts_with_where_it_lives(owner: Connection) -> None:

    keys = await owner.fetch(
        """
        SELECT tablename, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename = ANY ($1) AND indexdef LIKE '%UNIQUE%'
    """,
        ["wallets", "wallet_items", "bets", "answers", "entries"],
    )

    assert len(keys) == 5
    assert all("(shard, wallet_id" in key["indexdef"] for key in keys)
