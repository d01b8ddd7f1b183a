"""Events get positions: all of them, once, and each wallet's in their order."""

import asyncio
import json

import asyncpg
import pytest

from tests.database import Connection, Database
from tests.events import NOON, Outbox, find_disorder, told
from tests.execution.ledger import wait_until
from wallet_server.core.ids import WalletRef, locate
from wallet_server.storage.sequencing import (
    Backlog,
    Taken,
    find_backlog,
    take_rows,
)

ANN, BEN, CAT = (WalletRef("demo", player_id, "EUR") for player_id in ("ann", "ben", "cat"))
ELSE = WalletRef("else", "ann", "EUR")
LEASE, HOLDER = "sequencing", "somebody"


@pytest.fixture
async def connection(database: Database) -> Connection:
    connection = await database.connect()
    await hand_lease(connection, HOLDER)
    return connection


@pytest.fixture
async def outbox(database: Database) -> Outbox:
    return Outbox(await database.connect())


async def hand_lease(connection: Connection, holder: str, lease: str = LEASE) -> None:
    await connection.execute(
        "INSERT INTO leases VALUES ($1, $2, now()) ON CONFLICT (lease_name) DO UPDATE"
        " SET holder = excluded.holder",
        *(lease, holder),
    )


async def take(
    connection: Connection, rows_max: int = 100, holder: str = HOLDER, lease: str = LEASE
) -> Taken | None:
    return await take_rows(connection, lease_name=lease, holder=holder, rows_max=rows_max)


async def test_an_event_keeps_all_that_the_outbox_says_of_it(
    connection: Connection, outbox: Outbox
) -> None:
    await outbox.add(ANN, seconds=1, event_type="WALLET_OPENED")

    assert await take(connection) == Taken(rows_count=1, events_count=1)

    row = dict(await connection.fetchrow("SELECT * FROM events") or {})
    position_time = row.pop("position_time")
    document = json.loads(row.pop("document"))
    shard, wallet_id = locate(ANN)
    assert row == {
        "tenant_id": "demo",
        "position": 1,
        "shard": shard,
        "wallet_id": wallet_id,
        "player_id": "ann",
        "currency_code": "EUR",
        "sequence": 1,
        "wallet_sequence": 1,
        "is_first": True,
        "type": "WALLET_OPENED",
        "event_time": NOON.replace(second=1),
        "command": "Command",
        "request_id": "r1",
        "correlation_id": "flow",
    }
    assert document == {"number": 1, "note": 'said "é"'}
    assert await connection.fetchval("SELECT update_time FROM event_heads") == position_time
    assert await take(connection) == Taken(rows_count=0, events_count=0)


async def test_positions_are_dense_for_each_tenant(connection: Connection, outbox: Outbox) -> None:
    await outbox.add(ANN, ELSE, BEN, seconds=1)
    await outbox.add(ELSE, ANN, seconds=2)
    await take(connection)
    await outbox.add(CAT, ELSE, seconds=3)
    await take(connection)

    assert await told(connection) == [("ann", 1), ("ben", 1), ("ann", 2), ("cat", 1)]
    assert await told(connection, "else") == [("ann", 1), ("ann", 2), ("ann", 3)]
    assert await find_disorder(connection) == []


async def test_acts_stand_among_the_events_of_their_tenant(
    connection: Connection, outbox: Outbox
) -> None:
    await outbox.add("demo", seconds=1)
    await outbox.add(ANN, seconds=2)
    await outbox.add("demo", seconds=3)
    await outbox.add("else", seconds=4)

    assert await take(connection, rows_max=2) == Taken(rows_count=2, events_count=2)
    await take(connection)

    assert await told(connection) == [("", 1), ("ann", 1), ("", 2)]
    assert await told(connection, "else") == [("", 1)]
    assert await find_disorder(connection) == []


@pytest.mark.parametrize("rows_max", [1, 2, 3, 7])
async def test_a_backlog_is_taken_from_its_oldest_row_on(
    connection: Connection, outbox: Outbox, rows_max: int
) -> None:
    for number in range(20):
        await outbox.add(*(ANN, BEN, CAT, ELSE)[number % 3 : number % 3 + 2], seconds=number)

    counts: list[int] = []
    while taken := await take(connection, rows_max):
        if not taken.rows_count:
            break
        counts.append(taken.rows_count)
        assert await find_disorder(connection) == []

    assert sum(counts) == 20
    assert all(count == rows_max for count in counts[:-1])


async def test_what_commits_late_comes_after_what_was_told_before(
    database: Database, connection: Connection
) -> None:
    slow, fast = await database.connect(), await database.connect()
    late = slow.transaction()
    await late.start()
    await Outbox(slow).add(ANN, seconds=1)
    await Outbox(fast).add(BEN, seconds=2)

    assert await take(connection) == Taken(rows_count=1, events_count=1)
    await late.commit()
    assert await take(connection) == Taken(rows_count=1, events_count=1)

    assert await told(connection) == [("ben", 1), ("ann", 1)]
    assert await find_disorder(connection) == []


async def test_nothing_is_taken_without_the_lease(connection: Connection, outbox: Outbox) -> None:
    await outbox.add(ANN)
    await hand_lease(connection, "another")

    assert await take(connection) is None
    assert await told(connection) == []
    assert await take(connection, holder="another") == Taken(rows_count=1, events_count=1)


async def test_who_takes_waits_for_whoever_is_at_it_and_goes_on_from_there(
    database: Database, connection: Connection, outbox: Outbox
) -> None:
    await outbox.add(ANN, seconds=1)
    first = connection.transaction()
    await first.start()
    await take(connection)

    second = asyncio.create_task(take(await database.connect()))
    await wait_for_blocked(database)
    await outbox.add(ANN, seconds=2)
    await first.commit()

    assert await second == Taken(rows_count=0, events_count=0)
    assert await take(connection) == Taken(rows_count=1, events_count=1)
    assert await told(connection) == [("ann", 1), ("ann", 2)]
    assert await find_disorder(connection) == []


@pytest.mark.parametrize("commits", [True, False], ids=["commits", "rolls back"])
async def test_even_two_at_once_give_no_position_twice(
    database: Database, connection: Connection, outbox: Outbox, *, commits: bool
) -> None:
    """As if the lease were no lock at all: each has one of its own."""
    await hand_lease(connection, HOLDER, "of another")
    await outbox.add(ANN, BEN, seconds=1)
    first = connection.transaction()
    await first.start()
    await take(connection)
    await outbox.add(ANN, CAT, seconds=2)
    other = await database.connect()

    second = asyncio.create_task(take(other, lease="of another"))
    await wait_for_blocked(database)
    await (first.commit() if commits else first.rollback())
    await second
    await take(connection)

    assert len(await told(connection)) == 4
    assert await find_disorder(connection) == []


async def test_whoever_is_cut_off_before_the_commit_has_taken_nothing(
    database: Database, connection: Connection, outbox: Outbox
) -> None:
    await outbox.add(ANN, BEN, seconds=1)
    dying = await database.connect()
    await dying.execute("BEGIN")
    assert await take(dying) == Taken(rows_count=1, events_count=2)
    superuser = await database.connect_superuser()
    await superuser.execute("SELECT pg_terminate_backend($1)", dying.get_server_pid())
    await outbox.add(ANN, seconds=2)

    assert await take(connection) == Taken(rows_count=2, events_count=3)
    assert await told(connection) == [("ann", 1), ("ben", 1), ("ann", 2)]
    assert await find_disorder(connection) == []


async def test_times_of_positions_do_not_fall_with_the_clock(
    database: Database, connection: Connection, outbox: Outbox
) -> None:
    await outbox.add(ANN)
    await take(connection)
    superuser = await database.connect_superuser()
    await superuser.execute("UPDATE events SET position_time = position_time + interval '1 hour'")
    await superuser.execute("UPDATE event_heads SET update_time = update_time + interval '1 hour'")
    await outbox.add(ANN, seconds=1)

    await take(connection)

    assert await find_disorder(connection) == []


async def test_an_event_that_cannot_be_read_is_not_passed_over(
    connection: Connection, outbox: Outbox
) -> None:
    await outbox.add(ANN, seconds=1)
    await connection.execute(
        "INSERT INTO outbox SELECT shard, gen_random_uuid(), create_time - interval '1s', '[[1]]',"
        " documents FROM outbox"
    )

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await take(connection)

    assert await told(connection) == []
    assert (await find_backlog(connection)).rows_count == 2


async def test_it_is_told_what_waits_and_since_when(connection: Connection, outbox: Outbox) -> None:
    assert await find_backlog(connection) == Backlog(rows_count=0, age_seconds=0.0)

    await outbox.add(ANN, seconds=1)
    await outbox.add(BEN, seconds=2)
    backlog = await find_backlog(connection)

    assert backlog.rows_count == 2
    assert backlog.age_seconds > 0


async def wait_for_blocked(database: Database) -> None:
    superuser = await database.connect_superuser()

    async def is_blocked() -> bool:
        return await superuser.fetchval(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )

    await wait_until(is_blocked)
