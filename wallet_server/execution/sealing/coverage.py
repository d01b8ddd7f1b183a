"""What blocks of the chain cover, and what waits for one: all of it in memory."""

from collections import defaultdict
from typing import TypeAlias
from uuid import UUID

from wallet_server.core.administration.chain import UnreadableContentsError, read_contents
from wallet_server.core.audit.chain_audit import Coverage
from wallet_server.storage import chain_reading as storage
from wallet_server.storage.verification import Connection

WalletKey: TypeAlias = tuple[int, UUID]
RecordKey: TypeAlias = tuple[str, UUID]


async def load_covered(
    connection: Connection,
) -> tuple[defaultdict[WalletKey, Coverage], set[RecordKey]]:
    """Returns the commands of wallets, and the audit records, that have a block or wait for one.

    The block that it runs in is one snapshot. Contents that cannot be read cover nothing.
    """
    ranges, waiting_records = await storage.load_waiting(connection)
    covered: defaultdict[WalletKey, Coverage] = defaultdict(Coverage)
    records = set(waiting_records)
    for key, first, last in ranges:
        covered[key].add(first, last)
    last_number = 0
    while blocks := await storage.load_blocks(connection, after=last_number):
        last_number = blocks[-1].number
        for block in blocks:
            try:
                sealed_ranges, sealed_records = read_contents(block.contents)
            except UnreadableContentsError:
                continue
            for each in sealed_ranges:
                covered[each[:2]].add(each.first, each.last)
            records.update(each[:2] for each in sealed_records)
    return covered, records
