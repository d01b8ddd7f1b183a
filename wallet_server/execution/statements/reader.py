"""Reads of statements."""

from typing import TypeVar

from wallet_server.core.refusals import TenantNotFound
from wallet_server.core.statements.reading import (
    AccountBalance,
    BalanceFilter,
    BalanceKey,
    LineFilter,
    StatementLine,
    StatementPage,
)
from wallet_server.core.statements.totals import LineKey
from wallet_server.execution.errors import (
    PositionNotRolledUpError,
    RefusedError,
    StatementsNotReadyError,
)
from wallet_server.execution.faults import faults_told
from wallet_server.storage.readers import Readers
from wallet_server.storage.statements_read import read_balances, read_lines

Row = TypeVar("Row", AccountBalance, StatementLine)


class StatementReader:
    """Answers where the house stands, and what days did, a page at a time.

    Of what every page has: `after` is the key that the page before ended with, `limit` how many
    rows there may be. Events up to a `minimum_position` must be counted.

    Every method may raise `RefusedError`, as there is no such tenant; or a `Fault`: the database
    cannot be reached, the statements are not made yet, or are not as far.
    """

    def __init__(self, readers: Readers) -> None:
        """Takes the connections to read with."""
        self._readers = readers

    async def balances(
        self,
        wanted: BalanceFilter,
        *,
        after: BalanceKey | None,
        limit: int,
        minimum_position: int = 0,
    ) -> StatementPage[AccountBalance]:
        """Returns what stands on accounts."""
        with faults_told():
            page = await read_balances(self._readers, wanted, after=after, limit=limit)
        return checked(page, wanted.tenant_id, minimum_position)

    async def lines(
        self, wanted: LineFilter, *, after: LineKey | None, limit: int, minimum_position: int = 0
    ) -> StatementPage[StatementLine]:
        """Returns what days did."""
        with faults_told():
            page = await read_lines(self._readers, wanted, after=after, limit=limit)
        return checked(page, wanted.tenant_id, minimum_position)


def checked(
    page: StatementPage[Row] | None, tenant_id: str, minimum_position: int
) -> StatementPage[Row]:
    """Returns a page that is there, ready, and as far as it must be.

    Raises:
        RefusedError: There is no such tenant.
        Fault: The statements are not made yet, or are not as far.
    """
    if page is None:
        raise RefusedError(TenantNotFound(tenant_id))
    if not page.head.is_ready:
        raise StatementsNotReadyError
    if page.head.position < minimum_position:
        raise PositionNotRolledUpError(minimum_position, page.head.position)
    return page
