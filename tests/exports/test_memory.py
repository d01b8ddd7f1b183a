"""However much is exported, it takes the same memory, and comes to what the ledger does."""

import asyncio
from pathlib import Path

import pytest

from tests.cli.programs import run_here
from tests.database import Database
from tests.exports.large_ledger import TENANT, Exported, fill, run_export
from tests.servers import apply_shape

GROWTH_MIB_MAX = 24
"""By how much memory may differ. The rows of a million entries alone are some hundreds."""

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
