"""Blocks of the chain: what they say, and how each is bound to the one before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from wallet_server.core.administration.chain import (
    GENESIS_HASH,
    Block,
    SealedRange,
    SealedRecord,
    UnreadableContentsError,
    digest_of,
    hash_of,
    head_of,
    read_contents,
    seal,
    write_contents,
    write_range,
)
from wallet_server.core.audit.chain_audit import (
    Coverage,
    commands_of,
    find_block_problems,
    range_problem,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
WALLET = UUID(int=7)
RANGE = SealedRange(3, WALLET, 5, 9, 2, b"d" * 32)
RECORDS = [
    SealedRecord("acmé", UUID(int=1), b"e" * 32),
    SealedRecord("", UUID(int=2), b"f" * 32),
]


def block_after(previous: Block | None = None, contents: bytes = b"", now: datetime = NOW) -> Block:
    head = head_of(previous) if previous else None
    return seal(contents, entries_count=2, records_count=1, previous=head, now=now)


def problems(block: Block, previous: Block | None = None) -> list[str]:
    return list(find_block_problems(block, head_of(previous) if previous else None))


def test_contents_are_read_as_they_were_written() -> None:
    contents = write_contents(write_range(RANGE) * 2, RECORDS)

    assert read_contents(contents) == ([RANGE, RANGE], RECORDS)
    # A byte and a number of four; 70 for each range; 2, the tenant's name and 48 for each record.
    assert len(contents) == 5 + 2 * 70 + (2 + 5 + 48) + (2 + 0 + 48)


def test_a_block_may_cover_nothing() -> None:
    assert read_contents(write_contents(b"", [])) == ([], [])


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"\2\0\0\0\0",
        b"\1\0\0\0\1",
        write_contents(write_range(RANGE), RECORDS)[:-1],
        write_contents(b"", RECORDS).replace("é".encode(), b"\xff\xff"),
    ],
)
def test_contents_that_nobody_has_written_are_refused(contents: bytes) -> None:
    with pytest.raises(UnreadableContentsError):
        read_contents(contents)


def test_the_first_block_follows_nothing_and_each_other_the_one_before() -> None:
    first = block_after()
    second = block_after(first)

    assert (first.number, first.previous_hash) == (1, GENESIS_HASH)
    assert (second.number, second.previous_hash) == (2, first.block_hash)
    assert first.contents_hash == sha256(b"").digest()
    assert problems(first) == []
    assert problems(second, first) == []


def test_time_never_runs_backwards_in_the_chain() -> None:
    first = block_after()

    assert block_after(first, now=NOW - timedelta(seconds=1)).seal_time == NOW


@pytest.mark.parametrize(
    "changes",
    [
        {"chain": 2},
        {"number": 2},
        {"entries_count": 3},
        {"records_count": 2},
        {"seal_time": NOW + timedelta(microseconds=1)},
        {"previous_hash": b"x" * 32},
        {"contents_hash": b"x" * 32},
    ],
)
def test_the_hash_is_of_all_that_a_block_says(changes: dict[str, object]) -> None:
    block = block_after()

    assert hash_of(replace(block, **changes)) != block.block_hash


def test_what_is_wrong_with_a_block_is_told() -> None:
    first = block_after()
    second = block_after(first)
    fourth = block_after(block_after(second))

    assert problems(fourth, first) == ["before it, blocks 2 to 3 are missing"]
    assert problems(fourth, second) == ["before it, block 3 is missing"]
    assert problems(second) == ["before it, block 1 is missing"]
    assert problems(replace(second, contents=b"x"), first) == [
        "its contents are not those that were sealed"
    ]
    assert problems(replace(second, block_hash=b"x" * 32), first) == [
        "its hash is not of what it says"
    ]
    assert problems(second, block_after(now=NOW - timedelta(days=1))) == [
        "it does not follow the block before"
    ]


def test_a_range_tells_removed_added_and_changed_entries_apart() -> None:
    covered = RANGE._replace(digest=digest_of(b"one", b"two"))

    assert range_problem(covered, found_count=2, digest=digest_of(b"one", b"two")) == ""
    assert "1 of 2 entries were removed" in range_problem(
        covered, found_count=1, digest=digest_of(b"one")
    )
    assert "1 entries were added to 2" in range_problem(
        covered, found_count=3, digest=digest_of(b"one", b"two", b"three")
    )
    assert "2 entries were changed" in range_problem(
        covered, found_count=2, digest=digest_of(b"two", b"one")
    )


def test_commands_are_named_by_their_numbers() -> None:
    assert commands_of(7, 7) == "#7"
    assert commands_of(7, 9) == "#7 to #9"


@pytest.mark.parametrize(
    ("ranges", "sequences", "uncovered"),
    [
        ([], [], []),
        ([], [1, 2, 4], [(1, 4)]),
        ([(1, 4)], [1, 2, 4], []),
        ([(3, 4), (1, 2)], [1, 2, 3, 4], []),
        ([(1, 2), (5, 6)], [1, 2, 3, 4, 5, 6, 7], [(3, 4), (7, 7)]),
        ([(2, 2)], [1, 3], [(1, 3)]),
        ([(2, 2)], [1, 2, 3], [(1, 1), (3, 3)]),
        ([(1, 9), (2, 3)], [1, 5, 10], [(10, 10)]),
    ],
)
def test_commands_that_no_range_has_are_found(
    ranges: list[tuple[int, int]], sequences: list[int], uncovered: list[tuple[int, int]]
) -> None:
    coverage = Coverage()
    for first, last in ranges:
        coverage.add(first, last)

    assert list(coverage.find_uncovered(sequences)) == uncovered
