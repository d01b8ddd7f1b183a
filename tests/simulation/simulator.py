"""Plays random commands through batches, as the engine does, under the auditor's eyes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from tests.simulation.auditor import Surroundings, WalletAudit
from tests.simulation.commands import CommandSource
from tests.simulation.surroundings import Rules
from wallet_server.core.answer import Answer
from wallet_server.core.batch import Fold, Recorded, Result, Task
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.commands import ApproveDeposit
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.wallet import AccountStatus, Wallet

START = datetime(2026, 1, 1, tzinfo=UTC)
BATCH_TASKS_MAX = 12


@dataclass
class Store:
    """What is on record. A batch sees only what it has loaded of it."""

    wallets: dict[WalletRef, Wallet] = field(default_factory=dict[WalletRef, Wallet])
    answers: dict[tuple[WalletRef, str], Answer] = field(
        default_factory=dict[tuple[WalletRef, str], Answer]
    )
    bets: dict[tuple[WalletRef, BetKey], Bet] = field(
        default_factory=dict[tuple[WalletRef, BetKey], Bet]
    )
    deposits: dict[tuple[WalletRef, str], Deposit] = field(
        default_factory=dict[tuple[WalletRef, str], Deposit]
    )

    def load(self, batch: Sequence[Task], rules: Rules) -> Fold:
        """Returns a batch's fold with what its tasks name, and no more."""
        refs = {task.wallet for task in batch}
        keys = [(task.wallet, task.request_id) for task in batch]
        return Fold(
            dict(rules.configurations),
            {ref: self.load_wallet(ref, batch, rules) for ref in refs if ref in self.wallets},
            {key: self.answers[key] for key in keys if key in self.answers},
            dict(rules.statuses),
        )

    def load_wallet(self, ref: WalletRef, batch: Sequence[Task], rules: Rules) -> Wallet:
        commands = [task.command for task in batch if task.wallet == ref]
        keys = {command.bet for command in commands if hasattr(command, "bet")}  # pyright: ignore[reportAttributeAccessIssue]
        ids = {command.deposit_id for command in commands if isinstance(command, ApproveDeposit)}
        return replace(
            self.wallets[ref],
            status=rules.statuses.get((ref.tenant_id, ref.player_id), AccountStatus.ACTIVE),
            frozen_buckets=rules.frozen.get(ref, frozenset()),
            bets={key: self.bets[ref, key] for key in keys if (ref, key) in self.bets},
            deposits={
                each: self.deposits[ref, each] for each in ids if (ref, each) in self.deposits
            },
        )

    def record(self, fold: Fold) -> None:
        """Writes what a batch came to."""
        self.bets.update(fold.bets)
        self.deposits.update(fold.deposits)
        self.wallets.update(fold.wallets)
        for each in fold.recorded:
            key = (each.task.wallet, each.task.request_id)
            assert key not in self.answers
            self.answers[key] = each.answer


@dataclass
class Simulation:
    """A run that its seed determines."""

    seed: int
    said: Counter[str] = field(default_factory=Counter[str])
    steps: int = 0

    def __post_init__(self) -> None:
        random = Random(self.seed)
        self.random = random
        self.source = CommandSource(random)
        self.rules = Rules(random)
        self.store = Store()
        self.audits: dict[WalletRef, WalletAudit] = {}

    def run(self, steps: int) -> None:
        while self.steps < steps:
            self.rules.change(self.store.wallets)
            self.run_batch(
                [self.source.task() for _ in range(self.random.randint(1, BATCH_TASKS_MAX))]
            )

    def run_batch(self, batch: list[Task]) -> None:
        """Runs a batch, audits each answer in order, and then what is on record."""
        fold = self.store.load(batch, self.rules)
        now = START + timedelta(seconds=self.steps + self.random.randint(-5, 5))
        results = fold.run(batch, now)
        for task, result in zip(batch, results, strict=True):
            self.steps += 1
            self.audit(task, result)
        self.store.record(fold)
        for (ref, key), bet in fold.bets.items():
            if bet.state in {BetState.DECLINED, BetState.ROLLED_BACK, BetState.TOMBSTONED}:
                self.source.forget(ref, key)
        for ref, wallet in self.store.wallets.items():
            self.audits[ref].check_stored(wallet)
            self.source.held[ref] = wallet.balances

    def audit(self, task: Task, result: Result) -> None:
        """Shows an answer to the auditor; says where it was if the auditor objects."""
        ref = task.wallet
        status = self.rules.statuses.get((ref.tenant_id, ref.player_id), AccountStatus.ACTIVE)
        around = Surroundings(
            self.rules.configurations.get(ref.tenant_id),
            status.value,
            self.rules.frozen.get(ref, frozenset()),
        )
        try:
            self.audits.setdefault(ref, WalletAudit()).observe(task, result, around)
        except Exception as error:
            error.add_note(
                f"seed {self.seed}, step {self.steps}: {task}\n{result}\n{around.frozen}"
            )
            raise
        self.said[told(task, result)] += 1
        if isinstance(result, Recorded):
            self.said.update(debt_events(result.answer))


def debt_events(answer: Answer) -> Iterator[str]:
    """Yields what the command did to debt, for counting."""
    for entry in answer.entries:
        for change in entry.changes:
            if change.account.startswith("DEBT:"):
                yield f"{answer.command} {'repays' if change.change > 0 else 'incurs'} debt"


def told(task: Task, result: Result) -> str:
    """Returns what a command came to, for counting."""
    answer = getattr(result, "answer", None)
    kind = type(result).__name__
    if answer is not None and kind == "Recorded":
        kind = answer.outcome.value if answer.outcome else answer.refusal.reason
    return f"{type(task.command).__name__} {getattr(result, 'reason', kind)}"
