"""The part of `verify` that is of statements: each line is derived again from the entries.

Commands go on meanwhile, and statements follow them: what was read of them first is held against
the ledger as it was then, wallet by wallet, each page in a snapshot of its own.
"""

from collections.abc import AsyncIterator

from wallet_server.core.audit.difference import Check, Difference
from wallet_server.core.audit.statement_audit import find_balance_problems, find_total_problems
from wallet_server.core.ids import Location
from wallet_server.core.statements.totals import LineKey, LineTotal, add_entry
from wallet_server.storage import statement_verification as storage
from wallet_server.storage.statement_verification import KeptStatements
from wallet_server.storage.statements import BEFORE_ALL
from wallet_server.storage.verification import Connection, snapshot

PAGE_WALLETS = 100


async def find_statement_problems(
    connection: Connection, tenant_id: str | None
) -> AsyncIterator[Difference]:
    """Yields where the statements of a tenant, or of all, say otherwise than the ledger."""
    async with snapshot(connection):
        tenants = [each.tenant_id for each in await storage.load_kept(connection, tenant_id)]
    for each in tenants:
        async with snapshot(connection):
            found = await storage.load_kept(connection, each)
            totals = await storage.load_totals(connection, each)
            balances = await storage.load_balances(connection, each)
        for kept in found:
            there = await count_ledger(connection, kept)
            for subject, message in find_total_problems(there, totals):
                yield Difference(Check.STATEMENT, each, subject, message)
            for subject, message in find_balance_problems(totals, balances):
                yield Difference(Check.STATEMENT, each, subject, message)


async def count_ledger(connection: Connection, kept: KeptStatements) -> dict[LineKey, LineTotal]:
    """Returns what the entries of a tenant come to that its statements have counted."""
    totals: dict[LineKey, LineTotal] = {}
    after: Location | None = BEFORE_ALL
    while after is not None:
        async with snapshot(connection):
            end = await storage.find_page_end(connection, after, PAGE_WALLETS)
            if end is not None:
                page = storage.load_counted_entries(connection, kept, after, PAGE_WALLETS)
                async for entry in page:
                    add_entry(totals, entry)
        after = end
    return totals
