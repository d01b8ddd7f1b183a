"""The books, an account after the other: what it came to on each day, by kind of command.

Added up by Postgres, a chunk of wallets at a time, as daily statements are: the same accounts,
days and provider types. Memory grows with the days and the accounts, and not with the entries.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from wallet_server.core.exports.account_book import AccountBook, BookKey, net
from wallet_server.core.exports.table import CellKind, Column, Group, Money, Row, Table
from wallet_server.core.exports.totals import TotalKey
from wallet_server.core.statements.totals import LineKey, LineTotal
from wallet_server.exports.steps import (
    ACCOUNT,
    ASSET,
    COMMAND,
    LINE,
    TENANT,
    Figures,
    Rows,
    Source,
    Step,
    money,
)
from wallet_server.exports.summary_table import total_steps
from wallet_server.storage.exports import (
    ExportedWallet,
    commands_of,
    load_chunks,
    load_lines,
    load_time_zones,
)
from wallet_server.storage.verification import snapshot

FINANCE = Table(
    "Accounts",
    (
        *(TENANT, replace(ACCOUNT, is_common=True), replace(ASSET, is_common=True)),
        *(LINE, Column("day", CellKind.DAY, width_chars=10)),
        *(Column("provider_type", width_chars=16), COMMAND),
        Column("changes", CellKind.NUMBER, width_chars=10),
        *(money("debits"), money("credits"), money("balance")),
    ),
)

OPENING, DAY, OTHERS, CLOSING = "OPENING", "DAY", "OTHERS", "CLOSING"
"""What was there, what came on a day, what was not asked for, and what is there."""

Head = tuple[str, str, str]


class FinanceReport:
    """Reads what all accounts came to, the house's and the players'."""

    reads_idle_wallets = True

    def __init__(self) -> None:
        """Begins with nothing."""
        self.figures = Figures()

    async def steps(self, source: Source) -> AsyncGenerator[Step]:
        """Yields the books of each tenant, and what is shown of them in all."""
        yield FINANCE
        done_commands = 0
        for tenant_id, time_zone in (
            await load_time_zones(source.connection, source.scope)
        ).items():
            scope = replace(source.scope, tenant_id=tenant_id)
            books: dict[TotalKey, AccountBook] = {}
            async for chunk in load_chunks(source.connection, scope, idle_wallets=True):
                await self._read(source, chunk, time_zone, books)
                done_commands += commands_of(chunk)
                yield Rows((), done_commands)
            exponents = await source.exponents(tenant_id)
            for key in sorted(books):
                if not books[key].is_empty:
                    yield Group(" ".join(key))
                    rows = list(rows_of(key, books[key], exponents[key.asset_code]))
                    yield Rows(rows, done_commands)
        async for step in total_steps(source, self.figures.totals, done_commands):
            yield step

    async def _read(
        self,
        source: Source,
        chunk: Sequence[ExportedWallet],
        time_zone: str,
        books: dict[TotalKey, AccountBook],
    ) -> None:
        """Adds what a chunk of one tenant's wallets comes to."""
        tenant_id, scope = chunk[0].ref.tenant_id, source.scope
        before: Mapping[LineKey, LineTotal] = {}
        async with snapshot(source.connection):
            if scope.start_time is not None:
                before = await load_lines(
                    source.connection,
                    tenant_id,
                    chunk,
                    time_zone=time_zone,
                    start_time=None,
                    end_time=scope.start_time,
                )
            lines = await load_lines(
                source.connection,
                tenant_id,
                chunk,
                time_zone=time_zone,
                start_time=scope.start_time,
                end_time=scope.end_time,
            )
        for line, total in before.items():
            books.setdefault(total_key(tenant_id, line), AccountBook()).add_before(total)
        for line, total in lines.items():
            key = total_key(tenant_id, line)
            is_shown = scope.has_command(line.command)
            place = BookKey(line.day, line.provider_type, line.command)
            books.setdefault(key, AccountBook()).add(place, total, is_shown=is_shown)
            if is_shown:
                self.figures.totals.add_total(key, total)


def total_key(tenant_id: str, line: LineKey) -> TotalKey:
    """Returns the account that a line belongs to."""
    return TotalKey(tenant_id, line.account, line.asset_code)


def rows_of(key: TotalKey, book: AccountBook, exponent: int) -> Iterator[Row]:
    """Yields the lines of one account."""
    head = (key.tenant_id, key.account, key.asset_code)
    nothing = (None, "", "", None, None, None)
    yield (*head, OPENING, *nothing, Money(book.opening, exponent))
    yield from day_rows(head, book, exponent)
    if book.hidden.changes_count:
        amounts = amounts_of(book.hidden, exponent)
        yield (*head, OTHERS, None, "", "", book.hidden.changes_count, *amounts, None)
    yield (*head, CLOSING, *nothing, Money(book.closing, exponent))


def day_rows(head: Head, book: AccountBook, exponent: int) -> Iterator[Row]:
    """Yields the lines of the days. The last of each says what the account came to by its end.

    Where something is not shown, none does.
    """
    balance, lines = book.opening, list(book.lines.items())
    for (line, total), following in zip_longest(lines, lines[1:]):
        balance += net(total)
        is_last = following is None or following[0].day != line.day
        after = Money(balance, exponent) if is_last and not book.hidden.changes_count else None
        yield (*head, DAY, *line, total.changes_count, *amounts_of(total, exponent), after)


def amounts_of(total: LineTotal, exponent: int) -> tuple[Money, Money]:
    """Returns debits and credits."""
    return Money(total.debits, exponent), Money(total.credits, exponent)
