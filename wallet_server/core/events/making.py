"""The events of a command: what it has made of a wallet, told apart by what it was before.

A pure function of the wallet before, the decision and the answer. Every command that is recorded
has at least one event: where nothing has changed, that it was answered.
"""

from collections.abc import Iterator

from wallet_server.core.answer import Answer
from wallet_server.core.decision import Change, Decline
from wallet_server.core.events.event import (
    CommandAnswered,
    Event,
    EventType,
    Payload,
    WalletOpened,
)
from wallet_server.core.events.of_bets import bet_events, changes_for
from wallet_server.core.refusals import Refusal
from wallet_server.core.wallet import Wallet


def events_of(
    wallet: Wallet, decision: Change | Decline | Refusal, answer: Answer
) -> tuple[Event, ...]:
    """Returns what a command has done, numbered on from the wallet's last event.

    Args:
        wallet: The wallet before the command.
        decision: What was decided.
        answer: What was recorded of it.
    """
    made = list(things_done(wallet, decision, answer))
    if not made:
        made = [answered(answer)]
    first = wallet.event_sequence + 1
    return tuple([Event(first + place, *each) for place, each in enumerate(made)])


def things_done(
    wallet: Wallet, decision: Change | Decline | Refusal, answer: Answer
) -> Iterator[tuple[EventType, Payload]]:
    """Yields what a command has changed."""
    if isinstance(decision, Refusal):
        return
    if wallet.sequence == 0:
        yield EventType.WALLET_OPENED, WalletOpened()
    if decision.effects is None:
        bet = decision.bet
        if bet is not None and bet is not (before := wallet.bets.get(bet.key)):
            changes = [change for entry in answer.entries for change in entry.changes]
            yield from bet_events(before, bet, changes)
        return
    for bet in decision.effects.bets:
        if bet is not (before := wallet.bets.get(bet.key)):
            yield from bet_events(before, bet, changes_for(bet, answer.entries))


def answered(answer: Answer) -> tuple[EventType, Payload]:
    """Returns what is told of a command that has changed nothing."""
    outcome = answer.outcome.value if answer.outcome is not None else ""
    reason = answer.refusal.reason if answer.refusal is not None else ""
    return EventType.COMMAND_ANSWERED, CommandAnswered(answer.command, outcome, reason)
