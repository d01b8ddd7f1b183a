"""`verify` after each workload, on several processors at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.surroundings.databases import Databases
from tests.benchmarks.surroundings.workers import Worker
from wallet_server.core.audit.difference import Difference
from wallet_server.core.ids import WalletRef
from wallet_server.execution.verification import VerificationScope, verify
from wallet_server.storage import verification as storage

SHOWN_MAX = 20

WALLETS = "SELECT tenant_id, player_id, currency_code FROM wallets ORDER BY shard, wallet_id"


class UnsoundError(Exception):
    """What was measured counts for nothing: the books are wrong. The message says how."""


@dataclass(frozen=True, slots=True)
class Part:
    """Wallets of a database that one process verifies; the first also looks for strays."""

    database_url: str
    wallets: tuple[WalletRef, ...]
    strays_too: bool


async def check(
    databases: Databases, name: str, verifiers: Sequence[Worker[Part, list[str]]]
) -> None:
    """Verifies a database as `wallet-server verify` does, shared out among processes.

    Raises:
        UnsoundError: Something differs.
    """
    async with databases.connect(name) as connection:
        wallets = [WalletRef(*row) for row in await connection.fetch(WALLETS)]
    share = -(-len(wallets) // len(verifiers))
    parts = [
        Part(databases.url(name), tuple(wallets[first : first + share]), first == 0)
        for first in range(0, len(wallets), share)
    ]
    found = await asyncio.gather(
        *(verifier.do(part) for verifier, part in zip(verifiers, parts, strict=False))
    )
    if differences := [each for one in found for each in one]:
        shown = "\n".join(differences[:SHOWN_MAX])
        raise UnsoundError(f"{name}: {len(differences)} differences\n{shown}")


def run_verification(part: Part) -> list[str]:
    """Verifies a part. Returns what differs, in words."""
    return asyncio.run(_verify(part))


async def _verify(part: Part) -> list[str]:
    differences: list[Difference] = []
    await verify(part.database_url, VerificationScope(wallets=part.wallets), differences.append)
    found = [str(each) for each in differences]
    if part.strays_too:
        async with storage.connect(part.database_url) as connection, storage.snapshot(connection):
            strays = [stray async for stray in storage.load_orphans(connection)]
        found += [f"{table} has rows of no wallet: {place}" for table, place in strays]
    return found
