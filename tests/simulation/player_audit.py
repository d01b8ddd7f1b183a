"""Follows a player over all wallets: the account's status, limits, and what counts for them.

I38, I40: what is accepted never exceeds what holds then, added up from the history of deposits,
bets and approvals.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from tests.simulation.limit_book import LimitBook, worth
from tests.simulation.shadow import PlayerShadow
from tests.simulation.step import Step
from tests.simulation.usage_book import Cap, Counted, UsageBook, caps_of
from wallet_server.core.commands import (
    ApproveDeposit,
    AuthorizeBet,
    CreateDeposit,
    PlayRound,
    SetAccountStatus,
    SetLimit,
)
from wallet_server.core.config.wallet_policy import AutoApproval, LimitRules
from wallet_server.core.refusals import DepositLimit, LossLimit, StakeLimit
from wallet_server.core.results import StatusResult

KINDS = ("DEPOSIT", "STAKE", "LOSS")
REASONS = {"DEPOSIT_LIMIT": "DEPOSIT", "STAKE_LIMIT": "STAKE", "LOSS_LIMIT": "LOSS"}
LimitRefusal = DepositLimit | StakeLimit | LossLimit


@dataclass
class PlayerAudit:
    """One player, as the answers of all wallets tell of it."""

    status: str = "ACTIVE"
    revision: int = 0
    limits: LimitBook = field(default_factory=LimitBook)
    usage: dict[str, UsageBook] = field(
        default_factory=lambda: {kind: UsageBook() for kind in KINDS}
    )
    approved: list[Counted] = field(default_factory=list[Counted])
    told: PlayerShadow = field(default_factory=PlayerShadow)

    def take(self, step: Step, own_open: int) -> None:
        """Takes in a command on the player. `own_open` is own money at stake in the wallet."""
        if isinstance(step.command, SetAccountStatus):
            self.take_status(step.command, step)
        assert step.after.player.status.value == self.status
        changed = step.after.player.revision - self.revision
        assert changed in ({0} if step.answer.refusal else {0, 1})  # I48
        self.revision += changed
        if isinstance(step.command, SetLimit) and step.applied:
            kind = step.command.kind.value
            if kind != "DEPOSIT" and not self.is_limited(kind, step):
                self.usage[kind].clear()
                if kind == "LOSS":
                    self.usage[kind].open_stake[step.after.ref.currency_code] = own_open
        self.limits.take(step)
        self.check_refused(step, own_open)

    def take_status(self, command: SetAccountStatus, step: Step) -> None:
        result = step.answer.result
        assert isinstance(result, StatusResult)
        assert step.said == ("ALREADY_APPLIED" if command.status == self.status else "APPLIED")
        assert (result.status, result.previous) == (command.status.value, self.status)
        self.status = command.status.value

    def is_limited(self, kind: str, step: Step) -> bool:
        """Whether anything is limited by now, and so counted."""
        defaults = rules_of(step).defaults
        return self.limits.has(kind) or any(each.kind.value == kind for each in defaults)

    # What is accepted.

    def check_accepted(self, kind: str, amounts: list[int], step: Step) -> None:
        """I40: what is accepted, one after the other, is within everything that limits it."""
        currency, rules = step.after.ref.currency_code, rules_of(step)
        for cap in caps_of(kind, self.limits, currency, rules):
            used = self.usage[kind].used(cap, rules, step.now)
            assert used is not None
            asked = [worth(amount, currency, cap.currency, rules) for amount in amounts]
            most = max(asked) if cap.period == "BET" else used.exact + sum(asked)
            assert most <= cap.amount, (kind, cap, used, asked)

    def check_refused(self, step: Step, own_open: int) -> None:
        """What a limit refuses is beyond it, by what the refusal says is left."""
        refusal = step.answer.refusal
        if step.said == "LIMIT_RATE_MISSING":
            self.check_rate_missing(step)
        if not isinstance(refusal, LimitRefusal):
            return
        kind, rules = REASONS[refusal.reason], rules_of(step)
        currency = step.after.ref.currency_code
        book = self.usage[kind]
        if kind == "LOSS":
            book = book.with_open(currency, own_open)
        if isinstance(step.command, ApproveDeposit):  # What was announced counts once.
            book = book.without((step.after.ref, step.command.deposit_id))
        caps = caps_of(kind, self.limits, currency, rules)
        fitting = [
            cap
            for cap in caps
            if (cap.period, cap.amount) == (refusal.period, refusal.limit)
            and self.says_used(refusal, book, cap, step)
        ]
        assert fitting, (refusal, caps)
        assert refusal.remaining == max(0, refusal.limit - refusal.used)
        assert any(
            ceil(worth(asked_by(step), currency, cap.currency, rules)) > refusal.remaining
            for cap in fitting
        )

    def says_used(self, refusal: LimitRefusal, book: UsageBook, cap: Cap, step: Step) -> bool:
        used = book.used(cap, rules_of(step), step.now)
        assert used is not None
        if not isinstance(step.command, AuthorizeBet) and not isinstance(refusal, DepositLimit):
            return refusal.used >= used.low  # A round has other bets before the one refused.
        least = used.low if isinstance(refusal, LossLimit) else used.high
        return least <= refusal.used <= used.high

    def check_rate_missing(self, step: Step) -> None:
        """There is a limit that what counts cannot be compared with."""
        if isinstance(step.command, SetLimit):
            return  # Checked where limits are set.
        currency, rules = step.after.ref.currency_code, rules_of(step)
        known = {rate.currency_code for rate in rules.rates}
        assert any(
            ({currency, cap.currency} - known and currency != cap.currency)
            or (used := self.usage[kind].used(cap, rules, step.now)) is None
            or used.doubtful
            for kind in KINDS
            for cap in caps_of(kind, self.limits, currency, rules)
        )

    # What counts.

    def count_own(self, kind: str, name: object, counted: Counted) -> None:
        """Counts something that may be given back under its name."""
        self.usage[kind].named[name] = counted

    def give_back(self, kind: str, name: object) -> None:
        self.usage[kind].named.pop(name, None)

    def count_losses(self, losses: Iterable[int], own_open: int, step: Step) -> None:
        book, currency = self.usage["LOSS"], step.after.ref.currency_code
        for lost in losses:
            book.add(Counted(step.now, currency, lost))
        book.open_stake[currency] = own_open

    def approve(self, amount: int, step: Step) -> None:
        """Counts what time has approved."""
        self.approved.append(Counted(step.now, step.after.ref.currency_code, amount))

    def approved_within(self, rules: AutoApproval, step: Step) -> tuple[int, int]:
        """Returns what time has approved in the window, exactly and by whole hours."""
        currency = step.after.ref.currency_code
        since = step.now - timedelta(seconds=rules.window_seconds)
        hour = since.replace(minute=0, second=0, microsecond=0)
        found = [each for each in self.approved if each.currency == currency]
        exact = sum(each.amount for each in found if each.time > since)
        return exact, sum(each.amount for each in found if each.time >= hour)


def rules_of(step: Step) -> LimitRules:
    return step.configuration.wallet_policy.value.limits


def asked_by(step: Step) -> int:
    """Returns the most that a bet, a round or a deposit may have asked for of any limit."""
    match step.command:
        case AuthorizeBet(stake=stake):
            return stake.minor_units
        case PlayRound(bets=bets):
            return max(bet.stake.minor_units for bet in bets)
        case CreateDeposit(amount=amount) | ApproveDeposit(amount=amount):
            return amount.minor_units
        case command:
            raise AssertionError(command)
