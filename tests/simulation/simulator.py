"""Plays random commands through batches, as the engine does, under the auditor's eyes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from tests.simulation.auditor import WalletAudit
from tests.simulation.bucket_usage_audit import BucketUsageAudit
from tests.simulation.commands import CommandSource
from tests.simulation.player_audit import PlayerAudit
from tests.simulation.step import Surroundings
from tests.simulation.store import Store
from tests.simulation.surroundings import Rules
from wallet_server.core.answer import Answer
from wallet_server.core.batch import Fold, Recorded, Result, Task
from wallet_server.core.bets.bet import BetState
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.events.bet_payloads import BetSettled, BetUnsettled
from wallet_server.core.events.event import Event
from wallet_server.core.ids import WalletRef
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.round import Round, RoundState

BATCH_TASKS_MAX = 12
NAMED_NO_MORE = frozenset({BetState.DECLINED, BetState.ROLLED_BACK, BetState.TOMBSTONED})


@dataclass
class Simulation:
    """A run that its seed determines."""

    seed: int
    said: Counter[str] = field(default_factory=Counter[str])
    steps: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.rules = Rules(self.random)
        if self.random.random() < 0.8:
            self.rules.begin_anew()
        self.store = Store()
        self.source = CommandSource(self.random, self.store, self.rules)
        self.audits: dict[WalletRef, WalletAudit] = {}
        self.players: dict[tuple[str, str], PlayerAudit] = {}
        self.usage = BucketUsageAudit()

    def run(self, steps: int) -> None:
        while self.steps < steps:
            self.rules.change(self.store.records)
            self.source.time = self.rules.time
            self.run_batch(
                [self.source.task() for _ in range(self.random.randint(1, BATCH_TASKS_MAX))]
            )
        self.usage.check(self.store.records)

    def run_batch(self, batch: list[Task]) -> None:
        """Runs a batch and audits each answer in order, and then what is on record."""
        fold = self.store.load(batch, self.rules)
        before = dict(fold.wallets)
        now = self.rules.next_time()
        for task in batch:
            self.steps += 1
            self.run_task(task, fold, now)
        self.usage.take(fold, before)
        self.store.record(fold)
        self.forget(fold)
        for ref in fold.wallets:
            self.audits[ref].check_stored(self.store.records[ref].wallet)

    def run_task(self, task: Task, fold: Fold, now: datetime) -> None:
        """Shows an answer to the auditor; says where it was if the auditor objects."""
        ref = task.wallet
        before = fold.wallets.get(ref)
        result = fold.run_one(task, now)
        audit = self.audit(ref)
        around = Surroundings(
            self.rules.configurations.get(ref.tenant_id),
            audit.player.status,
            self.rules.frozen.get(ref, frozenset()),
            owes=audit.ledger.balances[f"DEBT:{ref.currency_code}"] < 0,
        )
        try:
            audit.observe(task, result, around, before, fold.wallets.get(ref))
        except Exception as error:
            error.add_note(f"seed {self.seed}, step {self.steps}: {task}\n{result}")
            raise
        self.said[told(task, result)] += 1
        if isinstance(result, Recorded):
            self.said.update(debt_events(result.answer))
            self.said.update(f"event {event.type}" for event in result.events)
            self.said.update(orderings(result.events))

    def audit(self, ref: WalletRef) -> WalletAudit:
        """Returns the auditor of a wallet; those of one player share what they know of it."""
        if ref not in self.audits:
            player = self.players.setdefault((ref.tenant_id, ref.player_id), PlayerAudit())
            self.audits[ref] = WalletAudit(player)
        return self.audits[ref]

    def forget(self, fold: Fold) -> None:
        """Lets go of names that came to nothing, and notes what became of items."""
        for (ref, key), bet in fold.bets.items():
            if bet.state in NAMED_NO_MORE:
                self.source.forget(ref, "bet", key)
        for (ref, _), item in fold.items.items():
            if isinstance(item, Round) and item.state is not RoundState.OPEN:
                self.source.forget(ref, "round", (item.provider_id, item.round_ref))
            if isinstance(item, CouponGrant | Deposit | Requirement | Withdrawal):
                self.said[f"{type(item).__name__} is {item.state.value}"] += 1
            if isinstance(item, Withdrawal) and item.automatic:
                self.said["Withdrawal is approved by time"] += 1
            if isinstance(item, Withdrawal) and item.queue_reason is not None:
                self.said[f"Withdrawal is for persons: {item.queue_reason.value}"] += 1


def orderings(events: Sequence[Event]) -> Iterator[str]:
    """Yields which events tell that nobody vouches for the order of a result, for counting."""
    for event in events:
        if isinstance(event.payload, BetSettled | BetUnsettled) and event.payload.ordering:
            yield f"{event.type} is {event.payload.ordering}"


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
