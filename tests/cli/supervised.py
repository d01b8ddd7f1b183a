"""Runs `wallet-server serve` with a management endpoint, reads its log, and asks it how it is."""

import asyncio
import json
import signal
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.cli.programs import WAIT_SECONDS, Process, start_process
from tests.embedded.processes import is_alive

POLL_SECONDS = 0.02

CONNECTED, LISTENING = "01", "0A"
"""States of sockets, as Linux tells them."""


@dataclass
class Supervised:
    """A server, and all that its log has said."""

    process: Process
    log: list[dict[str, Any]] = field(default_factory=list)
    said: asyncio.Condition = field(default_factory=asyncio.Condition)
    port: int = 0
    management_port: int = 0

    async def collect(self) -> None:
        """Reads the log to its end."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            async with self.said:
                self.log.append(parse(line))
                self.said.notify_all()

    async def wait_for_line(self, message: str, **extra: object) -> dict[str, Any]:
        """Returns the first line of the log that says this, now or later."""
        wanted = {"message": message, **extra}
        async with self.said, asyncio.timeout(WAIT_SECONDS):
            while True:
                for line in self.log:
                    if wanted.items() <= line.items():
                        return line
                await self.said.wait()

    async def get(self, path: str) -> tuple[int, str]:
        """Returns the status and body of a page of the management endpoint."""
        return await asyncio.to_thread(get, f"http://127.0.0.1:{self.management_port}{path}")

    async def workers(self) -> list[dict[str, Any]]:
        """Returns what `/readyz` says of every worker."""
        return json.loads((await self.get("/readyz"))[1])["workers"]

    async def pids(self) -> list[int]:
        """Returns the process ids of the workers."""
        return [worker["pid"] for worker in await self.workers()]

    async def metric(self, name: str) -> dict[str, float]:
        """Returns the values of a metric, by the value of its label."""
        found: dict[str, float] = {}
        for family in text_string_to_metric_families((await self.get("/metrics"))[1]):
            for sample in family.samples:
                if sample.name == name:
                    found["".join(sample.labels.values())] = sample.value
        return found

    async def wait_until(self, condition: Callable[[list[dict[str, Any]]], bool]) -> None:
        """Waits until a condition on all workers holds."""
        async with asyncio.timeout(WAIT_SECONDS):
            while not condition(await self.workers()):
                await asyncio.sleep(POLL_SECONDS)

    async def account(self) -> str:
        """Tells all there is to know where a call did not end as it should have."""
        log = (json.dumps(line) for line in self.log)
        workers = (json.dumps(worker) for worker in await self.workers())
        return "\n".join(["log:", *log, "workers:", *workers, *connections_at(self.port)])

    async def stop(self, signal_number: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end. Returns the exit code."""
        self.process.send_signal(signal_number)
        return await asyncio.wait_for(self.process.wait(), WAIT_SECONDS)


@asynccontextmanager
async def serving(workers_count: int, url: str, **environment: str) -> AsyncGenerator[Supervised]:
    """Starts a server on free ports, waits until it serves, and kills it if it is left."""
    arguments = ("serve", "--port", "0", "--management-port", "0")
    process = await start_process(
        *(*arguments, "--workers", str(workers_count)), WALLET_DATABASE_URL=url, **environment
    )
    server = Supervised(process)
    collecting = asyncio.create_task(server.collect())
    try:
        server.port = (await server.wait_for_line("serving"))["port"]
        server.management_port = (await server.wait_for_line("management"))["port"]
        yield server
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await collecting


async def wait_until_gone(pids: list[int]) -> None:
    """Waits until none of the processes is there any more."""
    async with asyncio.timeout(WAIT_SECONDS):
        while any([is_alive(pid) for pid in pids]):  # noqa: C419 - each is looked at.
            await asyncio.sleep(POLL_SECONDS)


def all_serving(workers: list[dict[str, Any]]) -> bool:
    """Tells whether every worker takes calls."""
    return all(worker["state"] == "SERVING" for worker in workers)


def connections_at(port: int) -> list[str]:
    """Returns what the system says of all sockets of a port, one a line; Linux alone says it.

    The fourth column is the state.
    """
    ending = f":{port:04X}"
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    lines = [line for table in tables if table.exists() for line in table.read_text().splitlines()]
    return [line for line in lines if any(word.endswith(ending) for word in line.split()[1:3])]


def parse(line: bytes) -> dict[str, Any]:
    """Returns a line of the log, or what else is on standard error."""
    try:
        return json.loads(line)
    except ValueError:
        return {"message": line.decode().rstrip()}


def get(url: str) -> tuple[int, str]:
    """Returns the status and body of a page."""
    try:
        with urllib.request.urlopen(url, timeout=WAIT_SECONDS) as response:  # noqa: S310 - http.
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
