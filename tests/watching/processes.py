"""The process behind those who ask it."""

import asyncio

from wallet_server.watching.reading_process import ReadingProcess
from wallet_server.watching.running_process import RunningProcess

PATIENCE_SECONDS = 60

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
"""A database that nobody serves."""


def running_of(reading: ReadingProcess) -> RunningProcess:
    """Returns the process."""
    assert reading._running is not None
    return reading._running


def pid_of(reading: ReadingProcess) -> int:
    """Returns the number of the process."""
    return running_of(reading)._process.pid


async def until_it_has_ended(reading: ReadingProcess) -> int:
    """Waits for the end of the process, and returns its code."""
    running = running_of(reading)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await running._listening
    assert running._process.returncode is not None
    return running._process.returncode
