"""Administrative acts that meet."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.database import Database
from tests.execution.administration.acts import ACT, CONTENT, DEMO, create, raise_epoch, records
from wallet_server.core.administration.change import Change
from wallet_server.execution.administration import attempts
from wallet_server.execution.administration.store import AdminStore
from wallet_server.execution.errors import ContentionError


async def test_acts_at_once_run_again_until_each_was_carried_out(
    database: Database, store: AdminStore
) -> None:
    await store.run(ACT, DEMO, CONTENT, create)

    done = await asyncio.gather(
        *(
            store.run(replace(ACT, request_id=f"e{number}"), DEMO, {}, raise_epoch)
            for number in range(4)
        )
    )

    assert sorted(each.after["epoch"] for each in done) == [2, 3, 4, 5]  # pyright: ignore[reportArgumentType]
    assert len(await records(database)) == 5


async def test_the_same_act_at_once_is_carried_out_once(
    database: Database, store: AdminStore
) -> None:
    done = await asyncio.gather(*(store.run(ACT, DEMO, CONTENT, create) for _ in range(3)))

    assert sorted(each.replayed for each in done) == [False, True, True]
    assert len([each for each in await records(database) if each["outcome"] == "APPLIED"]) == 1


async def test_an_act_that_always_conflicts_is_given_up(
    monkeypatch: pytest.MonkeyPatch, store: AdminStore
) -> None:
    monkeypatch.setattr(attempts, "ATTEMPTS_MAX", 2)

    async def conflict(connection: AsyncConnection, now: datetime) -> Sequence[Change]:
        del now
        await connection.execute(sa.text("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"))
        return []

    with pytest.raises(ContentionError):
        await store.run(ACT, DEMO, CONTENT, conflict)
