"""What must hold of the blocks of the chain, whatever they cover."""

import hashlib
from collections.abc import Iterator, Sequence

from wallet_server.core.administration.chain import (
    GENESIS_HASH,
    Block,
    Head,
    SealedRange,
    SealedRecord,
    digest_of,
    hash_of,
)

TALLY_BYTES = 16


def find_block_problems(block: Block, previous: Head | None) -> Iterator[str]:
    """Yields why a block is not the one that was made after `previous`."""
    expected = previous.number + 1 if previous else 1
    if block.number != expected:
        missing = f"block {expected}" if block.number == expected + 1 else f"blocks {expected} to"
        last = "" if block.number == expected + 1 else f" {block.number - 1}"
        yield f"before it, {missing}{last} {'is' if not last else 'are'} missing"
    elif block.previous_hash != (previous.block_hash if previous else GENESIS_HASH):
        yield "it does not follow the block before"
    if digest_of(block.contents) != block.contents_hash:
        yield "its contents are not those that were sealed"
    if hash_of(block) != block.block_hash:
        yield "its hash is not of what it says"
    if previous is not None and block.seal_time < previous.seal_time:
        yield "it is older than the block before"


def range_problem(covered: SealedRange, *, found_count: int, digest: bytes) -> str:
    """Returns what is wrong with the entries of some commands; nothing if they are as sealed."""
    if digest == covered.digest:
        return ""
    missing = covered.entries_count - found_count
    if missing > 0:
        return f"{missing} of {covered.entries_count} entries were removed"
    if missing < 0:
        return f"{-missing} entries were added to {covered.entries_count}"
    return f"its {covered.entries_count} entries were changed"


def record_problem(record: SealedRecord, rows: Sequence[bytes]) -> str:
    """Returns what is wrong with the rows of an audit record; nothing if it is as sealed."""
    if not rows:
        return "it was removed"
    if len(rows) > 1:
        return f"{len(rows) - 1} more of its name were added"
    return "" if digest_of(rows[0]) == record.digest else "it was changed"


def commands_of(first: int, last: int) -> str:
    """Returns what reports call the commands of a range."""
    return f"#{first}" if first == last else f"#{first} to #{last}"


class Tally:
    """Which rows there are of a lot, as a number, whatever their order: to compare two lots.

    It is the sum of a digest of each row's name. Digests have a key that is drawn for the run, so
    nobody can have named rows whose digests add up to those of others. A row that is there twice
    counts twice.
    """

    def __init__(self, key: bytes) -> None:
        """Has no rows yet."""
        self.sum = 0
        self._key = key

    def add(self, name: bytes) -> None:
        """Takes in a row."""
        digest = hashlib.blake2b(name, digest_size=TALLY_BYTES, key=self._key).digest()
        self.sum += int.from_bytes(digest)


class Coverage:
    """Which commands of a wallet blocks have, to find those that none has."""

    def __init__(self) -> None:
        """Covers nothing yet."""
        self._ranges: list[tuple[int, int]] = []

    def add(self, first: int, last: int) -> None:
        """Takes in a range."""
        self._ranges.append((first, last))

    def find_uncovered(self, sequences: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yields the first and last of each run of sequences, in order, that no range has."""
        ranges = iter(sorted(self._ranges))
        current = next(ranges, None)
        run: list[int] = []
        for sequence in sequences:
            while current is not None and current[1] < sequence:
                current = next(ranges, None)
            if current is not None and current[0] <= sequence:
                if run:
                    yield run[0], run[-1]
                    run = []
            else:
                run.append(sequence)
        if run:
            yield run[0], run[-1]
