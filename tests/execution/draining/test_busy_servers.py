"""Drains on servers that have hardly any room for them."""

import asyncio
from unittest.mock import patch

import pytest

from tests.database import Database
from tests.execution.draining.buckets import (
    BONUS,
    SMALL_PAGES,
    check_drained,
    fill,
    work_until_done,
)
from tests.execution.draining.conftest import StartProcess, begin_drain
from tests.execution.vocabulary import wallets_of
from wallet_server.core.ids import Location
from wallet_server.core.refusals.cashier import BucketFrozen
from wallet_server.execution import repetition
from wallet_server.execution.administration.buckets import BucketAdmin
from wallet_server.execution.draining import job
from wallet_server.execution.draining.place import DrainPlace, place_of
from wallet_server.execution.errors import ContentionError, OverloadedError, RefusedError
from wallet_server.execution.executor import Executor
from wallet_server.execution.submission import Submission
from wallet_server.storage.drain_pages import BEFORE_ALL

TRIES_COUNT = 4


async def test_a_server_without_room_leaves_the_drain_to_others_and_does_not_wait_longer_each_time(
    database: Database,
    admin: BucketAdmin,
    start_process: StartProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full, other = await start_process(SMALL_PAGES), await start_process(SMALL_PAGES)
    wallets = wallets_of(5)
    await fill(other.caller, wallets)
    drain = await begin_drain(admin)
    doublings: list[int] = []
    tried = asyncio.Event()

    def pause(first_seconds: float, seconds_max: float, doublings_count: int) -> float:
        del first_seconds
        doublings.append(doublings_count)
        if len(doublings) < TRIES_COUNT:
            return 0
        tried.set()
        return seconds_max

    monkeypatch.setattr(repetition, "growing_pause", pause)
    with patch.object(full.executor, "submit_all", side_effect=OverloadedError):
        full.draining.start()
        async with asyncio.timeout(60):
            await tried.wait()
        await work_until_done(other.draining, admin, drain)

    assert doublings == [0] * TRIES_COUNT
    await check_drained(database, admin, drain, wallets)


@pytest.mark.parametrize(
    ("error", "doublings_expected"),
    [(ContentionError(), [0, 0, 0, 0]), (RefusedError(BucketFrozen(BONUS)), [0, 1, 2, 3])],
)
async def test_a_drain_waits_longer_each_time_for_wallets_that_refuse_but_not_for_faults(
    database: Database,
    admin: BucketAdmin,
    start_process: StartProcess,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    doublings_expected: list[int],
) -> None:
    process = await start_process(SMALL_PAGES)
    wallets = wallets_of(5)
    await fill(process.caller, wallets)
    drain = await begin_drain(admin)
    doublings: list[int] = []

    def pause(first_seconds: float, seconds_max: float, doublings_count: int) -> float:
        del first_seconds, seconds_max
        doublings.append(doublings_count)
        return 0

    async def fail(executor: Executor, submissions: list[Submission]) -> list[Exception]:
        del executor
        return [error for _ in submissions]

    monkeypatch.setattr(job, "growing_pause", pause)
    with patch.object(Executor, "submit_all", fail):
        for _ in range(TRIES_COUNT):
            await process.draining.catch_up()

    assert doublings == doublings_expected
    assert (await admin.find_drain(drain.tenant_id, drain.drain_id)).failed_count == len(wallets)
    await work_until_done(process.draining, admin, drain)
    await check_drained(database, admin, drain, wallets)


def test_a_place_is_read_as_it_was_written_also_by_earlier_releases() -> None:
    place = DrainPlace(7, 2, Location(3, BEFORE_ALL.wallet_id), drained_count=4, refused_count=5)
    document = place.as_document()

    assert place_of(document) == place
    del document["refused"]
    assert place_of(document) == DrainPlace(7, 2, place.after, drained_count=4)
