"""The engine without gRPC: its callers live in the same process."""

import asyncio
from dataclasses import dataclass

from tests.benchmarks.load.loops import closed_loop
from tests.benchmarks.load.scripts import Bet, bets
from tests.benchmarks.surroundings.seeding import executor_on
from tests.benchmarks.traffic import CURRENCY, PROVIDER, STAKE, TENANT
from tests.benchmarks.work import Samples, Work
from wallet_server.core.commands import Amount, AuthorizeBet, Command, SettleBet
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.execution.executor import Executor
from wallet_server.execution.submission import Submission


@dataclass(frozen=True, slots=True)
class EngineCaller:
    """Submits commands to an executor."""

    executor: Executor

    async def authorize(self, bet: Bet) -> int:
        """Takes a bet."""
        command = AuthorizeBet(BetKey(PROVIDER, bet.bet_ref), Amount(CURRENCY, STAKE))
        return await self._submit(bet.player_id, f"a-{bet.bet_ref}", command)

    async def settle(self, bet: Bet) -> int:
        """Settles a bet."""
        command = SettleBet(BetKey(PROVIDER, bet.bet_ref), 1, Amount(CURRENCY, bet.payout))
        return await self._submit(bet.player_id, f"s-{bet.bet_ref}", command)

    async def _submit(self, player_id: str, request_id: str, command: Command) -> int:
        wallet = WalletRef(TENANT, player_id, CURRENCY)
        answered = await self.executor.submit(Submission(wallet, request_id, command))
        assert answered.answer.outcome is Outcome.APPLIED
        return 1


def run_engine(database_url: str, work: Work) -> tuple[Samples, dict[str, object]]:
    """Lets callers call an engine of their own. Returns what they measured and it counted."""
    return asyncio.run(_run(database_url, work))


async def _run(database_url: str, work: Work) -> tuple[Samples, dict[str, object]]:
    samples = Samples(work.begin, work.end)
    async with executor_on(database_url) as executor, asyncio.TaskGroup() as tasks:
        for number in range(work.callers):
            tasks.create_task(closed_loop(bets(EngineCaller(executor), work, number), samples))
    return samples, executor.statistics.as_document()
