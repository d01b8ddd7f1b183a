"""What a file comes to, as its last table."""

from collections.abc import AsyncGenerator

from wallet_server.core.exports.table import CellKind, Column, Money, Table
from wallet_server.core.exports.totals import Totals
from wallet_server.exports.steps import (
    ACCOUNT,
    ASSET,
    LedgerMismatchError,
    Rows,
    Source,
    Step,
    money,
)

TOTALS = Table(
    "Totals",
    (
        Column("tenant", width_chars=12),
        *(ACCOUNT, ASSET, Column("changes", CellKind.NUMBER, width_chars=10)),
        *(money("debits"), money("credits"), money("net")),
    ),
    is_summary=True,
)


async def total_steps(source: Source, totals: Totals, done_commands: int) -> AsyncGenerator[Step]:
    """Yields the totals of whole entries.

    Raises:
        LedgerMismatchError: They do not add up to zero.
    """
    for (tenant_id, asset_code), found in totals.imbalances().items():
        message = f"the entries of {tenant_id} in {asset_code} add up to {found}, not to zero"
        raise LedgerMismatchError(message)
    yield TOTALS
    for key, total in totals.by_account().items():
        exponent = (await source.exponents(key.tenant_id))[key.asset_code]
        sums = (total.debits, total.credits, total.credits - total.debits)
        amounts = [Money(each, exponent) for each in sums]
        yield Rows([(*key, total.changes_count, *amounts)], done_commands)
