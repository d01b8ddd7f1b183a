"""Holds the events of a wallet against its commands: none is missing, none is told twice."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from wallet_server.core.accounts import bucket, is_coupon_source, open_stake
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.events.bet_payloads import (
    BetAuthorized,
    BetRolledBack,
    BetSettled,
    BetUnsettled,
)
from wallet_server.core.events.event import Payload
from wallet_server.core.events.item_payloads import EntryPosted, WinChanged
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet


@value
class StoredEvent:
    """An event as it is stored. It has no position while it is in the outbox.

    `payload` is none where it cannot be read.
    """

    sequence: int
    wallet_sequence: int
    position: int | None
    is_first: bool
    event_time: datetime
    command: str
    request_id: str
    payload: Payload | None


@dataclass(slots=True)
class EventAudit:
    """Follows a wallet through its events, from the first that is kept.

    `first_position` is the first that retention has left of the tenant's: before it, nothing is
    missing. Nor is it before a wallet's first event, as earlier releases told of nothing.
    """

    wallet: Wallet
    first_position: int
    sequence: int = 0
    position: int = 0
    in_outbox: bool = False

    def follow(
        self,
        sequence: int,
        answers: Sequence[Answer],
        entries: Sequence[PostedEntry],
        events: Sequence[StoredEvent],
    ) -> Iterator[Finding]:
        """Takes in what is recorded, and told, of the command with the next number there is."""
        subject = f"#{sequence}"
        if not events:
            if self.sequence:
                yield Finding(Check.EVENT_MISSING, subject, "nothing is told of it")
            return
        is_whole = bool(self.sequence) or events[0].sequence == 1 or events[0].is_first
        for event in events:
            yield from self._number(subject, event)
        yield from find_cause_problems(subject, answers, events, is_whole=is_whole)
        if is_whole and all(each.payload is not None for each in events):
            yield from find_untold_changes(subject, entries, events)

    def _number(self, subject: str, event: StoredEvent) -> Iterator[Finding]:
        """Numbers have no gaps, and positions rise with them; what waits for one comes last."""
        is_begun = self.sequence > 0 or self.first_position == 1
        if is_begun and event.sequence != self.sequence + 1:
            message = f"event {event.sequence} comes after event {self.sequence}"
            yield Finding(Check.EVENT_SEQUENCE, subject, message)
        self.sequence = event.sequence
        if event.position is None:
            self.in_outbox = True
        elif self.in_outbox or event.position <= self.position:
            message = f"event {event.sequence} has position {event.position}, too early"
            yield Finding(Check.EVENT_POSITION, subject, message)
        self.position = event.position or self.position

    def finish(self) -> Iterator[Finding]:
        """The last event is the one that the wallet says it had."""
        is_gone = not self.sequence and self.first_position > 1
        if self.sequence != self.wallet.event_sequence and not is_gone:
            message = (
                f"the last event is {self.sequence}, the wallet's {self.wallet.event_sequence}"
            )
            yield Finding(Check.EVENT_SEQUENCE, f"#{self.wallet.sequence}", message)


def find_cause_problems(
    subject: str, answers: Sequence[Answer], events: Sequence[StoredEvent], *, is_whole: bool
) -> Iterator[Finding]:
    """Events say which command caused them, and the first of them that it is."""
    if not answers:
        yield Finding(Check.EVENT_WITHOUT_COMMAND, subject, "its events have no answer")
    for answer in answers:
        cause = (answer.command, answer.request_id, answer.answer_time)
        if any((each.command, each.request_id, each.event_time) != cause for each in events):
            message = f"an event is of another command than request {answer.request_id}"
            yield Finding(Check.EVENT_WITHOUT_COMMAND, subject, message)
    if [each.is_first for each in events] != [is_whole, *[False] * (len(events) - 1)]:
        yield Finding(Check.EVENT_SEQUENCE, subject, "its first event is not marked as that")
    if any(each.payload is None for each in events):
        yield Finding(Check.EVENT_UNREADABLE, subject, "what an event tells cannot be read")


def find_untold_changes(
    subject: str, entries: Sequence[PostedEntry], events: Sequence[StoredEvent]
) -> Iterator[Finding]:
    """Every change of an account is told, and told once."""
    posted, told = Counter[str](), told_changes([each.payload for each in events])
    for entry in entries:
        for change in entry.changes:
            posted[change.account] += change.change
    for account in sorted(posted.keys() | told.keys()):
        if posted[account] != told[account]:
            message = f"{account} changed by {posted[account]}, events tell {told[account]}"
            yield Finding(Check.EVENT_CHANGES, subject, message)


def told_changes(payloads: Sequence[Payload | None]) -> Counter[str]:
    """Returns what the events of a command tell of accounts.

    A stake goes from its sources to open stake, unless a result in the same command tells of both.
    """
    told = Counter[str]()
    has_result = {
        (each.provider_id, each.bet_ref)
        for each in payloads
        if isinstance(each, BetSettled | BetUnsettled | BetRolledBack)
    }
    for payload in payloads:
        match payload:
            case BetAuthorized() if (payload.provider_id, payload.bet_ref) not in has_result:
                for each in payload.funding:
                    account = each.source if is_coupon_source(each.source) else bucket(each.source)
                    told[account] -= each.amount
                    told[open_stake(each.source)] += each.amount
            case BetSettled() | BetUnsettled() | BetRolledBack() | WinChanged() | EntryPosted():
                for change in payload.changes:
                    told[change.account] += change.change
            case _:
                pass
    return told
