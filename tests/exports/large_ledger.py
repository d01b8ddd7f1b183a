"""A ledger of many entries, made by the engine and copied."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from tests.copied_wallets import copy_wallet, finish_copying
from tests.database import Connection, Database
from tests.execution.vocabulary import Caller, wallet_of
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    OpenWallet,
    PlayRound,
    RoundBet,
    RoundWin,
)
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings

BETS = WINS = 8
ENTRIES_PER_ROUND = BETS + WINS
STAKE, PAYOUT = 100, 95

PLAYED_MAX = 5
"""Wallets that the engine plays in."""


def eur(minor_units: int) -> Amount:
    return Amount("EUR", minor_units)


def round_of(number: int, payout: int) -> PlayRound:
    """Returns a round that makes so many entries, half of them wins of so much."""
    bets = tuple(RoundBet(f"bet-{number}-{i}", eur(STAKE)) for i in range(BETS))
    wins = tuple(RoundWin(f"win-{number}-{i}", eur(payout)) for i in range(WINS))
    return PlayRound("lucky-slots", f"round-{number}", bets, wins, close=True)


async def fill(database: Database, *, wallets_count: int, rounds_count: int) -> int:
    """Makes new wallets with so many rounds each. Returns how many entries were made.

    The engine plays in the first few; the others are copies of these.
    """
    names = [f"player-{number}" for number in range(wallets_count)]
    played = names[:PLAYED_MAX]
    await play(database.server_url, played, rounds_count)

    @asynccontextmanager
    async def connect() -> AsyncGenerator[Connection]:
        connection = await database.connect_superuser()
        yield connection
        await connection.close()

    for number, player_id in enumerate(played):
        copies = names[PLAYED_MAX + number :: PLAYED_MAX]
        await copy_wallet(connect, wallet_of(player_id), copies)
    await finish_copying(connect)
    return wallets_count * (1 + rounds_count * ENTRIES_PER_ROUND)


async def play(database_url: str, player_ids: Sequence[str], rounds_count: int) -> None:
    """Plays so many rounds for each of some new players, none with the figures of another."""
    executor = Executor(
        database_url, ConfigurationCache(), EngineSettings(), lambda: datetime.now(UTC)
    )
    await executor.start()

    async def play_all(number: int, player_id: str) -> None:
        caller = Caller(executor, wallet_of(player_id))
        await caller.send("open", OpenWallet())
        money = eur(rounds_count * BETS * STAKE)
        await caller.send("money", AdjustBalance("casino_normal", money, "TEST"))
        for each in range(rounds_count):
            await caller.send(f"round-{each}", round_of(each, PAYOUT + number))

    await asyncio.gather(*itertools.starmap(play_all, enumerate(player_ids)))
    await executor.drain()
