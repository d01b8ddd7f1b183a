"""Which credentials and revocations count."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.database import Database
from wallet_server.core.access.credential import CredentialBook, CredentialKind, Grant
from wallet_server.execution.credentials import CredentialReader
from wallet_server.storage.engine import create_engine

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)

CREDENTIAL = """
    INSERT INTO credentials VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, 'ann', $9, $9, $10)
"""
REVOCATION = "INSERT INTO revocations VALUES (gen_random_uuid(), $1, $2, $3, $4)"


async def read(database: Database, *, token_days_max: int = 31) -> CredentialBook:
    engine = create_engine(database.server_url)
    try:
        seconds = token_days_max * DAY.total_seconds()
        return await CredentialReader(engine, lambda: NOW, token_seconds_max=seconds).read()
    finally:
        await engine.dispose()


async def add(database: Database, rows: Sequence[tuple[object, ...]]) -> None:
    connection = await database.connect()
    await connection.executemany(CREDENTIAL, rows)


async def revoke(database: Database, *rows: tuple[object, ...]) -> None:
    connection = await database.connect()
    await connection.executemany(REVOCATION, rows)


async def test_where_nothing_is_nothing_is_known(database: Database) -> None:
    assert await read(database) == CredentialBook({}, frozenset(), {})


async def test_active_credentials_count(database: Database) -> None:
    end = NOW + DAY
    await add(
        database,
        [
            ("c1", "CERTIFICATE", "CN=a", ["x", "y"], ["owner"], "", True, "ACTIVE", NOW, None),
            ("c2", "TOKEN_SUBJECT", "CN=a", ["*"], ["gateway"], "p1", False, "ACTIVE", NOW, end),
            ("c3", "TOKEN_SUBJECT", "b", ["x"], ["owner"], "", False, "REVOKED", NOW, None),
            ("c4", "TOKEN_SUBJECT", "b", ["x"], ["admin"], "", False, "ACTIVE", NOW, None),
        ],
    )

    book = await read(database)

    assert book.grants == {
        (CredentialKind.CERTIFICATE, "CN=a"): Grant(
            "c1", ("owner",), frozenset({"x", "y"}), may_vouch=True
        ),
        (CredentialKind.TOKEN_SUBJECT, "CN=a"): Grant(
            "c2", ("gateway",), frozenset({"*"}), "p1", expire_time=end
        ),
        (CredentialKind.TOKEN_SUBJECT, "b"): Grant("c4", ("admin",), frozenset({"x"})),
    }
    assert book.find(CredentialKind.CERTIFICATE, "b") is None


async def test_revocations_count_as_long_as_a_token_can_live(database: Database) -> None:
    await revoke(
        database,
        ("TOKEN_ID", "t1", NOW - 30 * DAY, NOW - 30 * DAY),
        ("TOKEN_ID", "t2", NOW - 32 * DAY, NOW - 32 * DAY),
        ("SUBJECT", "a", NOW - 2 * DAY, NOW - 2 * DAY),
        ("SUBJECT", "a", NOW - 5 * DAY, NOW - DAY),
        ("SUBJECT", "b", NOW - 40 * DAY, NOW - 40 * DAY),
        ("SUBJECT", "c", NOW, NOW - 40 * DAY),
    )

    book = await read(database)

    assert book.revoked_token_ids == {"t1"}
    assert book.revoked_subjects == {"a": NOW - 2 * DAY, "c": NOW}
    assert book.is_revoked("t1", "x", NOW)
    assert not book.is_revoked("t2", "x", NOW)
    assert not book.is_revoked("", "x", NOW)
    assert book.is_revoked("", "a", NOW - 3 * DAY)
    assert not book.is_revoked("", "a", NOW - 2 * DAY)
