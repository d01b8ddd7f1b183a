"""Tries policies: any version, against a described bet or against bets that there were."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from wallet_server.core.administration.comparison import Comparison, compare_bet
from wallet_server.core.administration.described_wallet import WalletDescription, describe_wallet
from wallet_server.core.administration.evaluation import Evaluation, evaluate_bet, unplayable
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.topology import Topology
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import PolicyInvalid
from wallet_server.core.value import value
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.wallet_access import WalletAccess
from wallet_server.storage.recent_bets import find_recent_bets, load_wallets_before

PAGES_MAX = 16_384
"""How much of the table of bets is read for one question: 128 MiB where a page has 8 KiB."""

ENTRIES_MAX = 1_000
"""How many entries back a wallet is followed to what it was before a bet."""


@value
class Evaluated:
    """What a version of a policy makes of a bet."""

    version: int
    evaluation: Evaluation


@value
class Compared:
    """What a version would have made of bets that there were, the newest first.

    `forgotten_count` are bets whose wallets have had too many entries since.
    """

    version: int
    comparisons: tuple[Comparison, ...]
    forgotten_count: int


class PolicyEvaluator:
    """Tries versions of policies in the topology that is active. Version zero is the active one.

    Every method may raise `RefusedError`: there is no such tenant, version or active topology, or
    the version is so wrong that it cannot be tried.
    """

    def __init__(
        self, configurations: ConfigurationReader, access: WalletAccess, now: Callable[[], datetime]
    ) -> None:
        """Reads versions from one, and bets from the other. `now` says what time it is."""
        self._configurations = configurations
        self._access = access
        self._now = now
        self._looking = asyncio.Lock()

    async def try_described(
        self,
        tenant_id: str,
        provider_type: str,
        version: int,
        bet: AuthorizeBet,
        description: WalletDescription,
    ) -> Evaluated:
        """Returns what a version makes of a bet from a wallet that somebody describes."""
        number, policy, topology = await self._playable(tenant_id, provider_type, version)
        now = self._now()
        wallet = describe_wallet(tenant_id, description, topology, now)
        if isinstance(wallet, Refusal):
            raise RefusedError(wallet)
        return Evaluated(number, evaluate_bet(bet, wallet, policy, topology, now))

    async def try_recent(
        self, tenant_id: str, provider_type: str, version: int, provider_id: str, limit: int
    ) -> Compared:
        """Returns what a version would have made of the last bets of a provider.

        It may take a connection for seconds, which reads of wallets want too: one at a time does.
        """
        number, policy, topology = await self._playable(tenant_id, provider_type, version)
        async with self._looking, self._access.snapshot() as connection:
            found = await find_recent_bets(
                connection, tenant_id, provider_id, limit=limit, pages_max=PAGES_MAX
            )
            recorded = await load_wallets_before(connection, found, entries_max=ENTRIES_MAX)
        comparisons = tuple(compare_bet(each, policy, topology) for each in recorded)
        return Compared(number, comparisons, len(found) - len(recorded))

    async def _playable(
        self, tenant_id: str, provider_type: str, version: int
    ) -> tuple[int, Policy, Topology]:
        """Returns a version that can be tried, and the topology to try it in."""
        stored = await self._configurations.policy(tenant_id, provider_type, version)
        topology = (await self._configurations.topology(tenant_id, 0)).value
        problems = unplayable(stored.value, topology)
        if problems:
            raise RefusedError(PolicyInvalid(tuple(problems)))
        return stored.version, stored.value, topology
