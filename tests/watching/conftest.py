"""The fixtures of this folder."""

from collections.abc import AsyncIterator

import pytest

from tests.database import Database
from tests.servers import apply_shape
from tests.told import TENANT, Teller
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.settings_groups.log import LogFormat, LogLevel
from wallet_server.watching.messages import Job
from wallet_server.watching.reading_process import ReadingProcess


@pytest.fixture
async def teller(database: Database) -> Teller:
    """What puts events of the tenant `demo` into the database."""
    await apply_shape(database, TENANT, "ruby")
    return Teller(database)


def job_for(database_url: str) -> Job:
    """Returns what a process is to do."""
    return Job(
        database_url=database_url,
        connections_max=2,
        statement_timeout_seconds=10.0,
        log_format=LogFormat.JSON,
        log_level=LogLevel.INFO,
        is_traced=True,
    )


@pytest.fixture
def statistics() -> WatchStatistics:
    """What is counted of the process."""
    return WatchStatistics()


@pytest.fixture
async def reading(database: Database, statistics: WatchStatistics) -> AsyncIterator[ReadingProcess]:
    """Reads by a process, which ends with the test."""
    reading = ReadingProcess(job_for(database.server_url), statistics)
    yield reading
    await reading.kill()
