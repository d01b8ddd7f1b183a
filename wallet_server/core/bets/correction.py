"""Posting a bet's position when money is gone, retired, or owed.

A correction may take back what has been spent. Then other buckets stand in, in the
order that the bet's snapshot gives, and what is still missing becomes debt. What
really happened instead is kept on the bet as substitutions: moves that, added to
its position, give what it has posted.

What a coupon cannot give back is never the player's loss: the house stands in for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wallet_server.core.accounts import (
    PROMO,
    Account,
    bucket,
    bucket_code,
    debt,
    is_bucket,
    is_coupon_source,
    is_debt,
    is_spendable,
)
from wallet_server.core.bets.bet import Bet
from wallet_server.core.bets.corrected import Corrected, Rules
from wallet_server.core.bets.settlement import difference
from wallet_server.core.config.provider_profile import CorrectionShortfall
from wallet_server.core.config.topology import OWN_MONEY, Topology
from wallet_server.core.entry import Move, Vector
from wallet_server.core.recovery import stand_ins
from wallet_server.core.refusals import CorrectionShort
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet


@value
class Correction:
    """What is posted, and how it departs from the bet's position over its life."""

    changes: Vector
    substitutions: tuple[Move, ...]


def correct(
    before: Bet, after: Bet, wallet: Wallet, topology: Topology, *, repays_debt: bool
) -> Correction | CorrectionShort:
    """Brings what a bet has posted to its new position, as far as the money goes.

    All earlier substitutions are undone on the way, so whatever was recovered from
    elsewhere is given back first. `repays_debt` says whether what is credited to
    the player's own money pays debt of the asset first.
    """
    changes = difference(before, after)
    return correct_changes(changes, before, wallet, topology, repays_debt=repays_debt)


def correct_changes(
    changes: Vector, before: Corrected, wallet: Wallet, topology: Topology, *, repays_debt: bool
) -> Correction | CorrectionShort:
    """Posts the changes of a bet or a win as far as the money goes, as `correct` does."""
    if is_plain(changes, before, wallet, topology):
        return Correction(changes, ())
    return work_out(changes, before, wallet, topology, repays_debt=repays_debt)


def work_out(
    changes: Vector, before: Corrected, wallet: Wallet, topology: Topology, *, repays_debt: bool
) -> Correction | CorrectionShort:
    """Finds out what stands in where the changes cannot be posted as they are."""
    assert before.snapshot is not None
    work = Work(dict(changes), wallet, topology, before.replanned)
    redirect(work)
    keep_debt_repaid(work, before.substitutions)
    stand_in_for_coupons(work)
    short = take_back(work, before.snapshot)
    if short:
        return CorrectionShort(before.key.bet_ref, short)
    if repays_debt:
        repay_debt(work)
    changes = {account: change for account, change in work.changes.items() if change}
    return Correction(changes, tuple(work.substitutions))


def is_plain(changes: Vector, before: Corrected, wallet: Wallet, topology: Topology) -> bool:
    """Tells whether everything can be posted as it is, which is almost always so.

    That is where no bucket or coupon gives, so that none can be short, no account of a bucket
    is concerned that is retired or replanned, and no debt is there to be repaid or to keep repaid.
    """
    if before.substitutions or before.replanned or topology.retired_buckets:
        return False
    if wallet.balance(debt(wallet.ref.currency_code)):
        return False
    giving = [a for a, change in changes.items() if change < 0 and is_spendable(a)]
    return not giving


@dataclass(slots=True)
class Work:
    """A correction while it is worked out. The only mutable value of the core.

    `replanned` is what the bet's plan was changed to, by an operator: it comes before the
    successors of buckets that are retired.
    """

    changes: dict[Account, int]
    wallet: Wallet
    topology: Topology
    replanned: Mapping[str, str] = field(default_factory=dict[str, str])
    substitutions: list[Move] = field(default_factory=list[Move])

    def substitute(self, source: Account, target: Account, amount: int) -> None:
        """Lets one account give for another, or to another."""
        if amount:
            self.changes[source] = self.changes.get(source, 0) - amount
            self.changes[target] = self.changes.get(target, 0) + amount
            self.substitutions.append(Move(source, target, amount))

    def buckets(self) -> Iterator[tuple[str, Account]]:
        """Yields the topology's buckets of the wallet's currency, in order."""
        currency = self.wallet.ref.currency_code
        for each in self.topology.buckets:
            if each.asset_in(currency) == currency:
                yield each.code, bucket(each.code)

    def live(self, code: str) -> str:
        """Returns the bucket itself, or what took its place in the bet's plan or for all bets."""
        return self.topology.live_code(self.replanned.get(code, code))

    def left_in(self, code: str) -> int:
        """Returns what a bucket can still give, the correction itself included."""
        account = bucket(code)
        held = 0 if code in self.wallet.frozen_buckets else self.wallet.balance(account)
        return held + self.changes.get(account, 0)


def redirect(work: Work) -> None:
    """Moves what concerns a retired or replanned bucket to its successor.

    That goes for credits and debits alike: the successor gives what the bucket cannot, and a
    retired one holds nothing. The order is that of the names, as what is kept and told of it may
    not depend on how the changes came about.
    """
    for account, change in sorted(work.changes.items()):
        if not is_bucket(account):
            continue
        code = bucket_code(account)
        successor = work.live(code)
        if successor == code:
            continue
        if change > 0:
            work.substitute(account, bucket(successor), change)
        else:
            work.substitute(bucket(successor), account, -min(0, work.left_in(code)))


def keep_debt_repaid(work: Work, substitutions: tuple[Move, ...]) -> None:
    """Leaves debt alone that the player has repaid since the bet incurred it.

    Undoing an earlier shortfall would lower the debt below zero then. The money
    goes to the bucket that the shortfall arose for, the first if there are several.
    """
    owes = debt(work.wallet.ref.currency_code)
    excess = work.changes.get(owes, 0) + work.wallet.balance(owes)
    if excess <= 0:
        return
    short = {work.live(bucket_code(m.target)) for m in substitutions if is_debt(m.source)}
    work.substitute(owes, next(a for code, a in work.buckets() if code in short), excess)


def stand_in_for_coupons(work: Work) -> None:
    """Lets the house give what coupons cannot.

    What a void has returned to a grant may be used again, expired or revoked by the time the
    void is corrected. It never was the player's money, so it never becomes debt.
    """
    for account, change in sorted(work.changes.items()):
        if change < 0 and is_coupon_source(account):
            missing = -min(0, work.wallet.balance(account) + change)
            work.substitute(PROMO, account, missing)


def take_back(work: Work, snapshot: Rules) -> int:
    """Covers what buckets cannot give, by the recovery order and then by debt.

    Returns what is missing where that may not become debt; zero otherwise.
    """
    short = 0
    for code, account in work.buckets():
        missing = -min(0, work.left_in(code)) if work.changes.get(account, 0) < 0 else 0
        for stand_in in recovery_of(code, snapshot, work) if missing else ():
            taken = min(missing, max(0, work.left_in(stand_in)))
            work.substitute(bucket(stand_in), account, taken)
            missing -= taken
        if missing and snapshot.correction_shortfall is CorrectionShortfall.REJECT:
            short += missing
        else:
            work.substitute(debt(work.wallet.ref.currency_code), account, missing)
    return short


def recovery_of(code: str, snapshot: Rules, work: Work) -> Iterator[str]:
    """Yields the buckets that may give for another: of one that is retired since, its successor."""
    order = map(work.topology.live_code, snapshot.recovery_order)
    return stand_ins(code, order, snapshot.recovery_scope, work.topology)


def repay_debt(work: Work) -> None:
    """Pays debt out of what is credited to the player's own money, in bucket order."""
    owes = debt(work.wallet.ref.currency_code)
    for code, account in work.buckets():
        if work.topology.bucket_by_code[code].bucket_class in OWN_MONEY:
            owed = -(work.wallet.balance(owes) + work.changes.get(owes, 0))
            work.substitute(account, owes, max(0, min(work.changes.get(account, 0), owed)))
