"""The journal, as it is read. It is only ever written by `recording.py`."""

from collections.abc import Sequence

from wallet_server.core.answer import PostedEntry
from wallet_server.core.ids import WalletRef, locate
from wallet_server.storage.connections import Connection
from wallet_server.storage.json_text import to_json
from wallet_server.storage.keys import key_of
from wallet_server.storage.rows import entry_from_row

OF_COMMANDS = """
SELECT k.place, e.*
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS k (r, place)
CROSS JOIN LATERAL (
    SELECT * FROM entries AS x
    WHERE x.shard = (k.r ->> 0)::smallint AND x.wallet_id = (k.r ->> 1)::uuid
        AND x.sequence = (k.r ->> 2)::bigint
    OFFSET 0
) AS e
ORDER BY k.place, e.ordinal
"""

OLDEST_FIRST = """
SELECT * FROM entries
WHERE shard = $1 AND wallet_id = $2 AND (sequence, ordinal) > ($3, $4)
ORDER BY sequence, ordinal LIMIT $5
"""

NEWEST_FIRST = """
SELECT * FROM entries
WHERE shard = $1 AND wallet_id = $2 AND (sequence, ordinal) < ($3, $4)
ORDER BY sequence DESC, ordinal DESC LIMIT $5
"""

BEFORE_ALL = (0, 0)
AFTER_ALL = (2**63 - 1, 2**15 - 1)


async def load_entries(
    connection: Connection, commands: Sequence[tuple[WalletRef, int]]
) -> dict[tuple[WalletRef, int], tuple[PostedEntry, ...]]:
    """Returns the entries of commands, each named by its wallet and sequence."""
    keys = list(dict.fromkeys(commands))
    wanted = to_json([(*key_of(ref), sequence) for ref, sequence in keys])
    found: dict[tuple[WalletRef, int], tuple[PostedEntry, ...]] = {}
    for row in await connection.fetch(OF_COMMANDS, wanted):
        place: int = row["place"]
        key = keys[place - 1]
        found[key] = (*found.get(key, ()), entry_from_row(row))
    return found


async def list_entries(
    connection: Connection,
    ref: WalletRef,
    *,
    after: tuple[int, int] | None,
    limit: int,
    newest_first: bool,
) -> list[PostedEntry]:
    """Returns a wallet's entries behind a place in the journal: (sequence, ordinal)."""
    place = locate(ref)
    statement = NEWEST_FIRST if newest_first else OLDEST_FIRST
    start = after or (AFTER_ALL if newest_first else BEFORE_ALL)
    rows = await connection.fetch(statement, place.shard, place.wallet_id, *start, limit)
    return [entry_from_row(row) for row in rows]
