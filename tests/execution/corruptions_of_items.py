"""Corruptions of what wallets keep beside balances: wins, cash-outs, and items."""

from tests.execution.corruptions_of_bets import OF_PLAYER
from wallet_server.core.audit.difference import Check


def set_in_item(kind: str, item_id: str, field: str, value: str) -> str:
    """Returns a statement that gives a field of an item another value, as JSON."""
    return (
        f"UPDATE wallet_items SET document = jsonb_set(document::jsonb, '{{{field}}}', '{value}')"
        f"::json WHERE {OF_PLAYER} AND kind = '{kind}' AND item_id = '{item_id}'"
    )


def set_in_win(ref: str, path: str, value: str) -> str:
    """Returns a statement that gives a part of a win or a cash-out another value, as JSON."""
    return (
        f"UPDATE bets SET particulars = jsonb_set(particulars::jsonb, '{{{path}}}', '{value}')"
        f"::json WHERE {OF_PLAYER} AND bet_ref = '{ref}' AND kind IS NOT NULL"
    )


def delete_item(kind: str, item_id: str) -> str:
    """Returns a statement that removes an item."""
    return (
        f"DELETE FROM wallet_items WHERE {OF_PLAYER} AND kind = '{kind}' AND item_id = '{item_id}'"
    )


ROUND_R2 = "lucky-slots r2"
ROUND_R3 = "lucky-slots r3"

CORRUPTIONS_OF_ITEMS: dict[str, tuple[str, set[Check]]] = {
    "what a win has moved": (
        set_in_win("stands-w", "moves,0,2", "1"),
        {Check.WIN_POSTINGS},
    ),
    "a win that was smaller": (
        set_in_win("jackpot-w", "amount", "1"),
        {Check.WIN_POSTINGS, Check.WIN_COLUMNS},
    ),
    "a win that was rolled back and stands": (
        set_in_win("w2", "state", '"CREDITED"'),
        {Check.WIN_POSTINGS, Check.WIN_COLUMNS},
    ),
    "a removed win": (
        f"DELETE FROM bets WHERE {OF_PLAYER} AND bet_ref = 'w1'",
        {Check.BET_MISSING, Check.ROUND},
    ),
    "a win that cannot be read": (
        (
            f"UPDATE bets SET particulars = '{{}}' WHERE {OF_PLAYER} AND bet_ref = 'prize-w'"
            " AND kind IS NOT NULL"
        ),
        {Check.BET_UNREADABLE, Check.BET_MISSING},
    ),
    "an entry of a win that is of a bet": (
        f"UPDATE entries SET bet_ref = 'b1' WHERE {OF_PLAYER} AND bet_ref = 'w1'",
        {Check.WIN_POSTINGS, Check.BET_POSTINGS, Check.BET_OVERPAID},
    ),
    "a cash-out that was said to be rolled back": (
        set_in_win("cash-out-2", "rolled_back", "true"),
        {Check.CASH_OUT, Check.WIN_COLUMNS},
    ),
    "a cash-out that was not rolled back": (
        set_in_win("cash-out-1", "rolled_back", "false"),
        {Check.CASH_OUT, Check.WIN_COLUMNS},
    ),
    "a cash-out's amount": (set_in_win("cash-out-2", "payout", "9"), {Check.CASH_OUT}),
    "a cash-out's bet": (set_in_win("cash-out-2", "bet_ref", '"won"'), {Check.CASH_OUT}),
    "a removed cash-out": (
        f"DELETE FROM bets WHERE {OF_PLAYER} AND bet_ref = 'cash-out-2'",
        {Check.CASH_OUT},
    ),
    "an item that cannot be read": (
        f"UPDATE wallet_items SET document = '[]' WHERE {OF_PLAYER} AND item_id = 'never-came'",
        {Check.ITEM_UNREADABLE},
    ),
    "an item that cannot be read and that the journal tells of": (
        f"UPDATE wallet_items SET document = '{{}}' WHERE {OF_PLAYER} AND item_id = 'fraud'",
        {Check.ITEM_UNREADABLE, Check.PROMOTION},
    ),
    "an item's columns": (
        f"UPDATE wallet_items SET revision = 77 WHERE {OF_PLAYER} AND item_id = '{ROUND_R2}'",
        {Check.ITEM_COLUMNS},
    ),
    "an item that is loaded no more": (
        f"UPDATE wallet_items SET is_live = false WHERE {OF_PLAYER} AND item_id = 'lasting'",
        {Check.ITEM_COLUMNS},
    ),
    "an item that never is due": (
        f"UPDATE wallet_items SET due_time = NULL WHERE {OF_PLAYER} AND item_id = 'lasting'",
        {Check.ITEM_COLUMNS},
    ),
    "the number of live items": (
        f"UPDATE wallets SET live_items = live_items + 1 WHERE {OF_PLAYER}",
        {Check.LIVE_ITEMS},
    ),
    "a coupon's amount": (set_in_item("COUPON", "lasting", "amount", "701"), {Check.COUPON}),
    "a coupon's uses": (set_in_item("COUPON", "single", "uses", "0"), {Check.COUPON}),
    "a coupon that was taken back further": (
        set_in_item("COUPON", "gift", "taken_back", "201"),
        {Check.COUPON},
    ),
    "a coupon that may not have been used so often": (
        set_in_item("COUPON", "voided", "terms,uses_max", "1"),
        {Check.COUPON},
    ),
    "a coupon that is used up and has value": (
        set_in_item("COUPON", "expiring", "state", '"EXHAUSTED"'),
        {Check.COUPON, Check.ITEM_COLUMNS, Check.LIVE_ITEMS},
    ),
    "a coupon that is used up and open": (
        set_in_item("COUPON", "lasting", "state", '"EXHAUSTED"'),
        {Check.COUPON, Check.ITEM_COLUMNS, Check.LIVE_ITEMS},
    ),
    "a coupon that is over, in its columns too, and has value": (
        (
            set_in_item("COUPON", "expiring", "state", '"EXPIRED"') + "; "
            "UPDATE wallet_items SET state = 'EXPIRED', is_live = false, due_time = NULL"
            f" WHERE {OF_PLAYER} AND item_id = 'expiring'; "
            f"UPDATE wallets SET live_items = live_items - 1 WHERE {OF_PLAYER}"
        ),
        {Check.COUPON},
    ),
    "a removed coupon": (delete_item("COUPON", "free-bet"), {Check.COUPON}),
    "a removed coupon that was live": (
        delete_item("COUPON", "lasting"),
        {Check.COUPON, Check.LIVE_ITEMS},
    ),
    "a coupon's value that reached a bucket": (
        (
            "UPDATE entries SET accounts = ARRAY['cpn:gift', 'bkt:sports_normal'],"
            " balances_after = ARRAY[0, 200]"
            f" WHERE {OF_PLAYER} AND command = 'ReversePromotion' AND 'cpn:gift' = ANY (accounts)"
        ),
        {Check.COUPON, Check.BALANCE, Check.BALANCE_AFTER, Check.BOOKS_UNBALANCED},
    ),
    "a round's wins": (set_in_item("ROUND", ROUND_R2, "win_refs", "[]"), {Check.ROUND}),
    "a round's bets": (
        set_in_item("ROUND", ROUND_R2, "bet_refs", '["r2-b1", "r2-b2", "b1"]'),
        {Check.ROUND},
    ),
    "a round that was cancelled and left something": (
        set_in_item("ROUND", ROUND_R2, "state", '"CANCELLED"'),
        {Check.ROUND, Check.ITEM_COLUMNS},
    ),
    "a cancelled round that is closed": (
        set_in_item("ROUND", ROUND_R3, "state", '"CLOSED"'),
        {Check.ROUND, Check.ITEM_COLUMNS},
    ),
    "a removed round": (delete_item("ROUND", ROUND_R2), {Check.ROUND}),
    "a bet that says another round": (
        f"UPDATE bets SET round_ref = 'r5' WHERE {OF_PLAYER} AND bet_ref = 'r2-b2'",
        {Check.ROUND},
    ),
    "a requirement's progress": (
        set_in_item("REQUIREMENT", "PROMOTION:welcome", "progress", "1"),
        {Check.REQUIREMENT},
    ),
    "a requirement that asks less": (
        set_in_item("REQUIREMENT", "PROMOTION:welcome", "required", "1"),
        {Check.REQUIREMENT},
    ),
    "a requirement that asks less than nothing": (
        set_in_item("REQUIREMENT", "PROMOTION:welcome", "required", "-1"),
        {Check.REQUIREMENT},
    ),
    "a requirement that is fulfilled by nothing": (
        set_in_item("REQUIREMENT", "TRANSFER:93", "state", '"FULFILLED"'),
        {Check.REQUIREMENT, Check.ITEM_COLUMNS},
    ),
    "an open requirement that a command ended": (
        set_in_item("REQUIREMENT", "TRANSFER:93", "end_sequence", "1"),
        {Check.REQUIREMENT},
    ),
    "an ended requirement that no command ended": (
        set_in_item("REQUIREMENT", "PROMOTION:given-up", "end_sequence", "0"),
        {Check.REQUIREMENT},
    ),
    "a removed requirement": (
        delete_item("REQUIREMENT", "PROMOTION:welcome"),
        {Check.REQUIREMENT},
    ),
    "a requirement that released too much": (
        set_in_item("REQUIREMENT", "PROMOTION:bonus", "released", "101"),
        {Check.REQUIREMENT},
    ),
    "what was taken back of a promotion": (
        set_in_item("PROMOTION", "points", "reversed", "101"),
        {Check.PROMOTION},
    ),
    "a promotion of which more was taken back than it had": (
        set_in_item("PROMOTION", "fraud", "reversed", "61"),
        {Check.PROMOTION},
    ),
    "what was gone of a promotion": (
        set_in_item("PROMOTION", "points", "unrecovered", "0"),
        {Check.PROMOTION},
    ),
    "a promotion's amount": (
        set_in_item("PROMOTION", "expires", "amount", "299"),
        {Check.PROMOTION},
    ),
    "a removed promotion": (delete_item("PROMOTION", "expires"), {Check.PROMOTION}),
}
