"""Servers as operators run them: `wallet-server serve`, one process each.

Those of other commands believe what calls say of who asks.
"""

import asyncio
import json
import os
import signal
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cli.loaded import LoadedProcess, start_loaded, start_logging
from tests.soak import believing_server
from wallet_server import __main__ as program

ROOT = Path(__file__).parents[2]
ARGUMENTS = ("serve", "--port", "0", "--without-authentication")
AS_OPERATORS_DO = program.main
BELIEVING = believing_server.main
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30
POLL_SECONDS = 0.02


@dataclass
class ServerProcess:
    """A server in a process of its own, on any free port. Its log is a file."""

    process: LoadedProcess
    log: Path

    @property
    def port(self) -> int | None:
        """Where it listens; none as long as it does not."""
        for line in self.log.read_text(encoding="utf-8").splitlines():
            if '"serving"' in line:
                return int(json.loads(line)["port"])
        return None

    @property
    def target(self) -> str:
        """Where to call it."""
        return f"127.0.0.1:{self.port}"

    async def wait_until_serving(self) -> None:
        """Waits until it takes calls."""
        async with asyncio.timeout(START_SECONDS_MAX):
            while self.port is None:
                assert self.process.returncode is None, self.log.read_text(encoding="utf-8")
                await asyncio.sleep(POLL_SECONDS)

    async def kill(self) -> None:
        """Ends it as the kernel does when memory runs out: at once, without a word."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """Ends it as operators do: it finishes what it has accepted."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(STOP_SECONDS_MAX):
                await self.process.wait()
            assert self.process.returncode == 0, self.log.read_text(encoding="utf-8")


def environment_of(database_url: str) -> dict[str, str]:
    """Returns the environment for a program that uses the database, and no other setting."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("WALLET_")}
    return {**inherited, "WALLET_DATABASE_URL": database_url}


def start_server(
    database_url: str,
    log: Path,
    main: Callable[[], object] = AS_OPERATORS_DO,
    arguments: Sequence[str] = ARGUMENTS,
    **environment: str,
) -> ServerProcess:
    """Starts a server, with settings in its environment. It does not serve yet."""
    surroundings = {**environment_of(database_url), **environment}
    return ServerProcess(start_logging(main, arguments, surroundings, ROOT, log), log)


@asynccontextmanager
async def running_servers(
    database_url: str,
    servers_count: int,
    folder: Path,
    main: Callable[[], object] = AS_OPERATORS_DO,
    **environment: str,
) -> AsyncGenerator[list[ServerProcess]]:
    """Runs so many servers on one database, and stops those that are left in the end."""
    async with AsyncExitStack() as ending:
        servers: list[ServerProcess] = []
        for number in range(servers_count):
            log = folder / f"server-{number}.log"
            server = start_server(database_url, log, main, **environment)
            ending.push_async_callback(server.stop)
            servers.append(server)
        await asyncio.gather(*(server.wait_until_serving() for server in servers))
        yield servers


async def run_verify(database_url: str, *arguments: str) -> tuple[int, str]:
    """Runs `wallet-server verify`, and returns its exit code and what it printed."""
    process = await start_loaded(None, ("verify", *arguments), environment_of(database_url))
    stdout, stderr = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (stdout + stderr).decode()
