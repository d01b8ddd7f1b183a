"""However much is exported, it takes the same memory, and comes to what the ledger does."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.cli.programs import run_here
from tests.database import Database
from tests.execution.vocabulary import TENANT
from tests.exports.large_ledger import fill
from tests.exports.measuring import Exported, export_in_every_way
from tests.exports.reading import request_of
from tests.servers import apply_shape
from wallet_server.core.exports.request import ExportKind
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.exports import exporting
from wallet_server.storage.troubles import Trouble, trouble_of

GROWTH_MIB_MAX = 24
"""By how much memory may differ. The rows of a million entries alone are some hundreds."""

PATIENCE_SECONDS = 20

LONG_SECONDS = 3_600
"""More than a million entries take six times over, however busy the machine is."""


@pytest.fixture(scope="module")
async def small(
    postgres: EmbeddedPostgres,
    template: str,
    database_names: Iterator[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Exported]:
    """What it takes to make files of hardly any entries."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, template)
    await apply_shape(database, TENANT, "ruby")
    await fill(database, wallets_count=1, rounds_count=2)
    found = await export_in_every_way(database.server_url, TENANT, tmp_path_factory.mktemp("small"))
    await database.drop()
    return found


@pytest.mark.parametrize(
    ("wallets_count", "rounds_count"),
    [
        pytest.param(20, 6, id="two-thousand-entries"),
        pytest.param(
            *(250, 250),
            id="a-million-entries",
            marks=[pytest.mark.soak, pytest.mark.timeout(LONG_SECONDS)],
        ),
    ],
)
async def test_memory_stays_the_same_and_totals_are_those_of_verify(
    small: list[Exported], database: Database, tmp_path: Path, wallets_count: int, rounds_count: int
) -> None:
    url = database.server_url
    await apply_shape(database, TENANT, "ruby")
    entries_count = await fill(database, wallets_count=wallets_count, rounds_count=rounds_count)

    large = await export_in_every_way(url, TENANT, tmp_path)
    verified = await run_here("verify", WALLET_DATABASE_URL=url)

    assert verified.code == 0, verified.stdout
    assert f"{entries_count} entries" in verified.stdout
    for one, other in zip(small, large, strict=True):
        assert other.entries_count == entries_count
        assert other.house == verified.stdout.splitlines()[1:] != []
        for name, peak_mib in other.peaks_mib.items():
            assert peak_mib - one.peaks_mib[name] < GROWTH_MIB_MAX, (other.name, name)


async def test_a_file_that_nobody_takes_holds_no_snapshot_for_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await apply_shape(database, TENANT, "ruby")
    await fill(database, wallets_count=2, rounds_count=2)
    monkeypatch.setattr(exporting, "IDLE_SECONDS_MAX", 0.05)
    request = request_of(ExportKind.ENTRIES)
    async with exporting.connect(database.server_url) as connection:
        parts = exporting.export(connection, request, exporting.writer_of(request))
        await anext(parts)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not connection.is_closed():
                await asyncio.sleep(0.01)

        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)) as caught:
            async for _ in parts:
                pass

    assert trouble_of(caught.value) is Trouble.LOST
