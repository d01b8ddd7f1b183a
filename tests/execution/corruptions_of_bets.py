"""Corruptions of bets."""

from wallet_server.core.audit.difference import Check

OF_PLAYER = "wallet_id = (SELECT wallet_id FROM wallets WHERE player_id = 'player')"
TERMS_OF_WON = f"(SELECT terms_id FROM bets WHERE {OF_PLAYER} AND bet_ref = 'won')"

CORRUPTIONS_OF_BETS: dict[str, tuple[str, set[Check]]] = {
    "a removed bet": (
        f"DELETE FROM bets WHERE {OF_PLAYER} AND bet_ref = 'won'",
        {Check.BET_MISSING},
    ),
    "a removed bet that was open": (
        f"DELETE FROM bets WHERE {OF_PLAYER} AND bet_ref = 'open'",
        {Check.BET_MISSING, Check.OPEN_STAKE},
    ),
    "a tombstone that was lifted": (
        f"DELETE FROM bets WHERE {OF_PLAYER} AND bet_ref = 'never-seen'",
        {Check.BET_MISSING},
    ),
    "an answer about another bet": (
        f"UPDATE answers SET bet_ref = 'won' WHERE {OF_PLAYER} AND bet_ref = 'open'",
        {
            Check.BET_HISTORY,
            Check.BET_NOT_OF_ANSWER,
            Check.BET_POSTINGS,
            Check.ENTRY_NOT_OF_ANSWER,
        },
    ),
    "a bet's stake": (
        f"UPDATE bets SET stake = 1 WHERE {OF_PLAYER} AND bet_ref = 'open'",
        {Check.BET_FUNDING},
    ),
    "a bet's amounts": (
        (
            "UPDATE bets SET amounts[1] = amounts[1] - 1, stake = stake - 1"
            f" WHERE {OF_PLAYER} AND bet_ref = 'open'"
        ),
        {Check.BET_POSTINGS, Check.OPEN_STAKE},
    ),
    "a bet's payout": (
        (
            "UPDATE bets SET results ="
            " jsonb_set(results::jsonb, '{portions,0,payout}', '99999')::json"
            f" WHERE {OF_PLAYER} AND bet_ref = 'won'"
        ),
        {Check.BET_NOT_OF_ANSWER, Check.BET_POSTINGS},
    ),
    "a bet's terms": (
        (
            "INSERT INTO bet_terms SELECT tenant_id, md5('x')::uuid,"
            " jsonb_set(document::jsonb, '{sources,0,profit_target}', '\"withdrawable\"')::json"
            f" FROM bet_terms WHERE terms_id = {TERMS_OF_WON}; "
            f"UPDATE bets SET terms_id = md5('x')::uuid WHERE {OF_PLAYER} AND bet_ref = 'won'"
        ),
        {Check.BET_TERMS, Check.BET_POSTINGS},
    ),
    "a bet whose terms are gone": (
        f"UPDATE bets SET terms_id = md5('y')::uuid WHERE {OF_PLAYER} AND bet_ref = 'won'",
        {Check.BET_UNREADABLE, Check.BET_MISSING},
    ),
    "a bet's forgotten substitutions": (
        (
            "UPDATE bets SET results = (results::jsonb - 'substitutions')::json"
            f" WHERE {OF_PLAYER} AND bet_ref = 'won'"
        ),
        {Check.BET_NOT_OF_ANSWER, Check.BET_POSTINGS},
    ),
    "a bet's state": (
        f"UPDATE bets SET state = 'SETTLED' WHERE {OF_PLAYER} AND bet_ref = 'open'",
        {Check.BET_NOT_OF_ANSWER, Check.BET_RESULTS},
    ),
    "a bet that was not rolled back": (
        f"UPDATE bets SET state = 'AUTHORIZED' WHERE {OF_PLAYER} AND bet_ref = 'rolled-back'",
        {Check.BET_NOT_OF_ANSWER, Check.BET_POSTINGS, Check.OPEN_STAKE},
    ),
    "a declined bet that was made another refusal": (
        (
            "UPDATE bets SET refusal ="
            " jsonb_set(refusal::jsonb, '{details,available}', '1')::json"
            f" WHERE {OF_PLAYER} AND bet_ref = 'too-large'"
        ),
        {Check.BET_NOT_OF_ANSWER},
    ),
    "a bet's revision": (
        f"UPDATE bets SET revision = revision + 1 WHERE {OF_PLAYER} AND bet_ref = 'won'",
        {Check.BET_NOT_OF_ANSWER},
    ),
    "a bet's name": (
        f"UPDATE bets SET bet_ref = 'renamed' WHERE {OF_PLAYER} AND bet_ref = 'won'",
        {
            Check.BET_MISSING,
            Check.BET_NOT_OF_ANSWER,
            Check.BET_OVERPAID,
            Check.BET_POSTINGS,
        },
    ),
    "a bet that cannot be read": (
        f"UPDATE bets SET results = '[]' WHERE {OF_PLAYER} AND bet_ref = 'won'",
        {Check.BET_UNREADABLE, Check.BET_MISSING},
    ),
    "a bet with a word for a number": (
        (
            "UPDATE bets SET results ="
            " jsonb_set(results::jsonb, '{portions,0,payout}', '\"many\"')::json"
            f" WHERE {OF_PLAYER} AND bet_ref = 'won'"
        ),
        {Check.BET_UNREADABLE, Check.BET_MISSING},
    ),
    "a result version in the past": (
        (
            "UPDATE answers SET bet ="
            " jsonb_set(bet::jsonb, '{portions,0,result_version}', '9')::json"
            f" WHERE {OF_PLAYER} AND request_id = 'request-05'"
        ),
        {Check.BET_HISTORY},
    ),
    "a bet of a round that its close has not reached": (
        f"UPDATE bets SET revision = 1 WHERE {OF_PLAYER} AND bet_ref = 'b1'",
        {Check.BET_NOT_OF_ANSWER},
    ),
    "what never changes of a bet whose round was closed": (
        f"UPDATE bets SET sequence = sequence + 1 WHERE {OF_PLAYER} AND bet_ref = 'b1'",
        {Check.BET_HISTORY},
    ),
    "a result of a bet whose round was closed": (
        (
            "UPDATE bets SET results ="
            " jsonb_set(results::jsonb, '{portions,0,payout}', '500')::json"
            f" WHERE {OF_PLAYER} AND bet_ref = 'b1'"
        ),
        {Check.BET_POSTINGS},
    ),
    "a substitution that nobody made": (
        (
            "UPDATE bets SET results = (results::jsonb - 'substitutions')::json"
            f" WHERE {OF_PLAYER} AND bet_ref = 'void'"
        ),
        {Check.BET_NOT_OF_ANSWER, Check.BET_POSTINGS, Check.COUPON, Check.BET_OVERPAID},
    ),
    "what a bet counts for a requirement": (
        (
            "UPDATE bets SET results ="
            " jsonb_set(results::jsonb, '{contributions}', '[]')::json"
            f" WHERE {OF_PLAYER} AND bet_ref = 'b6'"
        ),
        {Check.REQUIREMENT},
    ),
}
