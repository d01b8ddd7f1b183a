"""Corruptions of deposits, withdrawals, adjustments and players."""

from tests.execution.corruptions_of_items import OF_PLAYER, delete_item, set_in_item
from wallet_server.core.audit.difference import Check

HELD = "balances[array_position(accounts, 'hold:waits')]"
CASH = "balances[array_position(accounts, 'bkt:sports_normal')]"


def set_in_player(path: str, value: str) -> str:
    """Returns a statement that gives a part of the player's document another value, as JSON."""
    return (
        f"UPDATE players SET document = jsonb_set(document::jsonb, '{{{path}}}', '{value}')::json"
        " WHERE player_id = 'player'"
    )


CORRUPTIONS_OF_CASHIER: dict[str, tuple[str, set[Check]]] = {
    "a deposit's amount": (
        set_in_item("DEPOSIT", "deposit", "amount", "10001"),
        {Check.DEPOSIT, Check.CASH, Check.USAGE},
    ),
    "a deposit's asset": (
        set_in_item("DEPOSIT", "at-counter", "asset_code", '"USD"'),
        {Check.DEPOSIT},
    ),
    "a deposit's bucket": (
        set_in_item("DEPOSIT", "parked", "bucket", '"points"'),
        {Check.DEPOSIT},
    ),
    "a removed deposit": (
        delete_item("DEPOSIT", "deposit"),
        {Check.DEPOSIT, Check.USAGE},
    ),
    "a deposit that another command approved": (
        set_in_item("DEPOSIT", "announced", "approve_sequence", "2"),
        {Check.DEPOSIT},
    ),
    "a deposit that was declined and is approved": (
        set_in_item("DEPOSIT", "declined", "state", '"APPROVED"'),
        {Check.DEPOSIT, Check.CASH, Check.USAGE, Check.ITEM_COLUMNS},
    ),
    "a deposit that waits and is not in suspense": (
        set_in_item("DEPOSIT", "left", "suspended", "false"),
        {Check.CASH},
    ),
    "a deposit that was sent back and never was in suspense": (
        set_in_item("DEPOSIT", "sent-back", "suspend_sequence", "0"),
        {Check.DEPOSIT},
    ),
    "a deposit that never was in suspense": (
        set_in_item("DEPOSIT", "parked", "suspend_sequence", "0"),
        {Check.DEPOSIT},
    ),
    "what was taken back of a deposit": (
        set_in_item("DEPOSIT", "announced", "reversals,0,amount", "399"),
        {Check.DEPOSIT, Check.CASH},
    ),
    "what is owed of a deposit": (
        set_in_item("DEPOSIT", "deposit", "reversals,0,debt", "10001"),
        {Check.DEPOSIT},
    ),
    "a deposit that was charged back in part": (
        set_in_item("DEPOSIT", "announced", "state", '"CHARGED_BACK"'),
        {Check.DEPOSIT, Check.ITEM_COLUMNS},
    ),
    "a deposit that is whole again": (
        set_in_item("DEPOSIT", "announced", "state", '"APPROVED"'),
        {Check.DEPOSIT, Check.ITEM_COLUMNS},
    ),
    "a withdrawal's amount": (
        set_in_item("WITHDRAWAL", "waits", "amount", "1701"),
        {Check.WITHDRAWAL, Check.HOLD},
    ),
    "a withdrawal's bucket": (
        set_in_item("WITHDRAWAL", "paid", "lines,0,bucket", '"points"'),
        {Check.WITHDRAWAL},
    ),
    "a withdrawal that ended and holds something": (
        set_in_item("WITHDRAWAL", "waits", "state", '"CANCELLED"'),
        {Check.WITHDRAWAL, Check.HOLD, Check.ITEM_COLUMNS, Check.LIVE_ITEMS},
    ),
    "a removed withdrawal that holds something": (
        delete_item("WITHDRAWAL", "waits"),
        {Check.WITHDRAWAL, Check.HOLD, Check.LIVE_ITEMS},
    ),
    "a removed withdrawal that was paid": (
        delete_item("WITHDRAWAL", "paid"),
        {Check.WITHDRAWAL, Check.CASH},
    ),
    "what a withdrawal holds": (
        f"UPDATE wallets SET {HELD} = {HELD} - 1, {CASH} = {CASH} + 1 WHERE {OF_PLAYER}",
        {Check.BALANCE, Check.HOLD},
    ),
    "what was paid of a withdrawal": (
        set_in_item("WITHDRAWAL", "partly", "paid", "1501"),
        {Check.WITHDRAWAL, Check.CASH},
    ),
    "a withdrawal that was paid whole": (
        set_in_item("WITHDRAWAL", "partly", "state", '"PAID"'),
        {Check.WITHDRAWAL, Check.ITEM_COLUMNS},
    ),
    "a withdrawal that failed and was paid": (
        set_in_item("WITHDRAWAL", "paid", "state", '"FAILED"'),
        {Check.WITHDRAWAL, Check.ITEM_COLUMNS},
    ),
    "a withdrawal that did not come back": (
        set_in_item("WITHDRAWAL", "returned", "state", '"PAID"'),
        {Check.WITHDRAWAL, Check.CASH, Check.ITEM_COLUMNS},
    ),
    "a withdrawal that nobody submitted": (
        set_in_item("WITHDRAWAL", "by-time", "state", '"SUBMITTED"'),
        {Check.WITHDRAWAL, Check.ITEM_COLUMNS},
    ),
    "a withdrawal that nobody approved": (
        set_in_item("WITHDRAWAL", "by-time", "automatic", "false"),
        {Check.WITHDRAWAL},
    ),
    "a withdrawal that one person approved instead of two": (
        set_in_item("WITHDRAWAL", "paid", "approvals,1,actor", '"clerk"'),
        {Check.WITHDRAWAL},
    ),
    "a withdrawal that was approved by who asked for it": (
        set_in_item("WITHDRAWAL", "paid", "requester", '"boss"'),
        {Check.WITHDRAWAL},
    ),
    "a withdrawal that a deposit was paid from": (
        set_in_item("WITHDRAWAL", "came-back", "deposit_id", '""'),
        {Check.WITHDRAWAL, Check.CASH},
    ),
    "a withdrawal that is over and never ended": (
        set_in_item("WITHDRAWAL", "cancelled", "end_sequence", "0"),
        {Check.WITHDRAWAL},
    ),
    "a hold that another command touched": (
        (
            "UPDATE entries SET command = 'AuthorizeBet'"
            f" WHERE {OF_PLAYER} AND 'hold:waits' = ANY (accounts)"
        ),
        {Check.ENTRY_ACCOUNT, Check.ENTRY_NOT_OF_ANSWER},
    ),
    "an adjustment's amount": (
        set_in_item("ADJUSTMENT", "small", "amount", "91"),
        {Check.ADJUSTMENT},
    ),
    "an adjustment that was made by one person": (
        set_in_item("ADJUSTMENT", "large", "approver", '"clerk"'),
        {Check.ADJUSTMENT},
    ),
    "an adjustment that waits and was made": (
        set_in_item("ADJUSTMENT", "waits", "state", '"APPLIED"'),
        {Check.ADJUSTMENT, Check.ITEM_COLUMNS},
    ),
    "a removed adjustment": (delete_item("ADJUSTMENT", "forgiven"), {Check.ADJUSTMENT}),
    "a player who cannot be read": (
        "UPDATE players SET document = '[]' WHERE player_id = 'player'",
        {Check.PLAYER_UNREADABLE, Check.USAGE},
    ),
    "a player's due time": (
        "UPDATE players SET due_time = now() WHERE player_id = 'player'",
        {Check.PLAYER},
    ),
    "a limit that is there twice": (
        (
            "UPDATE players SET document = jsonb_set(document::jsonb, '{limits,1}',"
            " document::jsonb #> '{limits,0}')::json WHERE player_id = 'player'"
        ),
        {Check.PLAYER},
    ),
    "a player who never was changed": (
        "UPDATE players SET revision = 0 WHERE player_id = 'player'",
        {Check.PLAYER},
    ),
    "what a player has paid in": (
        set_in_player("usages,1,slots,0,1", "1"),
        {Check.USAGE},
    ),
}
