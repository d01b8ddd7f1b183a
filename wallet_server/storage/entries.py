"""The journal, as it is read. It is only ever written by `recording.py`."""

from collections.abc import Sequence

from wallet_server.core.answer import PostedEntry
from wallet_server.core.ids import WalletRef, locate
from wallet_server.storage.connections import Connection
from wallet_server.storage.rows import entry_from_row

OF_COMMANDS = """
SELECT e.*
FROM unnest($1::smallint[], $2::uuid[], $3::bigint[]) AS k (shard, wallet_id, sequence)
CROSS JOIN LATERAL (
    SELECT * FROM entries AS x
    WHERE x.shard = k.shard AND x.wallet_id = k.wallet_id AND x.sequence = k.sequence
    OFFSET 0
) AS e
ORDER BY e.shard, e.wallet_id, e.sequence, e.ordinal
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
    keys = {(locate(ref), sequence): (ref, sequence) for ref, sequence in commands}
    rows = await connection.fetch(
        OF_COMMANDS,
        [place.shard for place, _ in keys],
        [place.wallet_id for place, _ in keys],
        [sequence for _, sequence in keys],
    )
    found: dict[tuple[WalletRef, int], tuple[PostedEntry, ...]] = {}
    by_id = {(place.wallet_id, sequence): key for (place, sequence), key in keys.items()}
    for row in rows:
        key = by_id[row["wallet_id"], row["sequence"]]
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
