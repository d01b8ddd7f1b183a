"""Players' statements: a wallet each."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence

from wallet_server.core.answer import PostedEntry
from wallet_server.core.exports.statement import AccountKey, Mismatch, StatementBook
from wallet_server.core.exports.table import Cell, Group, Money, Row, Table
from wallet_server.exports.steps import (
    ACCOUNT,
    ASSET,
    COMMAND,
    LINE,
    PROVIDER,
    REFERENCE,
    SEQUENCE,
    TIME,
    WALLET_COLUMNS,
    Figures,
    LedgerMismatchError,
    Rows,
    Source,
    Step,
    money,
    name,
)
from wallet_server.storage.exports import (
    ExportedWallet,
    commands_of,
    load_balances,
    load_chunks,
    load_entries,
)
from wallet_server.storage.verification import snapshot

STATEMENT = Table(
    "Statement",
    (
        *WALLET_COLUMNS,
        *(LINE, TIME, SEQUENCE, COMMAND, PROVIDER, REFERENCE, ACCOUNT, ASSET),
        *(money("in"), money("out"), money("balance")),
    ),
)

OPENING, CHANGE, OTHERS, CLOSING = "OPENING", "CHANGE", "OTHERS", "CLOSING"
"""What was there, a change of it, the changes that were not asked for, and what is there."""

NO_CAUSE = (None, None, "", "", "")
"""Of lines that are no change: no time, sequence, command, provider and reference."""


class StatementReport:
    """Reads what changed the players' side of wallets.

    Wallets that had nothing and got nothing are left out.
    """

    reads_idle_wallets = True

    def __init__(self) -> None:
        """Begins with nothing."""
        self.figures = Figures()

    async def steps(self, source: Source) -> AsyncGenerator[Step]:
        """Yields the statements.

        Raises:
            LedgerMismatchError: An account does not come to what the journal says.
        """
        yield STATEMENT
        done_commands = 0
        async for chunk in load_chunks(source.connection, source.scope, idle_wallets=True):
            async with snapshot(source.connection):
                async for step in self._chunk_steps(source, chunk, done_commands):
                    yield step
            done_commands += commands_of(chunk)

    async def _chunk_steps(
        self, source: Source, chunk: Sequence[ExportedWallet], before_commands: int
    ) -> AsyncGenerator[Step]:
        scope, connection, done_commands = source.scope, source.connection, before_commands
        start = scope.start_time
        openings = await load_balances(connection, chunk, start) if start else {}
        lines: StatementLines | None = None
        async for wallet, entries, done in load_entries(
            connection, chunk, start_time=start, end_time=scope.end_time, commands=None
        ):
            rows: list[Row] = []
            if lines is None or lines.wallet is not wallet:
                if lines is not None:
                    yield Rows(list(lines.end()), done_commands)
                opening = openings.get(wallet.location, {})
                exponents = await source.exponents(wallet.ref.tenant_id)
                lines = StatementLines(wallet, StatementBook(opening), exponents)
                if entries or opening:
                    yield Group(f"Wallet {name(wallet.ref)}", is_apart=True)
                    rows += lines.begin()
            for entry in entries:
                rows += lines.follow(entry, is_shown=scope.has_command(entry.command))
            self.figures.entry_count += len(entries)
            done_commands = before_commands + done
            yield Rows(rows, done_commands)
        if lines is not None:
            yield Rows(list(lines.end()), done_commands)


class StatementLines:
    """The lines of one wallet's statement."""

    def __init__(
        self, wallet: ExportedWallet, book: StatementBook, exponents: Mapping[str, int]
    ) -> None:
        """Takes the wallet's accounts as they were, and the decimals of its assets."""
        self.wallet = wallet
        self._book = book
        self._exponents = exponents

    def begin(self) -> Iterator[Row]:
        """Yields what was there."""
        for key, balance in sorted(self._book.opening.items()):
            yield self._line(OPENING, NO_CAUSE, key, change=None, balance=balance)

    def follow(self, entry: PostedEntry, *, is_shown: bool) -> Iterator[Row]:
        """Yields what an entry changed."""
        cause = (
            *(entry.entry_time, entry.sequence, entry.command),
            *(entry.provider_id, entry.bet_ref),
        )
        for each in self._book.follow(entry, is_shown=is_shown):
            if isinstance(each, Mismatch):
                raise LedgerMismatchError(
                    f"{name(self.wallet.ref)}, {each.account}: after command {each.sequence} it"
                    f" comes to {each.expected}, and the journal says {each.found}"
                )
            key = (each.account, each.asset_code)
            yield self._line(CHANGE, cause, key, change=each.change, balance=each.balance)

    def end(self) -> Iterator[Row]:
        """Yields what was not shown, and what is there."""
        for key, change in self._book.hidden.items():
            yield self._line(OTHERS, NO_CAUSE, key, change=change, balance=None)
        for key, balance in self._book.closing.items():
            yield self._line(CLOSING, NO_CAUSE, key, change=None, balance=balance)

    def _line(
        self,
        line: str,
        cause: tuple[Cell, ...],
        key: AccountKey,
        *,
        change: int | None,
        balance: int | None,
    ) -> Row:
        exponent = self._exponents[key[1]]
        received = Money(change, exponent) if change is not None and change > 0 else None
        given = Money(-change, exponent) if change is not None and change < 0 else None
        left = None if balance is None else Money(balance, exponent)
        return (*self.wallet.ref, line, *cause, *key, received, given, left)
