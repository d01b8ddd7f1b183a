"""What a batch leaves to be told: the events of its commands.

A row of the outbox has the events of a batch in two arrays. `headers` has an array for each: shard,
wallet id, tenant, player, currency, the event's number in the wallet, the number of its command,
whether it is the command's first, type, time, command, request id, and correlation id. `documents`
has what each tells: whoever gives positions passes that on without looking into it.
"""

from datetime import datetime, timedelta

from wallet_server.core.batch import Fold, Recorded
from wallet_server.core.events.event import Event
from wallet_server.storage.json_text import to_json
from wallet_server.storage.keys import key_of
from wallet_server.storage.loading import Loaded

TICK = timedelta(microseconds=1)
"""The least by which times differ, here and in Postgres."""


def outbox_headers(fold: Fold) -> str:
    """Returns the headers of the events of a batch, those of each wallet in their order."""
    return to_json([header for each in fold.recorded for header in event_headers(each)])


def outbox_documents(fold: Fold) -> list[str]:
    """Returns what the events of a batch tell, in the order of their headers."""
    return [to_json(event.payload) for each in fold.recorded for event in each.events]


def event_headers(recorded: Recorded) -> list[tuple[object, ...]]:
    """Returns the headers of the events of a command."""
    task, answer = recorded.task, recorded.answer
    ref = task.wallet
    first: Event | None = recorded.events[0] if recorded.events else None
    return [
        (
            *key_of(ref),
            *ref,
            event.sequence,
            answer.sequence,
            event is first,
            event.type,
            answer.answer_time,
            answer.command,
            task.request_id,
            task.correlation_id,
        )
        for event in recorded.events
    ]


def outbox_time(fold: Fold, loaded: Loaded) -> datetime:
    """Returns when a batch was decided, but later than any batch before of one of its wallets.

    Another server, whose clock is ahead, may have had that. So the times of rows order the
    batches of each wallet, as those of answers order its commands.
    """
    known = loaded.outbox_times
    refs = {each.task.wallet for each in fold.recorded}
    return max(
        [
            *[each.answer.answer_time for each in fold.recorded],
            *[known[ref] + TICK for ref in refs if ref in known],
        ]
    )
