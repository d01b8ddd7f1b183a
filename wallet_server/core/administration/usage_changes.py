"""By how much a batch changes what refers to buckets.

A pure function of what the batch has decided: bets, items and entries as they are now, against
those that were loaded. What refers to the same buckets as before costs no more than a look.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from wallet_server.core.accounts import BUCKET_PREFIX, Account, bucket_code
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind
from wallet_server.core.batch import Fold, Recorded
from wallet_server.core.bets.bet import AUTHORIZED, PARTIALLY_SETTLED, Bet
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item, ItemKey, ItemKind
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.wallet import Wallet

Totals: TypeAlias = dict[str, int]
"""An amount for each bucket that something refers to, by code: zero where it is about none."""

Changes: TypeAlias = dict[tuple[str, str, str], list[int]]
"""Count and total by tenant, bucket and asset: of one kind each, as hashing kinds takes time."""

OPEN_STATES = (AUTHORIZED, PARTIALLY_SETTLED)

KIND_OF_ITEM: Mapping[ItemKind, UsageKind] = {
    ItemKind.COUPON: UsageKind.COUPON,
    ItemKind.REQUIREMENT: UsageKind.REQUIREMENT,
    ItemKind.WITHDRAWAL: UsageKind.WITHDRAWAL,
    ItemKind.DEPOSIT: UsageKind.DEPOSIT,
}


def usage_changes(fold: Fold, before: Mapping[WalletRef, Wallet]) -> dict[UsageKey, Usage]:
    """Returns what a batch changes. `before` has its wallets as they were loaded."""
    by_kind = {UsageKind.BALANCE: changes_of_balances(fold.recorded)}
    if fold.bets:
        by_kind[UsageKind.OPEN_BET] = changes_of_bets(fold.bets, before)
    if fold.items:
        by_kind.update(changes_of_items(fold.items, before))
    return {
        UsageKey(tenant_id, code, kind, asset_code): Usage(*change)
        for kind, changes in by_kind.items()
        for (tenant_id, code, asset_code), change in changes.items()
        if any(change)
    }


def changes_of_balances(commands: Sequence[Recorded]) -> Changes:
    """Returns what entries change: which wallets have a balance in a bucket, and how much."""
    sums: Changes = {}
    for recorded in commands:
        entries = recorded.answer.entries
        if not entries:
            continue
        tenant_id = recorded.task.wallet.tenant_id
        for entry in entries:
            for each in entry.changes:
                after = each.balance_after
                if after is None or not each.account.startswith(BUCKET_PREFIX):
                    continue
                change = each.change
                key = (tenant_id, each.account, entry.asset_code)
                summed = sums.get(key)
                if summed is None:
                    summed = sums[key] = [0, 0]
                if after in (0, change):
                    summed[0] += (after != 0) - (after != change)
                summed[1] += change
    return {
        (tenant_id, bucket_code(Account(account)), asset_code): summed
        for (tenant_id, account, asset_code), summed in sums.items()
    }


def changes_of_bets(
    bets: Mapping[tuple[WalletRef, BetKey], Bet], before: Mapping[WalletRef, Wallet]
) -> Changes:
    """Returns what bets change by being placed, getting results and being taken back."""
    changes: Changes = {}
    for (ref, key), bet in bets.items():
        wallet = before.get(ref)
        known = wallet.bets.get(key) if wallet is not None else None
        if known is not None:
            add(changes, ref.tenant_id, ref.currency_code, totals_of_bet(known), -1)
        if bet.state in OPEN_STATES:
            add(changes, ref.tenant_id, ref.currency_code, totals_of_bet(bet), 1)
    return changes


def totals_of_bet(bet: Bet) -> Totals:
    """Returns the buckets that an open bet still needs, each with its open stake from there."""
    if bet.state not in OPEN_STATES:
        return {}
    totals: Totals = {}
    shares = bet.open_shares if bet.portions else None
    for place, line in enumerate(bet.lines):
        destinations = line.destinations
        if line.coupon is None:
            share = line.amount if shares is None else shares[place]
            totals[line.source] = totals.get(line.source, 0) + share
        if destinations.profit_target not in totals:
            totals[destinations.profit_target] = 0
        if destinations.stake_target is not None and destinations.stake_target not in totals:
            totals[destinations.stake_target] = 0
    return replanned(totals, bet.replanned) if bet.replanned else totals


def replanned(totals: Totals, plan: Mapping[str, str]) -> Totals:
    """Returns the totals of a bet by the buckets that took the place of those in its plan."""
    by_successor: Totals = {}
    for code, total in totals.items():
        live = plan.get(code, code)
        by_successor[live] = by_successor.get(live, 0) + total
    return by_successor


def changes_of_items(
    items: Mapping[tuple[WalletRef, ItemKey], Item], before: Mapping[WalletRef, Wallet]
) -> dict[UsageKind, Changes]:
    """Returns what grants, requirements, withdrawals and deposits change by coming and ending."""
    changes: dict[UsageKind, Changes] = {}
    for (ref, key), item in items.items():
        kind = KIND_OF_ITEM.get(key.kind)
        if kind is None:
            continue
        of_kind = changes.setdefault(kind, {})
        wallet = before.get(ref)
        known = wallet.items.get(key) if wallet is not None else None
        for each, sign in ((known, -1), (item, 1)):
            if each is not None:
                asset_code = asset_of(each, ref)
                add(of_kind, ref.tenant_id, asset_code, totals_of_item(each), sign)
    return changes


def asset_of(item: Item, ref: WalletRef) -> str:
    """Returns the asset of what an item refers to; that of grants is the wallet's currency."""
    has_asset = isinstance(item, Requirement | Withdrawal | Deposit)
    return item.asset_code if has_asset else ref.currency_code


def totals_of_item(item: Item) -> Totals:
    """Returns the buckets that an item needs, each with the amount that it is about."""
    match item:
        case CouponGrant():
            return totals_of_grant(item)
        case Requirement():
            return totals_of_requirement(item)
        case Withdrawal():
            return totals_of_withdrawal(item)
        case Deposit():
            return totals_of_deposit(item)
        case _:
            return {}


def totals_of_grant(grant: CouponGrant) -> Totals:
    """Returns the destinations of a grant that may still pay, each with what was granted."""
    if not grant.is_live:
        return {}
    targets = {grant.terms.profit_target, grant.terms.stake_target or grant.terms.profit_target}
    return dict.fromkeys(targets, grant.amount)


def totals_of_requirement(requirement: Requirement) -> Totals:
    """Returns the buckets of a requirement that still matters, each with the value it is for.

    One that is over and passes on what open bets return matters too.
    """
    if not requirement.is_live:
        return {}
    target = requirement.terms.release_target or requirement.bucket
    return dict.fromkeys((requirement.bucket, target), requirement.amount)


def totals_of_withdrawal(withdrawal: Withdrawal) -> Totals:
    """Returns what one under way holds of each bucket, and what was given up for it."""
    totals: Totals = {}
    if withdrawal.is_open:
        for line in (*withdrawal.lines, *withdrawal.forfeits):
            totals[line.bucket] = totals.get(line.bucket, 0) + line.amount
    return totals


def totals_of_deposit(deposit: Deposit) -> Totals:
    """Returns the bucket of a deposit that waits for approval, with its amount."""
    return {deposit.bucket: deposit.amount} if deposit.state is DepositState.CREATED else {}


def add(changes: Changes, tenant_id: str, asset_code: str, totals: Totals, sign: int) -> None:
    """Adds one reference to each bucket, with its total, or takes them off."""
    for code, total in totals.items():
        key = (tenant_id, code, asset_code)
        summed = changes.get(key)
        if summed is None:
            summed = changes[key] = [0, 0]
        summed[0] += sign
        summed[1] += sign * total
