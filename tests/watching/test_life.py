"""When the process that reads events is started, and how it ends."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.told import Teller, told
from tests.watching.conftest import job_for
from tests.watching.processes import (
    NOWHERE,
    PATIENCE_SECONDS,
    pid_of,
    running_of,
    until_it_has_ended,
)
from wallet_server.execution.errors import (
    ShuttingDownError,
    StorageUnavailableError,
)
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.log_context import CORRELATION_ID, facts
from wallet_server.watching import reading_process, running_process
from wallet_server.watching.reading_process import ReadingProcess
from wallet_server.watching.running_process import RunningProcess


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
