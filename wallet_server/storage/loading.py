"""Loads all that the decisions of a batch may look at, in one statement.

One statement reads one snapshot, so a decision never sees a wallet and its bets from
different moments. It runs outside the transaction that records the batch and takes no
predicate locks; recording checks, by the wallets' sequences, that nothing has
happened in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asyncpg import Record

from wallet_server.core.answer import Answer
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.wallet import AccountStatus, Wallet
from wallet_server.storage.connections import Connection
from wallet_server.storage.json_text import to_json
from wallet_server.storage.keys import key_of
from wallet_server.storage.rows import (
    BET_COLUMNS,
    answer_from_row,
    bet_from_row,
    deposit_from_row,
    wallet_from_row,
)
from wallet_server.storage.sql import Statement

# Keys come as JSON, an array of arrays for each kind: one parameter instead of one for each
# column, which is cheaper to send than typed arrays and as cheap to read. `place` is where in
# its array the key is that a row was found by.
#
# OFFSET 0 keeps each look-up a look-up by key: without it, a table that was analysed
# while it was almost empty would be read whole for ever after.
LOAD = Statement(f"""
SELECT 'wallet' AS kind, k.place, w.sequence, w.create_time, w.update_time,
    w.accounts, w.balances, w.debt_assets, w.debts, w.frozen_buckets, p.status, w.contended_until,
    NULL AS command, NULL::bytea AS fingerprint, NULL AS outcome, NULL AS refusal,
    NULL AS answered_bet, NULL AS provider_id, NULL AS bet_ref, NULL::timestamptz AS answer_time,
    NULL AS state, NULL::bigint AS bet_sequence, NULL::bigint AS revision, NULL::bigint AS stake,
    NULL::timestamptz AS bet_create_time, NULL AS round_ref, NULL AS selected_source,
    NULL::bigint[] AS amounts, NULL AS results, NULL AS bet_refusal, NULL AS terms,
    NULL AS bucket, NULL AS asset_code, NULL::bigint AS amount
FROM jsonb_array_elements(:wallets::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM wallets AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid OFFSET 0
) AS w
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = w.shard AND x.tenant_id = w.tenant_id AND x.player_id = w.player_id OFFSET 0
) AS p
UNION ALL
SELECT 'player', k.place, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p.status, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL
FROM jsonb_array_elements(:players::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.tenant_id = k.r ->> 1 AND x.player_id = k.r ->> 2
    OFFSET 0
) AS p
UNION ALL
SELECT 'tenant', k.place, t.epoch, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL
FROM jsonb_array_elements_text(:tenants::jsonb) WITH ORDINALITY AS k (tenant_id, place)
CROSS JOIN LATERAL (
    SELECT * FROM tenants AS x WHERE x.tenant_id = k.tenant_id OFFSET 0
) AS t
UNION ALL
SELECT 'answer', k.place, a.sequence, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    a.command, a.fingerprint, a.outcome, a.refusal::text, a.bet::text,
    a.provider_id, a.bet_ref, a.answer_time, {BET_COLUMNS},
    NULL, NULL, NULL
FROM jsonb_array_elements(:requests::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM answers AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.request_id = k.r ->> 2
    OFFSET 0
) AS a
LEFT JOIN LATERAL (
    SELECT * FROM bets AS x
    WHERE x.shard = a.shard AND x.wallet_id = a.wallet_id
        AND x.provider_id = a.provider_id AND x.bet_ref = a.bet_ref
    OFFSET 0
) AS b ON true
LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x
    WHERE x.tenant_id = k.r ->> 3 AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true
UNION ALL
SELECT 'bet', k.place, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, {BET_COLUMNS},
    NULL, NULL, NULL
FROM jsonb_array_elements(:bets::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM bets AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.provider_id = k.r ->> 2 AND x.bet_ref = k.r ->> 3
    OFFSET 0
) AS b
LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x
    WHERE x.tenant_id = k.r ->> 4 AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true
UNION ALL
SELECT 'deposit', k.place, d.sequence, d.create_time, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    d.state, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    d.bucket, d.asset_code, d.amount
FROM jsonb_array_elements(:deposits::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM deposits AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.deposit_id = k.r ->> 2
    OFFSET 0
) AS d
""")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch wants to look at. Each name is there once.

    A wallet's player comes with it. `players` are those whose wallets may not be open.
    """

    wallets: Sequence[WalletRef]
    requests: Sequence[tuple[WalletRef, str]] = ()
    bets: Sequence[tuple[WalletRef, BetKey]] = ()
    deposits: Sequence[tuple[WalletRef, str]] = ()
    players: Sequence[WalletRef] = ()


@dataclass(slots=True)
class Loaded:
    """What there was of it. Statuses are there for known players, epochs for tenants.

    `contended_until` says of wallets, ever since servers met there, until when they
    take turns.
    """

    wallets: dict[WalletRef, Wallet] = field(default_factory=dict[WalletRef, Wallet])
    statuses: dict[tuple[str, str], AccountStatus] = field(
        default_factory=dict[tuple[str, str], AccountStatus]
    )
    epochs: dict[str, int] = field(default_factory=dict[str, int])
    answers: dict[tuple[WalletRef, str], Answer] = field(
        default_factory=dict[tuple[WalletRef, str], Answer]
    )
    contended_until: dict[WalletRef, datetime] = field(default_factory=dict[WalletRef, datetime])


async def load(connection: Connection, wanted: Wanted) -> Loaded:
    """Loads what is wanted, as it was at one moment."""
    tenants = list({ref.tenant_id for ref in wanted.wallets})
    rows = await connection.fetch(LOAD.sql, *LOAD.arguments(_arguments(wanted, tenants)))
    loaded = Loaded()
    bets: dict[WalletRef, dict[BetKey, Bet]] = {}
    deposits: dict[WalletRef, dict[str, Deposit]] = {}
    wallets: list[tuple[WalletRef, Record]] = []
    for row in rows:
        index: int = row["place"] - 1
        match row["kind"]:
            case "wallet":
                wallets.append((wanted.wallets[index], row))
            case "bet":
                ref, key = wanted.bets[index]
                bets.setdefault(ref, {})[key] = bet_from_row(row, key)
            case "answer":
                ref, request_id = wanted.requests[index]
                loaded.answers[ref, request_id] = answer_from_row(row, request_id)
            case "deposit":
                ref, deposit_id = wanted.deposits[index]
                deposits.setdefault(ref, {})[deposit_id] = deposit_from_row(row, deposit_id)
            case "player":
                ref = wanted.players[index]
                loaded.statuses[ref.tenant_id, ref.player_id] = AccountStatus(row["status"])
            case _:
                loaded.epochs[tenants[index]] = row["sequence"]
    for ref, row in wallets:
        status = AccountStatus(row["status"])
        loaded.statuses[ref.tenant_id, ref.player_id] = status
        if row["contended_until"] is not None:
            loaded.contended_until[ref] = row["contended_until"]
        loaded.wallets[ref] = wallet_from_row(
            ref, row, status, bets=bets.get(ref), deposits=deposits.get(ref)
        )
    return loaded


def _arguments(wanted: Wanted, tenants: Sequence[str]) -> dict[str, object]:
    return {
        "wallets": to_json([key_of(ref) for ref in wanted.wallets]),
        "players": to_json(
            [(key_of(ref)[0], ref.tenant_id, ref.player_id) for ref in wanted.players]
        ),
        "tenants": to_json(tenants),
        "requests": to_json([(*key_of(ref), name, ref.tenant_id) for ref, name in wanted.requests]),
        "bets": to_json(
            [
                (*key_of(ref), key.provider_id, key.bet_ref, ref.tenant_id)
                for ref, key in wanted.bets
            ]
        ),
        "deposits": to_json([(*key_of(ref), name) for ref, name in wanted.deposits]),
    }
