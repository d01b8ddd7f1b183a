"""`verify` is content with what the engine records, and with nothing else.

Each corruption is made by the superuser, one at a time, after which exactly
the checks that are named must find it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.database import Database
from tests.execution.conftest import StartExecutor
from tests.execution.corruptions import CORRUPTIONS
from tests.execution.story import STORY, Clock, tell
from tests.execution.vocabulary import Caller, authorize, settle, wallet_of
from wallet_server.core.audit.difference import Check, Difference
from wallet_server.core.commands import COMMANDS
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import WalletRef
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.execution.verification import VerificationScope, VerificationSummary, verify

PLAYER = WalletRef("demo", "player", "EUR")
OTHER = WalletRef("demo", "other", "EUR")


REFUSED = [
    "RESULT_VERSION_CONFLICT",
    "BET_TOMBSTONED",
    "INSUFFICIENT_FUNDS",
    "INSUFFICIENT_FUNDS",
    "ROUND_CLOSED",
    "BET_TOMBSTONED",
    "PROMOTION_VALUE_SPENT",
    "LIMIT_INCREASE_PENDING",
    "APPROVAL_REQUIRED",
    "APPROVAL_REQUIRED",
    "BONUS_FORFEITURE_REQUIRED",
    "APPROVAL_REQUIRED",
]
"""What the story's commands are refused for, in its order."""


@pytest.fixture
async def played(
    postgres: EmbeddedPostgres, told: Database, database_names: Iterator[str]
) -> AsyncIterator[Database]:
    """A database in which everything has happened once, to two wallets."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, told.name)
    yield database
    await database.drop()


async def find(
    database: Database, scope: VerificationScope | None = None
) -> tuple[list[Difference], VerificationSummary]:
    found: list[Difference] = []
    scope = scope or VerificationScope()
    return found, await verify(database.server_url, scope, found.append)


async def test_what_the_engine_records_is_free_of_differences(played: Database) -> None:
    found, summary = await find(played)

    assert found == []
    assert summary.wallet_count == 2
    assert summary.bet_count == 72
    assert summary.answer_count == 2 * len(STORY)
    assert sum(v for (_, _, asset), v in summary.house.items() if asset == "PTS") == 2 * 60
    assert sum(v for (_, name, _), v in summary.house.items() if name == "H:SUSPENSE") == 2 * 205


async def test_the_story_has_all_commands_and_what_it_says_comes_to_pass(
    start_executor: StartExecutor,
) -> None:
    clock = Clock()

    said = await tell(await start_executor(now=clock), PLAYER, clock)

    assert {type(command) for command in STORY} == set(COMMANDS)
    assert [each for each in said if each not in {outcome.value for outcome in Outcome}] == REFUSED


async def test_wallets_may_be_verified_while_commands_go_on(
    played: Database, start_executor: StartExecutor
) -> None:
    executor = await start_executor(url=played.server_url)
    caller = Caller(executor)

    async def bet(name: str) -> None:
        wallet = wallet_of(name)
        await caller.open(wallet, balance=100_000)
        for number in range(40):
            await caller.send(f"a{number}", authorize(f"bet-{number}"), wallet)
            await caller.send(f"s{number}", settle(f"bet-{number}", 15), wallet)

    betting = asyncio.gather(*(bet(f"busy-{number}") for number in range(10)))
    while not betting.done():
        found, _ = await find(played)
        assert found == []
    await betting


async def test_the_scope_is_a_tenant_or_some_wallets(played: Database) -> None:
    assert (await find(played, VerificationScope("demo")))[1].wallet_count == 2
    assert (await find(played, VerificationScope("nobody")))[1].wallet_count == 0
    assert (await find(played, VerificationScope(wallets=(OTHER,))))[1].wallet_count == 1

    missing = WalletRef("demo", "nobody", "EUR")
    found, _ = await find(played, VerificationScope(wallets=(missing,)))
    assert [difference.check for difference in found] == [Check.WALLET_MISSING]


FOLLOWING = {
    *(Check.BUCKET_USAGE, Check.AUDIT_RECORD),
    *(Check.EVENT_WITHOUT_COMMAND, Check.EVENT_MISSING, Check.EVENT_CHANGES),
}
"""What is found too wherever bets, balances and items are altered, or answers and entries."""


async def test_what_retention_has_removed_is_not_missing(played: Database) -> None:
    connection = await played.connect()
    kept_from = await connection.fetchval("SELECT max(position) / 2 FROM events")
    await played.tamper("DELETE FROM events WHERE position < $1", kept_from)
    await played.tamper("UPDATE event_heads SET first_position = $1", kept_from)

    found, _ = await find(played)

    assert found == []


OF_CHAIN = {check for check in Check if check.startswith("CHAIN_")}
"""What `verify --chain` finds: tests/execution/sealing."""

OF_STATEMENTS = {Check.STATEMENT}
"""What is found of statements, which nobody keeps here: tests/execution/statements."""


@pytest.mark.parametrize("case", CORRUPTIONS)
async def test_a_corruption_is_found_and_named(played: Database, case: str) -> None:
    statements, expected = CORRUPTIONS[case]
    for statement in statements.split("; "):
        await played.tamper(statement)

    found, summary = await find(played)

    checks = {difference.check for difference in found}
    assert checks - FOLLOWING == expected - FOLLOWING, "\n".join(map(str, found))
    assert expected <= checks
    assert summary.difference_count == len(found)
    assert all("other" not in difference.wallet for difference in found)


def test_every_check_is_provoked() -> None:
    provoked = set[Check]().union(*(expected for _, expected in CORRUPTIONS.values()))

    assert provoked == set(Check) - OF_CHAIN - OF_STATEMENTS
