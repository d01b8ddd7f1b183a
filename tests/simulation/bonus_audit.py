"""Follows bonus money that players give up for withdrawals, and what comes back of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.simulation.step import Step
from tests.simulation.withdrawable import ways_out
from wallet_server.core.commands import RequestWithdrawal
from wallet_server.core.rolling.requirement import Requirement

OPEN = frozenset({"PENDING", "ACTIVE", "SUSPENDED", "FULFILLED"})


@dataclass
class BonusAudit:
    """What of each bucket was given up for withdrawals that are under way, and what may keep it.

    `waiting` are the requirements on it that were not done then. `is_lost`: a withdrawal was paid
    since.
    """

    given_up: Counter[str] = field(default_factory=Counter[str])
    waiting: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    is_lost: bool = False

    def give_up(
        self,
        command: RequestWithdrawal,
        step: Step,
        requirements: Mapping[str, Requirement],
    ) -> Counter[str]:
        """Takes in a request. Returns what it posts of bonus money."""
        policy = step.configuration.wallet_policy.value
        posted = Counter[str]()
        if policy.withdrawals.bonus.value != "FORFEIT_BONUS":
            return posted
        free = ways_out(step, requirements).free
        for bucket in step.configuration.topology.value.buckets:
            account = f"bkt:{bucket.code}"
            held = step.balances_before[account]
            found = {
                name: r.state.value
                for name, r in requirements.items()
                if r.bucket == bucket.code and r.state.value in OPEN
            }
            ends = step.is_restricted(bucket.code) and set(found.values()) != {"FULFILLED"}
            if held and ends and bucket.code not in {*free, *step.around.frozen}:
                assert command.accept_forfeiture
                self.given_up[account] += held
                undone = {name for name, state in found.items() if state != "FULFILLED"}
                self.waiting.setdefault(account, set()).update(undone)
                posted.update({account: -held, "H:PROMO": held})
        return posted

    def end(
        self,
        changes: Mapping[str, int],
        step: Step,
        requirements: Mapping[str, Requirement],
        *,
        is_paid: bool,
        is_last: bool,
    ) -> None:
        """Takes in the end of a withdrawal: what it has posted beside its own money.

        What comes back is no more than was given up, and nothing does where it was paid. All has
        come back with the last that was not, but for what requirements keep that are over.
        """
        self.is_lost |= is_paid
        if not step.releases:
            assert sum(changes.values()) == 0
            for account, change in changes.items():
                if account == "H:PROMO":
                    continue
                assert step.is_restricted(account[4:]), account
                assert change <= self.given_up[account]
                assert change <= 0 or not is_paid
        for account, change in changes.items():
            if change > 0 and account != "H:PROMO":
                self.given_up[account] -= change
        if is_last:
            for account, kept in self.given_up.items():
                is_over = any(
                    requirements[name].state.value not in OPEN
                    or has_ended(requirements[name], step)
                    for name in self.waiting.get(account, ())
                )
                assert not kept or self.is_lost or is_over or step.releases
            self.given_up.clear()
            self.waiting.clear()
            self.is_lost = False

    def check_nothing_waits(self, step: Step) -> None:
        """A requirement waits for a withdrawal, and no longer than it."""
        for _, item in step.items.values():
            if isinstance(item, Requirement):
                assert item.state.value != "SUSPENDED"


def has_ended(requirement: Requirement, step: Step) -> bool:
    return requirement.expire_time is not None and requirement.expire_time <= step.now
