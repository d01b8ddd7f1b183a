"""What is recorded of a decision: an answer, and its entries as the journal has them."""

from collections.abc import Mapping
from datetime import datetime

from wallet_server.core.accounts import Account
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.bets.bet import Bet
from wallet_server.core.decision import Change, Decline, Outcome
from wallet_server.core.fingerprint import fingerprint
from wallet_server.core.journal import write_changes
from wallet_server.core.refusals import Refusal
from wallet_server.core.results import CommandResult
from wallet_server.core.task import Task
from wallet_server.core.wallet import Wallet


def make_answer(
    task: Task,
    wallet: Wallet,
    decision: Change | Decline | Refusal,
    balances: Mapping[Account, int],
    now: datetime,
) -> Answer:
    """Returns what is recorded of a decision, under the wallet's next number."""
    refusal: Refusal | None = None
    outcome: Outcome | None = None
    bet: Bet | None = None
    entries: tuple[PostedEntry, ...] = ()
    result: CommandResult | None = None
    if isinstance(decision, Change):
        outcome, bet = decision.outcome, decision.bet
        if decision.effects is not None:
            result = decision.effects.result
        entries = write_entries(task, wallet, decision, balances, now)
    else:
        refusal = decision.refusal if isinstance(decision, Decline) else decision
    return Answer(
        task.request_id,
        wallet.sequence + 1,
        type(task.command).__name__,
        fingerprint(task.command),
        now,
        outcome,
        refusal,
        bet,
        entries,
        result,
    )


def write_entries(
    task: Task, wallet: Wallet, change: Change, balances: Mapping[Account, int], now: datetime
) -> tuple[PostedEntry, ...]:
    """Returns the entries of a change as the journal has them."""
    if change.effects is not None:
        return write_each_entry(task, wallet, change, balances, now)
    provider_id, bet_ref = change.bet.key if change.bet else ("", "")
    return tuple(
        [
            PostedEntry(
                wallet.sequence + 1,
                ordinal,
                entry.asset_code,
                write_changes(entry.changes, balances),
                now,
                task.request_id,
                type(task.command).__name__,
                provider_id,
                bet_ref,
                task.correlation_id,
            )
            for ordinal, entry in enumerate(change.entries)
        ]
    )


def write_each_entry(
    task: Task, wallet: Wallet, change: Change, after: Mapping[Account, int], now: datetime
) -> tuple[PostedEntry, ...]:
    """Returns entries that belong to one transaction each, or to none.

    Each says what its accounts came to after it, and not after the whole command.
    """
    balances = dict(after)
    written: list[PostedEntry] = []
    for ordinal, entry in reversed(list(enumerate(change.entries))):
        provider_id, bet_ref = entry.transaction or ("", "")
        changes = write_changes(entry.changes, balances)
        written.append(
            PostedEntry(
                wallet.sequence + 1,
                ordinal,
                entry.asset_code,
                changes,
                now,
                task.request_id,
                type(task.command).__name__,
                provider_id,
                bet_ref,
                task.correlation_id,
            )
        )
        for each in changes:
            if each.balance_after is not None:
                balances[each.account] = each.balance_after - each.change
    return tuple(reversed(written))
