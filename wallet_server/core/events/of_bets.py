"""The events of a bet: what it is now, against what it was.

What every bet makes is made by position, as in `core/batch.py`, and states are told as the members
that they are: Python 3.11 takes long to find their names.
"""

from collections.abc import Callable, Iterator, Sequence

from wallet_server.core.answer import AccountChange, Answer
from wallet_server.core.bets.bet import AUTHORIZED, ROLLED_BACK, SETTLED, Bet, BetState, Portion
from wallet_server.core.events.bet_payloads import (
    BetAuthorized,
    BetContribution,
    BetDeclined,
    BetReplanned,
    BetRolledBack,
    BetSettled,
    BetTombstoned,
    BetUnsettled,
    CountedTotal,
    SourceAmount,
)
from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.unsaid import UNSAID
from wallet_server.core.ids import BetKey

AUTHORIZED_EVENT = EventType.BET_AUTHORIZED
SETTLED_EVENT = EventType.BET_SETTLED

TELLS_CHANGES = frozenset(
    {
        EventType.BET_AUTHORIZED,
        EventType.BET_SETTLED,
        EventType.BET_UNSETTLED,
        EventType.BET_ROLLED_BACK,
    }
)
"""The types that tell what was posted for a bet: funding goes to the accounts of open stake."""


def bet_events(
    before: Bet | None,
    bet: Bet,
    changes: Sequence[AccountChange],
    group_of: Callable[[str], str] | None = None,
) -> Iterator[Done]:
    """Yields what has happened to a bet, in the order in which it has.

    Args:
        before: The bet as it was; none where there was none.
        bet: The bet as it is.
        changes: What the command did in the books for the bet.
        group_of: Tells the wallet group of a requirement by its id; none where the command has
            changed nothing that the bet counts.
    """
    known = before
    if before is None or before.sequence != bet.sequence:
        yield placed(bet)
        if bet.state is AUTHORIZED and not bet.contributions:
            return
        known = None
    portions = known.portions if known is not None else ()
    if not portions and len(bet.portions) == 1:
        yield SETTLED_EVENT, settled(bet, bet.portions[0], None, tuple(changes))
    elif bet.portions != portions:
        yield from portion_events(portions, bet, tuple(changes))
    if bet.state is ROLLED_BACK and (known is None or known.state is not bet.state):
        yield EventType.BET_ROLLED_BACK, rolled_back(bet, tuple(changes))
    if bet.replanned and (known is None or bet.replanned != known.replanned):
        yield EventType.BET_REPLANNED, replanned(bet)
    if bet.contributions and (known is None or bet.contributions != known.contributions):
        assert group_of is not None
        yield EventType.BET_CONTRIBUTION, contribution(bet, group_of)


def placed(bet: Bet) -> Done:
    """Returns the first event of a bet."""
    provider_id, bet_ref = bet.key
    if bet.snapshot is not None:
        snapshot = bet.snapshot
        return AUTHORIZED_EVENT, BetAuthorized(
            provider_id,
            bet_ref,
            snapshot.provider_type,
            1,
            bet.stake,
            tuple([SourceAmount(line.source, line.amount) for line in bet.lines]),
            snapshot.topology_version,
            snapshot.policy_version,
            bet.round_ref,
            bet.selected_source,
            bet.free_round,
        )
    if bet.state is BetState.TOMBSTONED:
        return EventType.BET_TOMBSTONED, BetTombstoned(provider_id, bet_ref, bet.revision)
    assert bet.refusal is not None
    declined = BetDeclined(provider_id, bet_ref, bet.revision, bet.stake, bet.refusal.reason)
    return EventType.BET_DECLINED, declined


def portion_events(
    before: Sequence[Portion], bet: Bet, changes: tuple[AccountChange, ...]
) -> Iterator[Done]:
    """Yields what has become of the portions of a bet: results taken back, and then results."""
    known = {each.portion_ref: each for each in before}
    now = {each.portion_ref for each in bet.portions}
    for gone in before:
        if gone.portion_ref not in now:
            yield EventType.BET_UNSETTLED, unsettled(bet, gone, changes)
            changes = ()
    for each in bet.portions:
        last = known.get(each.portion_ref)
        if last is None or last != each:
            yield SETTLED_EVENT, settled(bet, each, last, changes)
            changes = ()


def settled(
    bet: Bet, portion: Portion, before: Portion | None, changes: tuple[AccountChange, ...]
) -> BetSettled:
    """Returns what is told of the result of a portion."""
    kind = portion.result_kind
    whole: str | None = kind if len(bet.portions) == 1 else bet.result_kind
    assert bet.snapshot is not None
    return BetSettled(
        *bet.key,
        bet.snapshot.provider_type,
        bet.revision,
        bet.state,
        whole if whole is not None and bet.state is SETTLED else "",
        portion.portion_ref,
        portion.result_version,
        kind,
        portion.stake,
        portion.payout,
        portion.refund,
        0 if before is None else before.payout,
        0 if before is None else before.refund,
        changes,
        bet.orderings.get(portion.portion_ref, UNSAID),
    )


def unsettled(bet: Bet, portion: Portion, changes: tuple[AccountChange, ...]) -> BetUnsettled:
    """Returns what is told of a result that was taken back."""
    assert bet.snapshot is not None
    return BetUnsettled(
        *bet.key,
        bet.snapshot.provider_type,
        bet.revision,
        bet.state,
        portion.portion_ref,
        bet.version_of(portion.portion_ref),
        portion.payout,
        portion.refund,
        changes,
        bet.orderings.get(portion.portion_ref, UNSAID),
    )


def rolled_back(bet: Bet, changes: tuple[AccountChange, ...]) -> BetRolledBack:
    """Returns what is told of a bet that was undone."""
    provider_type = bet.snapshot.provider_type if bet.snapshot is not None else ""
    return BetRolledBack(*bet.key, provider_type, bet.revision, bet.stake, changes)


def replanned(bet: Bet) -> BetReplanned:
    """Returns what is told of a bet whose money goes elsewhere."""
    assert bet.snapshot is not None
    return BetReplanned(*bet.key, bet.snapshot.provider_type, bet.revision, dict(bet.replanned))


def contribution(bet: Bet, group_of: Callable[[str], str]) -> BetContribution:
    """Returns what is told of what a bet counts, for requirements whose groups it is told."""
    snapshot = bet.snapshot
    assert snapshot is not None
    totals: dict[tuple[str, str], int] = {}
    for each in bet.contributions:
        key = (each.requirement_id, bet.lines[each.line].source)
        totals[key] = totals.get(key, 0) + each.counted
    return BetContribution(
        *bet.key,
        bet.revision,
        snapshot.provider_type,
        snapshot.topology_version,
        snapshot.policy_version,
        tuple(
            CountedTotal(
                requirement_id, source, total, snapshot.rolling.weight_bp, group_of(requirement_id)
            )
            for (requirement_id, source), total in totals.items()
        ),
    )


def changes_for(key: BetKey, answer: Answer) -> list[AccountChange]:
    """Returns what a command changed in the books for a bet or a win."""
    provider_id, ref = key
    return [
        change
        for entry in answer.entries
        if entry.bet_ref == ref and entry.provider_id == provider_id
        for change in entry.changes
    ]
