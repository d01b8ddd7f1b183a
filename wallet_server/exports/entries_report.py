"""The journal: a row for each change of an account."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence

from wallet_server.core.answer import PostedEntry
from wallet_server.core.exports.table import CellKind, Column, Group, Money, Row, Table
from wallet_server.core.ids import WalletRef
from wallet_server.exports.steps import (
    ACCOUNT,
    ASSET,
    COMMAND,
    PROVIDER,
    REFERENCE,
    SEQUENCE,
    TIME,
    WALLET_COLUMNS,
    Figures,
    Rows,
    Source,
    Step,
    money,
    name,
)
from wallet_server.exports.summary_table import total_steps
from wallet_server.storage.exports import ExportedWallet, commands_of, load_chunks, load_entries
from wallet_server.storage.verification import snapshot

ENTRIES = Table(
    "Entries",
    (
        *WALLET_COLUMNS,
        *(SEQUENCE, Column("ordinal", CellKind.NUMBER, width_chars=7)),
        *(TIME, COMMAND, PROVIDER, REFERENCE),
        *(Column("request_id", width_chars=18), Column("correlation_id", width_chars=18)),
        *(ACCOUNT, ASSET, money("change"), money("balance_after")),
    ),
)


class EntriesReport:
    """Reads entries wallet by wallet, each wallet's in their order."""

    reads_idle_wallets = False

    def __init__(self) -> None:
        """Begins with nothing."""
        self.figures = Figures()

    async def steps(self, source: Source) -> AsyncGenerator[Step]:
        """Yields the entries, and what they come to."""
        yield ENTRIES
        done_commands = 0
        async for chunk in load_chunks(source.connection, source.scope, idle_wallets=False):
            async with snapshot(source.connection):
                async for step in self._chunk_steps(source, chunk, done_commands):
                    yield step
            done_commands += commands_of(chunk)
        async for step in total_steps(source, self.figures.totals, done_commands):
            yield step

    async def _chunk_steps(
        self, source: Source, chunk: Sequence[ExportedWallet], done_commands: int
    ) -> AsyncGenerator[Step]:
        scope, told = source.scope, None
        async for wallet, entries, done in load_entries(
            source.connection,
            chunk,
            start_time=scope.start_time,
            end_time=scope.end_time,
            commands=sorted(scope.commands) or None,
        ):
            if not entries:
                continue
            if wallet is not told:
                yield Group(f"Wallet {name(wallet.ref)}")
                told = wallet
            exponents = await source.exponents(wallet.ref.tenant_id)
            rows = [row for entry in entries for row in self._rows_of(wallet.ref, entry, exponents)]
            yield Rows(rows, done_commands + done)

    def _rows_of(
        self, ref: WalletRef, entry: PostedEntry, exponents: Mapping[str, int]
    ) -> Iterator[Row]:
        """Yields a row for each change, and counts it."""
        exponent = exponents[entry.asset_code]
        self.figures.entry_count += 1
        head = (*ref, entry.sequence, entry.ordinal, entry.entry_time, entry.command)
        cause = (entry.provider_id, entry.bet_ref, entry.request_id, entry.correlation_id)
        for each in entry.changes:
            self.figures.totals.add(ref.tenant_id, each.account, entry.asset_code, each.change)
            after = None if each.balance_after is None else Money(each.balance_after, exponent)
            amounts = (Money(each.change, exponent), after)
            yield (*head, *cause, each.account, entry.asset_code, *amounts)
