"""A ledger of many entries, made by the engine, and what it takes to export it."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.execution.vocabulary import Caller
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    OpenWallet,
    PlayRound,
    RoundBet,
    RoundWin,
)
from wallet_server.core.ids import WalletRef
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings

TENANT = "demo"
BETS = WINS = 8
ENTRIES_PER_ROUND = BETS + WINS
STAKE, PAYOUT = 100, 95

MIB = 2**20


def eur(minor_units: int) -> Amount:
    return Amount("EUR", minor_units)


def round_of(number: int) -> PlayRound:
    """Returns a round that makes so many entries."""
    bets = tuple(RoundBet(f"bet-{number}-{i}", eur(STAKE)) for i in range(BETS))
    wins = tuple(RoundWin(f"win-{number}-{i}", eur(PAYOUT)) for i in range(WINS))
    return PlayRound("lucky-slots", f"round-{number}", bets, wins, close=True)


async def fill(database_url: str, *, prefix: str, wallets_count: int, rounds_count: int) -> int:
    """Plays so many rounds in each of some new wallets. Returns how many entries were made."""
    executor = Executor(
        database_url, ConfigurationCache(), EngineSettings(), lambda: datetime.now(UTC)
    )
    await executor.start()

    async def play(number: int) -> None:
        caller = Caller(executor, WalletRef(TENANT, f"{prefix}-{number}", "EUR"))
        await caller.send("open", OpenWallet())
        money = eur(rounds_count * BETS * STAKE)
        await caller.send("money", AdjustBalance("casino_normal", money, "TEST"))
        for each in range(rounds_count):
            await caller.send(f"round-{each}", round_of(each))

    await asyncio.gather(*map(play, range(wallets_count)))
    await executor.drain()
    return wallets_count * (1 + rounds_count * ENTRIES_PER_ROUND)


@dataclass(frozen=True)
class Exported:
    """What a program that made a file said, and the most memory that it had."""

    house: list[str]
    summary: str
    peak_mib: float


def run_export(database_url: str, path: Path, *arguments: str) -> Exported:
    """Makes a file by a program of its own."""
    program = (sys.executable, "-m", "tests.exports.measured_program", "export", *arguments)
    ended = subprocess.run(
        (*program, "-o", str(path)),
        env={**os.environ, "WALLET_DATABASE_URL": database_url},
        capture_output=True,
        check=True,
        text=True,
    )
    summary, _, *house = ended.stdout.splitlines()
    return Exported(house, summary, int(ended.stderr) / MIB)
