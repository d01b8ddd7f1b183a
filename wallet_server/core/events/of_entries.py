"""The events of entries: what nothing else tells, and what the player owes."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from wallet_server.core.accounts import DEBT_PREFIX, Account, is_debt
from wallet_server.core.answer import PostedEntry
from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.item_payloads import DebtChanged, EntryPosted
from wallet_server.core.ids import BetKey
from wallet_server.core.wallet import Wallet


def posted_events(entries: Sequence[PostedEntry], told: Collection[BetKey]) -> Iterator[Done]:
    """Yields the entries that belong to none of the bets and wins whose events tell of them."""
    for entry in entries:
        if BetKey(entry.provider_id, entry.bet_ref) not in told:
            posted = EntryPosted(
                entry.ordinal, entry.asset_code, entry.provider_id, entry.bet_ref, entry.changes
            )
            yield EventType.ENTRY_POSTED, posted


def debt_events(
    wallet: Wallet, entries: Sequence[PostedEntry], balances: Mapping[Account, int]
) -> Iterator[Done]:
    """Yields by how much the player owes more or less of each asset, all entries together."""
    accounts = {each.account for entry in entries for each in entry.changes}
    for account in sorted(filter(is_debt, accounts)):
        before, after = -wallet.balance(account), -balances.get(account, 0)
        asset_code = account[len(DEBT_PREFIX) :]
        if after > before:
            yield EventType.DEBT_INCURRED, DebtChanged(asset_code, after - before, after)
        elif after < before:
            yield EventType.DEBT_RECOVERED, DebtChanged(asset_code, before - after, after)
