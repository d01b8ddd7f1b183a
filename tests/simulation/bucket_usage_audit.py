"""What batches say they changed of what refers to buckets, against all that does.

Counted anew from what is on record, and written from the glossary's words alone: an open bet needs
the buckets that paid for it and those that it pays to, and so on.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.simulation.store import Records
from wallet_server.core.administration.usage_changes import usage_changes
from wallet_server.core.batch import Fold
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.ids import WalletRef
from wallet_server.core.items import Item
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.wallet import Wallet

Reference: TypeAlias = tuple[str, str, int]
"""Kind, bucket and amount."""

UNFINISHED = frozenset({"PENDING", "ACTIVE", "SUSPENDED", "FULFILLED"})


@dataclass
class BucketUsageAudit:
    """The sum of what batches have said, by tenant, kind and bucket."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])
    totals: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])

    def take(self, fold: Fold, before: Mapping[WalletRef, Wallet]) -> None:
        """Takes in what a batch has changed."""
        for key, usage in usage_changes(fold, before).items():
            name = (key.tenant_id, key.kind.value, key.bucket)
            self.counts[name] += usage.count
            self.totals[name] += usage.total

    def check(self, records: Mapping[WalletRef, Records]) -> None:
        """I45: what was counted is there, and nothing else."""
        counts, totals = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
        for ref, record in records.items():
            for kind, bucket, amount in references_of(record):
                counts[ref.tenant_id, kind, bucket] += 1
                totals[ref.tenant_id, kind, bucket] += amount
        assert {k: n for k, n in self.counts.items() if n} == dict(counts)
        assert {k: n for k, n in self.totals.items() if n} == {k: n for k, n in totals.items() if n}


def references_of(record: Records) -> Iterator[Reference]:
    """Yields what a wallet has that refers to buckets."""
    for account, balance in record.wallet.balances.items():
        if account.startswith("bkt:") and balance:
            yield "BALANCE", account[4:], balance
    for bet in record.bets.values():
        if bet.state.value in {"AUTHORIZED", "PARTIALLY_SETTLED"}:
            yield from references_of_bet(bet)
    for item in record.items.values():
        yield from references_of_item(item)


def references_of_bet(bet: Bet) -> Iterator[Reference]:
    """Yields the buckets of an open bet: each once, with the stake from there that is open."""
    needed = Counter[str]()
    settled = [sum(shares) for shares in zip(*[p.stake_shares for p in bet.portions], strict=True)]
    for place, line in enumerate(bet.lines):
        for target in (line.destinations.stake_target, line.destinations.profit_target):
            if target is not None:
                needed[bet.replanned.get(target, target)] += 0
        if not line.source.startswith("cpn:"):
            left = line.amount - (settled[place] if settled else 0)
            needed[bet.replanned.get(line.source, line.source)] += left
    yield from (("OPEN_BET", bucket, amount) for bucket, amount in needed.items())


def references_of_item(item: Item) -> Iterator[Reference]:
    """Yields the buckets of an item that is not over: each once."""
    state = str(getattr(item, "state", ""))  # Some have none.
    match item:
        case CouponGrant() if state in {"ISSUED", "ACTIVE"}:
            targets = {item.terms.profit_target, item.terms.stake_target} - {None}
            yield from (("COUPON", target, item.amount) for target in targets if target)
        case Requirement() if item.tail or state in UNFINISHED:
            buckets = {item.bucket, item.terms.release_target} - {""}
            yield from (("REQUIREMENT", bucket, item.amount) for bucket in buckets)
        case Withdrawal() if state in {"HELD", "PENDING_REVIEW", "APPROVED", "SUBMITTED"}:
            held = Counter[str]()
            for line in (*item.lines, *item.forfeits):
                held[line.bucket] += line.amount
            yield from (("WITHDRAWAL", bucket, amount) for bucket, amount in held.items())
        case Deposit() if state == "CREATED":
            yield "DEPOSIT", item.bucket, item.amount
        case _:
            return
