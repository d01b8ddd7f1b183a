"""`verify --chain`: holds every block of the chain against the rows that it covers.

Blocks are read in their order, a few at a time, each in a snapshot of its own, so servers may go
on sealing. At the end one snapshot tells whether there are rows that no block has.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wallet_server.core.administration.chain import (
    Block,
    Head,
    SealedRange,
    SealedRecord,
    UnreadableContentsError,
    digest_of,
    head_of,
    read_contents,
)
from wallet_server.core.audit.chain_audit import (
    Tally,
    commands_of,
    find_block_problems,
    range_problem,
    record_problem,
)
from wallet_server.core.audit.difference import Check, Difference
from wallet_server.execution.sealing.coverage import WalletKey, load_covered
from wallet_server.execution.sealing.keys import PublicKeys
from wallet_server.storage import chain_reading as storage
from wallet_server.storage.chain_rows import record_name
from wallet_server.storage.verification import Connection, connect, read_all_times, snapshot

Report: TypeAlias = Callable[[Difference], None]

CHAIN_NAME = "chain"
ROWS_AT_ONCE = 500
TALLY_KEY_BYTES = 32
UNSEALED_TOLD_MAX = 100
"""Lines about rows that no block has. Where a block was removed, there may be a great many."""


@dataclass(frozen=True, slots=True)
class ChainScope:
    """What the chain is held against, beside what it covers.

    Signatures are checked if there are `keys`; the blocks up to `unsigned_until` need none.
    `heads` are known from elsewhere.
    """

    keys: PublicKeys
    heads: Sequence[Head] = ()
    unsigned_until: int = 0


@dataclass(slots=True)
class ChainSummary:
    """How much was found of what the chain covers, how much differs, and where the chain ends."""

    block_count: int = 0
    entry_count: int = 0
    record_count: int = 0
    difference_count: int = 0
    head: Head | None = None


async def verify_chain(database_url: str, scope: ChainScope, report: Report) -> ChainSummary:
    """Verifies the whole chain, and reports every difference as it is found."""
    async with connect(database_url) as connection:
        await read_all_times(connection)
        verification = ChainVerification(connection, scope, report)
        await verification.run()
        return verification.summary


class ChainVerification:
    """One run over a chain."""

    def __init__(self, connection: Connection, scope: ChainScope, report: Report) -> None:
        self.summary = ChainSummary()
        self._connection = connection
        self._scope = scope
        self._report = report
        self._hashes = {head.number: b"" for head in scope.heads}
        self._tally_key = secrets.token_bytes(TALLY_KEY_BYTES)
        self._entries = Tally(self._tally_key)
        self._records = Tally(self._tally_key)

    async def run(self) -> None:
        """Verifies block after block, then that nothing is missing in them."""
        more = True
        while more:
            async with snapshot(self._connection):
                more = await self._verify_blocks()
        async with snapshot(self._connection):
            while await self._verify_blocks():
                pass
            await self._find_unsealed()
        self._check_heads()

    async def _verify_blocks(self) -> bool:
        """Verifies the next few blocks. Tells whether there were any."""
        last = self.summary.head.number if self.summary.head else 0
        blocks = await storage.load_blocks(self._connection, after=last)
        for block in blocks:
            await self._verify_block(block)
        return bool(blocks)

    async def _verify_block(self, block: Block) -> None:
        subject = f"block {block.number}"
        for problem in find_block_problems(block, self.summary.head):
            self._take(Check.CHAIN_BLOCK, CHAIN_NAME, subject, problem)
        if self._scope.keys and block.number > self._scope.unsigned_until:
            problem = self._scope.keys.find_problem(block)
            if problem:
                self._take(Check.CHAIN_SIGNATURE, CHAIN_NAME, subject, problem)
        self.summary.head = head_of(block)
        self.summary.block_count += 1
        if block.number in self._hashes:
            self._hashes[block.number] = block.block_hash
        try:
            ranges, records = read_contents(block.contents)
        except UnreadableContentsError as error:
            self._take(Check.CHAIN_BLOCK, CHAIN_NAME, subject, f"it cannot be read: {error}")
            return
        for place in range(0, len(ranges), ROWS_AT_ONCE):
            await self._verify_ranges(block, ranges[place : place + ROWS_AT_ONCE])
        for place in range(0, len(records), ROWS_AT_ONCE):
            await self._verify_records(block, records[place : place + ROWS_AT_ONCE])

    async def _verify_ranges(self, block: Block, ranges: Sequence[SealedRange]) -> None:
        """Holds entries against what a block says of them."""
        wrong: list[tuple[SealedRange, str]] = []
        found = await storage.load_entries(self._connection, ranges)
        for covered, rows in zip(ranges, found, strict=True):
            self.summary.entry_count += len(rows)
            for each in rows:
                self._entries.add(each.name)
            digest = digest_of(*(each.row for each in rows))
            problem = range_problem(covered, found_count=len(rows), digest=digest)
            if problem:
                wrong.append((covered, problem))
        names = await self._names([covered[:2] for covered, _ in wrong])
        for covered, problem in wrong:
            subject = commands_of(covered.first, covered.last)
            message = f"{problem}, after block {block.number} was sealed over them"
            self._take(Check.CHAIN_ENTRY, names[covered[:2]], subject, message)

    async def _verify_records(self, block: Block, records: Sequence[SealedRecord]) -> None:
        """Holds audit records against what a block says of them."""
        found = await storage.load_records(self._connection, records)
        for record, rows in zip(records, found, strict=True):
            self.summary.record_count += len(rows)
            for _ in rows:
                self._records.add(record_name(record.tenant_id, record.record_id))
            problem = record_problem(record, rows)
            if problem:
                message = f"{problem}, after block {block.number} was sealed over it"
                subject = f"audit record {record.record_id}"
                self._take(Check.CHAIN_RECORD, record.tenant_id or "*", subject, message)

    async def _find_unsealed(self) -> None:
        """Finds the rows that no block has, and that do not wait for one.

        Counting would not do: a commit that names rows which have a block makes up for others.
        """
        for sealed, load in (
            (self._entries, storage.load_entry_names),
            (self._records, storage.load_record_names),
        ):
            there = await self._tally(load(self._connection, waiting=False))
            waiting = await self._tally(load(self._connection, waiting=True))
            if there != sealed.sum + waiting:
                await self._tell_unsealed()
                return

    async def _tally(self, names: AsyncIterator[bytes]) -> int:
        """Returns what tells which rows there are of some names."""
        tally = Tally(self._tally_key)
        async for name in names:
            tally.add(name)
        return tally.sum

    async def _tell_unsealed(self) -> None:
        """Tells which rows no block has. Here all that is covered is in memory."""
        covered, records = await load_covered(self._connection)
        told = 0
        async for key, sequences in storage.load_entry_keys(self._connection):
            for first, last in covered[key].find_uncovered(sequences):
                told += 1
                if told <= UNSEALED_TOLD_MAX:
                    names = await self._names([key])
                    subject = commands_of(first, last)
                    message = "no block has its entries, and none is to be made of them"
                    self._take(Check.CHAIN_UNSEALED, names[key], subject, message)
        async for record, about in storage.load_record_keys(self._connection):
            if record in records:
                continue
            told += 1
            if told <= UNSEALED_TOLD_MAX:
                message = f"no block has it, and none is to be made of it: {about}"
                subject = f"audit record {record[1]}"
                self._take(Check.CHAIN_UNSEALED, record[0] or "*", subject, message)
        if told > UNSEALED_TOLD_MAX:
            message = f"and {told - UNSEALED_TOLD_MAX} more"
            self._take(Check.CHAIN_UNSEALED, CHAIN_NAME, "rows", message)

    def _check_heads(self) -> None:
        """Holds what is known from elsewhere against the chain."""
        for head in self._scope.heads:
            subject = f"block {head.number}"
            found = self._hashes[head.number]
            if not found:
                end = self.summary.head.number if self.summary.head else 0
                message = f"it was the head once, and is gone; the last block is {end}"
                self._take(Check.CHAIN_HEAD, CHAIN_NAME, subject, message)
            elif found != head.block_hash:
                message = "it was another when it was the head"
                self._take(Check.CHAIN_HEAD, CHAIN_NAME, subject, message)
            if self._scope.keys and head.number > self._scope.unsigned_until:
                problem = self._scope.keys.find_problem(head)
                if problem:
                    message = f"the known head of that number proves nothing: {problem}"
                    self._take(Check.CHAIN_HEAD, CHAIN_NAME, subject, message)

    async def _names(self, keys: Sequence[WalletKey]) -> dict[WalletKey, str]:
        """Returns what wallets are called; by their keys where they are gone."""
        found = await storage.load_names(self._connection, keys) if keys else {}
        return {key: found.get(key, f"{key[0]}/{key[1]}") for key in keys}

    def _take(self, check: Check, where: str, subject: str, message: str) -> None:
        self.summary.difference_count += 1
        self._report(Difference(check, where, subject, message))
