"""What an export comes to, by account: the figures that must equal those of the ledger."""

from collections.abc import Mapping
from typing import NamedTuple

from wallet_server.core.accounts import (
    COUPON_PREFIX,
    HOLD_PREFIX,
    OPEN_PREFIX,
    Account,
    is_house,
)

OPEN_COUPON_PREFIX = OPEN_PREFIX + COUPON_PREFIX

GROUPED_PREFIXES = (COUPON_PREFIX, HOLD_PREFIX, OPEN_COUPON_PREFIX)
"""Of accounts there is one each for every grant and withdrawal, and so no end."""


class TotalKey(NamedTuple):
    """What is added up: a tenant's account in an asset."""

    tenant_id: str
    account: str
    asset_code: str


class Total(NamedTuple):
    """How many changes there were, and what they come to. Neither sum is negative."""

    change_count: int
    debit: int
    credit: int

    @property
    def net(self) -> int:
        """By how much the account has grown."""
        return self.credit - self.debit


NOTHING = Total(0, 0, 0)


def group_of(account: Account) -> str:
    """Returns what an account is added up under: itself, or all of its sort."""
    for prefix in GROUPED_PREFIXES:
        if account.startswith(prefix):
            return f"{prefix}*"
    return account


class Totals:
    """Adds up changes. It keeps as many figures as there are accounts, however many changes."""

    def __init__(self) -> None:
        """Begins with nothing."""
        self._found: dict[TotalKey, list[int]] = {}

    def add(self, tenant_id: str, account: Account, asset_code: str, change: int) -> None:
        """Takes a change of an account."""
        key = TotalKey(tenant_id, group_of(account), asset_code)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = [0, 0, 0]
        found[0] += 1
        if change < 0:
            found[1] -= change
        else:
            found[2] += change

    def add_total(self, key: TotalKey, total: Total) -> None:
        """Takes changes that were added up already."""
        before = self._found.get(key, NOTHING)
        self._found[key] = [each + more for each, more in zip(before, total, strict=True)]

    def by_account(self) -> Mapping[TotalKey, Total]:
        """Returns what it comes to, in order."""
        return {key: Total(*self._found[key]) for key in sorted(self._found)}

    def house(self) -> Mapping[TotalKey, int]:
        """Returns by how much the house's accounts have grown, in order."""
        return {
            key: total.net
            for key, total in self.by_account().items()
            if is_house(Account(key.account))
        }

    def imbalances(self) -> Mapping[tuple[str, str], int]:
        """Returns what changes of a tenant's asset add up to, but zero: whole entries have none."""
        sums: dict[tuple[str, str], int] = {}
        for key, total in self.by_account().items():
            asset = (key.tenant_id, key.asset_code)
            sums[asset] = sums.get(asset, 0) + total.net
        return {asset: found for asset, found in sums.items() if found}
