"""The books of a wallet, as far as its messages show them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import cast

from google.protobuf.message import Message

from wallet.v1.wallet_pb2 import Entry, Wallet

HOUSE = "H:"
BUCKET = "bkt:"
COUPON = "cpn:"
OPEN = "open:"
HOLD = "hold:"
DEBT = "DEBT:"


def entries_of(response: Message) -> Sequence[Entry]:
    """Returns the entries in a command's response."""
    field = response.DESCRIPTOR.fields_by_name["entries"]
    return cast("Sequence[Entry]", getattr(response, field.name))


def net_changes(entries: Iterable[Entry]) -> dict[str, int]:
    """Returns the net change of each account over entries, without zeros."""
    changes: Counter[str] = Counter()
    for entry in entries:
        for each in entry.changes:
            changes[each.account] += each.change
    return {account: change for account, change in changes.items() if change}


def account_balances(wallet: Wallet) -> dict[str, int]:
    """Returns what each of a wallet's accounts holds, without zeros."""
    balances = {BUCKET + each.code: each.balance.minor_units for each in wallet.buckets}
    balances |= {OPEN + each.code: each.open_stake.minor_units for each in wallet.buckets}
    for each in wallet.coupons:
        balances[COUPON + each.grant_id] = each.remaining.minor_units
        balances[OPEN + COUPON + each.grant_id] = each.open_stake.minor_units
    balances |= {HOLD + each.withdrawal_id: each.amount.minor_units for each in wallet.withdrawals}
    balances |= {DEBT + each.asset_code: -each.minor_units for each in wallet.debts}
    return {account: balance for account, balance in balances.items() if balance}
