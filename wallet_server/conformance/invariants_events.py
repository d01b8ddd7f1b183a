"""What must hold of what was told: I47, and that nothing is told that did not happen."""

from collections import Counter
from collections.abc import Sequence

from wallet.v1 import event_pb2 as pb
from wallet.v1.wallet_pb2 import AccountChange
from wallet_server.conformance.accounts import BUCKET, COUPON, OPEN
from wallet_server.conformance.recording import WalletReading


def find_event_violations(reading: WalletReading) -> list[str]:
    """Checks the events of a wallet against its commands, its entries and its requirements."""
    assert reading.wallet is not None
    last = reading.wallet.sequence
    events = [each for each in reading.events if each.wallet_sequence <= last]
    return [*_check_order(events, last), *_check_changes(events, reading), *_check_counts(reading)]


def _check_order(events: Sequence[pb.Event], last: int) -> list[str]:
    violations: list[str] = []
    numbers = [each.sequence for each in events]
    if numbers != list(range(1, len(events) + 1)):
        violations.append(f"I47: events are numbered {numbers}")
    positions = [each.position for each in events]
    if positions != sorted(set(positions)):
        violations.append(f"I47: events have positions {positions}")
    commands = [each.wallet_sequence for each in events]
    if commands != sorted(commands) or set(commands) != set(range(1, last + 1)):
        violations.append(f"I47: of {last} commands, events tell of {commands}")
    if len({each.event_id for each in events}) != len(events):
        violations.append("I47: several events are called the same")
    return violations


def _check_changes(events: Sequence[pb.Event], reading: WalletReading) -> list[str]:
    """Checks that every change of an account is told once."""
    posted: Counter[tuple[int, str]] = Counter()
    for entry in reading.entries:
        for change in entry.changes:
            posted[entry.sequence, change.account] += change.change
    told = _told_changes(events)
    return [
        f"I47: {account} changed by {posted[key]} with {key[0]}, events tell {told[key]}"
        for key in sorted(posted.keys() | told.keys())
        if posted[key] != told[key]
        for account in (key[1],)
    ]


def _told_changes(events: Sequence[pb.Event]) -> Counter[tuple[int, str]]:
    told: Counter[tuple[int, str]] = Counter()
    has_result = {
        (each.wallet_sequence, name)
        for each in events
        for name in (_bet_with_changes(each),)
        if name is not None
    }
    for event in events:
        for change in _changes_in(event):
            told[event.wallet_sequence, change.account] += change.change
        placed = event.bet_authorized
        name = (placed.provider_id, placed.bet_ref)
        if (event.wallet_sequence, name) not in has_result:
            for each in placed.funding:
                account = each.source if each.source.startswith(COUPON) else BUCKET + each.source
                told[event.wallet_sequence, account] -= each.amount
                told[event.wallet_sequence, OPEN + each.source] += each.amount
    return told


def _bet_with_changes(event: pb.Event) -> tuple[str, str] | None:
    """Returns the bet that an event tells a result of."""
    for name in ("bet_settled", "bet_unsettled", "bet_rolled_back"):
        if event.HasField(name):
            told = getattr(event, name)
            return (told.provider_id, told.bet_ref)
    return None


def _changes_in(event: pb.Event) -> list[AccountChange]:
    name = event.WhichOneof("payload")
    told = getattr(event, name) if name else None
    return list(getattr(told, "changes", ()))


def _check_counts(reading: WalletReading) -> list[str]:
    """Checks I28 by events alone: each bet's highest revision says what it counts."""
    assert reading.wallet is not None
    by_bet: dict[tuple[str, str], pb.BetContribution] = {}
    for event in reading.events:
        told = event.bet_contribution
        key = (told.provider_id, told.bet_ref)
        if key not in by_bet or told.revision > by_bet[key].revision:
            by_bet[key] = told
    progress: Counter[str] = Counter()
    for told in by_bet.values():
        for each in told.requirements:
            progress[each.requirement_id] += each.counted_total
    return [
        f"I28: events count {progress[each.requirement_id]} for {each.requirement_id},"
        f" its progress is {each.progress.minor_units}"
        for each in reading.wallet.requirements
        if progress[each.requirement_id] != each.progress.minor_units
    ]
