"""However much is exported, it takes the same memory, and comes to what the ledger does."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from tests.cli.programs import run_here
from tests.database import Database
from tests.exports.large_ledger import TENANT, Exported, fill, run_export
from tests.exports.reading import request_of
from tests.servers import apply_shape
from wallet_server.core.exports.request import ExportKind
from wallet_server.exports import exporting
from wallet_server.storage.troubles import Trouble, trouble_of

GROWTH_MIB_MAX = 24
"""By how much memory may differ. The rows of a million entries alone are some hundreds."""

PATIENCE_SECONDS = 20

FORMATS = ("csv", "xlsx", "pdf")


@pytest.mark.parametrize(
    ("wallets_count", "rounds_count"),
    [
        pytest.param(20, 6, id="two-thousand-entries"),
        pytest.param(250, 250, id="a-million-entries", marks=pytest.mark.soak),
    ],
)
async def test_memory_stays_the_same_and_totals_are_those_of_verify(
    database: Database, tmp_path: Path, wallets_count: int, rounds_count: int
) -> None:
    url = database.server_url
    await apply_shape(database, TENANT, "ruby")
    few = await fill(url, prefix="few", wallets_count=1, rounds_count=2)
    small = {form: await make(url, tmp_path / f"few.{form}") for form in FORMATS}
    many = await fill(url, prefix="many", wallets_count=wallets_count, rounds_count=rounds_count)

    large = {form: await make(url, tmp_path / f"many.{form}") for form in FORMATS}
    verified = await run_here("verify", WALLET_DATABASE_URL=url)

    entries = f"{few + many} entries"
    assert entries in verified.stdout
    for form in FORMATS:
        assert entries in large[form].summary
        assert large[form].house == verified.stdout.splitlines()[1:] != []
        assert large[form].peak_mib - small[form].peak_mib < GROWTH_MIB_MAX, form


async def make(url: str, path: Path) -> Exported:
    """Makes a file of all entries."""
    return await asyncio.to_thread(run_export, url, path, "entries")


async def test_a_file_that_nobody_takes_holds_no_snapshot_for_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await apply_shape(database, TENANT, "ruby")
    await fill(database.server_url, prefix="p", wallets_count=2, rounds_count=2)
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
