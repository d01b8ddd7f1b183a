"""Answers that were recorded, by the requests that they were given to."""

from collections.abc import Sequence
from dataclasses import replace

from wallet_server.core.answer import Answer
from wallet_server.core.ids import WalletRef
from wallet_server.storage.connections import Connection
from wallet_server.storage.entries import load_entries
from wallet_server.storage.json_text import to_json
from wallet_server.storage.keys import key_of
from wallet_server.storage.rows import BET_COLUMNS, answer_from_row

OF_REQUESTS = f"""
SELECT k.place, a.sequence, a.command, a.fingerprint, a.answer_time, a.outcome,
    a.refusal::text AS refusal, a.bet::text AS answered_bet,
    a.result::text AS result, a.provider_id, a.bet_ref,
    {BET_COLUMNS}
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS k (r, place)
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
    WHERE x.tenant_id = k.r ->> 3 AND x.terms_id = b.terms_id
    OFFSET 0
) AS t ON true
"""


async def load_answers(
    connection: Connection, requests: Sequence[tuple[WalletRef, str]]
) -> dict[tuple[WalletRef, str], Answer]:
    """Returns the answers recorded under request ids, without their entries."""
    keys = list(dict.fromkeys(requests))
    wanted = to_json([(*key_of(ref), request_id, ref.tenant_id) for ref, request_id in keys])
    found: dict[tuple[WalletRef, str], Answer] = {}
    for row in await connection.fetch(OF_REQUESTS, wanted):
        place: int = row["place"]
        key = keys[place - 1]
        found[key] = answer_from_row(row, key[1])
    return found


async def find_answer(connection: Connection, ref: WalletRef, request_id: str) -> Answer | None:
    """Returns the answer recorded under a request id, with its entries."""
    found = await load_answers(connection, [(ref, request_id)])
    answer = found.get((ref, request_id))
    if answer is None:
        return None
    place = (ref, answer.sequence)
    entries = await load_entries(connection, [place])
    return replace(answer, entries=entries.get(place, ()))
