"""Corruptions of what is counted of all wallets, of resources, and of their audit records."""

from wallet_server.core.audit.difference import Check

CORRUPTIONS_OF_ADMINISTRATION: dict[str, tuple[str, set[Check]]] = {
    "what was counted": (
        "INSERT INTO bucket_usage VALUES ('demo', 'sports_normal', 'BALANCE', 'EUR', 0, 1)",
        {Check.BUCKET_USAGE},
    ),
    "something counted that is not there": (
        "INSERT INTO bucket_usage VALUES ('demo', 'nothing', 'DEPOSIT', 'EUR', 1, 0)",
        {Check.BUCKET_USAGE},
    ),
    "commits that nobody has sealed": (
        (
            "DELETE FROM commits WHERE document ->> 'acts' LIKE '%' || ("
            "SELECT wallet_id::text FROM wallets WHERE player_id = 'player') || '%'"
        ),
        {Check.BUCKET_USAGE, Check.AUDIT_RECORD},
    ),
    "a version without its audit record": (
        "DELETE FROM audit_records WHERE resource_kind = 'TOPOLOGY'",
        {Check.AUDIT_RECORD},
    ),
    "an audit record of a revision that never was": (
        "UPDATE audit_records SET resource_revision = 2 WHERE resource_kind = 'WALLET_POLICY'",
        {Check.AUDIT_RECORD},
    ),
    "an audit record of a policy that is gone": (
        "UPDATE audit_records SET resource_id = 'DICE/1' WHERE resource_id = 'SLOTS/1'",
        {Check.AUDIT_RECORD},
    ),
    "a version's document": (
        (
            "UPDATE policies SET document = jsonb_set(document, '{product}', '\"BINGO\"')"
            " WHERE provider_type = 'SPORTS'"
        ),
        {Check.AUDIT_RECORD},
    ),
    "a version's author": (
        "UPDATE topologies SET author = 'somebody else'",
        {Check.AUDIT_RECORD},
    ),
    "a tenant's settings": (
        "UPDATE tenants SET settings = '{\"single_handed\": false}'",
        {Check.AUDIT_RECORD},
    ),
    "an audit record of a command that was never sent": (
        (
            "INSERT INTO audit_records SELECT tenant_id, gen_random_uuid(), record_time, actor,"
            " actor_roles, credential_id, peer, 'WalletCommands.AdjustBalance', 'WALLET',"
            " 'demo/player/EUR', 1, 'never sent', NULL, outcome, NULL, NULL, NULL, reason,"
            " correlation_id, 1, gen_random_uuid() FROM audit_records"
            " WHERE resource_kind = 'TOPOLOGY'"
        ),
        {Check.AUDIT_RECORD},
    ),
}
"""What the owner of the tables does, and which checks find it."""
