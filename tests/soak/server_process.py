"""Servers as operators run them: `wallet-server serve`, one process each.

Those of other commands believe what calls say of who asks.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
AS_OPERATORS_DO = ("-m", "wallet_server", "serve", "--port", "0", "--without-authentication")
BELIEVING = ("-m", "tests.soak.believing_server")
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30
POLL_SECONDS = 0.02


@dataclass
class ServerProcess:
    """A server in a process of its own, on any free port. Its log is a file."""

    process: asyncio.subprocess.Process
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


async def start_server(
    database_url: str, log: Path, command: Sequence[str] = AS_OPERATORS_DO, **environment: str
) -> ServerProcess:
    """Starts a server, with settings in its environment. It does not serve yet."""
    with log.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            env={**environment_of(database_url), **environment},
            cwd=ROOT,
        )
    return ServerProcess(process, log)


@asynccontextmanager
async def running_servers(
    database_url: str,
    servers_count: int,
    folder: Path,
    command: Sequence[str] = AS_OPERATORS_DO,
    **environment: str,
) -> AsyncGenerator[list[ServerProcess]]:
    """Runs so many servers on one database, and stops those that are left in the end."""
    async with AsyncExitStack() as ending:
        servers: list[ServerProcess] = []
        for number in range(servers_count):
            log = folder / f"server-{number}.log"
            server = await start_server(database_url, log, command, **environment)
            ending.push_async_callback(server.stop)
            servers.append(server)
        await asyncio.gather(*(server.wait_until_serving() for server in servers))
        yield servers


async def run_verify(database_url: str, *arguments: str) -> tuple[int, str]:
    """Runs `wallet-server verify`, and returns its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "wallet_server", "verify", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment_of(database_url),
    )
    printed, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode()
