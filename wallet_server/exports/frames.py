"""What a process that makes a file tells the one that has asked for it: parts, in frames.

A frame is a letter that says what it is, its length in four bytes, and its body: bytes of the
file as they are, and all else as JSON.
"""

import json
import struct
from collections.abc import Mapping
from enum import Enum
from typing import Any

import msgspec

from wallet_server.core.accounts import Account
from wallet_server.core.exports.request import ExportRequest
from wallet_server.core.exports.totals import TotalKey
from wallet_server.core.ids import WalletRef
from wallet_server.core.statements.totals import LineTotal
from wallet_server.core.value import value
from wallet_server.exports.exporting import Content, ExportSummary, Part, Progress
from wallet_server.exports.steps import TenantMissingError, WalletMissingError

HEAD = struct.Struct("!cI")


class FrameKind(Enum):
    """What a frame is."""

    CONTENT = b"C"
    PROGRESS = b"P"
    SUMMARY = b"S"
    TENANT_MISSING = b"T"
    WALLET_MISSING = b"W"
    STORAGE_UNAVAILABLE = b"U"
    FAILED = b"F"


@value
class ExportJob:
    """What a process is to do: the file to make, and from which database."""

    request: ExportRequest
    database_url: str


class ExportStorageError(Exception):
    """The database could not be used."""


class ExportFailedError(Exception):
    """The process ended without the whole file, and nobody has foreseen why.

    It is told by the kind of error alone: what errors say may name players.
    """


def encode_job(job: ExportJob) -> bytes:
    """Writes what is to be done."""
    return msgspec.json.encode(job)


def decode_job(encoded: bytes) -> ExportJob:
    """Reads what is to be done."""
    return msgspec.json.decode(encoded, type=ExportJob)


def encode_part(part: Part) -> bytes:
    """Writes a part of a file, as a frame."""
    match part:
        case Content(data):
            return frame(FrameKind.CONTENT, data)
        case Progress(done, total):
            return frame(FrameKind.PROGRESS, json.dumps([done, total]).encode())
        case ExportSummary():
            return frame(FrameKind.SUMMARY, json.dumps(plain_summary(part)).encode())


def encode_error(error: Exception) -> bytes:
    """Writes why there is no file, as a frame."""
    match error:
        case TenantMissingError(tenant_id=tenant_id):
            return frame(FrameKind.TENANT_MISSING, json.dumps([tenant_id]).encode())
        case WalletMissingError(ref=ref):
            return frame(FrameKind.WALLET_MISSING, json.dumps(ref).encode())
        case ExportStorageError():
            return frame(FrameKind.STORAGE_UNAVAILABLE, json.dumps([str(error)]).encode())
        case _:
            return frame(FrameKind.FAILED, json.dumps([type(error).__name__]).encode())


def decode(kind: FrameKind, body: bytes) -> Part:
    """Reads a part of a file.

    Raises:
        TenantMissingError, WalletMissingError, ExportStorageError, ExportFailedError: There is
            none, and why.
    """
    if kind is FrameKind.CONTENT:
        return Content(body)
    read: Any = json.loads(body)
    match kind:
        case FrameKind.PROGRESS:
            return Progress(*read)
        case FrameKind.SUMMARY:
            return read_summary(read)
        case FrameKind.TENANT_MISSING:
            raise TenantMissingError(*read)
        case FrameKind.WALLET_MISSING:
            raise WalletMissingError(WalletRef(*read))
        case FrameKind.STORAGE_UNAVAILABLE:
            raise ExportStorageError(*read)
        case FrameKind.FAILED:
            raise ExportFailedError(*read)


def frame(kind: FrameKind, body: bytes) -> bytes:
    """Returns a frame."""
    return HEAD.pack(kind.value, len(body)) + body


def plain_summary(summary: ExportSummary) -> dict[str, object]:
    """Returns a summary as JSON has it. Sums may be beyond 64 bits."""
    totals = [
        [*key, total.debits, total.credits, total.changes_count] for key, total in summary.totals
    ]
    return {
        "row_count": summary.row_count,
        "entry_count": summary.entry_count,
        "size_bytes": summary.size_bytes,
        "digest": summary.digest.hex(),
        "totals": totals,
    }


def read_summary(plain: Mapping[str, Any]) -> ExportSummary:
    """Returns the summary."""
    totals = tuple(
        (TotalKey(tenant_id, Account(account), asset_code), LineTotal(*figures))
        for tenant_id, account, asset_code, *figures in plain["totals"]
    )
    digest = bytes.fromhex(plain["digest"])
    return ExportSummary(
        plain["row_count"], plain["entry_count"], plain["size_bytes"], digest, totals
    )
