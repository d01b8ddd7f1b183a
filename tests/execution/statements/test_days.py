"""Days are those of the tenant's time zone, and end when they end, whenever they are told of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.execution.statements.conftest import Books, MakeKeeper
from tests.execution.story import Clock
from tests.execution.vocabulary import TENANT, Caller, credit, wallet_of
from wallet_server.execution.statements.keeper import UnknownTimeZoneError

LATE = datetime(2030, 3, 30, 22, 59, 59, 999_999, tzinfo=UTC)
EARLY = datetime(2030, 3, 30, 23, tzinfo=UTC)
LAST_OF_SPRING = datetime(2030, 3, 31, 21, 59, 59, 999_999, tzinfo=UTC)
LAST_OF_AUTUMN = datetime(2030, 10, 27, 22, 59, 59, 999_999, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

CASH = """
SELECT day, credits, debits FROM statement_totals
WHERE account = 'H:ADJUST' ORDER BY day
"""
BALANCES = "SELECT day, balance FROM statement_balances WHERE account = 'H:ADJUST' ORDER BY day"


async def credit_at(books: Books, time: datetime, player_id: str) -> None:
    """Credits a wallet of its own at a time."""
    executor = await books.start_executor(now=Clock(time))
    caller = Caller(executor, wallet_of(player_id))
    await caller.open()
    await caller.send("1", credit())


async def days(books: Books) -> dict[date, int]:
    return {row["day"]: int(row["debits"]) for row in await books.ledger.connection.fetch(CASH)}


async def balances(books: Books) -> dict[date, int]:
    rows = await books.ledger.connection.fetch(BALANCES)
    return {row["day"]: -int(row["balance"]) for row in rows}


async def test_a_day_is_of_utc_unless_the_tenant_has_another(books: Books) -> None:
    await books.follow()
    await credit_at(books, LATE, "late")
    await credit_at(books, EARLY, "early")
    await books.sequence()
    await books.follow()
    (amount,) = {each // 2 for each in (await days(books)).values()}
    assert await days(books) == {date(2030, 3, 30): 2 * amount}

    await books.keeper.start_anew(TENANT, "Europe/Vienna")
    await books.follow()

    assert await days(books) == {date(2030, 3, 30): amount, date(2030, 3, 31): amount}
    assert await books.problems() == []


@pytest.mark.parametrize(
    ("first", "last", "day"),
    [  # Of 23 hours, and of 25.
        (datetime(2030, 3, 30, 23, tzinfo=UTC), LAST_OF_SPRING, date(2030, 3, 31)),
        (datetime(2030, 10, 26, 22, tzinfo=UTC), LAST_OF_AUTUMN, date(2030, 10, 27)),
    ],
)
async def test_a_day_on_which_clocks_change_has_all_its_hours(
    books: Books, make_keeper: MakeKeeper, first: datetime, last: datetime, day: date
) -> None:
    books.keeper = await make_keeper(statements_time_zone="Europe/Vienna")
    moments = (first - MICROSECOND, first, last, last + MICROSECOND)
    for number, time in enumerate(moments):
        await credit_at(books, time, f"player-{number}")
    await books.sequence()
    await books.follow()

    found = await days(books)

    amount = found[day] // 2
    assert found == {
        day - timedelta(days=1): amount,
        day: 2 * amount,
        day + timedelta(days=1): amount,
    }
    assert await books.problems() == []


async def test_new_tenants_have_the_days_of_the_settings(
    books: Books, make_keeper: MakeKeeper
) -> None:
    books.keeper = await make_keeper(statements_time_zone="Asia/Kathmandu")
    await books.follow()
    await credit_at(books, EARLY, "early")
    await books.sequence()
    await books.follow()

    assert list(await days(books)) == [date(2030, 3, 31)]


async def test_what_is_told_late_changes_later_days_too(books: Books) -> None:
    await books.follow()
    for day, player_id in ((5, "a"), (9, "b"), (7, "c"), (5, "d"), (1, "e"), (11, "f")):
        await credit_at(books, datetime(2030, 1, day, tzinfo=UTC), player_id)
        await books.sequence()
        await books.follow()
    amount = (await days(books))[date(2030, 1, 1)]

    by_day = {day.day: balance // amount for day, balance in (await balances(books)).items()}
    assert by_day == {1: 1, 5: 3, 7: 4, 9: 5, 11: 6}
    assert await books.problems() == []


async def test_a_time_zone_that_is_none_changes_nothing(books: Books) -> None:
    await books.live("player")
    await books.sequence()
    await books.follow()
    before = await books.rows()

    for name in ("Europe/Atlantis", "XYZ5", ""):
        with pytest.raises(UnknownTimeZoneError):
            await books.keeper.start_anew(TENANT, name)

    assert await books.rows() == before
