"""Follows one wallet through its answers and entries, from its first to its last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from wallet_server.core.accounts import DEBT_PREFIX, Account, is_debt, is_house
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.audit.accounts_audit import (
    find_account_problems,
    has_right_sign,
    player_asset,
)
from wallet_server.core.audit.command_audit import find_command_problems
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.wallet import Wallet


@dataclass(slots=True)
class JournalAudit:
    """Adds up what one wallet's entries say.

    `wallet` is what is stored of it, and `assets` has every bucket that its
    tenant's topology ever had, with its asset.
    """

    wallet: Wallet
    assets: Mapping[str, str]
    sequence: int = 0
    time: datetime | None = None
    balances: dict[Account, int] = field(default_factory=dict[Account, int])
    house: dict[tuple[str, Account], int] = field(default_factory=dict[tuple[str, Account], int])

    def follow(
        self, sequence: int, answers: Sequence[Answer], entries: Sequence[PostedEntry]
    ) -> Iterator[Finding]:
        """Takes in all that is recorded under the next number there is."""
        yield from self._follow_sequence(sequence, answers)
        yield from find_command_problems(sequence, answers, entries)
        for answer in answers:
            if self.time is not None and answer.answer_time < self.time:
                yield Finding(Check.ANSWER_TIME, f"#{sequence}", "before the command before it")
            self.time = answer.answer_time
        for entry in entries:
            yield from self._add(entry)

    def _follow_sequence(self, sequence: int, answers: Sequence[Answer]) -> Iterator[Finding]:
        """Numbers have no gaps, and each has one answer."""
        if not answers:
            return  # Entries without an answer: found as such.
        if len(answers) > 1:
            ids = ", ".join(answer.request_id for answer in answers)
            yield Finding(Check.SEQUENCE, f"#{sequence}", f"several answers have it: {ids}")
        if sequence != self.sequence + 1:
            message = f"the answer before it is #{self.sequence}"
            yield Finding(Check.SEQUENCE, f"#{sequence}", message)
        self.sequence = sequence

    def _add(self, entry: PostedEntry) -> Iterator[Finding]:
        """Adds an entry to the balances, and checks it on the way."""
        subject = f"#{entry.sequence}.{entry.ordinal}"
        total = sum(change.change for change in entry.changes)
        if total or not entry.changes:
            yield Finding(Check.ENTRY_UNBALANCED, subject, f"its changes add up to {total}")
        yield from find_account_problems(entry, self.assets)
        for change in entry.changes:
            if is_house(change.account):
                key = (entry.asset_code, change.account)
                self.house[key] = self.house.get(key, 0) + change.change
                balance = None
            else:
                balance = self.balances.get(change.account, 0) + change.change
                self.balances[change.account] = balance
                if not has_right_sign(change.account, balance):
                    message = f"{change.account} comes to {balance}"
                    yield Finding(Check.BALANCE_SIGN, subject, message)
            if change.balance_after != balance:
                message = f"{change.account} says {change.balance_after}, comes to {balance}"
                yield Finding(Check.BALANCE_AFTER, subject, message)

    def finish(self) -> Iterator[Finding]:
        """Compares what the entries came to with what is stored."""
        if self.sequence != self.wallet.sequence:
            message = f"the last answer is #{self.sequence}"
            yield Finding(Check.SEQUENCE, f"#{self.wallet.sequence}", message)
        if self.time is not None and self.time != self.wallet.update_time:
            message = f"the last answer is of {self.time}, the wallet of {self.wallet.update_time}"
            yield Finding(Check.ANSWER_TIME, f"#{self.sequence}", message)
        for account in sorted({*self.balances, *self.wallet.balances}):
            posted, stored = self.balances.get(account, 0), self.wallet.balance(account)
            if posted != stored:
                message = f"{stored} is stored, the entries come to {posted}"
                yield Finding(Check.BALANCE, account, message)
        yield from self._find_unbalanced_books()

    def _find_unbalanced_books(self) -> Iterator[Finding]:
        """The stored balances and the house's side add up to nothing, asset by asset."""
        totals: dict[str, int] = {}
        for (asset_code, _), change in self.house.items():
            totals[asset_code] = totals.get(asset_code, 0) + change
        for account, balance in self.wallet.balances.items():
            asset_code = self._asset_of(account)
            totals[asset_code] = totals.get(asset_code, 0) + balance
        for asset_code, total in sorted(totals.items()):
            if total:
                message = f"player and house together come to {total}"
                yield Finding(Check.BOOKS_UNBALANCED, asset_code, message)

    def _asset_of(self, account: Account) -> str:
        """Returns the asset of a stored balance."""
        if is_debt(account):
            return account.removeprefix(DEBT_PREFIX)
        return player_asset(account, self.assets) or "?"
