"""Heads of the chain, outside of the database: a file with one a line, to which they are added."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from wallet_server.core.administration.chain import Head
from wallet_server.storage.json_text import from_json, to_json


class HeadsFileError(Exception):
    """A file of heads cannot be read. The message says where and why."""


def head_as_document(head: Head) -> Mapping[str, Any]:
    """Returns what is written of a head, and logged."""
    return {
        "chain": head.chain,
        "number": head.number,
        "block_hash": head.block_hash.hex(),
        "seal_time": head.seal_time,
        "key_id": head.key_id,
        "signature": head.signature.hex(),
    }


def append_head(path: Path, head: Head) -> None:
    """Adds a head at the end of a file, which is made if it is not there.

    Raises:
        OSError: It cannot be written.
    """
    with path.open("a", encoding="utf-8") as file:
        file.write(to_json(head_as_document(head)) + "\n")


def read_heads(path: Path) -> list[Head]:
    """Returns the heads in a file, in its order.

    Raises:
        HeadsFileError: It cannot be read, or a line of it is no head.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise HeadsFileError(f"{path}: {error}") from error
    return [_read_head(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _read_head(path: Path, number: int, line: str) -> Head:
    try:
        read = from_json(line)
        return Head(
            chain=int(read["chain"]),
            number=int(read["number"]),
            block_hash=bytes.fromhex(read["block_hash"]),
            seal_time=datetime.fromisoformat(read["seal_time"]),
            key_id=str(read["key_id"]),
            signature=bytes.fromhex(read["signature"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise HeadsFileError(f"{path}, line {number}: it is no head: {error}") from error
