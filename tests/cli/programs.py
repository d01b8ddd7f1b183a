"""Runs the program as people do: as a process, with a terminal's worth of output.

What is started here has been loaded before, by another process: `start_afresh` and `run_afresh`
do without that, and every command is run so by a test at least.
"""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from click.testing import CliRunner

from tests.cli.loaded import LoadedProgram, start_loaded
from wallet_server.cli.main import main

WAIT_SECONDS = 60

Process: TypeAlias = asyncio.subprocess.Process | LoadedProgram

PORT = re.compile(r"Serving at 127\.0\.0\.1:(\d+)")


@dataclass
class Ended:
    """What a program said, and how it ended."""

    code: int
    stdout: str
    stderr: str


async def run(*arguments: str, **environment: str) -> Ended:
    """Runs `wallet-server` to its end."""
    return await end_of(await start_process(*arguments, **environment))


async def run_afresh(*arguments: str, **environment: str) -> Ended:
    """Runs `python -m wallet_server` to its end."""
    return await end_of(await start_afresh(*arguments, **environment))


async def run_here(*arguments: str, **environment: str) -> Ended:
    """Runs `wallet-server` to its end in this process, where starting it takes no time."""
    ended = await asyncio.to_thread(CliRunner().invoke, main, arguments, env=environment)
    return Ended(ended.exit_code, ended.stdout, ended.stderr)


async def run_in(folder: Path, *arguments: str, **environment: str) -> Ended:
    """Runs `wallet-server` to its end, in a folder."""
    return await end_of(await start_loaded(folder, arguments, surroundings(environment)))


async def end_of(process: Process) -> Ended:
    """Waits for the end of a program."""
    stdout, stderr = await asyncio.wait_for(process.communicate(), WAIT_SECONDS)
    assert process.returncode is not None
    return Ended(process.returncode, stdout.decode(), stderr.decode())


async def start_process(*arguments: str, **environment: str) -> LoadedProgram:
    """Starts `wallet-server`."""
    return await start_loaded(None, arguments, surroundings(environment))


async def start_afresh(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    """Starts `python -m wallet_server`."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "wallet_server", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=surroundings(environment),
    )


def surroundings(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Returns an environment without the tester's own settings.

    Unless it says otherwise, everybody is let in.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("WALLET_")}
    return {**inherited, "WALLET_WITHOUT_AUTHENTICATION": "true", **environment}


@dataclass
class Running:
    """A program that goes on until it is told to stop."""

    process: Process
    lines: list[str] = field(default_factory=list)

    async def read_until(self, text: str) -> str:
        """Reads what it prints until a line has the text. Returns that line."""
        assert self.process.stdout is not None
        while True:
            read = await asyncio.wait_for(self.process.stdout.readline(), WAIT_SECONDS)
            line = read.decode()
            assert line, f"it ended before it said {text!r}"
            self.lines.append(line)
            if text in line:
                return line

    async def read_port(self) -> int:
        """Reads until it says where it serves."""
        found = PORT.search(await self.read_until("Serving at"))
        assert found is not None
        return int(found[1])

    async def stop(self, signal_number: signal.Signals) -> Ended:
        """Sends a signal and waits for the end."""
        self.process.send_signal(signal_number)
        stdout, stderr = await asyncio.wait_for(self.process.communicate(), WAIT_SECONDS)
        assert self.process.returncode is not None
        return Ended(
            self.process.returncode, "".join(self.lines) + stdout.decode(), stderr.decode()
        )


@asynccontextmanager
async def start(*arguments: str, **environment: str) -> AsyncGenerator[Running]:
    """Starts `wallet-server`, and kills it at the end if it is still there."""
    async with ending(await start_process(*arguments, **environment)) as started:
        yield started


@asynccontextmanager
async def ending(process: Process) -> AsyncGenerator[Running]:
    """Kills a program at the end if it is still there."""
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def read_served_port(running: Running) -> int:
    """Reads the log until it says where the server listens."""
    return (await read_log_until(running, "serving"))["port"]


async def read_log_until(running: Running, message: str) -> dict[str, Any]:
    """Reads the log until a line says this. Returns the line."""
    assert running.process.stderr is not None
    while True:
        line = (await asyncio.wait_for(running.process.stderr.readline(), WAIT_SECONDS)).decode()
        assert line, f"it ended before it said {message!r}"
        said = json.loads(line)
        if said["message"] == message:
            return said
