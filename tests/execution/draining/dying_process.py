"""A process that empties buckets, and falls silent when it has done a third page: to be killed.

It prints a line then. Its argument is the database's URL.
"""

import asyncio
import sys

from tests.execution.conftest import now
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.draining import job
from wallet_server.execution.draining.background import DRAINING_LEASE, Draining
from wallet_server.execution.executor import Executor
from wallet_server.execution.lease import Lease
from wallet_server.execution.settings import DrainingSettings, EngineSettings
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import open_readers

PAGES_NOTED = 2
LEASE_SECONDS = 0.2

note_progress, noted = job.drains.note_progress, 0


async def note_two(*arguments: object, **named: object) -> bool:
    """Notes two pages, and never comes to note the third."""
    global noted  # noqa: PLW0603 - the process has no other state.
    noted += 1
    if noted > PAGES_NOTED:
        print("silent", flush=True)
        await asyncio.Event().wait()
    return await note_progress(*arguments, **named)  # type: ignore[arg-type]


async def main(url: str) -> None:
    """Goes on with drains until it falls silent."""
    job.drains.note_progress = note_two
    executor = Executor(url, ConfigurationCache(), EngineSettings(), now)
    await executor.start()
    readers = await open_readers(url, connections_max=1, statement_timeout_seconds=10)
    engine = create_engine(url, connections_max=2)
    lease = Lease(engine, DRAINING_LEASE, seconds=LEASE_SECONDS)
    settings = DrainingSettings(draining_page_wallets=4)
    await Draining(executor, readers, engine, lease, settings, now).catch_up()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
