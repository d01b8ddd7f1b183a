"""What a process tells of events, and that it is one with what is read here."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from asyncpg.connection import LoggedQuery

from tests.database import Database
from tests.told import OPENED, START, Teller, many, told
from tests.watching.conftest import job_for
from tests.watching.processes import (
    NOWHERE,
)
from wallet_server.core.events.reading import ALL_EVENTS, EventFilter
from wallet_server.core.refusals import TenantNotFound
from wallet_server.core.refusals.events import (
    EventsOfTimeRemoved,
    EventsRemoved,
    PositionNotReached,
)
from wallet_server.execution.errors import (
    RefusedError,
    StorageUnavailableError,
)
from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.watching.encoded import EncodingReader
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.rpc.encode.event_streams import encode_for_many
from wallet_server.storage.events_read import HEADS, OF_TENANT
from wallet_server.storage.readers import open_readers
from wallet_server.watching.reading_process import ReadingProcess


@pytest.fixture
async def here(database: Database) -> AsyncIterator[EncodingReader]:
    """Reads in this process."""
    readers = await open_readers(
        database.server_url, connections_max=1, statement_timeout_seconds=10
    )
    yield EncodingReader(EventReader(readers), encode_for_many)
    await readers.close()


@pytest.mark.parametrize(
    "wanted",
    [
        ALL_EVENTS,
        EventFilter(types=(OPENED,)),
        EventFilter(player_id="p1"),
        EventFilter(player_id="p2", currency_code="EUR"),
    ],
)
async def test_it_tells_what_is_read_here(
    teller: Teller, reading: ReadingProcess, here: EncodingReader, wanted: EventFilter
) -> None:
    await teller.tell([*many(range(1, 10)), told(10, "", OPENED), told(11, "é\n", OPENED)])

    for after, limit in ((0, 100), (3, 2), (11, 5)):
        there = await reading.page("demo", after=after, limit=limit, wanted=wanted)
        found = await here.page("demo", after=after, limit=limit, wanted=wanted)

        assert replace(there, processor_seconds=0, events=()) == replace(
            found, processor_seconds=0, events=()
        )
        assert [*there.events] == [*found.events]
    assert await reading.head("demo") == await here.head("demo")
    assert await reading.heads(["demo", "none"]) == await here.heads(["demo", "none"])
    for seconds in (-1, 3.5, 100):
        time = START + timedelta(seconds=seconds)
        assert await reading.position_before("demo", time) == await here.position_before(
            "demo", time
        )


async def test_what_it_takes_of_the_processor_is_told(
    teller: Teller, reading: ReadingProcess
) -> None:
    await teller.tell(many(range(1, 501)))

    assert (await reading.page("demo", after=0, limit=500)).processor_seconds > 0


async def test_what_cannot_be_had_is_refused_as_it_is_here(
    teller: Teller, reading: ReadingProcess
) -> None:
    await teller.tell(many(range(1, 11)))
    await teller.remove(first_position=6)

    refusals = []
    for tenant_id, after in (("none", 0), ("demo", 2), ("demo", 11)):
        with pytest.raises(RefusedError) as caught:
            await reading.page(tenant_id, after=after, limit=1)
        refusals.append(caught.value.refusal)

    with pytest.raises(RefusedError) as caught:
        await reading.position_before("demo", START)
    refusals.append(caught.value.refusal)

    assert refusals == [
        *(TenantNotFound("none"), EventsRemoved(2, 6), PositionNotReached(11, 10)),
        EventsOfTimeRemoved(START.isoformat(), 6, (START + timedelta(seconds=6)).isoformat()),
    ]


async def test_an_event_that_it_cannot_tell_is_named(
    teller: Teller, reading: ReadingProcess
) -> None:
    unknown = replace(told(2), type=SimpleNamespace(value="OF_A_LATER_RELEASE"))
    await teller.tell([told(1), unknown])

    with pytest.raises(ValueError, match="OF_A_LATER_RELEASE"):
        await reading.page("demo", after=0, limit=9)

    assert len((await reading.page("demo", after=0, limit=1)).events) == 1


async def test_its_statements_are_told_with_what_they_were_made_for(
    database: Database, teller: Teller, statistics: WatchStatistics
) -> None:
    await teller.tell(many(range(1, 11)))
    followed, unfollowed = list[LoggedQuery](), list[LoggedQuery]()
    job = job_for(database.server_url)
    traced = ReadingProcess(job, statistics, followed.append)
    untraced = ReadingProcess(
        msgspec.structs.replace(job, is_traced=False), statistics, unfollowed.append
    )

    for reading in (traced, untraced):
        await asyncio.gather(reading.page("demo", after=1, limit=3), reading.heads(["demo"]))
        await reading.close()

    assert sorted(each.query for each in followed) == sorted([OF_TENANT, HEADS])
    assert all(each.elapsed > 0 for each in followed)
    assert unfollowed == []


async def test_many_questions_at_once_get_their_own_answers(
    teller: Teller, reading: ReadingProcess, statistics: WatchStatistics
) -> None:
    await teller.tell(many(range(1, 201), padding="x" * 3_000))

    pages = await asyncio.gather(
        *(reading.page("demo", after=after, limit=100) for after in range(1, 101))
    )

    assert [page.events[0].position for page in pages] == [*range(2, 102)]
    assert statistics.process_starts == 1


async def test_who_goes_away_leaves_others_their_answers(
    teller: Teller, reading: ReadingProcess
) -> None:
    await teller.tell(many(range(1, 11)))
    await reading.head("demo")
    asking = [asyncio.ensure_future(reading.page("demo", after=n, limit=1)) for n in range(1, 5)]
    await asyncio.sleep(0)
    for each in asking[::2]:
        each.cancel()

    found = await asyncio.gather(*asking, return_exceptions=True)

    assert [type(each).__name__ for each in found] == ["CancelledError", "EncodedPage"] * 2
    assert [page.position for page in found[1::2]] == [3, 5]  # pyright: ignore[reportAttributeAccessIssue]


async def test_where_the_database_is_away_that_is_told_and_tried_anew(
    database: Database, teller: Teller, statistics: WatchStatistics
) -> None:
    await teller.tell([told(1)])
    away = ReadingProcess(job_for(NOWHERE), statistics)

    for _ in range(2):
        with pytest.raises(StorageUnavailableError):
            await away.head("demo")

    assert statistics.process_starts == 1
    await away.close()
