"""Loads all that the decisions of a batch may look at, in one statement.

One statement reads one snapshot, so a decision never sees a wallet and its bets from
different moments. It runs outside the transaction that records the batch and takes no
predicate locks; recording checks, by the wallets' sequences, that nothing has
happened in between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from asyncpg import Record

from wallet_server.core.answer import Answer
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.ids import BetKey, Location, WalletRef, locate
from wallet_server.core.wallet import AccountStatus, Wallet
from wallet_server.storage.connections import Connection
from wallet_server.storage.rows import (
    answer_from_row,
    bet_from_row,
    deposit_from_row,
    wallet_from_row,
)
from wallet_server.storage.sql import Statement

# OFFSET 0 keeps each look-up a look-up by key: without it, a table that was analysed
# while it was almost empty would be read whole for ever after.
LOAD = Statement("""
SELECT 'wallet' AS kind, w.shard, w.wallet_id, w.sequence, NULL::bigint AS amount,
    NULL AS tenant_id, NULL AS player_id, NULL AS request_id, NULL AS deposit_id,
    w.create_time, w.update_time, NULL::timestamptz AS answer_time,
    w.accounts, w.balances, w.debt_assets, w.debts, w.frozen_buckets,
    NULL AS state, NULL AS command, NULL AS outcome, NULL::bytea AS fingerprint,
    NULL AS refusal, NULL AS bet, NULL AS document, NULL AS bucket, NULL AS asset_code
FROM unnest(:wallet_shards::smallint[], :wallet_ids::uuid[]) AS k (shard, wallet_id)
CROSS JOIN LATERAL (
    SELECT * FROM wallets AS x
    WHERE x.shard = k.shard AND x.wallet_id = k.wallet_id OFFSET 0
) AS w
UNION ALL
SELECT 'player', NULL, NULL, NULL, NULL, p.tenant_id, p.player_id, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    p.status, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM unnest(:player_shards::smallint[], :player_tenants::text[], :player_ids::text[])
    AS k (shard, tenant_id, player_id)
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = k.shard AND x.tenant_id = k.tenant_id AND x.player_id = k.player_id
    OFFSET 0
) AS p
UNION ALL
SELECT 'tenant', NULL, NULL, t.epoch, NULL, t.tenant_id, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM unnest(:tenant_ids::text[]) AS k (tenant_id)
CROSS JOIN LATERAL (
    SELECT * FROM tenants AS x WHERE x.tenant_id = k.tenant_id OFFSET 0
) AS t
UNION ALL
SELECT 'answer', a.shard, a.wallet_id, a.sequence, NULL, NULL, NULL, a.request_id, NULL,
    NULL, NULL, a.answer_time, NULL, NULL, NULL, NULL, NULL,
    NULL, a.command, a.outcome, a.fingerprint, a.refusal::text, a.bet::text, NULL, NULL, NULL
FROM unnest(:request_shards::smallint[], :request_wallets::uuid[], :request_ids::text[])
    AS k (shard, wallet_id, request_id)
CROSS JOIN LATERAL (
    SELECT * FROM answers AS x
    WHERE x.shard = k.shard AND x.wallet_id = k.wallet_id AND x.request_id = k.request_id
    OFFSET 0
) AS a
UNION ALL
SELECT 'bet', b.shard, b.wallet_id, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, b.document::text, NULL, NULL
FROM unnest(:bet_shards::smallint[], :bet_wallets::uuid[], :bet_providers::text[],
    :bet_refs::text[]) AS k (shard, wallet_id, provider_id, bet_ref)
CROSS JOIN LATERAL (
    SELECT * FROM bets AS x
    WHERE x.shard = k.shard AND x.wallet_id = k.wallet_id
        AND x.provider_id = k.provider_id AND x.bet_ref = k.bet_ref
    OFFSET 0
) AS b
UNION ALL
SELECT 'deposit', d.shard, d.wallet_id, d.sequence, d.amount, NULL, NULL, NULL, d.deposit_id,
    d.create_time, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    d.state, NULL, NULL, NULL, NULL, NULL, NULL, d.bucket, d.asset_code
FROM unnest(:deposit_shards::smallint[], :deposit_wallets::uuid[], :deposit_ids::text[])
    AS k (shard, wallet_id, deposit_id)
CROSS JOIN LATERAL (
    SELECT * FROM deposits AS x
    WHERE x.shard = k.shard AND x.wallet_id = k.wallet_id AND x.deposit_id = k.deposit_id
    OFFSET 0
) AS d
""")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch wants to look at. Each name is there once."""

    wallets: Sequence[WalletRef]
    requests: Sequence[tuple[WalletRef, str]] = ()
    bets: Sequence[tuple[WalletRef, BetKey]] = ()
    deposits: Sequence[tuple[WalletRef, str]] = ()


@dataclass(slots=True)
class Loaded:
    """What there was of it. Statuses are there for known players, epochs for tenants."""

    wallets: dict[WalletRef, Wallet] = field(default_factory=dict[WalletRef, Wallet])
    statuses: dict[tuple[str, str], AccountStatus] = field(
        default_factory=dict[tuple[str, str], AccountStatus]
    )
    epochs: dict[str, int] = field(default_factory=dict[str, int])
    answers: dict[tuple[WalletRef, str], Answer] = field(
        default_factory=dict[tuple[WalletRef, str], Answer]
    )


async def load(connection: Connection, wanted: Wanted) -> Loaded:
    """Loads what is wanted, as it was at one moment."""
    rows = await connection.fetch(LOAD.sql, *LOAD.arguments(_arguments(wanted)))
    by_kind: dict[str, list[Record]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    refs = {locate(ref): ref for ref in wanted.wallets}

    loaded = Loaded()
    for row in by_kind.get("tenant", ()):
        loaded.epochs[row["tenant_id"]] = row["sequence"]
    for row in by_kind.get("player", ()):
        loaded.statuses[row["tenant_id"], row["player_id"]] = AccountStatus(row["state"])
    for row in by_kind.get("answer", ()):
        loaded.answers[_ref_of(row, refs), row["request_id"]] = answer_from_row(row)
    bets = _bets_by_wallet(by_kind.get("bet", ()), refs)
    deposits = _deposits_by_wallet(by_kind.get("deposit", ()), refs)
    for row in by_kind.get("wallet", ()):
        ref = _ref_of(row, refs)
        status = loaded.statuses[ref.tenant_id, ref.player_id]
        loaded.wallets[ref] = wallet_from_row(
            ref, row, status, bets=bets.get(ref, {}), deposits=deposits.get(ref, {})
        )
    return loaded


def _ref_of(row: Record, refs: dict[Location, WalletRef]) -> WalletRef:
    return refs[Location(row["shard"], row["wallet_id"])]


def _bets_by_wallet(
    rows: Iterable[Record], refs: dict[Location, WalletRef]
) -> dict[WalletRef, dict[BetKey, Bet]]:
    bets: dict[WalletRef, dict[BetKey, Bet]] = {}
    for row in rows:
        bet = bet_from_row(row)
        bets.setdefault(_ref_of(row, refs), {})[bet.key] = bet
    return bets


def _deposits_by_wallet(
    rows: Iterable[Record], refs: dict[Location, WalletRef]
) -> dict[WalletRef, dict[str, Deposit]]:
    deposits: dict[WalletRef, dict[str, Deposit]] = {}
    for row in rows:
        deposit = deposit_from_row(row)
        deposits.setdefault(_ref_of(row, refs), {})[deposit.deposit_id] = deposit
    return deposits


def _arguments(wanted: Wanted) -> dict[str, object]:
    wallets = [locate(ref) for ref in wanted.wallets]
    players = list(
        {(w.shard, r.tenant_id, r.player_id) for w, r in zip(wallets, wanted.wallets, strict=True)}
    )
    requests = [(locate(ref), request_id) for ref, request_id in wanted.requests]
    bets = [(locate(ref), key) for ref, key in wanted.bets]
    deposits = [(locate(ref), deposit_id) for ref, deposit_id in wanted.deposits]
    return {
        "wallet_shards": [w.shard for w in wallets],
        "wallet_ids": [w.wallet_id for w in wallets],
        "player_shards": [shard for shard, _, _ in players],
        "player_tenants": [tenant_id for _, tenant_id, _ in players],
        "player_ids": [player_id for _, _, player_id in players],
        "tenant_ids": list({ref.tenant_id for ref in wanted.wallets}),
        "request_shards": [w.shard for w, _ in requests],
        "request_wallets": [w.wallet_id for w, _ in requests],
        "request_ids": [request_id for _, request_id in requests],
        "bet_shards": [w.shard for w, _ in bets],
        "bet_wallets": [w.wallet_id for w, _ in bets],
        "bet_providers": [key.provider_id for _, key in bets],
        "bet_refs": [key.bet_ref for _, key in bets],
        "deposit_shards": [w.shard for w, _ in deposits],
        "deposit_wallets": [w.wallet_id for w, _ in deposits],
        "deposit_ids": [deposit_id for _, deposit_id in deposits],
    }
