"""Databases full of wallets in seconds: a few wallets with a real history, copied many times.

The history is made by the engine itself.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

from tests.benchmarks.surroundings.databases import Databases
from tests.benchmarks.traffic import CURRENCY, PAYOUTS, PROVIDER, STAKE, TENANT, Funding
from tests.benchmarks.traffic import player_name as name_of
from tests.copied_wallets import copy_wallet, finish_copying
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    SettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.embedded.roles import Role
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.clock import SystemClock
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Submission
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine
from wallet_server.storage.migrating import migrate

BASE = "bench_base"
SHAPE = "ruby"

RICH = "rich"
"""The player with a long history."""

PLENTY = 1_000_000_000

BALANCES: dict[str, dict[str, int]] = {
    Funding.ONE: {"sports_normal": PLENTY},
    Funding.TWO: {"sports_bonus": STAKE * 3 // 10, "sports_normal": PLENTY},
    Funding.THREE: {
        "sports_bonus": STAKE * 3 // 10,
        "sports_normal": STAKE * 4 // 10,
        "withdrawable": PLENTY,
    },
    RICH: {"sports_normal": PLENTY},
}
"""What pays for a bet, in this order: bonus first. A bucket with less than the stake pays all."""


async def prepare_base(databases: Databases, *, rich_bets: int) -> None:
    """Makes the base of all templates: schema, configuration, and wallets to copy.

    One of them has had `rich_bets` bets.
    """
    await databases.postgres.create_database(BASE)
    await migrate(databases.url(BASE, Role.OWNER))
    engine = create_engine(databases.url(BASE))
    await apply_documents(engine, TENANT, load_shape(SHAPE), SystemClock().now())
    await engine.dispose()
    async with executor_on(databases.url(BASE)) as executor:
        await asyncio.gather(*(fund(executor, each) for each in BALANCES))
        for number in range(rich_bets):
            await bet(executor, RICH, f"old-{number}", payout=PAYOUTS[number % 2])


async def fund(executor: Executor, kind: str) -> None:
    """Opens a wallet and fills its buckets."""
    await submit(executor, kind, "open", OpenWallet())
    for bucket, balance in BALANCES[kind].items():
        amount = Amount(CURRENCY, balance)
        command: Command = AdjustBalance(bucket, amount, "BENCH")
        if bucket == "sports_normal":
            command = ApproveDeposit("first", bucket, amount)
        await submit(executor, kind, f"fill-{bucket}", command)


async def bet(executor: Executor, player_id: str, bet_ref: str, *, payout: int) -> None:
    """Has a bet and settles it."""
    key = BetKey(PROVIDER, bet_ref)
    stake, paid = Amount(CURRENCY, STAKE), Amount(CURRENCY, payout)
    await submit(executor, player_id, f"a-{bet_ref}", AuthorizeBet(key, stake))
    await submit(executor, player_id, f"s-{bet_ref}", SettleBet(key, 1, paid))


async def submit(executor: Executor, player_id: str, request_id: str, command: Command) -> None:
    """Submits a command for a player's wallet."""
    wallet = WalletRef(TENANT, player_id, CURRENCY)
    await executor.submit(Submission(wallet, request_id, command))


@asynccontextmanager
async def executor_on(database_url: str) -> AsyncGenerator[Executor]:
    """Runs an engine with the limits that a server has by default."""
    executor = Executor(database_url, ConfigurationCache(), EngineSettings(), SystemClock().now)
    await executor.start()
    try:
        yield executor
    finally:
        await executor.drain()


async def make_template(databases: Databases, kind: str, wallet_count: int) -> str:
    """Makes a template with so many wallets like one of the base. Returns its name."""
    name = f"bench_{kind}"
    await databases.postgres.create_database(name, BASE)
    connect = partial(databases.connect, name)
    players = [name_of(each) for each in range(wallet_count)]
    await copy_wallet(connect, WalletRef(TENANT, kind, CURRENCY), players)
    await finish_copying(connect)
    return name
