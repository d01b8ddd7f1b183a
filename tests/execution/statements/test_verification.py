"""`verify` finds statements that say otherwise than the ledger, and no others."""

import asyncio

import pytest

from tests.execution.statements.conftest import Books
from tests.execution.vocabulary import Caller, authorize, settle, wallet_of

CORRUPTIONS = {
    "a debit": "UPDATE statement_totals SET debits = debits + 1 WHERE account = 'H:CASH'",
    "a credit": "UPDATE statement_totals SET credits = credits + 1 WHERE account = 'cpn:*'",
    "a count": "UPDATE statement_totals SET changes_count = changes_count + 1",
    "a line that is gone": "DELETE FROM statement_totals WHERE provider_type = 'SLOTS'",
    "a line of nothing": (
        "INSERT INTO statement_totals VALUES"
        " ('demo', '2030-01-01', 'EUR', '', 'H:FEE', 'AdjustBalance', 0, 5, 1)"
    ),
    "a line of another day": "UPDATE statement_totals SET day = day + 1 WHERE account = 'H:ADJUST'",
    "a balance": "UPDATE statement_balances SET balance = balance + 1 WHERE account = 'hold:*'",
    "a balance that is gone": "DELETE FROM statement_balances WHERE account = 'bkt:points'",
    "another time zone": "UPDATE statements SET time_zone = 'Pacific/Auckland'",
    "events that are left out": (
        "UPDATE event_consumers SET position = position + 5 WHERE consumer = 'statements'"
    ),
    "events that are counted twice": (
        "UPDATE event_consumers SET position = position - 5 WHERE consumer = 'statements'"
    ),
}


@pytest.fixture
async def kept(books: Books) -> Books:
    """Statements of a wallet to which everything has happened, but for what came last."""
    await books.follow()
    await books.live("player")
    await books.sequence()
    connection = books.ledger.connection
    await connection.execute("UPDATE event_heads SET position = position - 20")
    await books.follow()
    await connection.execute("UPDATE event_heads SET position = position + 20")
    return books


@pytest.mark.parametrize("case", CORRUPTIONS)
async def test_what_is_wrong_is_found(kept: Books, case: str) -> None:
    assert await kept.problems() == []

    await kept.database.tamper(CORRUPTIONS[case])

    assert await kept.problems() != []


async def test_statements_may_be_verified_while_they_are_kept(books: Books) -> None:
    await books.follow()
    executor = await books.start_executor()
    caller = Caller(executor)

    async def bet(name: str) -> None:
        wallet = wallet_of(name)
        await caller.open(wallet, balance=100_000)
        for number in range(20):
            await caller.send(f"a{number}", authorize(f"bet-{number}"), wallet)
            await caller.send(f"s{number}", settle(f"bet-{number}", 15), wallet)

    async def keep() -> None:
        while not betting.done():
            await books.sequence()
            await books.follow()

    betting = asyncio.gather(*(bet(f"busy-{number}") for number in range(6)))
    keeping = asyncio.create_task(keep())
    while not betting.done():
        assert await books.problems() == []
    await betting
    await keeping
    await books.sequence()
    await books.follow()

    assert await books.problems() == []
