"""Statements over a real socket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import grpc.aio
import pytest

from tests.database import Database
from tests.execution.conftest import configure
from tests.execution.story import Clock, tell
from tests.execution.vocabulary import TENANT, Caller, wallet_of
from tests.rpc.failures import failure_of
from tests.servers import apply_shape
from wallet.v1 import statement_queries_pb2 as pb
from wallet.v1.statement_queries_pb2_grpc import StatementQueriesStub
from wallet_server.core.ids import WalletRef
from wallet_server.server import Server, open_server
from wallet_server.settings import Settings

if TYPE_CHECKING:
    from wallet.v1.statement_queries_pb2_grpc import StatementQueriesAsyncStub

SETTINGS = Settings(
    listen_port=0,
    due_work_enabled=False,
    sequencing_enabled=False,
    statements_enabled=False,
    statements_time_zone="Europe/Vienna",
)
YEARS: dict[str, Any] = {"first_date": "2030-01-01", "last_date": "2040-12-31"}


@dataclass
class StoryClock:
    """The clock of a story, as servers have theirs."""

    clock: Clock

    def now(self) -> datetime:
        """Returns the time that the story has."""
        return self.clock()


@dataclass
class Office:
    """Asks for statements."""

    server: Server
    stub: "StatementQueriesAsyncStub"
    clock: Clock
    database: Database

    async def balances(
        self,
        tenant_id: str = TENANT,
        **content: Any,
    ) -> pb.GetHouseBalancesResponse:
        request = pb.GetHouseBalancesRequest(tenant_id=tenant_id, **content)
        return await self.stub.GetHouseBalances(request)

    async def lines(
        self,
        tenant_id: str = TENANT,
        **content: Any,
    ) -> pb.ListDailyStatementsResponse:
        request = pb.ListDailyStatementsRequest(tenant_id=tenant_id, **{**YEARS, **content})
        return await self.stub.ListDailyStatements(request)

    async def catch_up(self) -> None:
        """Has all counted that has happened."""
        await self.server.sequencing.catch_up()
        await self.server.statements.catch_up()


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    """An office at a server without callers of another kind."""
    await configure(database)
    clock = Clock()
    async with (
        open_server(
            SETTINGS, database.server_url, StoryClock(clock), believes_metadata=True
        ) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        yield Office(server, StatementQueriesStub(channel), clock, database)


@pytest.fixture
async def busy_office(office: Office) -> Office:
    """An office at a server at which everything has happened once."""
    await tell(office.server.executor, wallet_of("player"), office.clock)
    await office.catch_up()
    return office


async def test_all_accounts_come_to_zero_by_asset(busy_office: Office) -> None:
    told = await busy_office.balances(page_size=500)

    totals: dict[str, int] = {}
    for each in told.balances:
        asset_code = each.balance.asset_code
        totals[asset_code] = totals.get(asset_code, 0) + int(each.balance.minor_units)
    assert totals == {"EUR": 0, "PTS": 0}
    assert told.position.position > 100
    assert told.position.HasField("position_time")
    assert told.position.at_end
    assert told.position.time_zone == "Europe/Vienna"


async def test_lines_add_up_to_the_balances_of_their_days(busy_office: Office) -> None:
    lines = (await busy_office.lines(page_size=500)).lines
    days = sorted({each.date for each in lines})
    assert len(days) == 3

    sums: dict[tuple[str, str], int] = {}
    for day in days:
        for each in lines:
            if each.date == day:
                key = (each.credits.asset_code, each.account)
                change = int(each.credits.minor_units) - int(each.debits.minor_units)
                sums[key] = sums.get(key, 0) + change
        told = await busy_office.balances(date=day, page_size=500)
        assert {
            (each.balance.asset_code, each.account): int(each.balance.minor_units)
            for each in told.balances
        } == sums
    at_the_end = (await busy_office.balances(date=days[-1], page_size=500)).balances
    assert list((await busy_office.balances(page_size=500)).balances) == list(at_the_end)
    assert not (await busy_office.balances(date="2029-12-31")).balances


async def test_pages_have_all_lines_and_balances_once(busy_office: Office) -> None:
    lines = await busy_office.lines(page_size=500)
    balances = await busy_office.balances(page_size=500)
    assert not lines.next_page_token
    assert len(lines.lines) > 100

    paged: list[Any] = []
    token = ""
    while token or not paged:
        page = await busy_office.lines(page_size=7, page_token=token)
        paged += page.lines
        token = page.next_page_token
    assert paged == list(lines.lines)

    paged.clear()
    while token or not paged:
        some = await busy_office.balances(page_size=4, page_token=token)
        paged += some.balances
        token = some.next_page_token
    assert paged == list(balances.balances)


async def test_lines_are_told_apart_by_what_they_are_about(busy_office: Office) -> None:
    everything = list((await busy_office.lines(page_size=500)).lines)
    first, last = everything[0].date, everything[-1].date
    cases: list[tuple[dict[str, str], list[pb.StatementLine]]] = [
        ({"asset_code": "PTS"}, [each for each in everything if each.debits.asset_code == "PTS"]),
        (
            {"provider_type": "SLOTS"},
            [each for each in everything if each.provider_type == "SLOTS"],
        ),
        ({"account": "H:CASH"}, [each for each in everything if each.account == "H:CASH"]),
        ({"last_date": first}, [each for each in everything if each.date == first]),
        ({"first_date": last}, [each for each in everything if each.date == last]),
    ]
    for wanted, expected in cases:
        assert list((await busy_office.lines(page_size=500, **wanted)).lines) == expected
        assert 0 < len(expected) < len(everything)
    assert {
        each.balance.asset_code for each in (await busy_office.balances(asset_code="PTS")).balances
    } == {"PTS"}


async def test_nothing_of_another_tenant_is_counted(busy_office: Office) -> None:
    await apply_shape(busy_office.database, "other", "ruby")
    await busy_office.catch_up()
    before = await busy_office.balances(page_size=500)

    told = await busy_office.balances("other")
    assert list(told.balances) == []
    assert told.position.position < before.position.position
    assert not (await busy_office.lines("other")).lines

    ada = Caller(busy_office.server.executor, WalletRef("other", "ada", "EUR"))
    await ada.open(balance=70)
    await busy_office.catch_up()
    assert {
        each.balance.minor_units for each in (await busy_office.balances("other")).balances
    } == {
        "70",
        "-70",
    }
    assert list((await busy_office.balances(page_size=500)).balances) == list(before.balances)


async def test_a_position_must_be_reached(busy_office: Office) -> None:
    position = (await busy_office.balances()).position.position
    assert (await busy_office.lines(minimum_position=position)).lines

    await tell(busy_office.server.executor, wallet_of("other"), busy_office.clock)
    await busy_office.server.sequencing.catch_up()
    behind = await busy_office.balances()
    assert (behind.position.position, behind.position.at_end) == (position, False)
    for asked in (busy_office.lines, busy_office.balances):
        failure = await failure_of(asked(minimum_position=position + 1))
        assert failure.code is grpc.StatusCode.UNAVAILABLE
        assert failure.reason == "POSITION_NOT_ROLLED_UP"
        assert failure.metadata == {
            "minimum_position": str(position + 1),
            "position": str(position),
        }
        assert failure.retry_delay_ms

    await busy_office.catch_up()

    assert (await busy_office.balances(minimum_position=position + 1)).position.at_end


async def test_there_are_none_before_they_are_made(office: Office) -> None:
    failure = await failure_of(office.balances())
    assert (failure.code, failure.reason) == (
        grpc.StatusCode.UNAVAILABLE,
        "STATEMENTS_NOT_READY",
    )

    await office.catch_up()

    told = await office.balances()
    assert not told.balances
    assert told.position.at_end
    assert told.position.time_zone == "Europe/Vienna"
    assert not (await office.lines()).lines


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"first_date": "2026-02-29", "last_date": "2026-03-01"}, "STATEMENT_PERIOD_INVALID"),
        ({"first_date": "2026-03-02", "last_date": "2026-03-01"}, "STATEMENT_PERIOD_INVALID"),
        ({"page_token": "AAAA"}, "PAGE_TOKEN_INVALID"),
        ({"tenant_id": "nobody"}, "TENANT_NOT_FOUND"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    office: Office, content: dict[str, Any], reason: str
) -> None:
    await office.catch_up()

    assert (await failure_of(office.lines(**content))).reason == reason


async def test_a_day_that_never_was_has_no_balances(office: Office) -> None:
    await office.catch_up()

    failure = await failure_of(office.balances(date="2026-13-01"))

    assert failure.reason == "STATEMENT_PERIOD_INVALID"
