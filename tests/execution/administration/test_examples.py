"""Examples of what is in the way of a topology, where they cannot be had."""

import asyncpg
import pytest

from tests.database import Database
from wallet_server.core.administration.usage import UsageKind
from wallet_server.execution.administration.examples import find
from wallet_server.storage import usage_examples
from wallet_server.storage.engine import create_engine

SAID = "canceling statement of player ann"


async def test_the_log_says_why_there_are_none_and_nothing_that_the_database_says(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def take_too_long(*_: object) -> tuple[str, ...]:
        raise asyncpg.QueryCanceledError(SAID)

    monkeypatch.setattr(usage_examples, "find", take_too_long)
    engine = create_engine(database.server_url)

    found = await find(engine, "demo", "sports_bonus", UsageKind.BALANCE, 1.0)

    await engine.dispose()
    [record] = caplog.records
    assert found == ()
    assert vars(record)["error"] == "QueryCanceledError"
    assert SAID not in str(vars(record))
