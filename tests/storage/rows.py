"""Rows to insert, all sound: a test changes what it is about."""

from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Row: TypeAlias = dict[str, Any]

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
WALLET: Row = {"shard": 7, "wallet_id": UUID(int=1)}

ROWS: dict[str, Row] = {
    "tenants": {"tenant_id": "demo", "epoch": 1, "create_time": NOW},
    "leases": {"lease_name": "due-work", "holder": "somebody", "expire_time": NOW},
    "topologies": {
        "tenant_id": "demo",
        "version": 1,
        "state": "ACTIVE",
        "name": "shape",
        "document": "{}",
        "create_time": NOW,
    },
    "wallet_policies": {
        "tenant_id": "demo",
        "version": 1,
        "state": "ACTIVE",
        "document": "{}",
        "create_time": NOW,
    },
    "policies": {
        "tenant_id": "demo",
        "provider_type": "SPORTS",
        "version": 1,
        "state": "ACTIVE",
        "document": "{}",
        "create_time": NOW,
    },
    "provider_profiles": {
        "tenant_id": "demo",
        "provider_id": "acme",
        "version": 1,
        "state": "ACTIVE",
        "document": "{}",
        "create_time": NOW,
    },
    "players": {"shard": 7, "tenant_id": "demo", "player_id": "p1", "create_time": NOW},
    "wallets": {
        **WALLET,
        "tenant_id": "demo",
        "player_id": "p1",
        "currency_code": "EUR",
        "sequence": 1,
        "create_time": NOW,
        "update_time": NOW,
        "accounts": ["bkt:cash", "open:cash"],
        "balances": [100, 0],
        "debt_assets": ["EUR"],
        "debts": [-5],
        "frozen_buckets": [],
    },
    "bet_terms": {"tenant_id": "demo", "terms_id": UUID(int=2), "document": "{}"},
    "bets": {
        **WALLET,
        "provider_id": "acme",
        "bet_ref": "b1",
        "state": "AUTHORIZED",
        "sequence": 1,
        "revision": 1,
        "stake": 10,
        "create_time": NOW,
        "terms_id": UUID(int=2),
        "amounts": [10],
    },
    "wallet_items": {
        **WALLET,
        "kind": "COUPON",
        "item_id": "c1",
        "state": "ACTIVE",
        "is_live": True,
        "sequence": 1,
        "revision": 1,
        "create_time": NOW,
        "due_time": NOW,
        "document": "{}",
    },
    "answers": {
        **WALLET,
        "request_id": "r1",
        "sequence": 1,
        "command": "AuthorizeBet",
        "fingerprint": b"\x01",
        "answer_time": NOW,
        "outcome": "APPLIED",
        "refusal": None,
        "correlation_id": "",
    },
    "entries": {
        **WALLET,
        "sequence": 1,
        "ordinal": 0,
        "asset_code": "EUR",
        "accounts": ["bkt:cash", "DEBT:EUR", "H:CASH"],
        "changes": [95, 5, -100],
        "balances_after": [195, 0, None],
        "entry_time": NOW,
        "request_id": "r1",
        "command": "ApproveDeposit",
        "correlation_id": "",
    },
    "audit_records": {
        "tenant_id": "demo",
        "record_id": UUID(int=3),
        "record_time": NOW,
        "actor": "ada",
        "actor_roles": ["owner"],
        "credential_id": "c1",
        "peer": "ipv4:192.0.2.1:50000",
        "method": "TopologyAdmin.CreateTopology",
        "resource_kind": "TOPOLOGY",
        "resource_id": "1",
        "resource_revision": 1,
        "request_id": "r1",
        "fingerprint": b"\x01",
        "outcome": "APPLIED",
        "refusal": None,
        "after": "{}",
        "reason": "",
        "correlation_id": "",
    },
    "commits": {"shard": 7, "commit_id": UUID(int=4), "document": "{}"},
    "outbox": {"shard": 7, "batch_id": UUID(int=4), "create_time": NOW, "document": "[]"},
    "events": {
        "tenant_id": "demo",
        "position": 1,
        "shard": 7,
        "wallet_id": UUID(int=1),
        "player_id": "p1",
        "currency_code": "EUR",
        "sequence": 1,
        "wallet_sequence": 1,
        "is_first": True,
        "type": "WALLET_OPENED",
        "event_time": NOW,
        "position_time": NOW,
        "command": "OpenWallet",
        "request_id": "r1",
        "correlation_id": "",
        "document": "{}",
    },
    "event_heads": {
        "tenant_id": "demo",
        "position": 1,
        "first_position": 1,
        "update_time": NOW,
    },
    "event_consumers": {
        "consumer": "relay",
        "tenant_id": "demo",
        "position": 1,
        "update_time": NOW,
    },
    "bucket_usage": {
        "tenant_id": "demo",
        "bucket": "cash",
        "kind": "BALANCE",
        "asset_code": "EUR",
        "count": 1,
        "total": 100,
    },
    "chain_blocks": {
        "chain": 0,
        "number": 1,
        "seal_time": NOW,
        "entries_count": 1,
        "records_count": 0,
        "contents": b"\x01",
        "contents_hash": b"\x02",
        "previous_hash": b"",
        "block_hash": b"\x03",
        "key_id": "",
        "signature": b"",
    },
    "bucket_statuses": {
        "tenant_id": "demo",
        "bucket": "cash",
        "status": "DRAINING",
        "revision": 1,
        "update_time": NOW,
    },
    "drains": {
        "tenant_id": "demo",
        "drain_id": "d1",
        "bucket": "bonus",
        "successor": "cash",
        "state": "PENDING",
        "revision": 1,
        "author": "ada",
        "approver": "",
        "comment": "",
        "create_time": NOW,
        "update_time": NOW,
        "wallets_count": 0,
        "failed_count": 0,
        "totals": "{}",
        "trouble": "",
    },
    "credentials": {
        "credential_id": "c1",
        "kind": "CERTIFICATE",
        "subject": "CN=sportsbook",
        "tenants": ["demo"],
        "roles": ["game_service"],
        "player_id": "",
        "may_vouch": False,
        "state": "ACTIVE",
        "revision": 1,
        "author": "ada",
        "create_time": NOW,
        "update_time": NOW,
    },
    "revocations": {
        "revocation_id": UUID(int=5),
        "kind": "TOKEN_ID",
        "value": "t1",
        "issued_before": NOW,
        "create_time": NOW,
    },
}

MONEY = ("wallets", "bets", "answers", "entries", "wallet_items")
PROOF = ("audit_records", "chain_blocks")
QUEUES = ("commits", "bucket_usage", "outbox")
TABLES = tuple(ROWS)


async def insert(connection: Connection, table: str, **changes: object) -> None:
    """Inserts the table's row, with changes."""
    row = {**ROWS[table], **changes}
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values()
    )
