"""What must hold of deposits, withdrawals and adjustments, and of what they have posted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from wallet_server.core.accounts import ADJUST, Account, bucket, debt, hold, is_hold
from wallet_server.core.audit import deposit_audit, withdrawal_audit
from wallet_server.core.audit.cashier_journal import NOTHING, CashierJournal, Posted
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.audit.player_audit import find_usage_problems
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentKind, AdjustmentState
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.wallet import Wallet

CHECKS = {
    ItemKind.ADJUSTMENT: Check.ADJUSTMENT,
    ItemKind.DEPOSIT: Check.DEPOSIT,
    ItemKind.WITHDRAWAL: Check.WITHDRAWAL,
}


@dataclass(slots=True)
class CashierAudit:
    """What the journal says of a wallet's money in and out, and then what its items say.

    `explained` are the commands that an item has told of, by their numbers. `rolled` are buckets
    that requirements move money out of, or into, with any command. `unless_rolled` are findings
    that only stand if their bucket is none of these. Amounts are in minor units.
    """

    wallet: Wallet
    journal: CashierJournal
    explained: set[int] = field(default_factory=set[int])
    rolled: set[str] = field(default_factory=set[str])
    unless_rolled: list[tuple[str, Finding]] = field(default_factory=list[tuple[str, Finding]])
    deposits: list[Deposit] = field(default_factory=list[Deposit])
    holds: set[Account] = field(default_factory=set[Account])
    cash: Counter[str] = field(default_factory=Counter[str])
    by_key: dict[ItemKey, list[Posted]] = field(init=False)

    def __post_init__(self) -> None:
        """Sorts what was posted by the items that its answers tell of."""
        self.by_key = {}
        for posted in self.journal.posted.values():
            if posted.key is not None:
                self.by_key.setdefault(posted.key, []).append(posted)

    def take_requirement(self, requirement: Requirement) -> None:
        """Takes in where a requirement may move money."""
        self.rolled |= {requirement.bucket, requirement.terms.release_target}

    def check(self, item: Adjustment | Deposit | Withdrawal) -> Iterator[Finding]:
        """Checks an item."""
        match item:
            case Adjustment():
                messages = self._check_adjustment(item)
            case Deposit():
                messages = self._check_deposit(item)
            case Withdrawal():
                messages = self._check_withdrawal(item)
                yield from self._check_hold(item)
        for message in messages:
            yield Finding(CHECKS[item.key.kind], item.key.item_id, message)

    def _check_adjustment(self, item: Adjustment) -> Iterator[str]:
        """One that was made was posted, and one that waits was not."""
        is_made = item.state is AdjustmentState.APPLIED
        if is_made != (item.apply_sequence > 0) or (item.approver and not is_made):
            yield f"{item.state}, and yet {item.apply_sequence} is the command that made it"
        if item.approver and item.approver == item.author:
            yield "its author approved it"
        if item.kind is AdjustmentKind.PLAN or not item.apply_sequence:
            return
        self.explained.add(item.apply_sequence)
        posted = self.journal.posted.get(item.apply_sequence)
        changes = posted.of(item.asset_code) if posted and posted.key == item.key else NOTHING
        is_debt = item.kind is AdjustmentKind.DEBT
        account = debt(item.asset_code) if is_debt else bucket(item.bucket)
        if (changes.get(account, 0), changes.get(ADJUST, 0)) != (item.amount, -item.amount):
            yield f"{item.amount} of {account} is not what #{item.apply_sequence} posted"

    def _check_deposit(self, item: Deposit) -> Iterator[str]:
        """All that it says was posted, and nothing else for it."""
        self.cash[item.asset_code] -= deposit_audit.cash_of(item)
        if item.deposit_id in self.journal.counted:
            self.deposits.append(item)
        yield from deposit_audit.find_deposit_problems(item)
        posted: dict[int, Posted] = {}
        for sequence, _ in deposit_audit.steps_of(item):
            found = self.journal.posted.get(sequence)
            if found is not None and found.key in {None, item.key}:
                posted[sequence] = found
        own = self.by_key.get(item.key, [])
        declined = [each for each in own if each.command == "DeclineDeposit"]
        self.explained |= posted.keys() | {each.sequence for each in declined}
        yield from deposit_audit.find_step_problems(item, posted)
        yield from deposit_audit.find_decline_problems(item, declined)
        if (approved := posted.get(item.approve_sequence)) is not None:
            changes = approved.of(item.asset_code)
            account, owed = bucket(item.bucket), debt(item.asset_code)
            if changes.get(account, 0) + changes.get(owed, 0) < item.amount:
                message = f"it did not go to {item.bucket} with #{approved.sequence}"
                finding = Finding(Check.DEPOSIT, item.deposit_id, message)
                self.unless_rolled.append((item.bucket, finding))

    def _check_withdrawal(self, item: Withdrawal) -> Iterator[str]:
        """All that it says was posted, and nothing else for it."""
        self.cash[item.asset_code] += withdrawal_audit.cash_of(item)
        own = self.by_key.get(item.key, [])
        self.explained |= {each.sequence for each in own}
        requested = [each for each in own if each.command == "RequestWithdrawal"]
        rest = [each for each in own if each.command != "RequestWithdrawal"]
        yield from withdrawal_audit.find_withdrawal_problems(item, self.wallet.ref.player_id)
        yield from withdrawal_audit.find_request_problems(item, requested)
        yield from withdrawal_audit.find_end_problems(item, rest)
        if item.state in withdrawal_audit.SUBMITTED and item.key not in self.journal.submitted:
            yield f"{item.state}, and it never was submitted"
        for posted in requested:
            changes = posted.of(item.asset_code)
            for line in item.lines:
                if changes.get(bucket(line.bucket), 0) != -line.amount:
                    message = f"{line.bucket} did not give {line.amount} with #{posted.sequence}"
                    finding = Finding(Check.WITHDRAWAL, item.withdrawal_id, message)
                    self.unless_rolled.append((line.bucket, finding))

    def _check_hold(self, item: Withdrawal) -> Iterator[Finding]:
        """What it holds is all of it while it is under way, and nothing afterwards."""
        account = hold(item.withdrawal_id)
        self.holds.add(account)
        held, expected = self.wallet.balance(account), item.amount if item.is_open else 0
        if held != expected:
            message = f"it holds {held}, {item.state} holds {expected}"
            yield Finding(Check.HOLD, account, message)

    def finish(self) -> Iterator[Finding]:
        """All that was posted is on record, and payment providers owe what came less what left."""
        for code, finding in self.unless_rolled:
            if code not in self.rolled:
                yield finding
        for sequence, posted in sorted(self.journal.posted.items()):
            if sequence not in self.explained:
                kind = ItemKind.DEPOSIT if posted.key is None else posted.key.kind
                message = f"no {kind.lower()} on record says what {posted.command} posted"
                yield Finding(CHECKS[kind], f"#{sequence}", message)
        for account, balance in sorted(self.wallet.balances.items()):
            if is_hold(account) and balance and account not in self.holds:
                yield Finding(Check.HOLD, account, f"{balance} is held for no withdrawal")
        cash = self.journal.cash
        for asset_code in sorted(cash.keys() | self.cash.keys()):
            if cash[asset_code] != self.cash[asset_code]:
                message = (
                    f"the house's came to {cash[asset_code]},"
                    f" deposits and withdrawals to {self.cash[asset_code]}"
                )
                yield Finding(Check.CASH, asset_code, message)
        currency = self.wallet.ref.currency_code
        for message in find_usage_problems(
            self.wallet.player, currency, self.deposits, self.wallet.update_time
        ):
            yield Finding(Check.USAGE, currency, message)
