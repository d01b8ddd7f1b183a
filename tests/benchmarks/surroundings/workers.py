"""Processes of our own that do one job after another."""

import asyncio
import multiprocessing
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from tests.benchmarks.surroundings.leash import end_with_parent

Job = TypeVar("Job")
Done = TypeVar("Done")

SPAWN = multiprocessing.get_context("spawn")


class WorkerError(Exception):
    """A job failed. The message is the traceback in the worker."""


class Worker(Generic[Job, Done]):
    """A process that runs a function for each job it is sent."""

    def __init__(self, run: Callable[..., Done], *arguments: object) -> None:
        """Starts the process. `run` takes the arguments and then the job."""
        self._pipe, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_work, args=(theirs, run, arguments), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """The id of the process."""
        assert self._process.pid is not None
        return self._process.pid

    async def do(self, job: Job) -> Done:
        """Sends a job and waits until it is done."""
        self._pipe.send(job)
        done, trouble = await asyncio.to_thread(self._pipe.recv)
        if trouble is not None:
            raise WorkerError(trouble)
        return done

    def stop(self) -> None:
        """Ends the process, whatever it does."""
        self._process.kill()
        self._process.join()


def live_with_parent() -> None:
    """Leaves Ctrl-C to the parent, and ends when it has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def _work(pipe: Connection, run: Callable[..., object], arguments: tuple[object, ...]) -> None:
    live_with_parent()
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((run(*arguments, job), None))
        except BaseException:  # noqa: BLE001 - whoever sent the job hears of it.
            pipe.send((None, traceback.format_exc()))
