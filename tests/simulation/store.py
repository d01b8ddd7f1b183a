"""What is on record, and what a batch loads of it: just what the engine would."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.simulation.surroundings import Rules
from wallet_server.core.answer import Answer
from wallet_server.core.batch import Fold, Task
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.commands import ApproveDeposit
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet
from wallet_server.execution.wanted import first_names, names_in, names_of


@dataclass
class Records:
    """What is on record of one wallet."""

    wallet: Wallet
    bets: dict[BetKey, Bet] = field(default_factory=dict[BetKey, Bet])
    wins: dict[BetKey, Win | CashOutRef] = field(default_factory=dict[BetKey, Win | CashOutRef])
    items: dict[ItemKey, Item] = field(default_factory=dict[ItemKey, Item])
    live: dict[ItemKey, Item] = field(default_factory=dict[ItemKey, Item])
    deposits: dict[str, Deposit] = field(default_factory=dict[str, Deposit])
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])

    def load(self, tasks: Sequence[Task], rules: Rules) -> Wallet:
        """Returns the wallet with what the tasks may look at, and no more."""
        ref = self.wallet.ref
        bets: set[BetKey] = set()
        items: set[ItemKey] = set()
        for name in self.names(tasks):
            if isinstance(name, ItemKey):
                items.add(name)
            else:
                bets.add(name)
        commands = [task.command for task in tasks]
        ids = {command.deposit_id for command in commands if isinstance(command, ApproveDeposit)}
        return replace(
            self.wallet,
            status=rules.status(ref),
            frozen_buckets=rules.frozen.get(ref, frozenset()),
            bets={key: self.bets[key] for key in bets if key in self.bets},
            wins={key: self.wins[key] for key in bets if key in self.wins},
            items={**{key: self.items[key] for key in items if key in self.items}, **self.live},
            deposits={each: self.deposits[each] for each in ids if each in self.deposits},
        )

    def names(self, tasks: Sequence[Task]) -> list[BetKey | ItemKey]:
        """Returns what commands name, and what that names in turn as far as the engine follows."""
        everything = replace(self.wallet, bets=self.bets, wins=self.wins, items=self.items)
        found: list[BetKey | ItemKey] = []
        for task in tasks:
            found += names_in(task.command)
            seen: set[tuple[bool, str, str]] = set()
            pending = list(first_names(task.command, everything))
            while pending:
                name = pending.pop()
                # Both kinds of names are pairs of texts, which may be equal.
                mark = (isinstance(name, ItemKey), name[0], name[1])
                if mark not in seen:
                    seen.add(mark)
                    found.append(name)
                    pending += names_of(name, everything)
        return found


@dataclass
class Store:
    """What is on record. A batch sees only what it has loaded of it."""

    records: dict[WalletRef, Records] = field(default_factory=dict[WalletRef, Records])

    def load(self, batch: Sequence[Task], rules: Rules) -> Fold:
        """Returns a batch's fold with what its tasks name, and no more."""
        wallets: dict[WalletRef, Wallet] = {}
        answers: dict[tuple[WalletRef, str], Answer] = {}
        for ref in {task.wallet: None for task in batch}:
            records = self.records.get(ref)
            if records is None:
                continue
            tasks = [task for task in batch if task.wallet == ref]
            wallets[ref] = records.load(tasks, rules)
            for task in tasks:
                if task.request_id in records.answers:
                    answers[ref, task.request_id] = records.answers[task.request_id]
        return Fold(dict(rules.configurations), wallets, answers, dict(rules.statuses))

    def record(self, fold: Fold) -> None:
        """Writes what a batch came to."""
        for ref, wallet in fold.wallets.items():
            bare = replace(wallet, bets={}, wins={}, items={}, deposits={})
            self.records.setdefault(ref, Records(bare)).wallet = bare
        for (ref, key), bet in fold.bets.items():
            self.records[ref].bets[key] = bet
        for (ref, key), win in fold.wins.items():
            self.records[ref].wins[key] = win
        for (ref, deposit_id), deposit in fold.deposits.items():
            self.records[ref].deposits[deposit_id] = deposit
        for (ref, key), item in fold.items.items():
            records = self.records[ref]
            records.items[key] = item
            records.live.pop(key, None)
            if item.is_live:
                records.live[key] = item
        for each in fold.recorded:
            answers = self.records[each.task.wallet].answers
            assert each.task.request_id not in answers
            answers[each.task.request_id] = each.answer
