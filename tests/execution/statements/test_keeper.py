"""Statements say what the ledger says, however they came about."""

import asyncio

import pytest

from tests.execution.statements.conftest import Books, MakeKeeper
from tests.execution.vocabulary import TENANT
from wallet_server.execution.statements import keeper as keeping

UNBALANCED = """
SELECT day, asset_code, provider_type FROM statement_totals
GROUP BY day, asset_code, provider_type HAVING sum(credits) <> sum(debits)
"""
OF_ALL_DAYS = """
SELECT count(DISTINCT day) AS days, count(DISTINCT account) AS accounts,
    array_agg(DISTINCT provider_type ORDER BY provider_type) AS provider_types
FROM statement_totals
"""


async def test_statements_follow_events(books: Books) -> None:
    await books.follow()
    for player_id in ("player", "other"):
        await books.live(player_id)
        await books.sequence()

        assert await books.follow() > 100
        assert await books.problems() == []
    assert await books.ledger.connection.fetch(UNBALANCED) == []
    found = await books.ledger.connection.fetchrow(OF_ALL_DAYS)
    assert found is not None
    assert found["days"] == 3
    assert found["accounts"] > 20
    assert found["provider_types"] == ["", "LIVE", "SLOTS", "SPORTS"]


async def test_made_from_the_ledger_they_are_the_same(books: Books) -> None:
    await books.follow()
    await books.live("player", "other")
    await books.sequence()
    await books.follow()
    followed = await books.rows()

    await books.keeper.start_anew(TENANT, None)
    assert await books.rows() == []
    assert await books.follow() == 0

    assert await books.rows() == followed
    assert await books.problems() == []


async def test_what_has_no_position_when_they_are_made_is_counted_with_its_events(
    books: Books,
) -> None:
    await books.live("player")
    await books.sequence()
    await books.live("other")

    assert await books.follow() == 0
    assert await books.problems() == []
    before = await books.position()
    await books.sequence()
    assert await books.follow() == await books.position() - before > 100

    assert await books.problems() == []


async def test_what_is_told_while_they_are_made_is_counted_once(books: Books) -> None:
    await books.live("player", "other")
    await books.sequence()
    await books.keeper.step(TENANT)
    await books.keeper.step(TENANT)  # One wallet of two.
    await books.live("third")
    await books.sequence()

    assert await books.follow() > 100

    assert await books.problems() == []


async def test_the_ledger_of_before_events_is_counted(books: Books) -> None:
    await books.live("player")
    await books.forget_events()
    await books.live("other")
    await books.sequence()

    await books.follow()

    assert await books.problems() == []
    assert len(await books.rows()) > 100


async def test_what_is_not_committed_is_done_again(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    await books.follow()
    await books.live("player")
    await books.sequence()
    follow_events = keeping.follow_events

    async def follow_and_break(*args: object, **values: object) -> None:
        await follow_events(*args, **values)  # pyright: ignore[reportArgumentType] - passed on.
        raise ConnectionError

    monkeypatch.setattr(keeping, "follow_events", follow_and_break)
    before = await books.position()
    with pytest.raises(ConnectionError):
        await books.keeper.step(TENANT)
    assert await books.position() == before
    monkeypatch.undo()

    await books.follow()

    assert await books.problems() == []


async def test_several_at_once_count_nothing_twice(books: Books, make_keeper: MakeKeeper) -> None:
    await books.live("player", "other")
    await books.sequence()
    keepers = [books.keeper, await make_keeper(), await make_keeper(statements_events_max=50)]

    async def work(keeper: keeping.StatementKeeper) -> None:
        while await keeper.tenants_behind():
            await keeper.step(TENANT)

    await asyncio.gather(*map(work, keepers))
    await books.live("third")
    await books.sequence()
    await asyncio.gather(*map(work, keepers))

    assert await books.problems() == []


async def test_where_events_are_gone_they_are_made_from_the_ledger(books: Books) -> None:
    await books.follow()
    await books.live("player")
    await books.sequence()
    connection = books.ledger.connection
    await connection.execute("DELETE FROM event_consumers")
    await books.follow()
    assert await books.problems() == []

    await books.live("other")
    await books.sequence()
    await connection.execute("UPDATE event_heads SET first_position = position")
    await connection.execute(
        "DELETE FROM events WHERE position < (SELECT position FROM event_heads)"
    )
    await books.follow()

    assert await books.problems() == []
