"""One wallet and what belongs to it, as reads see it."""

from wallet_server.core.answer import Answer
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey, WalletRef, locate
from wallet_server.core.wallet import AccountStatus, Wallet
from wallet_server.storage.connections import Connection
from wallet_server.storage.entries import load_entries
from wallet_server.storage.rows import BET_COLUMNS, answer_from_row, bet_from_row, wallet_from_row

# OFFSET 0 keeps the player's look-up a look-up by key: a join would read all players of
# the shard wherever the statistics say that there are few.
WALLET = """
SELECT w.*, p.status
FROM wallets AS w
CROSS JOIN LATERAL (
    SELECT * FROM players AS x
    WHERE x.shard = w.shard AND x.tenant_id = w.tenant_id AND x.player_id = w.player_id
    OFFSET 0
) AS p
WHERE w.shard = $1 AND w.wallet_id = $2
"""

BET = f"""
SELECT {BET_COLUMNS}
FROM bets AS b
LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x WHERE x.tenant_id = $5 AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true
WHERE b.shard = $1 AND b.wallet_id = $2 AND b.provider_id = $3 AND b.bet_ref = $4
"""

ANSWER = f"""
SELECT a.sequence, a.command, a.fingerprint, a.answer_time, a.outcome,
    a.refusal::text AS refusal, a.bet::text AS answered_bet,
    a.result::text AS result, a.provider_id, a.bet_ref,
    {BET_COLUMNS}
FROM answers AS a
LEFT JOIN LATERAL (
    SELECT * FROM bets AS x
    WHERE x.shard = a.shard AND x.wallet_id = a.wallet_id
        AND x.provider_id = a.provider_id AND x.bet_ref = a.bet_ref
    OFFSET 0
) AS b ON true
LEFT JOIN LATERAL (
    SELECT * FROM bet_terms AS x WHERE x.tenant_id = $4 AND x.terms_id = b.terms_id OFFSET 0
) AS t ON true
WHERE a.shard = $1 AND a.wallet_id = $2 AND a.request_id = $3
"""

EPOCH = "SELECT epoch FROM tenants WHERE tenant_id = $1"


async def find_wallet(connection: Connection, ref: WalletRef) -> Wallet | None:
    """Returns a wallet without its bets and deposits."""
    place = locate(ref)
    row = await connection.fetchrow(WALLET, place.shard, place.wallet_id)
    return wallet_from_row(ref, row, AccountStatus(row["status"])) if row else None


async def find_bet(connection: Connection, ref: WalletRef, key: BetKey) -> Bet | None:
    """Returns a bet of a wallet, tombstones and declined bets included."""
    place = locate(ref)
    row = await connection.fetchrow(
        BET, place.shard, place.wallet_id, key.provider_id, key.bet_ref, ref.tenant_id
    )
    return bet_from_row(row, key) if row else None


async def find_answer(connection: Connection, ref: WalletRef, request_id: str) -> Answer | None:
    """Returns the answer recorded under a request id, with its entries."""
    place = locate(ref)
    row = await connection.fetchrow(ANSWER, place.shard, place.wallet_id, request_id, ref.tenant_id)
    if row is None:
        return None
    entries = await load_entries(connection, [(ref, row["sequence"])])
    return answer_from_row(row, request_id, entries.get((ref, row["sequence"]), ()))


async def find_epoch(connection: Connection, tenant_id: str) -> int | None:
    """Returns the epoch of a tenant's configuration; none if there is no such tenant."""
    return await connection.fetchval(EPOCH, tenant_id)
