"""Real servers: `wallet-server serve`, as an operator starts it, in processes of their own."""

import asyncio
import functools
import json
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from tests.benchmarks.surroundings import leash
from tests.benchmarks.surroundings.machine import children_of

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 60

SERVE = ("-m", "wallet_server", "serve")

Log = list[dict[str, Any]]


class ServerError(Exception):
    """A server ended, or said nothing. The message is its log."""


class Deployment:
    """One server, or several processes that share a port."""

    def __init__(self, processes: Sequence["ServerProcess"], target: str) -> None:
        """Takes processes that serve."""
        self._processes = processes
        self.target = target

    @property
    def pids(self) -> list[int]:
        """The ids of all processes, those that supervise included."""
        own = [each.pid for each in self._processes]
        return own + [child for pid in own for child in children_of(pid)]

    async def stop(self) -> dict[str, Any]:
        """Ends the servers in good order. Returns what their engines counted in all their life.

        Numbers are added up; `troubles` is a count by kind.
        """
        drained = await asyncio.gather(*(each.stop() for each in self._processes))
        return added_up(drained)


def added_up(counts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Returns the sums of what several engines counted. What one does not count is left out."""
    troubles: Counter[str] = Counter()
    for each in counts:
        troubles.update(each["troubles"])
    names = [name for name, value in counts[0].items() if isinstance(value, int)]
    sums = {
        name: sum(each[name] for each in counts)
        for name in names
        if all(name in each for each in counts)
    }
    return {**sums, "troubles": dict(troubles)}


@asynccontextmanager
async def start_servers(
    database_url: str, workers_count: int, settings: Mapping[str, object]
) -> AsyncGenerator[Deployment]:
    """Serves with so many processes on any free port. None outlives the block."""
    async with AsyncExitStack() as stack:

        async def start(*options: str, workers: int = 1) -> ServerProcess:
            entered = start_process(database_url, settings, options)
            process = await stack.enter_async_context(entered)
            await process.wait_until_serving(workers)
            return process

        if workers_count > 1 and workers_are_offered():
            first = await start("--port", "0", "--workers", str(workers_count), workers=2)
            yield Deployment([first], first.target)
            return
        sharing = ("--share-port",) if workers_count > 1 else ()
        first = await start("--port", "0", *sharing)
        others = await asyncio.gather(
            *(start("--port", str(first.port), *sharing) for _ in range(workers_count - 1))
        )
        yield Deployment([first, *others], first.target)


@functools.cache
def workers_are_offered() -> bool:
    """Whether `serve` itself starts several processes."""
    told = subprocess.run(
        [sys.executable, *SERVE, "--help"], capture_output=True, text=True, check=True
    )
    return "--workers" in told.stdout


@asynccontextmanager
async def start_process(
    database_url: str, settings: Mapping[str, object], options: Sequence[str]
) -> AsyncGenerator["ServerProcess"]:
    """Starts `serve`. It does not outlive the block, nor this process, whatever happens."""
    given = {f"WALLET_{name.upper()}": str(value) for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, leash.__file__, sys.executable, *SERVE, *options),
        env={**os.environ, "WALLET_DATABASE_URL": database_url, **given},
        stderr=PIPE,
        start_new_session=True,  # Ctrl-C is for the bench alone, which then stops the servers.
    )
    server = ServerProcess(process)
    try:
        yield server
    finally:
        await server.kill()


class ServerProcess:
    """A server process, and what it wrote into its log."""

    def __init__(self, process: Process) -> None:
        """Takes a process that has just been started."""
        self._process = process
        self._log: Log = []
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())
        self.port = 0

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def target(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    async def wait_until_serving(self, workers: int) -> None:
        """Waits until it takes calls. One that supervises says so once, for all."""

        async def wait() -> None:
            while True:
                for line in self._log:
                    if line["message"] == "serving" and (workers == 1 or "workers" in line):
                        self.port = line["port"]
                        return
                if self._reading.done():
                    raise self._error("serving")
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(wait(), START_SECONDS_MAX)

    async def stop(self) -> Mapping[str, Any]:
        """Ends the server in good order. Returns what its engine counted in all its life."""
        self._process.terminate()
        await asyncio.wait_for(self._reading, STOP_SECONDS_MAX)
        drained = [line for line in self._log if line["message"] == "drained"]
        if await self._process.wait() != 0 or not drained:
            raise self._error("drained")
        return drained[-1]

    async def kill(self) -> None:
        """Ends the server and what it has started, the hard way, if it still runs."""
        if self._process.returncode is None:
            for pid in (self.pid, *children_of(self.pid)):  # One that is dead restarts no child.
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            try:
                self._log.append(json.loads(line))
            except ValueError:
                self._log.append({"message": line.decode().rstrip()})
            self._news.set()
        self._news.set()

    def _error(self, expected: str) -> ServerError:
        said = "\n".join(str(each) for each in self._log[-20:])
        return ServerError(f"a server ended without saying {expected!r}:\n{said}")
