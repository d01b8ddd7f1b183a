"""Batches to record, made by hand: what deciding one would have left."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeAlias

from tests.database import Database
from wallet_server.core.answer import Answer
from wallet_server.core.batch import Fold, Recorded, Task
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import AdjustBalance, Amount
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item
from wallet_server.core.players.player import Player
from wallet_server.core.wallet import Wallet
from wallet_server.storage.connections import Connection, open_loader, open_recorder
from wallet_server.storage.loading import Loaded, Wanted, load

Lane: TypeAlias = tuple[Connection, Connection]
"""Loads, and records."""

TENANT = "demo"
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
CORRELATION = "cörrelation"
COMMAND = AdjustBalance("cash", Amount("EUR", 1), "TEST", 'said "no" \\ {}')


def wallet_of(player_id: str, sequence: int = 1, currency_code: str = "EUR") -> Wallet:
    """Returns a wallet with nothing in it."""
    ref = WalletRef(TENANT, player_id, currency_code)
    return Wallet(ref, sequence=sequence, create_time=NOW, update_time=NOW)


def answer_of(request_id: str, sequence: int = 1) -> Answer:
    """Returns an answer with nothing in it."""
    return Answer(request_id, sequence, "OpenWallet", b"\1", NOW, Outcome.APPLIED)


def fold_of(
    wallets: Sequence[Wallet],
    answers: Sequence[tuple[Wallet, Answer]],
    *,
    bets: Sequence[tuple[WalletRef, Bet]] = (),
    items: Sequence[tuple[WalletRef, Item]] = (),
    players: Mapping[str, Player] | None = None,
) -> Fold:
    """Returns a decided batch. `players` are those that it has changed, by id."""
    by_bet: dict[tuple[WalletRef, BetKey], Bet] = {(ref, bet.key): bet for ref, bet in bets}
    return Fold(
        configurations={},
        wallets={wallet.ref: wallet for wallet in wallets},
        answers={},
        recorded=[
            Recorded(Task(wallet.ref, answer.request_id, COMMAND, CORRELATION), answer)
            for wallet, answer in answers
        ],
        bets=by_bet,
        items={(ref, item.key): item for ref, item in items},
        changed_players={(TENANT, name): player for name, player in (players or {}).items()},
    )


def opening_of(*wallets: Wallet, request_id: str = "open") -> Fold:
    """Returns a batch that opens wallets."""
    return fold_of(wallets, [(wallet, answer_of(request_id)) for wallet in wallets])


async def load_wallets(connection: Connection, *wallets: Wallet) -> Loaded:
    """Loads wallets, which need not be open, and their players."""
    refs = [wallet.ref for wallet in wallets]
    return await load(connection, Wanted(refs, players=refs))


@asynccontextmanager
async def lane(database: Database) -> AsyncGenerator[Lane]:
    """Opens connections as a lane has them: one that loads and one that records."""
    loader = await open_loader(database.server_url, statement_timeout_seconds=10)
    recorder = await open_recorder(
        database.server_url, statement_timeout_seconds=10, lock_timeout_seconds=10
    )
    try:
        yield loader, recorder
    finally:
        await loader.close()
        await recorder.close()


async def insert_tenant(database: Database) -> None:
    """Makes the tenant, at epoch 1."""
    connection = await database.connect()
    await connection.execute("INSERT INTO tenants VALUES ($1, 1, $2)", TENANT, NOW)
