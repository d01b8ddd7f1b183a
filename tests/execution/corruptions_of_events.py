"""Corruptions of what is told, and of where it stands."""

from tests.execution.corruptions_of_bets import OF_PLAYER
from wallet_server.core.audit.difference import Check

FIRST_SETTLED = (
    "position = (SELECT min(position) FROM events"
    " WHERE type = 'BET_SETTLED' AND player_id = 'player')"
)
FIRST_TWO = f"(SELECT position FROM events WHERE {OF_PLAYER} ORDER BY position LIMIT 2)"
LAST_WAITING = (
    "(SELECT ctid FROM outbox WHERE headers -> 0 ->> 3 = 'player'"
    " ORDER BY create_time DESC LIMIT 1)"
)
WITHOUT_KEY = "ALTER TABLE events DROP CONSTRAINT events_pkey; "

CORRUPTIONS_OF_EVENTS: dict[str, tuple[str, set[Check]]] = {
    "a removed event": (
        f"DELETE FROM events WHERE {FIRST_SETTLED}",
        {Check.EVENT_MISSING, Check.EVENT_SEQUENCE, Check.EVENT_HEAD},
    ),
    "a removed event that waits": (
        f"DELETE FROM outbox WHERE ctid = {LAST_WAITING}",
        {Check.EVENT_MISSING, Check.EVENT_SEQUENCE},
    ),
    "an event that is told twice": (
        (
            "INSERT INTO events SELECT tenant_id, (SELECT max(position) + 1 FROM events), shard,"
            " wallet_id, player_id, currency_code, sequence, wallet_sequence, is_first, type,"
            " event_time, position_time, command, request_id, correlation_id, document"
            f" FROM events WHERE {FIRST_SETTLED}"
        ),
        {Check.EVENT_SEQUENCE, Check.EVENT_POSITION, Check.EVENT_CHANGES, Check.EVENT_HEAD},
    ),
    "an event of a command that never was": (
        f"UPDATE events SET wallet_sequence = 9999 WHERE {FIRST_SETTLED}",
        {
            Check.EVENT_WITHOUT_COMMAND,
            Check.EVENT_MISSING,
            Check.EVENT_SEQUENCE,
            Check.EVENT_POSITION,
        },
    ),
    "the request of an event": (
        f"UPDATE events SET request_id = 'another' WHERE {FIRST_SETTLED}",
        {Check.EVENT_WITHOUT_COMMAND},
    ),
    "the time of an event": (
        f"UPDATE events SET event_time = event_time + interval '1 s' WHERE {FIRST_SETTLED}",
        {Check.EVENT_WITHOUT_COMMAND},
    ),
    "a first event that is none": (
        f"UPDATE events SET is_first = false WHERE {FIRST_SETTLED}",
        {Check.EVENT_SEQUENCE},
    ),
    "what an event tells of accounts": (
        (
            "UPDATE events SET document = jsonb_set(document::jsonb, '{changes,0,change}', '7')"
            f"::json WHERE {FIRST_SETTLED}"
        ),
        {Check.EVENT_CHANGES},
    ),
    "what no event can tell": (
        f"UPDATE events SET document = '{{}}' WHERE {FIRST_SETTLED}",
        {Check.EVENT_UNREADABLE},
    ),
    "a type that no event has": (
        f"UPDATE events SET type = 'BET_LIKED' WHERE {FIRST_SETTLED}",
        {Check.EVENT_UNREADABLE},
    ),
    "two events in each other's place": (
        (
            f"{WITHOUT_KEY}UPDATE events AS e SET position = t.other FROM"
            " (SELECT min(position) AS a, max(position) AS b FROM"
            f" {FIRST_TWO} AS x) AS y CROSS JOIN LATERAL (VALUES (y.a, y.b), (y.b, y.a))"
            " AS t (own, other) WHERE e.position = t.own"
        ),
        {Check.EVENT_POSITION},
    ),
    "a head that is too far": (
        "UPDATE event_heads SET position = position + 1",
        {Check.EVENT_HEAD},
    ),
    "a removed head": ("DELETE FROM event_heads", {Check.EVENT_HEAD}),
    "a consumer that is too far": (
        "INSERT INTO event_consumers VALUES ('relay', 'demo', 1000000, now())",
        {Check.EVENT_HEAD},
    ),
    "the number of a wallet's last event": (
        f"UPDATE wallets SET event_sequence = event_sequence + 1 WHERE {OF_PLAYER}",
        {Check.EVENT_SEQUENCE},
    ),
    "the number of a tenant's last event": (
        "UPDATE tenants SET event_sequence = event_sequence + 1",
        {Check.EVENT_SEQUENCE},
    ),
    "the number of an event of the tenant": (
        "UPDATE events SET sequence = sequence + 1 WHERE wallet_id IS NULL AND sequence > 2",
        {Check.EVENT_SEQUENCE},
    ),
    "a chapter that has not ended": (
        (
            "INSERT INTO wallet_chapters SELECT shard, wallet_id, 500, '[]', '[]' FROM wallets"
            f" WHERE {OF_PLAYER}"
        ),
        {Check.CHAPTER},
    ),
}
