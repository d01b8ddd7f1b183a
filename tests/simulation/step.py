"""One recorded command, as the auditors see it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from tests.simulation.ledger import changes_of, tagged
from wallet_server.core.answer import Answer
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import Command
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import OWN_MONEY, BucketClass
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet


@dataclass(frozen=True)
class Surroundings:
    """What else a command is decided by."""

    configuration: Configuration | None = None
    status: str = "ACTIVE"
    frozen: frozenset[str] = frozenset()
    owes: bool = False


@dataclass
class Step:
    """A command, its answer, and what it found and left of the wallet, as far as loaded."""

    command: Command
    answer: Answer
    before: Wallet | None
    after: Wallet
    around: Surroundings
    balances_before: Counter[str]

    @cached_property
    def said(self) -> str:
        """The outcome, or the reason of the refusal."""
        if self.answer.outcome is not None:
            return self.answer.outcome.value
        assert self.answer.refusal is not None
        return self.answer.refusal.reason

    @property
    def applied(self) -> bool:
        return self.said == "APPLIED"

    @property
    def now(self) -> datetime:
        return self.answer.answer_time

    @property
    def configuration(self) -> Configuration:
        assert self.around.configuration is not None
        return self.around.configuration

    @cached_property
    def bets(self) -> dict[BetKey, tuple[Bet | None, Bet]]:
        """The bets that it changed: before and after."""
        known: Mapping[BetKey, Bet] = self.before.bets if self.before else {}
        return {
            key: (known.get(key), bet)
            for key, bet in self.after.bets.items()
            if known.get(key) is not bet
        }

    @cached_property
    def wins(self) -> dict[BetKey, tuple[Win | CashOutRef | None, Win | CashOutRef]]:
        """The wins and references of cash-outs that it changed: before and after."""
        known: Mapping[BetKey, Win | CashOutRef] = self.before.wins if self.before else {}
        return {
            key: (known.get(key), win)
            for key, win in self.after.wins.items()
            if known.get(key) is not win
        }

    @cached_property
    def items(self) -> dict[ItemKey, tuple[Item | None, Item]]:
        """The items that it changed: before and after."""
        known: Mapping[ItemKey, Item] = self.before.items if self.before else {}
        return {
            key: (known.get(key), item)
            for key, item in self.after.items.items()
            if known.get(key) is not item
        }

    def changed(self, kind: type[Item]) -> Iterator[tuple[Item | None, Item]]:
        """Yields the items of a kind that it changed."""
        return ((old, new) for old, new in self.items.values() if isinstance(new, kind))

    @cached_property
    def releases(self) -> bool:
        """Whether a requirement was released: one that something stood in the way of may follow."""
        return any(
            isinstance(new, Requirement) and new.state.value == "RELEASED"
            for _, new in self.items.values()
        )

    @cached_property
    def beside(self) -> Counter[str]:
        """What it posted beside all transactions."""
        return changes_of(tagged(self.answer.entries, None))

    def posted(self, key: BetKey) -> Counter[str]:
        """What it posted for a transaction."""
        return changes_of(tagged(self.answer.entries, key))

    @cached_property
    def own_money(self) -> frozenset[str]:
        """The accounts of the buckets that hold the player's own money."""
        buckets = self.configuration.topology.value.buckets
        return frozenset(f"bkt:{each.code}" for each in buckets if each.bucket_class in OWN_MONEY)

    def is_restricted(self, code: str) -> bool:
        found = self.configuration.topology.value.bucket_by_code.get(code)
        return found is not None and found.bucket_class is BucketClass.RESTRICTED
