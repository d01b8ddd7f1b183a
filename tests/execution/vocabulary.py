"""The words of the tests of the engine: wallets, commands and what is asked of them."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from wallet_server.core.accounts import bucket
from wallet_server.core.answer import Answer
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    AuthorizeBet,
    Command,
    OpenWallet,
    SettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.execution.executor import Executor
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Answered, Submission

T = TypeVar("T")

TENANT = "demo"
CASH = bucket("sports_normal")
WALLET = WalletRef(TENANT, "player", "EUR")

ONE_LANE = EngineSettings(lanes_count=1)


def wallet_of(player_id: str) -> WalletRef:
    """Returns the wallet of a player."""
    return WalletRef(TENANT, player_id, "EUR")


def wallets_of(players_count: int) -> list[WalletRef]:
    """Returns the wallets of so many players."""
    return [wallet_of(f"player-{number}") for number in range(players_count)]


def credit(minor_units: int = 1) -> AdjustBalance:
    """Returns a command that adds to the player's cash, or takes away."""
    return AdjustBalance("sports_normal", Amount("EUR", minor_units), "TEST")


def sports_bet(bet_ref: str) -> BetKey:
    """Returns the name of a bet at the sportsbook."""
    return BetKey("acme-sports", bet_ref)


def authorize(bet_ref: str, stake: int = 10) -> AuthorizeBet:
    """Returns a command that places a bet at the sportsbook."""
    return AuthorizeBet(sports_bet(bet_ref), Amount("EUR", stake))


def settle(bet_ref: str, payout: int, result_version: int = 1) -> SettleBet:
    """Returns a command that settles all of a bet."""
    return SettleBet(sports_bet(bet_ref), result_version, Amount("EUR", payout))


@dataclass(frozen=True)
class Caller:
    """Sends commands to an executor, for one wallet unless another is named."""

    executor: Executor
    wallet: WalletRef = WALLET

    async def send(
        self,
        request_id: str,
        command: Command,
        wallet: WalletRef | None = None,
        *,
        correlation_id: str = "",
        deadline_seconds: float | None = None,
    ) -> Answered:
        """Sends a command and waits for its answer."""
        submission = Submission(
            wallet or self.wallet, request_id, command, correlation_id, deadline_seconds
        )
        return await self.executor.submit(submission)

    def start(
        self,
        request_id: str,
        command: Command,
        wallet: WalletRef | None = None,
        *,
        correlation_id: str = "",
    ) -> "asyncio.Task[Answered]":
        """Sends a command without waiting."""
        return asyncio.create_task(
            self.send(request_id, command, wallet, correlation_id=correlation_id)
        )

    async def open(self, *wallets: WalletRef, balance: int = 0) -> None:
        """Opens wallets and puts money into them."""
        refs = wallets or (self.wallet,)
        await asyncio.gather(*(self.send("open", OpenWallet(), ref) for ref in refs))
        if balance:
            await asyncio.gather(*(self.send("fund", credit(balance), ref) for ref in refs))


async def outcomes(waiting: Sequence[Awaitable[T]]) -> list[T | BaseException]:
    """Waits for all, and returns what each came to: what it returned, or raised."""
    return await asyncio.gather(*waiting, return_exceptions=True)


def cash_after(answer: Answer) -> int | None:
    """Returns the player's cash after the command of an answer."""
    changes = [change for entry in answer.entries for change in entry.changes]
    return next(change.balance_after for change in changes if change.account == CASH)
