"""The chain: blocks of what was recorded, each bound to the one before by its hash.

A block says which commands of which wallets, and which audit records, it covers, with a digest of
the rows of each. Its hash is of all that and of the hash of the block before: whoever knows the
hash of a block knows whether anything below it was changed. All hashes are SHA-256.
"""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from wallet_server.core.value import value

CHAIN = 1
"""The only chain there is, so far."""

HASH_BYTES = 32
GENESIS_HASH = bytes(HASH_BYTES)
"""What the first block has as the hash of the one before."""

CONTENTS_VERSION = 1
HEADER = struct.Struct(">bi")
RANGE = struct.Struct(">h16sqqi32s")
NAME = struct.Struct(">h")
RECORD = struct.Struct(">16s32s")
BLOCK_PREFIX = b"wallet-server chain block 1\0"
BLOCK = struct.Struct(">hqiiq32s32s")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SealedRange(NamedTuple):
    """The entries of a wallet's commands from `first` to `last`: how many, and their digest."""

    shard: int
    wallet_id: UUID
    first: int
    last: int
    entries_count: int
    digest: bytes


class SealedRecord(NamedTuple):
    """An audit record and its digest."""

    tenant_id: str
    record_id: UUID
    digest: bytes


@value
class Block:
    """A block of the chain. `number` counts from 1.

    `contents` is what `read_contents` reads. The signature is of the block's hash, by the key of
    that id; both are empty where the server has no key.
    """

    chain: int
    number: int
    seal_time: datetime
    entries_count: int
    records_count: int
    contents: bytes
    previous_hash: bytes
    contents_hash: bytes
    block_hash: bytes
    key_id: str = ""
    signature: bytes = b""


@value
class Head:
    """What must be kept of a block outside of the database, to prove it later."""

    chain: int
    number: int
    block_hash: bytes
    seal_time: datetime
    key_id: str = ""
    signature: bytes = b""


class UnreadableContentsError(ValueError):
    """The contents of a block are not as the program writes them."""


def digest_of(*rows: bytes) -> bytes:
    """Returns the digest of rows, in their order."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(row)
    return digest.digest()


def write_contents(ranges: bytes, records: Sequence[SealedRecord]) -> bytes:
    """Returns the contents of a block. Ranges come as they are written, one after the other."""
    assert len(ranges) % RANGE.size == 0
    written = [HEADER.pack(CONTENTS_VERSION, len(ranges) // RANGE.size), ranges]
    for record in records:
        tenant = record.tenant_id.encode()
        written += [NAME.pack(len(tenant)), tenant]
        written.append(RECORD.pack(record.record_id.bytes, record.digest))
    return b"".join(written)


def write_range(covered: SealedRange) -> bytes:
    """Returns a range as contents have it."""
    return RANGE.pack(covered.shard, covered.wallet_id.bytes, *covered[2:])


def read_contents(contents: bytes) -> tuple[list[SealedRange], list[SealedRecord]]:
    """Returns what a block covers.

    Raises:
        UnreadableContentsError: They are not as the program writes them.
    """
    try:
        version, count = HEADER.unpack_from(contents)
        if version != CONTENTS_VERSION:
            raise UnreadableContentsError(f"version {version} is unknown")
        end = HEADER.size + count * RANGE.size
        if not HEADER.size <= end <= len(contents):
            raise UnreadableContentsError(f"there are no {count} ranges")
        ranges = [
            SealedRange(shard, UUID(bytes=wallet_id), first, last, entries, digest)
            for shard, wallet_id, first, last, entries, digest in RANGE.iter_unpack(
                contents[HEADER.size : end]
            )
        ]
        return ranges, list(_read_records(contents, end))
    except (struct.error, UnicodeDecodeError, ValueError) as error:
        raise UnreadableContentsError(str(error)) from error


def _read_records(contents: bytes, place: int) -> Sequence[SealedRecord]:
    records: list[SealedRecord] = []
    while place < len(contents):
        (length,) = NAME.unpack_from(contents, place)
        begin = place + NAME.size
        tenant_id = contents[begin : begin + length].decode()
        record_id, digest = RECORD.unpack_from(contents, begin + length)
        records.append(SealedRecord(tenant_id, UUID(bytes=record_id), digest))
        place = begin + length + RECORD.size
    return records


def seal(
    contents: bytes,
    *,
    entries_count: int,
    records_count: int,
    previous: Head | None,
    now: datetime,
) -> Block:
    """Returns the next block of the chain, not signed yet. Time never runs backwards in it."""
    number = previous.number + 1 if previous else 1
    block = Block(
        CHAIN,
        number,
        max(now, previous.seal_time) if previous else now,
        entries_count,
        records_count,
        contents,
        previous.block_hash if previous else GENESIS_HASH,
        contents_hash=digest_of(contents),
        block_hash=b"",
    )
    return replace(block, block_hash=hash_of(block))


def hash_of(block: Block) -> bytes:
    """Returns the hash that a block must have, by all else that it says."""
    microseconds = (block.seal_time - EPOCH) // timedelta(microseconds=1)
    return digest_of(
        BLOCK_PREFIX,
        BLOCK.pack(
            block.chain,
            block.number,
            block.entries_count,
            block.records_count,
            microseconds,
            block.previous_hash,
            block.contents_hash,
        ),
    )


def head_of(block: Block) -> Head:
    """Returns what must be known to prove a block, and all below it."""
    return Head(
        block.chain,
        block.number,
        block.block_hash,
        block.seal_time,
        block.key_id,
        block.signature,
    )
