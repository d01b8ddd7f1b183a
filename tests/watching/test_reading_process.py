"""What a process tells of events, and that it is one with what is read here."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from asyncpg.connection import LoggedQuery

from tests.database import Database
from tests.told import OPENED, START, Teller, many, told
from tests.watching.conftest import job_for
from wallet_server.core.events.reading import ALL_EVENTS, EventFilter
from wallet_server.core.refusals import TenantNotFound
from wallet_server.core.refusals.events import (
    EventsOfTimeRemoved,
    EventsRemoved,
    PositionNotReached,
)
from wallet_server.execution.errors import (
    RefusedError,
    ShuttingDownError,
    StorageUnavailableError,
)
from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.watching.encoded import EncodingReader
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.log_context import CORRELATION_ID, facts
from wallet_server.rpc.encode.event_streams import encode_for_many
from wallet_server.storage.events_read import HEADS, OF_TENANT
from wallet_server.storage.readers import open_readers
from wallet_server.watching import reading_process, running_process
from wallet_server.watching.reading_process import ReadingProcess
from wallet_server.watching.running_process import RunningProcess

PATIENCE_SECONDS = 60
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture
async def here(database: Database) -> AsyncIterator[EncodingReader]:
    """Reads in this process."""
    readers = await open_readers(
        database.server_url, connections_max=1, statement_timeout_seconds=10
    )
    yield EncodingReader(EventReader(readers), encode_for_many)
    await readers.close()


def running_of(reading: ReadingProcess) -> RunningProcess:
    """Returns the process."""
    assert reading._running is not None
    return reading._running


def pid_of(reading: ReadingProcess) -> int:
    """Returns the number of the process."""
    return running_of(reading)._process.pid


async def until_it_has_ended(reading: ReadingProcess) -> int:
    """Waits for the end of the process, and returns its code."""
    running = running_of(reading)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await running._listening
    assert running._process.returncode is not None
    return running._process.returncode


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


async def test_one_that_is_killed_is_followed_by_another(
    teller: Teller,
    reading: ReadingProcess,
    statistics: WatchStatistics,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(reading_process, "RESTART_SECONDS", 0.0)
    await teller.tell([told(1)])
    for _ in range(3):
        assert (await reading.head("demo")).position == 1
        os.kill(pid_of(reading), signal.SIGKILL)

    assert (await reading.head("demo")).position == 1
    assert statistics.process_starts == 4
    assert "ended with -9" in caplog.text


async def test_one_that_is_killed_while_it_is_asked_is_followed_by_another(
    teller: Teller, reading: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_process, "RESTART_SECONDS", 0.0)
    await teller.tell([told(1)])
    await reading.head("demo")
    first = pid_of(reading)
    os.kill(first, signal.SIGSTOP)
    asking = asyncio.ensure_future(reading.head("demo"))
    while not running_of(reading)._waiting:
        await asyncio.sleep(0)

    os.kill(first, signal.SIGKILL)

    assert (await asking).position == 1
    assert pid_of(reading) != first


async def test_one_that_cannot_run_is_not_started_again_and_again(
    teller: Teller,
    reading: ReadingProcess,
    statistics: WatchStatistics,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await teller.tell([told(1)])
    monkeypatch.setattr(running_process, "PROGRAM", ("-c", "raise SystemExit(3)"))
    monkeypatch.setattr(reading_process, "RESTART_SECONDS", 3_600.0)

    for _ in range(3):
        with pytest.raises(StorageUnavailableError):
            await reading.head("demo")

    assert statistics.process_starts == 1
    assert await until_it_has_ended(reading) == 3
    assert "ended with 3" in caplog.text


async def test_a_machine_without_room_for_one_is_told_of(
    reading: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nothing/is/here")

    with pytest.raises(StorageUnavailableError):
        await reading.head("demo")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_signals_for_the_server_do_not_end_it(
    teller: Teller, reading: ReadingProcess, number: signal.Signals
) -> None:
    await teller.tell([told(1)])
    await reading.head("demo")

    os.kill(pid_of(reading), number)

    assert (await reading.head("demo")).position == 1
    await reading.close()
    assert await until_it_has_ended(reading) == 0


async def test_one_that_nobody_asks_ends_and_another_comes_when_somebody_does(
    teller: Teller,
    reading: ReadingProcess,
    statistics: WatchStatistics,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    program = "from wallet_server.watching import event_process as p; p.IDLE_SECONDS = 0; p.main()"
    await teller.tell([told(1)])
    with monkeypatch.context() as impatient:
        impatient.setattr(running_process, "PROGRAM", ("-c", program))
        first = await RunningProcess.start(job_for(NOWHERE))
        reading._running = first
    assert await until_it_has_ended(reading) == 0

    assert (await reading.head("demo")).position == 1
    assert running_of(reading) is not first
    assert statistics.process_starts == 1
    assert not caplog.records


async def test_it_ends_with_a_server_that_is_killed(teller: Teller) -> None:
    await teller.tell([told(1)])
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.watching.server_to_kill", teller.database.server_url),
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        pid = int(await server.stdout.readline())
        server.kill()
        await server.wait()

        while is_running(pid):
            await asyncio.sleep(0.01)


def is_running(pid: int) -> bool:
    """Tells whether there is a process, and it is none that has ended and nobody has asked for."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


async def test_it_answers_before_it_ends_with_its_server(
    teller: Teller, reading: ReadingProcess
) -> None:
    await teller.tell([told(1)])
    await reading.head("demo")
    asking = asyncio.ensure_future(reading.head("demo"))
    while not running_of(reading)._waiting:
        await asyncio.sleep(0)

    await reading.close()

    assert (await asking).position == 1
    assert await until_it_has_ended(reading) == 0


async def test_to_close_what_was_never_asked_is_nothing(reading: ReadingProcess) -> None:
    await reading.close()
    await reading.kill()


async def test_none_is_started_any_more_when_it_was_closed(
    teller: Teller, reading: ReadingProcess, statistics: WatchStatistics
) -> None:
    await teller.tell([told(1)])
    await reading.head("demo")
    await reading.close()

    with pytest.raises(ShuttingDownError):
        await reading.head("demo")

    assert statistics.process_starts == 1


async def test_one_that_is_being_started_is_closed_too(
    teller: Teller, reading: ReadingProcess
) -> None:
    await teller.tell([told(1)])
    asking = asyncio.ensure_future(reading.head("demo"))
    while reading._starting is None:
        await asyncio.sleep(0)

    await reading.close()

    assert await until_it_has_ended(reading) == 0
    await asyncio.gather(asking, return_exceptions=True)


@pytest.mark.parametrize("steps", range(8))
async def test_who_goes_away_while_it_starts_leaves_it_to_others(
    teller: Teller, reading: ReadingProcess, statistics: WatchStatistics, steps: int
) -> None:
    await teller.tell([told(1)])
    asking = [asyncio.ensure_future(reading.head("demo")) for _ in range(3)]
    for _ in range(steps):
        await asyncio.sleep(0)
    asking[0].cancel()

    found = await asyncio.gather(*asking[1:])

    assert [head.position for head in found] == [1, 1]
    assert statistics.process_starts == 1


async def test_its_end_is_nobody_s_in_the_log(
    teller: Teller, reading: ReadingProcess, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever asked first is in no way the reason why it ends."""
    told_of_end = list[object]()

    class Facts(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told_of_end.append((record.levelname, dict(facts())))

    await teller.tell([told(1)])
    token = CORRELATION_ID.set("first")
    await reading.head("demo")
    CORRELATION_ID.reset(token)
    handler = Facts()
    running_process.logger.addHandler(handler)
    try:
        os.kill(pid_of(reading), signal.SIGKILL)
        await until_it_has_ended(reading)
    finally:
        running_process.logger.removeHandler(handler)

    assert told_of_end == [("ERROR", {})]


async def test_however_often_it_was_asked_it_answers(
    teller: Teller, reading: ReadingProcess
) -> None:
    await teller.tell([told(1)])
    await reading.head("demo")
    running_of(reading)._number = 2**32 - 1

    assert (await reading.head("demo")).position == 1


async def test_it_finds_the_program_where_its_server_has_found_it(
    teller: Teller, reading: ReadingProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "found_only_here.py").write_text(
        "from wallet_server.watching.event_process import main"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        running_process, "PROGRAM", ("-P", "-c", "import found_only_here as p; p.main()")
    )
    await teller.tell([told(1)])

    assert (await reading.head("demo")).position == 1


async def test_no_terminal_interrupts_it_before_it_can_look_away(
    teller: Teller, reading: ReadingProcess
) -> None:
    await teller.tell([told(1)])
    await reading.head("demo")

    assert os.getsid(pid_of(reading)) == pid_of(reading)


async def test_one_that_is_stuck_is_followed_by_another(
    teller: Teller,
    reading: ReadingProcess,
    statistics: WatchStatistics,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(reading_process, "RESTART_SECONDS", 0.0)
    await teller.tell([told(1)])
    await reading.head("demo")
    stuck = running_of(reading)
    stuck._missed_count_max = 2
    os.kill(pid_of(reading), signal.SIGSTOP)

    async with asyncio.timeout(PATIENCE_SECONDS):
        assert (await reading.head("demo")).position == 1

    assert running_of(reading) is not stuck
    assert stuck._process.returncode == -signal.SIGKILL
    assert statistics.process_starts == 2
    assert "killing a silent process that reads events" in caplog.text


async def test_one_that_answers_others_is_not_silent(
    teller: Teller, reading: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_process, "LOOK_SECONDS", 0.01)
    await teller.tell([told(1)])
    await reading.head("demo")
    running = running_of(reading)
    running._missed_count_max = 1_000
    for _ in range(20):
        running._missed_count = 900

        await reading.head("demo")

        assert running._missed_count < 900
    assert running_of(reading) is running
