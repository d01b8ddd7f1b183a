"""The events of a command: what it has made of a wallet, told apart by what it was before.

A pure function of the wallet before, the command, the decision and the answer. Every command that
is recorded has at least one event: where nothing has changed, that it was answered. Every change of
an account is told once: with the bet or the win that it belongs to, or else as an entry.
"""

from collections.abc import Iterator, Mapping

from wallet_server.core.accounts import Account
from wallet_server.core.answer import Answer
from wallet_server.core.commands import Command
from wallet_server.core.decision import Change, Decline
from wallet_server.core.events.event import (
    CommandAnswered,
    Done,
    Event,
    EventType,
    WalletOpened,
)
from wallet_server.core.events.of_bets import bet_events
from wallet_server.core.events.of_effects import effect_events
from wallet_server.core.events.of_entries import debt_events
from wallet_server.core.refusals import Refusal
from wallet_server.core.wallet import Wallet


def events_of(
    wallet: Wallet,
    command: Command,
    decision: Change | Decline | Refusal,
    answer: Answer,
    balances: Mapping[Account, int],
) -> tuple[Event, ...]:
    """Returns what a command has done, numbered on from the wallet's last event.

    Args:
        wallet: The wallet before the command.
        command: What was asked for.
        decision: What was decided.
        answer: What was recorded of it.
        balances: What the wallet's accounts hold after it.
    """
    made = list(things_done(wallet, command, decision, answer, balances))
    if not made:
        made = [answered(answer)]
    first = wallet.event_sequence + 1
    return tuple([Event(first + place, *each) for place, each in enumerate(made)])


def things_done(
    wallet: Wallet,
    command: Command,
    decision: Change | Decline | Refusal,
    answer: Answer,
    balances: Mapping[Account, int],
) -> Iterator[Done]:
    """Yields what a command has changed."""
    if isinstance(decision, Refusal):
        return
    if wallet.sequence == 0:
        yield EventType.WALLET_OPENED, WalletOpened()
    if decision.effects is not None:
        yield from effect_events(wallet, command, decision.effects, answer, balances)
        return
    bet = decision.bet
    if bet is None or bet is (before := wallet.bets.get(bet.key)):
        return
    entries = answer.entries
    if len(entries) == 1:  # As nearly all commands have.
        changes = entries[0].changes
    else:
        changes = tuple([change for entry in entries for change in entry.changes])
    yield from bet_events(before, bet, changes)
    if bet.substitutions or (before is not None and before.substitutions):
        yield from debt_events(wallet, entries, balances)


def answered(answer: Answer) -> Done:
    """Returns what is told of a command that has changed nothing."""
    outcome = answer.outcome.value if answer.outcome is not None else ""
    reason = answer.refusal.reason if answer.refusal is not None else ""
    return EventType.COMMAND_ANSWERED, CommandAnswered(answer.command, outcome, reason)
