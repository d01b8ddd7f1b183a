"""The journal, as it is read. It is only ever written by `recording.py`."""

from collections.abc import Sequence

from wallet_server.core.answer import PostedEntry
from wallet_server.core.history.entry_filter import ALL_ENTRIES, EntryFilter
from wallet_server.core.history.window import JournalWindow
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

FILTERS = """
    AND ($7::text = '' OR provider_id = $7)
    AND ($8::text[] IS NULL OR bet_ref = ANY ($8))
    AND (cardinality($9::text[]) = 0 OR command = ANY ($9))
    AND ($10::text = '' OR $10 = ANY (accounts))
"""

OLDEST_FIRST = f"""
SELECT * FROM entries
WHERE shard = $1 AND wallet_id = $2 AND (sequence, ordinal) > ($3, $4) AND sequence <= $5
{FILTERS}
ORDER BY sequence, ordinal LIMIT $6
"""

NEWEST_FIRST = f"""
SELECT * FROM entries
WHERE shard = $1 AND wallet_id = $2 AND (sequence, ordinal) < ($3, $4) AND sequence > $5
{FILTERS}
ORDER BY sequence DESC, ordinal DESC LIMIT $6
"""


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
    window: JournalWindow,
    *,
    limit: int,
    wanted: EntryFilter = ALL_ENTRIES,
) -> list[PostedEntry]:
    """Returns those of a wallet's entries in a window that are asked for."""
    statement = NEWEST_FIRST if window.newest_first else OLDEST_FIRST
    refs = None if wanted.bet_refs is None else list(wanted.bet_refs)
    filters = (wanted.provider_id, refs, list(wanted.commands), wanted.account)
    rows = await connection.fetch(
        statement, *locate(ref), *window.start, window.end, limit, *filters
    )
    return [entry_from_row(row) for row in rows]
