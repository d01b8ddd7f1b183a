"""Starts programs as copies of a process that has loaded `wallet-server` once for all of them.

To load it takes a program most of its time, again and again. A copy has nothing to load, and is
otherwise a process as any: with its own id, its own signals, its own output and its own end.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection, Pipe
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.cli.loaded_program import Call, run_program
from wallet_server import __main__ as program

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        run_program.__module__,
        "wallet_server.cli.conformance",
        "wallet_server.cli.dev_server",
        "wallet_server.cli.migrate",
        "wallet_server.cli.recount",
        "wallet_server.cli.retention",
        "wallet_server.cli.token",
        "wallet_server.cli.verify",
        "wallet_server.execution.relay.broker",
        "wallet_server.serving.alone",
        "wallet_server.serving.relay_alone",
        "wallet_server.serving.supervisor",
    ]
)


class LoadedProcess:
    """A process that was started so. It is used as `asyncio.subprocess.Process` is."""

    def __init__(self, process: ForkServerProcess) -> None:
        """Takes a process that runs."""
        assert process.pid is not None
        self.pid = process.pid
        self._process = process

    @property
    def returncode(self) -> int | None:
        """How it ended: minus the number of the signal that ended it. None if it has not."""
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Sends it a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Waits for its end. Returns how it came."""
        loop, is_over = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, is_over.set)
        try:
            await is_over.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        assert self.returncode is not None
        return self.returncode


class LoadedProgram(LoadedProcess):
    """One that somebody reads."""

    def __init__(
        self,
        process: ForkServerProcess,
        stdout: asyncio.StreamReader,
        stderr: asyncio.StreamReader,
    ) -> None:
        """Takes a process that runs, and what it prints."""
        super().__init__(process)
        self.stdout = stdout
        self.stderr = stderr

    async def communicate(self) -> tuple[bytes, bytes]:
        """Waits for its end. Returns what it printed that nobody has read yet."""
        printed = await asyncio.gather(self.stdout.read(), self.stderr.read())
        await self.wait()
        return printed


async def start_loaded(
    folder: Path | None, arguments: Sequence[str], environment: Mapping[str, str]
) -> LoadedProgram:
    """Starts `wallet-server` in a folder, or in the current one, with this environment only."""
    (stdout, for_stdout), (stderr, for_stderr) = Pipe(duplex=False), Pipe(duplex=False)
    with for_stdout, for_stderr:
        call = Call(program.main, arguments, environment, folder, for_stdout, for_stderr)
        process = start_call(call)
    return LoadedProgram(process, await open_reader(stdout), await open_reader(stderr))


def start_logging(
    main: Callable[[], object],
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    log: Path,
) -> LoadedProcess:
    """Starts a program that writes all that it prints to a file."""
    with Connection(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), readable=False) as output:
        call = Call(main, arguments, environment, folder, output, output)
        return LoadedProcess(start_call(call))


def start_call(call: Call) -> ForkServerProcess:
    """Starts a copy of the process that has loaded everything. The first waits until it has.

    Not in a thread: each start looks who has ended, which two at once cannot be told.
    """
    process = CONTEXT.Process(target=run_program, args=(call,), daemon=True)
    process.start()
    return process


async def open_reader(pipe: "Connection[Any, Any]") -> asyncio.StreamReader:
    """Reads what comes out of a pipe, and closes it at its end."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
    return reader
