"""The rows that the chain covers, as bytes: what is hashed of them.

The bytes are those in which Postgres sends a row in binary (`record_send`): for each column its
type and its value, or that it is NULL. The sealer has Postgres make and hash them, so that no row
is sent. Whoever verifies makes them here, of what was read, and trusts no function of the database.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

ENTRY_COLUMNS: Mapping[str, str] = {
    "shard": "smallint",
    "wallet_id": "uuid",
    "sequence": "bigint",
    "ordinal": "smallint",
    "asset_code": "text",
    "accounts": "text[]",
    "changes": "bigint[]",
    "balances_after": "bigint[]",
    "entry_time": "timestamptz",
    "request_id": "text",
    "command": "text",
    "provider_id": "text",
    "bet_ref": "text",
    "correlation_id": "text",
}
"""What is sealed of an entry: all of it."""

RECORD_COLUMNS: Mapping[str, str] = {
    "tenant_id": "text",
    "record_id": "uuid",
    "record_time": "timestamptz",
    "actor": "text",
    "actor_roles": "text[]",
    "credential_id": "text",
    "peer": "text",
    "method": "text",
    "resource_kind": "text",
    "resource_id": "text",
    "resource_revision": "bigint",
    "request_id": "text",
    "fingerprint": "bytea",
    "outcome": "text",
    "refusal": "text",
    "before": "text",
    "after": "text",
    "reason": "text",
    "correlation_id": "text",
    "shard": "smallint",
    "wallet_id": "uuid",
}
"""What is sealed of an audit record: all of it, documents as their text."""

COUNTS_FROM_ONE = "counts_from_one"
"""What rows that are read say beside their columns: see `counts_from_one`."""

ENTRY_NAME = struct.Struct(">h16sqh")
COUNT = struct.Struct(">i")
TYPE_AND_LENGTH = struct.Struct(">ii")
ARRAY = struct.Struct(">iii")
DIMENSION = struct.Struct(">ii")
NULL = COUNT.pack(-1)


class Row(Protocol):
    """A row that was read, by the names of its columns."""

    def __getitem__(self, key: str, /) -> Any: ...  # noqa: ANN401 - as each column is.


POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

OIDS: Mapping[str, int] = {
    "bytea": 17,
    "bigint": 20,
    "smallint": 21,
    "text": 25,
    "text[]": 1009,
    "bigint[]": 1016,
    "timestamptz": 1184,
    "uuid": 2950,
}
"""The numbers of Postgres' own types, which never change."""


def sent_row(columns: Mapping[str, str], alias: str) -> str:
    """Returns the expression that makes the bytes of a row, in SQL."""
    values = ", ".join(f"{alias}.{name}::{type_}" for name, type_ in columns.items())
    return f"record_send(ROW({values}))"


def counts_from_one(columns: Mapping[str, str], alias: str) -> str:
    """Returns the expression, in SQL, that tells whether all lists of a row begin with their first.

    Others read as the same lists, and are not those that were sealed.
    """
    lists = (f"{alias}.{name}" for name, type_ in columns.items() if type_.endswith("[]"))
    return " AND ".join(f"coalesce(array_lower({each}, 1), 1) = 1" for each in lists)


def row_bytes(columns: Mapping[str, str], row: Row) -> bytes:
    """Returns the bytes of a row that was read.

    There are none of a row with a list in a list, or with one that does not begin with its first,
    as somebody may have put there by hand: nobody has sealed such a row.
    """
    if not row[COUNTS_FROM_ONE]:
        return b""
    try:
        return _row_bytes(columns, row)
    except (AttributeError, TypeError, struct.error):
        return b""


def _row_bytes(columns: Mapping[str, str], row: Row) -> bytes:
    written = [COUNT.pack(len(columns))]
    for name, type_ in columns.items():
        found = row[name]
        if found is None:
            written.append(TYPE_AND_LENGTH.pack(OIDS[type_], -1))
            continue
        sent = SEND[type_](found)
        written += [TYPE_AND_LENGTH.pack(OIDS[type_], len(sent)), sent]
    return b"".join(written)


def entry_name(row: Row) -> bytes:
    """Returns what tells an entry from all others."""
    return ENTRY_NAME.pack(row["shard"], row["wallet_id"].bytes, row["sequence"], row["ordinal"])


def record_name(tenant_id: str, record_id: UUID) -> bytes:
    """Returns what tells an audit record from all others."""
    return record_id.bytes + tenant_id.encode()


def send_time(time: datetime) -> bytes:
    """Returns a time: microseconds since 2000."""
    return struct.pack(">q", (time - POSTGRES_EPOCH) // timedelta(microseconds=1))


def send_array(values: Sequence[Any], type_: str) -> bytes:
    """Returns an array of one dimension, which counts from 1; an empty one has none."""
    has_null = any(each is None for each in values)
    written = [ARRAY.pack(1 if values else 0, has_null, OIDS[type_])]
    if values:
        written.append(DIMENSION.pack(len(values), 1))
    for each in values:
        if each is None:
            written.append(NULL)
        else:
            sent = SEND[type_](each)
            written += [COUNT.pack(len(sent)), sent]
    return b"".join(written)


SEND: Mapping[str, Callable[[Any], bytes]] = {
    "bytea": bytes,
    "bigint": struct.Struct(">q").pack,
    "smallint": struct.Struct(">h").pack,
    "text": str.encode,
    "text[]": lambda values: send_array(values, "text"),
    "bigint[]": lambda values: send_array(values, "bigint"),
    "timestamptz": send_time,
    "uuid": lambda found: UUID(str(found)).bytes,
}
