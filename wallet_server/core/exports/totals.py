"""What an export comes to, by account: the figures that must equal those of the ledger."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from wallet_server.core.accounts import Account, is_house
from wallet_server.core.statements.accounts import statement_account
from wallet_server.core.statements.totals import LineTotal


class TotalKey(NamedTuple):
    """What is added up: a tenant's account in an asset. Accounts are those of statements."""

    tenant_id: str
    account: Account
    asset_code: str


class Totals:
    """Adds up changes. It keeps as many figures as there are accounts, however many changes."""

    def __init__(self) -> None:
        """Begins with nothing. Kept as in `LineTotal`, in place: millions are added."""
        self._found: dict[TotalKey, list[int]] = {}

    def add(self, tenant_id: str, account: Account, asset_code: str, change: int) -> None:
        """Takes a change of an account of the journal."""
        key = TotalKey(tenant_id, statement_account(account), asset_code)
        found = self._found.setdefault(key, [0, 0, 0])
        found[change > 0] += abs(change)
        found[2] += 1

    def add_total(self, key: TotalKey, total: LineTotal) -> None:
        """Takes changes that were added up already."""
        found = self._found.setdefault(key, [0, 0, 0])
        found[0] += total.debits
        found[1] += total.credits
        found[2] += total.changes_count

    def by_account(self) -> Mapping[TotalKey, LineTotal]:
        """Returns what it comes to, in order."""
        return {key: LineTotal(*self._found[key]) for key in sorted(self._found)}

    def imbalances(self) -> Mapping[tuple[str, str], int]:
        """Returns what changes of a tenant's asset add up to, but zero: whole entries have none."""
        sums: dict[tuple[str, str], int] = {}
        for key, total in self.by_account().items():
            asset = (key.tenant_id, key.asset_code)
            sums[asset] = sums.get(asset, 0) + total.credits - total.debits
        return {asset: found for asset, found in sums.items() if found}


def house_of(totals: Iterable[tuple[TotalKey, LineTotal]]) -> dict[TotalKey, int]:
    """Returns by how much the house's accounts have grown."""
    return {key: each.credits - each.debits for key, each in totals if is_house(key.account)}
