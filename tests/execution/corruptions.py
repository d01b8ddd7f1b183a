"""Corruptions of a database in which the story was told, and which checks must find each.

Each is of the wallet of `player`, made by the superuser.
"""

from tests.execution.corruptions_of_administration import CORRUPTIONS_OF_ADMINISTRATION
from tests.execution.corruptions_of_bets import CORRUPTIONS_OF_BETS, OF_PLAYER
from tests.execution.corruptions_of_cashier import CORRUPTIONS_OF_CASHIER
from tests.execution.corruptions_of_events import CORRUPTIONS_OF_EVENTS
from tests.execution.corruptions_of_items import CORRUPTIONS_OF_ITEMS
from wallet_server.core.audit.difference import Check

CASH = "balances[array_position(accounts, 'bkt:sports_normal')]"
OPEN_STAKE = "balances[array_position(accounts, 'open:sports_bonus')]"
WITHOUT_CHECK = "ALTER TABLE entries DROP CONSTRAINT entries_sound_check; "

CORRUPTIONS: dict[str, tuple[str, set[Check]]] = {
    **CORRUPTIONS_OF_BETS,
    **CORRUPTIONS_OF_ITEMS,
    **CORRUPTIONS_OF_CASHIER,
    **CORRUPTIONS_OF_ADMINISTRATION,
    **CORRUPTIONS_OF_EVENTS,
    "a balance": (
        f"UPDATE wallets SET {CASH} = {CASH} + 1 WHERE {OF_PLAYER}",
        {Check.BALANCE, Check.BOOKS_UNBALANCED},
    ),
    "a debt": (
        f"UPDATE wallets SET debts[1] = debts[1] - 1 WHERE {OF_PLAYER}",
        {Check.BALANCE, Check.BOOKS_UNBALANCED},
    ),
    "two balances that still add up": (
        (
            f"UPDATE wallets SET {OPEN_STAKE} = {OPEN_STAKE} + 1, debts[1] = debts[1] - 1"
            f" WHERE {OF_PLAYER}"
        ),
        {Check.BALANCE, Check.OPEN_STAKE},
    ),
    "a wallet's sequence": (
        f"UPDATE wallets SET sequence = sequence + 1 WHERE {OF_PLAYER}",
        {Check.SEQUENCE},
    ),
    "a wallet's time": (
        f"UPDATE wallets SET update_time = update_time + interval '1 s' WHERE {OF_PLAYER}",
        {Check.ANSWER_TIME},
    ),
    "a wallet's time that no calendar has": (
        f"UPDATE wallets SET update_time = 'infinity' WHERE {OF_PLAYER}",
        {Check.ANSWER_TIME},
    ),
    "a wallet's name": (
        f"UPDATE wallets SET currency_code = 'USD' WHERE {OF_PLAYER}",
        {Check.WALLET_MISPLACED, Check.ENTRY_ACCOUNT, Check.BOOKS_UNBALANCED, Check.USAGE},
    ),
    "a removed player": (
        "DELETE FROM players WHERE player_id = 'player'",
        {Check.PLAYER_MISSING, Check.USAGE},
    ),
    "a removed wallet": (f"DELETE FROM wallets WHERE {OF_PLAYER}", {Check.WALLET_MISSING}),
    "a balance after an entry": (
        (
            f"UPDATE entries SET balances_after[1] = balances_after[1] + 1 WHERE {OF_PLAYER}"
            " AND sequence = 2"
        ),
        {Check.BALANCE_AFTER},
    ),
    "the amount of an entry": (
        f"UPDATE entries SET changes = ARRAY[10001, -10001] WHERE {OF_PLAYER} AND sequence = 2",
        {Check.BALANCE_AFTER, Check.BALANCE, Check.BOOKS_UNBALANCED, Check.DEPOSIT, Check.CASH},
    ),
    "an entry that does not balance": (
        (
            f"{WITHOUT_CHECK}UPDATE entries SET changes[2] = changes[2] - 1"
            f" WHERE {OF_PLAYER} AND sequence = 3"
        ),
        {Check.ENTRY_UNBALANCED, Check.BOOKS_UNBALANCED},
    ),
    "a removed entry": (
        f"DELETE FROM entries WHERE {OF_PLAYER} AND sequence = 3",
        {
            Check.ENTRY_MISSING,
            Check.BALANCE_AFTER,
            Check.BALANCE,
            Check.BALANCE_SIGN,
            Check.BOOKS_UNBALANCED,
        },
    ),
    "a removed entry of a bet": (
        f"DELETE FROM entries WHERE {OF_PLAYER} AND bet_ref = 'won' AND command = 'SettleBet'",
        {
            Check.BET_OVERPAID,
            Check.BET_POSTINGS,
            Check.BALANCE_AFTER,
            Check.BALANCE,
            Check.BALANCE_SIGN,
            Check.BOOKS_UNBALANCED,
        },
    ),
    "a win that was paid too much": (
        (
            "UPDATE entries SET"
            " changes = (SELECT array_agg(c * 2 ORDER BY n)"
            "     FROM unnest(changes) WITH ORDINALITY AS x (c, n))"
            f" WHERE {OF_PLAYER} AND request_id = 'request-05'"
        ),
        {
            Check.BET_OVERPAID,
            Check.BET_POSTINGS,
            Check.BALANCE_AFTER,
            Check.BALANCE,
            Check.BALANCE_SIGN,
            Check.BOOKS_UNBALANCED,
        },
    ),
    "an entry without a cause": (
        (
            "INSERT INTO entries SELECT shard, wallet_id, 999, 0, asset_code, accounts, changes,"
            " balances_after, entry_time, 'nobody', command, provider_id, bet_ref, correlation_id"
            f" FROM entries WHERE {OF_PLAYER} AND sequence = 2"
        ),
        {
            Check.ENTRY_WITHOUT_ANSWER,
            Check.BALANCE_AFTER,
            Check.BALANCE,
            Check.BOOKS_UNBALANCED,
            Check.CASH,
        },
    ),
    "an entry of a declined command": (
        (
            "INSERT INTO entries SELECT a.shard, a.wallet_id, a.sequence, 0, e.asset_code, e.accounts,"
            " e.changes, e.balances_after, a.answer_time, a.request_id, a.command, 'acme-sports',"
            " 'too-large', '' FROM answers AS a JOIN entries AS e USING (shard, wallet_id)"
            " WHERE (shard, wallet_id) IN (SELECT shard, wallet_id FROM wallets WHERE player_id ="
            " 'player') AND a.refusal ->> 'reason' = 'INSUFFICIENT_FUNDS' AND a.request_id ="
            " 'request-17' AND e.sequence = 2"
        ),
        {
            Check.ENTRY_NOT_ALLOWED,
            Check.ENTRY_ACCOUNT,
            Check.BET_POSTINGS,
            Check.BALANCE_AFTER,
            Check.BALANCE,
            Check.BOOKS_UNBALANCED,
            Check.CASH,
        },
    ),
    "an entry of another request": (
        f"UPDATE entries SET request_id = 'other' WHERE {OF_PLAYER} AND sequence = 2",
        {Check.ENTRY_NOT_OF_ANSWER},
    ),
    "an entry of another bet": (
        f"UPDATE entries SET bet_ref = 'open' WHERE {OF_PLAYER} AND bet_ref = 'partly'",
        {Check.ENTRY_NOT_OF_ANSWER, Check.BET_POSTINGS},
    ),
    "a house account that is not the command's": (
        f"UPDATE entries SET accounts[2] = 'H:ADJUST' WHERE {OF_PLAYER} AND sequence = 2",
        {Check.ENTRY_ACCOUNT, Check.DEPOSIT, Check.CASH},
    ),
    "a bucket that no topology knows": (
        f"UPDATE entries SET accounts[1] = 'bkt:vip' WHERE {OF_PLAYER} AND sequence = 4",
        {Check.ENTRY_ACCOUNT, Check.BALANCE_AFTER, Check.BALANCE, Check.BALANCE_SIGN},
    ),
    "a removed answer": (
        f"DELETE FROM answers WHERE {OF_PLAYER} AND sequence = 2",
        {Check.SEQUENCE, Check.ENTRY_WITHOUT_ANSWER, Check.DEPOSIT},
    ),
    "two answers under one number": (
        f"UPDATE answers SET sequence = 3 WHERE {OF_PLAYER} AND sequence = 4",
        {Check.SEQUENCE, Check.ENTRY_NOT_OF_ANSWER, Check.ENTRY_WITHOUT_ANSWER},
    ),
    "swapped answers": (
        f"UPDATE answers SET sequence = 5 - sequence WHERE {OF_PLAYER} AND sequence IN (2, 3)",
        {Check.ENTRY_NOT_OF_ANSWER, Check.DEPOSIT},
    ),
    "an answer before the one before it": (
        (
            "UPDATE answers SET answer_time = answer_time - interval '1 s'"
            f" WHERE {OF_PLAYER} AND sequence = 3"
        ),
        {Check.ANSWER_TIME, Check.ENTRY_NOT_OF_ANSWER},
    ),
    "a decline that was made a success": (
        (
            f"UPDATE answers SET outcome = 'APPLIED', refusal = NULL WHERE {OF_PLAYER}"
            " AND request_id = 'request-17'"
        ),
        {Check.ENTRY_MISSING, Check.BET_NOT_OF_ANSWER},
    ),
    "a success that was made a decline": (
        f"""UPDATE answers SET outcome = NULL, bet = NULL,
            refusal = '{{"reason":"BUCKET_FROZEN","details":{{"bucket":"x"}}}}'
            WHERE {OF_PLAYER} AND sequence = 3""",
        {Check.ENTRY_NOT_ALLOWED},
    ),
    "an answer with a bet that was changed": (
        (
            f"UPDATE answers SET bet = (bet::jsonb || '{{\"revision\": 7}}')::json"
            f" WHERE {OF_PLAYER} AND bet_ref = 'open'"
        ),
        {Check.BET_NOT_OF_ANSWER},
    ),
    "a fingerprint in no form that is known": (
        f"UPDATE answers SET fingerprint = '\\x00' WHERE {OF_PLAYER} AND sequence = 1",
        {Check.ANSWER_UNREADABLE, Check.SEQUENCE},
    ),
    "an answer that cannot be read": (
        f"UPDATE answers SET outcome = 'PERHAPS' WHERE {OF_PLAYER} AND sequence = 1",
        {Check.ANSWER_UNREADABLE, Check.SEQUENCE},
    ),
}
