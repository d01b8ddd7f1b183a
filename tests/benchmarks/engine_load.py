"""The engine without gRPC: its callers live in the same process."""

import asyncio
from dataclasses import dataclass

from tests.benchmarks.databases import executor_on
from tests.benchmarks.traffic import CURRENCY, PROVIDER, STAKE, TENANT, Work, play
from wallet_server.core.commands import Amount, AuthorizeBet, Command, SettleBet
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.execution.executor import Executor
from wallet_server.execution.statistics import Statistics
from wallet_server.execution.submission import Submission


@dataclass(frozen=True, slots=True)
class EngineCaller:
    """Submits commands to an executor."""

    executor: Executor

    async def authorize(self, player_id: str, bet_ref: str) -> None:
        """Takes a bet."""
        command = AuthorizeBet(BetKey(PROVIDER, bet_ref), Amount(CURRENCY, STAKE))
        await self._submit(player_id, f"a-{bet_ref}", command)

    async def settle(self, player_id: str, bet_ref: str, payout: int) -> None:
        """Settles a bet."""
        command = SettleBet(BetKey(PROVIDER, bet_ref), 1, Amount(CURRENCY, payout))
        await self._submit(player_id, f"s-{bet_ref}", command)

    async def _submit(self, player_id: str, request_id: str, command: Command) -> None:
        wallet = WalletRef(TENANT, player_id, CURRENCY)
        answered = await self.executor.submit(Submission(wallet, request_id, command))
        assert answered.answer.outcome is Outcome.APPLIED


def run_engine(database_url: str, work: Work) -> tuple[list[float], Statistics]:
    """Lets callers call an engine of their own. Returns what they measured and it counted."""
    return asyncio.run(_run(database_url, work))


async def _run(database_url: str, work: Work) -> tuple[list[float], Statistics]:
    async with executor_on(database_url) as executor:
        caller = EngineCaller(executor)
        each = await asyncio.gather(*(play(caller, work, n) for n in range(work.callers)))
    return [seconds for one in each for seconds in one], executor.statistics
