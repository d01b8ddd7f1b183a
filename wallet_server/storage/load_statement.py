"""The statement that loads a batch: one row of many kinds for each thing that is there."""

from collections.abc import Mapping
from itertools import chain

from wallet_server.storage.rows import BET
from wallet_server.storage.sql import Statement

WALLET_COLUMNS: Mapping[str, str] = {
    "sequence": "bigint",
    "create_time": "timestamptz",
    "update_time": "timestamptz",
    "accounts": "text[]",
    "balances": "bigint[]",
    "debt_assets": "text[]",
    "debts": "bigint[]",
    "frozen_buckets": "text[]",
    "status": "text",
    "contended": "boolean",
    "live_items": "integer",
    "event_sequence": "bigint",
    "outbox_time": "timestamptz",
}
ANSWER_COLUMNS: Mapping[str, str] = {
    "command": "text",
    "fingerprint": "bytea",
    "outcome": "text",
    "refusal": "text",
    "answered_bet": "text",
    "provider_id": "text",
    "bet_ref": "text",
    "answer_time": "timestamptz",
    "result": "text",
}
PLACED_COLUMNS: Mapping[str, str] = {
    "state": "text",
    "bet_sequence": "bigint",
    "revision": "bigint",
    "stake": "bigint",
    "bet_create_time": "timestamptz",
    "round_ref": "text",
    "selected_source": "text",
    "amounts": "bigint[]",
    "results": "text",
    "bet_refusal": "text",
    "terms": "text",
    "bet_kind": "text",
    "particulars": "text",
}
OTHER_COLUMNS: Mapping[str, str] = {
    "row_place": "text",
    "item_kind": "text",
    "item_id": "text",
    "document": "text",
}
GROUPS = (WALLET_COLUMNS, ANSWER_COLUMNS, PLACED_COLUMNS, OTHER_COLUMNS)
TYPES: Mapping[str, str] = dict(chain.from_iterable(group.items() for group in GROUPS))


def columns(kind: str, **filled: str) -> str:
    """Returns the columns of one arm: those that are filled, and NULL for the others."""
    assert filled.keys() <= TYPES.keys(), filled.keys() - TYPES.keys()
    listed = [f"{filled.get(name, 'NULL')}::{type_} AS {name}" for name, type_ in TYPES.items()]
    return f"'{kind}' AS kind, k.place, " + ", ".join(listed)


COMPUTED = {"status", "contended", "outbox_time"}
PLAYER_COLUMNS = {"status": "p.status", "revision": "p.revision", "document": "p.document"}
WALLET = columns(
    "wallet",
    **{name: f"w.{name}" for name in WALLET_COLUMNS if name not in COMPUTED},
    **PLAYER_COLUMNS,
    outbox_time="NULLIF(w.outbox_time, w.update_time)",
    row_place="w.ctid",
    contended="(w.contended_until BETWEEN now() AND now() + interval '5 minutes')",
)
PLAYER = columns("player", **PLAYER_COLUMNS)
TENANT = columns("tenant", sequence="t.epoch")
ANSWER = columns(
    "answer",
    sequence="a.sequence",
    command="a.command",
    fingerprint="a.fingerprint",
    outcome="a.outcome",
    refusal="a.refusal",
    answered_bet="a.bet",
    provider_id="a.provider_id",
    bet_ref="a.bet_ref",
    answer_time="a.answer_time",
    result="a.result",
    **BET,
)
BET_ROW = columns("bet", row_place="b.ctid", **BET)
ITEM_COLUMNS = {"item_kind": "i.kind", "item_id": "i.item_id", "document": "i.document"}
ITEM = columns("item", **ITEM_COLUMNS)
LIVE = columns("live", **ITEM_COLUMNS)

# Keys come as JSON, an array of arrays for each kind: one parameter instead of one for each
# column, which is cheaper to send than typed arrays and as cheap to read. `place` is where in
# its array the key is that a row was found by.
#
# Where wallets and bets lie (`row_place`) is for recording, which finds them there again. That
# takes no predicate lock on a page of an index, as a look-up by key would under SERIALIZABLE.
#
# A wallet was last left to be told of when it was last changed, unless a clock was behind: only
# another time is sent, as the driver takes long to read one.
#
# OFFSET 0 keeps each look-up a look-up by key: without it, a table that was analysed
# while it was almost empty would be read whole for ever after.
LOAD = Statement(f"""
SELECT {WALLET}
FROM jsonb_array_elements(:wallets::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT x.ctid, x.* FROM wallets AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid OFFSET 0
) AS w
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = w.shard AND x.tenant_id = w.tenant_id AND x.player_id = w.player_id OFFSET 0
) AS p
UNION ALL
SELECT {PLAYER}
FROM jsonb_array_elements(:players::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.tenant_id = k.r ->> 1 AND x.player_id = k.r ->> 2
    OFFSET 0
) AS p
UNION ALL
SELECT {TENANT}
FROM jsonb_array_elements_text(:tenants::jsonb) WITH ORDINALITY AS k (tenant_id, place)
CROSS JOIN LATERAL (
    SELECT * FROM tenants AS x WHERE x.tenant_id = k.tenant_id OFFSET 0
) AS t
UNION ALL
SELECT {ANSWER}
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
SELECT {BET_ROW}
FROM jsonb_array_elements(:bets::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT x.ctid, x.* FROM bets AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.provider_id = k.r ->> 2 AND x.bet_ref = k.r ->> 3
    OFFSET 0
) AS b
LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x
    WHERE x.tenant_id = k.r ->> 4 AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true
UNION ALL
SELECT {ITEM}
FROM jsonb_array_elements(:items::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM wallet_items AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.kind = k.r ->> 2 AND x.item_id = k.r ->> 3
    OFFSET 0
) AS i
UNION ALL
SELECT {LIVE}
FROM jsonb_array_elements(:live::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM wallet_items AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid AND x.is_live
    OFFSET 0
) AS i
""")
