"""Reads of one wallet. They take no locks and wait for no command."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.bets.bet import Bet
from wallet_server.core.bets.explain import explain_funding
from wallet_server.core.bets.explanation import FundingExplanation
from wallet_server.core.commands import Amount
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.refusals import (
    AnswerNotFound,
    BetNotFound,
    TenantNotFound,
    WalletNotFound,
)
from wallet_server.core.wallet import Wallet
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.errors import (
    RefusedError,
    SequenceNotReachedError,
    StorageUnavailableError,
)
from wallet_server.storage.connections import Connection
from wallet_server.storage.entries import list_entries
from wallet_server.storage.readers import Readers
from wallet_server.storage.troubles import Trouble, trouble_of
from wallet_server.storage.wallets import find_answer, find_bet, find_epoch, find_wallet


@dataclass(frozen=True, slots=True)
class WalletView:
    """A wallet with the configuration to show it by."""

    wallet: Wallet
    configuration: Configuration


class WalletReader:
    """Answers questions about wallets from what is committed."""

    def __init__(
        self, readers: Readers, configurations: ConfigurationCache, now: Callable[[], datetime]
    ) -> None:
        """Takes the connections of reads. `now` says what time it is."""
        self._readers = readers
        self._configurations = configurations
        self._now = now

    async def wallet(self, ref: WalletRef, minimum_sequence: int = 0) -> WalletView:
        """Returns a wallet as it is now."""
        async with self._connection() as connection:
            wallet = await self._find(connection, ref, minimum_sequence)
            return WalletView(wallet, await self._configuration(connection, ref.tenant_id))

    async def bet(self, ref: WalletRef, key: BetKey, minimum_sequence: int = 0) -> Bet:
        """Returns a bet as it is now, tombstones and declined bets included."""
        async with self._connection() as connection:
            await self._find(connection, ref, minimum_sequence)
            bet = await find_bet(connection, ref, key)
        if bet is None:
            raise RefusedError(BetNotFound(key.bet_ref))
        return bet

    async def answer(self, ref: WalletRef, request_id: str) -> Answer:
        """Returns what was recorded under a request id."""
        async with self._connection() as connection:
            await self._find(connection, ref, minimum_sequence=0)
            answer = await find_answer(connection, ref, request_id)
        if answer is None:
            raise RefusedError(AnswerNotFound(request_id))
        return answer

    async def entries(
        self,
        ref: WalletRef,
        *,
        after: tuple[int, int] | None,
        limit: int,
        newest_first: bool,
        minimum_sequence: int = 0,
    ) -> list[PostedEntry]:
        """Returns entries behind a place in the journal, none for its beginning."""
        async with self._connection() as connection:
            await self._find(connection, ref, minimum_sequence)
            return await list_entries(
                connection, ref, after=after, limit=limit, newest_first=newest_first
            )

    async def explain_funding(
        self,
        ref: WalletRef,
        provider_id: str,
        stake: Amount,
        selected_source: str,
        minimum_sequence: int = 0,
    ) -> FundingExplanation:
        """Returns how a bet would be funded now."""
        view = await self.wallet(ref, minimum_sequence)
        return explain_funding(
            view.wallet, provider_id, stake, selected_source, view.configuration, self._now()
        )

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[Connection]:
        """Lends a connection. Trouble with the database is a fault, not a bug."""
        try:
            async with self._readers.acquire() as connection:
                yield connection  # pyright: ignore[reportReturnType] - a pool lends proxies.
        except RefusedError:
            raise
        except Exception as error:
            if trouble_of(error) is Trouble.BROKEN:
                raise
            raise StorageUnavailableError from error

    async def _find(self, connection: Connection, ref: WalletRef, minimum_sequence: int) -> Wallet:
        """Returns the wallet, if it has come as far as is asked for."""
        wallet = await find_wallet(connection, ref)
        if wallet is None:
            if await find_epoch(connection, ref.tenant_id) is None:
                raise RefusedError(TenantNotFound(ref.tenant_id))
            raise RefusedError(WalletNotFound(ref.tenant_id, ref.player_id, ref.currency_code))
        if wallet.sequence < minimum_sequence:
            raise SequenceNotReachedError(minimum_sequence, wallet.sequence)
        return wallet

    async def _configuration(self, connection: Connection, tenant_id: str) -> Configuration:
        """Returns what is active for the tenant now."""
        epoch = await find_epoch(connection, tenant_id)
        epochs = {} if epoch is None else {tenant_id: epoch}
        found = await self._configurations.at(connection, epochs)
        if tenant_id not in found:
            raise RefusedError(TenantNotFound(tenant_id))
        return found[tenant_id]
