"""The books, an account after the other: what it came to on each day, by kind of command.

Added up by Postgres, a chunk of wallets at a time. Memory grows with the days and the accounts,
of which those of coupons and withdrawals count as one each, and not with the entries.
"""

from collections.abc import AsyncGenerator, Iterator
from itertools import zip_longest

from wallet_server.core.exports.account_book import AccountBook
from wallet_server.core.exports.table import CellKind, Column, Group, Money, Row, Table
from wallet_server.core.exports.totals import TotalKey
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
from wallet_server.storage.exports import commands_of, load_chunks, load_sums
from wallet_server.storage.verification import snapshot

CHANGES = Column("changes", CellKind.NUMBER, width_chars=10)

FINANCE = Table(
    "Accounts",
    (
        *(TENANT, ACCOUNT, ASSET, LINE, Column("day", CellKind.DAY, width_chars=10), COMMAND),
        *(CHANGES, money("debit"), money("credit"), money("balance")),
    ),
)

OPENING, DAY, OTHERS, CLOSING = "OPENING", "DAY", "OTHERS", "CLOSING"
"""What was there, what came on a day, what was not asked for, and what is there."""


class FinanceReport:
    """Reads what all accounts came to, the house's and the players'."""

    reads_idle_wallets = True

    def __init__(self) -> None:
        """Begins with nothing."""
        self.figures = Figures()
        self._books: dict[TotalKey, AccountBook] = {}

    async def steps(self, source: Source) -> AsyncGenerator[Step]:
        """Yields the books, and what is shown of them in all."""
        yield FINANCE
        done_commands, scope = 0, source.scope
        async for chunk in load_chunks(source.connection, scope, idle_wallets=True):
            async with snapshot(source.connection):
                sums = await load_sums(
                    source.connection, chunk, start_time=scope.start_time, end_time=scope.end_time
                )
            for each in sums:
                key = TotalKey(each.tenant_id, each.account, each.asset_code)
                book = self._books.setdefault(key, AccountBook())
                is_shown = scope.has_command(each.command)
                book.add(each.day, each.command, each.total, is_shown=is_shown)
                if each.day is not None and is_shown:
                    self.figures.totals.add_total(key, each.total)
            done_commands += commands_of(chunk)
            yield Rows((), done_commands)
        for key in sorted(self._books):
            if not self._books[key].is_empty:
                exponent = (await source.exponents(key.tenant_id))[key.asset_code]
                yield Group(" ".join(key))
                yield Rows(list(rows_of(key, self._books[key], exponent)), done_commands)
        async for step in total_steps(source, self.figures.totals, done_commands):
            yield step


def rows_of(key: TotalKey, book: AccountBook, exponent: int) -> Iterator[Row]:
    """Yields the lines of one account."""
    tenant_id, account, asset_code = key
    head = (tenant_id, account, asset_code)
    yield (*head, OPENING, None, "", None, None, None, Money(book.opening, exponent))
    yield from day_rows(head, book, exponent)
    if book.hidden.change_count:
        count, debit, credit = book.hidden
        amounts = (Money(debit, exponent), Money(credit, exponent))
        yield (*head, OTHERS, None, "", count, *amounts, None)
    yield (*head, CLOSING, None, "", None, None, None, Money(book.closing, exponent))


def day_rows(head: tuple[str, ...], book: AccountBook, exponent: int) -> Iterator[Row]:
    """Yields the lines of the days. The last of each says what the account came to by its end.

    Where something is not shown, none does.
    """
    balance, lines = book.opening, list(book.days.items())
    for ((day, command), total), following in zip_longest(lines, lines[1:]):
        balance += total.net
        is_last = following is None or following[0].day != day
        after = Money(balance, exponent) if is_last and not book.hidden.change_count else None
        amounts = (Money(total.debit, exponent), Money(total.credit, exponent), after)
        yield (*head, DAY, day, command, total.change_count, *amounts)
