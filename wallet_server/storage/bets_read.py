"""A wallet's bets and wins, as reads see them.

Bets are listed by their primary key, so that no index has to be kept for it at every bet.
"""

from collections.abc import Sequence

from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey, WalletRef, locate
from wallet_server.core.rounds.win import Win
from wallet_server.storage.connections import Connection
from wallet_server.storage.items import read_win
from wallet_server.storage.rows import BET_COLUMNS, bet_from_row

# OFFSET 0 keeps the look-up of terms a look-up by key: see `load_statement.py`.
OF_TERMS = """LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x WHERE x.tenant_id = $3 AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true"""

PAGE = f"""
SELECT b.provider_id, b.bet_ref, {BET_COLUMNS}
FROM (
    SELECT * FROM bets
    WHERE shard = $1 AND wallet_id = $2 AND kind IS NULL
        AND (provider_id, bet_ref) > ($4, $5)
        AND ($6::text = '' OR provider_id = $6)
        AND (cardinality($7::text[]) = 0 OR state = ANY ($7))
        AND (state IN ('AUTHORIZED', 'PARTIALLY_SETTLED') OR NOT $8::boolean)
    ORDER BY provider_id, bet_ref LIMIT $9
) AS b
{OF_TERMS}
ORDER BY b.provider_id, b.bet_ref
"""

WINS = """
SELECT particulars::text AS particulars FROM bets
WHERE shard = $1 AND wallet_id = $2 AND provider_id = $3 AND bet_ref = ANY ($4) AND kind = 'WIN'
"""


async def list_bets(
    connection: Connection,
    ref: WalletRef,
    *,
    after: BetKey | None,
    limit: int,
    provider_id: str = "",
    states: Sequence[str] = (),
    live_only: bool = False,
) -> list[Bet]:
    """Returns bets by provider and reference, behind one; nothing in a filter is for all.

    Those are live that have open stake.
    """
    place = locate(ref)
    start = after or BetKey(provider_id, "")
    filters = (provider_id, list(states), live_only)
    rows = await connection.fetch(
        PAGE, place.shard, place.wallet_id, ref.tenant_id, *start, *filters, limit
    )
    return [bet_from_row(row, BetKey(row["provider_id"], row["bet_ref"])) for row in rows]


async def find_wins(
    connection: Connection, ref: WalletRef, provider_id: str, win_refs: Sequence[str]
) -> dict[str, Win]:
    """Returns those of a provider's wins that are there, by reference."""
    place = locate(ref)
    rows = await connection.fetch(WINS, place.shard, place.wallet_id, provider_id, list(win_refs))
    wins = [read_win("WIN", row["particulars"]) for row in rows]
    return {win.key.bet_ref: win for win in wins if isinstance(win, Win)}
