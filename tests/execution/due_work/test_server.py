"""A whole server does what time makes due, unless it is told to leave that to others."""

import pytest

from tests.database import Database
from tests.execution.due_work.words import DAY, count_states, grant
from tests.execution.ledger import Ledger, wait_until
from tests.execution.vocabulary import Caller
from wallet_server.conformance.clock import ScenarioClock
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.server import open_server
from wallet_server.settings import Settings

SETTINGS = Settings(listen_port=0, without_authentication=True, due_work_interval_seconds=0.01)


@pytest.mark.usefixtures("tenant")
async def test_a_server_does_it_by_itself(
    database: Database, clock: ScenarioClock, ledger: Ledger
) -> None:
    async def is_done() -> bool:
        return await count_states(ledger) == {"EXPIRED": 1}

    async with open_server(SETTINGS, database.server_url, clock) as server:
        caller = Caller(server.executor)
        await caller.open()
        await caller.send("grant", grant("c1"))
        clock.advance(DAY)
        await wait_until(is_done)

    assert server.due_work.statistics == DueWorkStatistics(done=1)


@pytest.mark.usefixtures("tenant")
async def test_a_server_that_leaves_it_to_others_still_can_be_asked_to(
    database: Database, clock: ScenarioClock, ledger: Ledger
) -> None:
    settings = SETTINGS.model_copy(update={"due_work_enabled": False})

    async with open_server(settings, database.server_url, clock) as server:
        caller = Caller(server.executor)
        await caller.open()
        await caller.send("grant", grant("c1"))
        clock.advance(DAY)
        assert server.due_work._repetition._running is None
        await server.due_work.catch_up()

    assert await count_states(ledger) == {"EXPIRED": 1}
