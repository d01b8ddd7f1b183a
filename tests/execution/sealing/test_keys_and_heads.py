"""Keys that sign blocks, and heads that are kept outside of the database."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wallet_server.core.administration.chain import Block, Head, head_of, seal
from wallet_server.execution.sealing.heads import HeadsFileError, append_head, read_heads
from wallet_server.execution.sealing.keys import (
    ChainKeyError,
    SigningKey,
    load_public_keys,
    load_signing_key,
    make_key_pair,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture
def block() -> Block:
    return seal(b"", entries_count=0, records_count=0, previous=None, now=NOW)


def test_a_signed_block_is_recognized_by_the_public_key_alone(
    block: Block, key: SigningKey, public_key_file: Path, tmp_path: Path
) -> None:
    other_file, other_id = make_key_pair(tmp_path / "other.pem")
    signed = key.sign(block)

    assert load_public_keys([public_key_file]).find_problem(signed) == ""
    assert load_public_keys([other_file, public_key_file]).find_problem(head_of(signed)) == ""
    assert load_public_keys([other_file]).find_problem(signed) == (
        f"it is signed by the key {key.key_id}, which is unknown"
    )
    assert load_public_keys([public_key_file]).find_problem(block) == "it is not signed"
    assert other_id != key.key_id


def test_only_who_made_a_private_key_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "chain.pem"
    make_key_pair(path)

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "chain.pem"
    make_key_pair(path)
    before = path.read_bytes()

    with pytest.raises(ChainKeyError):
        make_key_pair(path)

    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no key", None])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "chain.pem"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ChainKeyError, match=r"chain\.pem"):
        load_signing_key(path)
    with pytest.raises(ChainKeyError, match=r"chain\.pem"):
        load_public_keys([path])


def test_a_public_key_signs_nothing(public_key_file: Path) -> None:
    with pytest.raises(ChainKeyError):
        load_signing_key(public_key_file)


def test_heads_are_read_as_they_were_written_down(
    block: Block, key: SigningKey, tmp_path: Path
) -> None:
    path = tmp_path / "heads.jsonl"
    heads: list[Head] = [head_of(block), head_of(key.sign(block))]
    for head in heads:
        append_head(path, head)

    assert read_heads(path) == heads


@pytest.mark.parametrize("line", ["x", "{}", "[]", '{"chain": 1, "number": "y"}'])
def test_a_line_that_is_no_head_is_named(block: Block, tmp_path: Path, line: str) -> None:
    path = tmp_path / "heads.jsonl"
    append_head(path, head_of(block))
    with path.open("a") as file:
        file.write(line + "\n")

    with pytest.raises(HeadsFileError, match=r"heads\.jsonl, line 2: "):
        read_heads(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HeadsFileError, match="nowhere"):
        read_heads(tmp_path / "nowhere")
