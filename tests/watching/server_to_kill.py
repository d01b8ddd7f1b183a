"""A program that starts the process that reads events, says its number, and waits to be killed."""

import asyncio
import sys

from tests.watching.conftest import job_for
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.watching.reading_process import ReadingProcess


async def main(database_url: str) -> None:
    """Starts it, and has it answer."""
    reading = ReadingProcess(job_for(database_url), WatchStatistics())
    await reading.head("demo")
    assert reading._running is not None
    print(reading._running._process.pid, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
