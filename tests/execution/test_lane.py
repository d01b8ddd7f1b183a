"""The queue and its batches, without a database: each batch runs for as long as a test says."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from tests.execution.vocabulary import credit, wallet_of
from wallet_server.core.answer import Answer
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import locate
from wallet_server.core.task import Task
from wallet_server.execution.errors import (
    DeadlinePassedError,
    OverloadedError,
    ShuttingDownError,
)
from wallet_server.execution.lane import Join, Lane, Waiting
from wallet_server.execution.submission import Answered

BATCH_COMMANDS_MAX = 4
QUEUE_COMMANDS_MAX = 10


def answered(request_id: str) -> Answered:
    time = datetime(2026, 1, 2, tzinfo=UTC)
    answer = Answer(request_id, 1, "AdjustBalance", b"", time, Outcome.APPLIED)
    return Answered(answer, replayed=False)


@dataclass
class Batches:
    """The batches that a lane has begun. Each ends when it is let through."""

    begun: list[list[str]] = field(default_factory=list[list[str]])
    put_off: set[str] = field(default_factory=set[str])
    may_join: set[str] = field(default_factory=set[str])
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    beginning: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def run(self, batch: list[Waiting], join: Join) -> list[Waiting]:
        self.begun.append([waiting.task.request_id for waiting in batch])
        self.beginning.release()
        await self.gate.acquire()
        if self.may_join:
            batch += join(lambda waiting: waiting.task.request_id in self.may_join, 2)
            self.begun[-1] = [waiting.task.request_id for waiting in batch]
        put_off = [waiting for waiting in batch if waiting.task.request_id in self.put_off]
        for waiting in batch:
            if waiting not in put_off:
                waiting.settle(answered(waiting.task.request_id))
        self.put_off.clear()
        return put_off

    def let_through(self, batches_count: int = 100) -> None:
        for _ in range(batches_count):
            self.gate.release()


@pytest.fixture
def batches() -> Batches:
    return Batches()


@pytest.fixture
async def lane(batches: Batches) -> AsyncIterator[Lane]:
    lane = Lane(
        batches.run,
        batch_commands_max=BATCH_COMMANDS_MAX,
        queue_commands_max=QUEUE_COMMANDS_MAX,
    )
    yield lane
    batches.let_through()
    await lane.drain()


def submit(
    lane: Lane, *request_ids: str, deadline_seconds: float | None = None
) -> list["asyncio.Task[Answered]"]:
    return [
        asyncio.create_task(
            lane.submit(Task(wallet_of("player"), request_id, credit()), deadline_seconds)
        )
        for request_id in request_ids
    ]


async def occupy(lane: Lane, batches: Batches) -> "asyncio.Task[Answered]":
    """Has a batch of one command run until it is let through."""
    (running,) = submit(lane, "first")
    await batches.beginning.acquire()
    return running


async def test_a_command_does_not_wait_for_others(lane: Lane, batches: Batches) -> None:
    batches.let_through(1)

    answer = await lane.submit(Task(wallet_of("player"), "alone", credit()), None)

    assert answer.answer.request_id == "alone"
    assert batches.begun == [["alone"]]


async def test_what_queues_while_a_batch_runs_is_the_next_batch(
    lane: Lane, batches: Batches
) -> None:
    running = await occupy(lane, batches)
    queued = submit(lane, "a", "b", "c")
    batches.let_through()
    await asyncio.gather(running, *queued)

    assert batches.begun == [["first"], ["a", "b", "c"]]


async def test_a_batch_has_its_limit_and_the_order_of_arrival_stays(
    lane: Lane, batches: Batches
) -> None:
    running = await occupy(lane, batches)
    queued = submit(lane, "a", "b", "c", "d", "e", "f")
    batches.let_through()
    await asyncio.gather(running, *queued)

    assert batches.begun == [["first"], ["a", "b", "c", "d"], ["e", "f"]]


async def test_one_command_more_than_the_queue_holds_is_refused_at_once(
    lane: Lane, batches: Batches
) -> None:
    running = await occupy(lane, batches)
    queued = submit(lane, *(f"r{number}" for number in range(QUEUE_COMMANDS_MAX)))
    await asyncio.sleep(0)  # Lets them into the queue; a sleep of none is no guess.

    with pytest.raises(OverloadedError):
        await lane.submit(Task(wallet_of("player"), "too many", credit()), None)

    batches.let_through()
    await asyncio.gather(running, *queued)
    assert not any("too many" in batch for batch in batches.begun)


async def test_a_command_that_is_too_late_when_its_turn_comes_is_not_begun(
    lane: Lane, batches: Batches
) -> None:
    running = await occupy(lane, batches)
    now_seconds = asyncio.get_running_loop().time()
    (late,) = submit(lane, "late", deadline_seconds=now_seconds)
    (early,) = submit(lane, "early", deadline_seconds=now_seconds + 1000)
    batches.let_through()
    await asyncio.gather(running, early)

    with pytest.raises(DeadlinePassedError):
        await late
    assert batches.begun == [["first"], ["early"]]


async def test_whoever_leaves_the_queue_is_not_begun(lane: Lane, batches: Batches) -> None:
    running = await occupy(lane, batches)
    gone, there = submit(lane, "gone", "there")
    await asyncio.sleep(0)
    gone.cancel()
    batches.let_through()
    await asyncio.gather(running, there)

    assert gone.cancelled()
    assert batches.begun == [["first"], ["there"]]


async def test_whoever_leaves_a_running_batch_does_not_end_it(lane: Lane, batches: Batches) -> None:
    running = await occupy(lane, batches)
    (queued,) = submit(lane, "next")
    running.cancel()
    batches.let_through()

    assert (await queued).answer.request_id == "next"
    assert running.cancelled()


async def test_draining_finishes_what_was_accepted_and_takes_nothing_more(
    lane: Lane, batches: Batches
) -> None:
    running = await occupy(lane, batches)
    queued = submit(lane, "a", "b", "c", "d", "e")
    await asyncio.sleep(0)
    draining = asyncio.create_task(lane.drain())
    await asyncio.sleep(0)

    with pytest.raises(ShuttingDownError):
        await lane.submit(Task(wallet_of("player"), "new", credit()), None)
    assert not draining.done()

    batches.let_through()
    await asyncio.gather(running, *queued)
    await draining
    assert batches.begun == [["first"], ["a", "b", "c", "d"], ["e"]]


async def test_giving_up_a_drain_gives_up_no_command(lane: Lane, batches: Batches) -> None:
    running = await occupy(lane, batches)
    draining = asyncio.create_task(lane.drain())
    await asyncio.sleep(0)
    draining.cancel()
    await asyncio.gather(draining, return_exceptions=True)
    batches.let_through()

    assert (await running).answer.request_id == "first"


async def test_a_lane_that_is_idle_drains_at_once(lane: Lane) -> None:
    await lane.drain()
    await lane.drain()


async def test_a_batch_may_be_kept_inside_one_shard(batches: Batches) -> None:
    ann, bob = (wallet_of(player_id) for player_id in ("ann", "bob"))
    assert locate(ann).shard != locate(bob).shard
    lane = Lane(batches.run, batch_commands_max=8, queue_commands_max=8, batch_one_shard=True)
    tasks = [
        Task(wallet, name, credit()) for wallet, name in zip([ann, bob] * 3, "aAbBcC", strict=True)
    ]

    first = await occupy(lane, batches)
    answers = [asyncio.create_task(lane.submit(task, None)) for task in tasks]
    batches.let_through()
    await asyncio.gather(first, *answers)
    await lane.drain()

    assert batches.begun[1:] == [["a", "b", "c"], ["A", "B", "C"]]


async def test_what_is_put_off_comes_first_in_the_next_batch(lane: Lane, batches: Batches) -> None:
    running = await occupy(lane, batches)
    queued = submit(lane, "a", "b", "c", "d", "e")
    batches.let_through(1)
    await running
    await batches.beginning.acquire()
    batches.put_off = {"b", "c"}
    batches.let_through()
    await asyncio.gather(*queued)

    assert batches.begun == [["first"], ["a", "b", "c", "d"], ["b", "c", "e"]]


async def test_a_batch_takes_in_who_may_join_it_and_the_others_keep_their_order(
    lane: Lane, batches: Batches
) -> None:
    running = await occupy(lane, batches)
    queued = submit(lane, "a", "b", "c", "d", "e")
    (gone,) = submit(lane, "gone")
    await asyncio.sleep(0)
    gone.cancel()
    batches.may_join = {"b", "gone", "d", "e"}
    batches.let_through(1)
    await asyncio.gather(running, queued[1], queued[3])
    batches.may_join = set()
    batches.let_through()
    await asyncio.gather(*queued)

    assert batches.begun == [["first", "b", "d"], ["a", "c", "e"]]
    assert lane.timings.batches == 2
