"""Journals of simulated wallets, put into the tables as the engine would leave them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.simulator import Simulation
from tests.storage.rows import Connection
from wallet_server.core.accounts import Account
from wallet_server.core.answer import PostedEntry
from wallet_server.core.batch import Fold, Task
from wallet_server.core.ids import WalletRef, locate
from wallet_server.core.wallet import Wallet

ENTRY = """
INSERT INTO entries (shard, wallet_id, sequence, ordinal, asset_code, accounts, changes,
    balances_after, entry_time, request_id, command, provider_id, bet_ref, correlation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""

PLAYER = """
INSERT INTO players (shard, tenant_id, player_id, create_time) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""

WALLET = """
INSERT INTO wallets (shard, wallet_id, tenant_id, player_id, currency_code, sequence, create_time,
    update_time, accounts, balances, debt_assets, debts, frozen_buckets)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '{}', '{}', '{}', '{}', '{}')
"""


@dataclass
class RememberingSimulation(Simulation):
    """A simulation that writes down what each wallet held after each of its commands, and when."""

    held: dict[WalletRef, dict[int, dict[Account, int]]] = field(
        default_factory=dict[WalletRef, dict[int, dict[Account, int]]]
    )
    times: dict[WalletRef, dict[int, datetime]] = field(
        default_factory=dict[WalletRef, dict[int, datetime]]
    )

    def run_task(self, task: Task, fold: Fold, now: datetime) -> None:
        super().run_task(task, fold, now)
        wallet = fold.wallets.get(task.wallet)
        if wallet is not None:
            held = {account: balance for account, balance in wallet.balances.items() if balance}
            self.held.setdefault(wallet.ref, {})[wallet.sequence] = held
            self.times.setdefault(wallet.ref, {})[wallet.sequence] = wallet.update_time

    def longest(self) -> Wallet:
        """Returns the wallet with the most commands."""
        return max((each.wallet for each in self.store.records.values()), key=lambda w: w.sequence)

    def journal(self, ref: WalletRef) -> list[PostedEntry]:
        """Returns the entries of a wallet in their order."""
        answers = self.store.records[ref].answers.values()
        entries = [entry for answer in answers for entry in answer.entries]
        return sorted(entries, key=lambda entry: (entry.sequence, entry.ordinal))


async def put_journal(
    connection: Connection, wallet: Wallet, entries: Sequence[PostedEntry]
) -> None:
    """Puts a wallet and its entries into the tables."""
    shard, wallet_id = locate(wallet.ref)
    await connection.execute(
        PLAYER, shard, wallet.ref.tenant_id, wallet.ref.player_id, wallet.create_time
    )
    times = (wallet.create_time, wallet.update_time)
    await connection.execute(WALLET, shard, wallet_id, *wallet.ref, wallet.sequence, *times)
    await connection.executemany(ENTRY, [(shard, wallet_id, *columns_of(each)) for each in entries])


def columns_of(entry: PostedEntry) -> tuple[object, ...]:
    """Returns an entry as a row has it."""
    return (
        *(entry.sequence, entry.ordinal, entry.asset_code),
        [each.account for each in entry.changes],
        [each.change for each in entry.changes],
        [each.balance_after for each in entry.changes],
        *(entry.entry_time, entry.request_id, entry.command),
        *(entry.provider_id or None, entry.bet_ref or None, entry.correlation_id),
    )
