"""Compares what callers were told with what is in the database, by SQL alone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.database import Connection
from tests.soak.callers import Key, Log, Told

# What a wallet refuses without a record: the same request may be sent again.
UNRECORDED = {"BET_NOT_FOUND"}

ANSWERS = """
SELECT w.player_id, a.request_id, a.sequence, a.refusal ->> 'reason' AS reason
FROM answers AS a JOIN wallets AS w USING (shard, wallet_id)
"""
POSTINGS = """
SELECT w.player_id, e.request_id, e.sequence, line.account, line.change
FROM entries AS e JOIN wallets AS w USING (shard, wallet_id),
    unnest(e.accounts, e.changes) AS line (account, change)
"""
GAPS = """
SELECT w.player_id, w.sequence, count(a.sequence), max(a.sequence), min(a.sequence)
FROM wallets AS w LEFT JOIN answers AS a USING (shard, wallet_id)
GROUP BY w.shard, w.wallet_id
HAVING NOT (
    count(a.sequence) = w.sequence AND max(a.sequence) = w.sequence
    AND min(a.sequence) = 1 AND count(DISTINCT a.sequence) = w.sequence
)
"""
# Balances that the journal does not add up to, one row each.
STRAYS = """
WITH journal AS (
    SELECT e.shard, e.wallet_id, line.account, sum(line.change) AS balance
    FROM entries AS e, unnest(e.accounts, e.changes) AS line (account, change)
    WHERE NOT starts_with(line.account, 'H:')
    GROUP BY e.shard, e.wallet_id, line.account
    HAVING sum(line.change) <> 0
), held AS (
    SELECT w.shard, w.wallet_id, line.account, line.balance
    FROM wallets AS w, unnest(w.accounts, w.balances) AS line (account, balance)
    WHERE line.balance <> 0
)
SELECT * FROM journal FULL JOIN held USING (shard, wallet_id, account)
WHERE journal.balance IS DISTINCT FROM held.balance
"""


@dataclass
class Ledger:
    """What the database says of each request."""

    answers: dict[Key, list[Told]] = field(default_factory=lambda: defaultdict(list))
    sequences: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))


async def read_ledger(connection: Connection) -> Ledger:
    """Reads all there is."""
    ledger = Ledger()
    postings: dict[tuple[str, str, int], list[tuple[str, int]]] = defaultdict(list)
    for row in await connection.fetch(POSTINGS):
        key = (row["player_id"], row["request_id"])
        ledger.sequences[key].add(row["sequence"])
        postings[(*key, row["sequence"])].append((row["account"], row["change"]))
    for row in await connection.fetch(ANSWERS):
        key, sequence = (row["player_id"], row["request_id"]), row["sequence"]
        posted = tuple(sorted(postings[(*key, sequence)]))
        told = Told(reason=row["reason"]) if row["reason"] else Told(sequence, posted)
        assert not (row["reason"] and posted), key
        ledger.answers[key].append(told)
    return ledger


async def find_differences(connection: Connection, log: Log) -> list[str]:
    """Returns all that contradicts what callers were told, or each other."""
    ledger = await read_ledger(connection)
    found = [f"gap: {row}" for row in await connection.fetch(GAPS)]
    found += [f"stray balance: {row}" for row in await connection.fetch(STRAYS)]
    found += find_unsent(ledger, log)
    for key in log.sent:
        found += find_doubles(key, ledger)
        if (told := log.told.get(key)) is not None:
            found += find_contradictions(key, told, ledger)
    return found


def find_unsent(ledger: Ledger, log: Log) -> Iterator[str]:
    """Yields what nobody asked for."""
    for key in ledger.answers.keys() | ledger.sequences.keys():
        if key not in log.sent:
            yield f"nobody sent {key}"


def find_doubles(key: Key, ledger: Ledger) -> Iterator[str]:
    """Yields if a request is in the ledger more than once."""
    if len(ledger.answers.get(key, ())) > 1 or len(ledger.sequences.get(key, ())) > 1:
        yield f"more than once: {key}"
    if ledger.sequences.get(key) and not ledger.answers.get(key):
        yield f"entries without an answer: {key}"


def find_contradictions(key: Key, told: Told, ledger: Ledger) -> Iterator[str]:
    """Yields if the ledger does not say what a caller was told."""
    expected = [] if told.reason in UNRECORDED else [told]
    if ledger.answers.get(key, []) != expected:
        yield f"{key}: told {told}, recorded {ledger.answers.get(key)}"
