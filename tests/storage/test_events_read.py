"""Events are read by position: those that are asked for, and how far their tenant is."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from tests.database import Connection, Database
from tests.events import NOON, TENANT, Outbox, give_positions
from wallet_server.core.amounts import INT64_MAX
from wallet_server.core.events.event import EventType
from wallet_server.core.events.reading import NO_EVENTS, EventFilter, EventHead, EventStart
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.ids import WalletRef, locate
from wallet_server.storage import events_read
from wallet_server.storage.events_read import (
    find_all_heads,
    find_head,
    find_heads,
    find_start,
    read_events,
)
from wallet_server.storage.readers import Readers, open_readers

ANN, ANN_USD = WalletRef(TENANT, "ann", "EUR"), WalletRef(TENANT, "ann", "USD")
BEN = WalletRef(TENANT, "ben", "EUR")


@pytest.fixture
async def readers(database: Database) -> AsyncIterator[Readers]:
    async with await open_readers(
        database.server_url, connections_max=2, statement_timeout_seconds=10
    ) as pool:
        yield pool


@pytest.fixture
async def connection(database: Database) -> Connection:
    return await database.connect_superuser()


@pytest.fixture
async def outbox(connection: Connection) -> Outbox:
    """Seven events: of three wallets, and of the tenant itself."""
    outbox = Outbox(connection)
    await outbox.add(ANN, BEN, ANN_USD, seconds=1, event_type="WALLET_OPENED")
    await outbox.add(TENANT, seconds=2)
    await outbox.add(BEN, ANN, seconds=3, event_type="BET_AUTHORIZED")
    await outbox.add(ANN, seconds=4, event_type="BET_SETTLED")
    await give_positions(connection)
    return outbox


async def positions(
    readers: Readers, after: int = 0, limit: int = 100, wanted: EventFilter = events_read.ALL_EVENTS
) -> tuple[list[int], int]:
    """Returns the positions of a page, and how far it reaches."""
    page = await read_events(readers, TENANT, after=after, limit=limit, wanted=wanted)
    return [event.position for event in page.events], page.position


@pytest.mark.usefixtures("outbox")
async def test_an_event_is_read_as_it_was_told(readers: Readers) -> None:
    page = await read_events(readers, TENANT, after=0, limit=4)

    first, *_, act = page.events
    assert first == ToldEvent(
        *(TENANT, 1, ANN, 1, 1, True, EventType.WALLET_OPENED, NOON + timedelta(seconds=1)),
        *("Command", "r1", "flow", first.document),
    )
    assert first.event_id == f"{locate(ANN).wallet_id}/1"
    assert (act.wallet, act.event_id, act.wallet_sequence) == (None, f"{TENANT}/1", 0)


@pytest.mark.usefixtures("outbox")
@pytest.mark.parametrize("wanted", [events_read.ALL_EVENTS, EventFilter(player_id="ann")])
async def test_no_position_is_too_far_to_be_asked_for(
    readers: Readers, wanted: EventFilter
) -> None:
    page = await read_events(readers, TENANT, after=INT64_MAX, limit=3, wanted=wanted)

    assert not page.head.has_reached(INT64_MAX)
    assert (page.events, page.position) == ((), INT64_MAX)


@pytest.mark.usefixtures("outbox")
async def test_pages_go_on_from_each_other(readers: Readers) -> None:
    assert await positions(readers, 0, 3) == ([1, 2, 3], 3)
    assert await positions(readers, 3, 3) == ([4, 5, 6], 6)
    assert await positions(readers, 6, 3) == ([7], 7)
    assert await positions(readers, 7, 3) == ([], 7)

    assert not (await read_events(readers, TENANT, after=3, limit=3)).is_last
    assert (await read_events(readers, TENANT, after=6, limit=3)).is_last


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EventFilter(types=(EventType.WALLET_OPENED,)), [1, 2, 3]),
        (EventFilter(types=(EventType.WALLET_OPENED, EventType.BET_SETTLED)), [1, 2, 3, 7]),
        (EventFilter(types=(EventType.BET_DECLINED,)), []),
        (EventFilter(player_id="ann"), [1, 3, 6, 7]),
        (EventFilter(player_id="ann", currency_code="EUR"), [1, 6, 7]),
        (EventFilter((EventType.BET_AUTHORIZED,), "ann", "EUR"), [6]),
        (EventFilter(player_id="nobody"), []),
    ],
)
@pytest.mark.usefixtures("outbox")
async def test_only_what_passes_the_filter_is_read_and_all_of_it(
    readers: Readers, wanted: EventFilter, found: list[int]
) -> None:
    assert await positions(readers, wanted=wanted) == (found, 7)

    paged: list[int] = []
    after = 0
    while after < 7:
        page, after = await positions(readers, after, 1, wanted)
        paged += page
    assert paged == found


@pytest.mark.usefixtures("outbox")
async def test_one_read_looks_at_so_many_events_and_says_how_far_it_got(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_read, "POSITIONS_SCANNED_MAX", 3)
    wanted = EventFilter(types=(EventType.BET_SETTLED,))

    assert await positions(readers, 0, 10, wanted) == ([], 3)
    assert await positions(readers, 3, 10, wanted) == ([], 6)
    assert await positions(readers, 6, 10, wanted) == ([7], 7)


@pytest.mark.parametrize("wanted", [events_read.ALL_EVENTS, EventFilter(player_id="ann")])
@pytest.mark.usefixtures("outbox")
async def test_what_is_removed_or_not_reached_is_told_by_the_head(
    readers: Readers, connection: Connection, wanted: EventFilter
) -> None:
    await connection.execute("DELETE FROM events WHERE position < 5")
    await connection.execute("UPDATE event_heads SET first_position = 5")

    removed = await read_events(readers, TENANT, after=3, limit=10, wanted=wanted)
    assert (removed.events, removed.head) == ((), EventHead(position=7, first_position=5))
    assert removed.head.has_removed(3)

    unreached = await read_events(readers, TENANT, after=8, limit=10, wanted=wanted)
    assert (unreached.events, unreached.head.has_reached(8)) == ((), False)

    for after in (0, 4):
        page = await read_events(readers, TENANT, after=after, limit=10, wanted=wanted)
        assert not page.head.has_removed(after)
        assert page.head.has_reached(after)
        assert [event.position for event in page.events][-2:] == [6, 7]
        assert page.position == 7


@pytest.mark.usefixtures("outbox")
async def test_removing_all_leaves_the_head(readers: Readers, connection: Connection) -> None:
    await connection.execute("DELETE FROM events")
    await connection.execute("UPDATE event_heads SET first_position = 8")

    assert await positions(readers, 0) == ([], 7)
    assert await positions(readers, 7) == ([], 7)
    assert (await find_head(readers, TENANT)).has_removed(6)


@pytest.mark.usefixtures("outbox")
async def test_heads_are_those_of_the_tenants_asked_for(
    readers: Readers, connection: Connection
) -> None:
    other = WalletRef("other", "ann", "EUR")
    await Outbox(connection).add(other, seconds=9)
    await give_positions(connection)

    head = EventHead(position=7, first_position=1)
    assert await find_heads(readers, [TENANT, "none"]) == {TENANT: head}
    assert await find_head(readers, "none") == EventHead(position=0, first_position=1)
    assert await find_all_heads(readers) == {
        TENANT: head,
        "other": EventHead(position=1, first_position=1),
    }


async def test_a_tenant_without_events_has_an_empty_page(readers: Readers) -> None:
    assert await positions(readers) == ([], 0)
    assert not (await read_events(readers, TENANT, after=1, limit=1)).head.has_reached(1)


@pytest.mark.usefixtures("outbox")
async def test_the_position_at_a_time_is_found(readers: Readers, connection: Connection) -> None:
    times = [NOON + timedelta(hours=hour) for hour in (1, 2, 2, 2, 5, 5, 9)]
    for position, time in enumerate(times, start=1):
        await connection.execute(
            "UPDATE events SET position_time = $2 WHERE position = $1", position, time
        )

    async def at(hour: float) -> int:
        return (await find_start(readers, TENANT, NOON + timedelta(hours=hour))).position

    assert [await at(hour) for hour in (0, 1, 1.5, 2, 3, 5, 7, 9, 10)] == [
        *(0, 0, 1, 1, 4, 4, 6, 6, 7)
    ]
    await connection.execute("DELETE FROM events WHERE position < 3")
    await connection.execute("UPDATE event_heads SET first_position = 3")
    assert [await at(hour) for hour in (0, 2, 3)] == [2, 2, 4]
    assert await find_start(readers, "none", NOON) == EventStart(0, NO_EVENTS, NOON)


@pytest.mark.usefixtures("outbox")
async def test_it_is_told_from_when_on_all_events_are_kept(
    readers: Readers, connection: Connection
) -> None:
    await connection.execute("UPDATE event_heads SET update_time = $1", NOON)
    await connection.execute(
        "UPDATE events SET position_time = $1::timestamptz - make_interval(hours => 7 - position::int)",
        NOON,
    )

    async def kept(first_position: int, time: datetime) -> EventStart:
        await connection.execute("DELETE FROM events WHERE position < $1", first_position)
        await connection.execute("UPDATE event_heads SET first_position = $1", first_position)
        return await find_start(readers, TENANT, time)

    first_time = NOON - timedelta(hours=6)
    whole = await kept(1, first_time - timedelta(days=9))
    rest = [await kept(3, first_time + timedelta(hours=hours)) for hours in (0, 1.9, 2, 3)]
    nothing = [await kept(8, NOON + timedelta(microseconds=each)) for each in (-1, 0, 1)]

    assert (whole.kept_time, whole.has_removed(first_time - timedelta(days=9))) == (
        first_time,
        False,
    )
    assert [each.kept_time for each in rest] == [first_time + timedelta(hours=2)] * 4
    assert [
        each.has_removed(first_time + timedelta(hours=hours))
        for each, hours in zip(rest, (0, 1.9, 2, 3), strict=True)
    ] == [True, True, False, False]
    assert [each.kept_time for each in nothing] == [NOON + timedelta(microseconds=1)] * 3
    assert [
        each.has_removed(NOON + timedelta(microseconds=microseconds))
        for each, microseconds in zip(nothing, (-1, 0, 1), strict=True)
    ] == [True, True, False]
