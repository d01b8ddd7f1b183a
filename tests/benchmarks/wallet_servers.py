"""Real servers: `wallet-server serve`, each in a process of its own."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

START_SECONDS_MAX = 20
STOP_SECONDS_MAX = 30


@asynccontextmanager
async def start_server(
    database_url: str, settings: Mapping[str, object]
) -> AsyncGenerator["WalletServer"]:
    """Starts a server on any free port. It does not outlive the block, whatever happens."""
    given = {f"WALLET_{name.upper()}": str(value) for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wallet_server", "serve", "--port", "0"),
        env={**os.environ, "WALLET_DATABASE_URL": database_url, **given},
        stderr=PIPE,
    )
    try:
        server = WalletServer(process)
        await server.wait_until_serving()
        yield server
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class WalletServer:
    """A server process, and what it wrote into its log."""

    def __init__(self, process: Process) -> None:
        """Takes a process that has just been started."""
        self._process = process
        self._log: list[dict[str, Any]] = []
        self.target = ""

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    async def wait_until_serving(self) -> None:
        """Waits until it takes calls."""
        serving = await asyncio.wait_for(self._read_until("serving"), START_SECONDS_MAX)
        self.target = f"127.0.0.1:{serving['port']}"

    async def stop(self) -> Mapping[str, Any]:
        """Ends the server in good order. Returns what its engine counted in all its life."""
        self._process.terminate()
        drained = await asyncio.wait_for(self._read_until("drained"), STOP_SECONDS_MAX)
        assert await self._process.wait() == 0
        return drained

    async def _read_until(self, message: str) -> dict[str, Any]:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            try:
                self._log.append(json.loads(line))
            except ValueError:
                self._log.append({"message": line.decode().rstrip()})
            if self._log[-1]["message"] == message:
                return self._log[-1]
        said = "\n".join(str(each["message"]) for each in self._log)
        raise RuntimeError(f"the server ended without saying {message!r}:\n{said}")
