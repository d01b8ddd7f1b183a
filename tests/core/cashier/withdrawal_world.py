"""Short ways to tell stories of withdrawals."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.core.rolling.rolling_world import RollingWorld
from tests.core.rules import TOPOLOGY
from tests.core.world import REF, START, eur, maybe_eur, told
from wallet_server.core.accounts import debt
from wallet_server.core.cashier.withdrawable import WithdrawableMoney, withdrawable
from wallet_server.core.cashier.withdrawal import Withdrawal, withdrawal_key
from wallet_server.core.commands import (
    ApproveWithdrawal,
    CancelWithdrawal,
    Command,
    ConfirmWithdrawal,
    FailWithdrawal,
    RejectWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    SubmitWithdrawal,
)
from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import LockMode, Topology, Withdrawable
from wallet_server.core.config.wallet_policy import (
    AutoApproval,
    BonusOnWithdrawal,
    WalletPolicy,
    WithdrawalRules,
)
from wallet_server.core.items import Item
from wallet_server.core.results import WithdrawalResult
from wallet_server.core.task import Task

WITHDRAW_ORDER = ("WD", "SN", "CN")
CLERK = Actor("clerk", ("cashier",))
FORFEITING = WithdrawalRules(bonus=BonusOnWithdrawal.FORFEIT_BONUS)
BY_TIME = WithdrawalRules(
    auto_approval=AutoApproval(
        request_max=60, window_max=100, window_seconds=24 * 3600, review_seconds=2 * 3600
    )
)


def withdrawing(
    lock_mode: LockMode = LockMode.NONE,
    order: tuple[str, ...] = WITHDRAW_ORDER,
    **restricted: Withdrawable,
) -> Topology:
    """Returns the examples' topology with money that may leave.

    The normal buckets have a lock mode; `restricted` says when others may be withdrawn from.
    """
    when = {"WD": Withdrawable.ALWAYS, **restricted}
    buckets = tuple(
        replace(each, withdrawable=Withdrawable.AFTER_ROLLING, lock_mode=lock_mode)
        if each.code in {"SN", "CN"}
        else replace(each, withdrawable=when.get(each.code, Withdrawable.NEVER))
        for each in TOPOLOGY.buckets
    )
    return replace(TOPOLOGY, buckets=buckets, withdraw_order=order)


def ruled(rules: WithdrawalRules, jurisdiction: str = "") -> WalletPolicy:
    return WalletPolicy(withdrawals=rules, jurisdiction=jurisdiction)


class WithdrawalWorld(RollingWorld):
    """A wallet to withdraw from, and a clock that stands still until it is set."""

    def __init__(
        self,
        balances: str,
        *changes: Policy | ProviderProfile | WalletPolicy | Topology,
        items: tuple[Item, ...] = (),
        frozen: str = "",
    ) -> None:
        super().__init__(balances, *items, frozen=frozen)
        self.configure(withdrawing(), *changes, version=1)
        self.now = START

    def configure_rules(self, rules: WithdrawalRules, jurisdiction: str = "") -> None:
        """Makes other rules of withdrawals the active ones."""
        self.configure(withdrawing(), ruled(rules, jurisdiction))

    def owe_points(self, amount: int) -> None:
        """Has the player owe points, behind the commands' back."""
        balances = {**self.wallet.balances, debt("PTS"): -amount}
        self.fold.wallets[REF] = replace(self.wallet, balances=balances)

    def later(self, **by: int) -> datetime:
        """Lets time pass. Returns what time it is then."""
        self.now += timedelta(**by)
        return self.now

    def run(self, command: Command, request_id: str = "") -> str:
        self.requests += 1
        task = Task(REF, request_id or f"request-{self.requests}", command)
        self.last = self.fold.run_one(task, self.now)
        return told(self.last)

    @property
    def money(self) -> WithdrawableMoney:
        """What may be withdrawn now."""
        return withdrawable(self.wallet, self.fold.configurations["demo"], self.now)

    @property
    def told_of(self) -> WithdrawalResult:
        """What the answer to the last command says of its withdrawal."""
        assert isinstance(self.result, WithdrawalResult)
        return self.result

    def withdrawal(self, name: str = "w1") -> Withdrawal:
        found = self.wallet.items[withdrawal_key(name)]
        assert isinstance(found, Withdrawal)
        return found

    def state_of(self, name: str = "w1") -> str:
        return self.withdrawal(name).state.value

    def request(
        self, amount: int, name: str = "w1", *, accept: bool = False, actor: Actor = NOBODY
    ) -> str:
        return self.run(RequestWithdrawal(name, eur(amount), accept_forfeiture=accept, actor=actor))

    def approve(self, name: str = "w1", actor: Actor = CLERK) -> str:
        return self.run(ApproveWithdrawal(name, actor=actor))

    def let_time_approve(self, name: str = "w1") -> str:
        return self.run(ApproveWithdrawal(name, automatic=True))

    def reject(self, name: str = "w1", actor: Actor = NOBODY) -> str:
        return self.run(RejectWithdrawal(name, "SUSPICIOUS", actor=actor))

    def cancel_withdrawal(self, name: str = "w1") -> str:
        return self.run(CancelWithdrawal(name))

    def submit(self, name: str = "w1", payout_ref: str = "p1") -> str:
        return self.run(SubmitWithdrawal(name, payout_ref))

    def confirm(self, paid: int | None = None, name: str = "w1") -> str:
        return self.run(ConfirmWithdrawal(name, maybe_eur(paid)))

    def fail(self, name: str = "w1") -> str:
        return self.run(FailWithdrawal(name, "NO_ACCOUNT"))

    def give_back(self, name: str = "w1") -> str:
        return self.run(ReturnWithdrawal(name, "CLOSED_ACCOUNT"))

    def bring_to_submitted(self, amount: int, name: str = "w1", *, accept: bool = False) -> None:
        """Requests, approves and submits a withdrawal."""
        assert self.request(amount, name, accept=accept) == "APPLIED"
        assert self.approve(name) == "APPLIED"
        assert self.submit(name) == "APPLIED"
