"""How reads get at a wallet: a connection, and the wallet as it is."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.missing import without_configuration
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import TenantNotFound, WalletNotFound
from wallet_server.core.wallet import Wallet
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.errors import RefusedError, SequenceNotReachedError
from wallet_server.execution.faults import faults_told
from wallet_server.storage.connections import Connection
from wallet_server.storage.readers import Readers
from wallet_server.storage.wallets import find_epoch, find_wallet, find_wallet_with_items


class WalletAccess:
    """Lends connections, and finds wallets and what is active for their tenants."""

    def __init__(
        self,
        readers: Readers,
        configurations: ConfigurationCache,
        *,
        primary: "Readers | None" = None,
    ) -> None:
        """Takes the connections of reads.

        Where they are to a replica, which may be behind, `primary` has some to the database itself.
        """
        self._readers = readers
        self._primary = primary
        self._configurations = configurations

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """Lends a connection. Trouble with the database is a fault, not a bug."""
        async with lent_by(self._readers) as connection:
            yield connection

    @asynccontextmanager
    async def primary_connection(self) -> AsyncGenerator[Connection]:
        """Lends a connection to the database itself, where the others may be behind."""
        async with lent_by(self._primary or self._readers) as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Connection]:
        """Lends a connection whose statements all see one moment."""
        async with snapshot_of(self._readers) as connection:
            yield connection

    @asynccontextmanager
    async def snapshot_past(
        self, ref: WalletRef, time: datetime | None
    ) -> AsyncGenerator[Connection]:
        """Lends a connection that sees one moment, when a wallet was past a time if one is given.

        A replica that has a command of a later time has all commands before: those of a wallet
        come one after the other, and their times never fall. One that has none may lack some, so
        the database itself is asked.
        """
        if time is None or self._primary is None:
            async with self.snapshot() as connection:
                yield connection
            return
        async with self.snapshot() as connection:
            wallet = await find_wallet(connection, ref)
            if wallet is not None and wallet.update_time > time:
                yield connection
                return
        async with snapshot_of(self._primary) as connection:
            yield connection

    async def find(self, connection: Connection, ref: WalletRef, minimum_sequence: int) -> Wallet:
        """Returns the wallet, if it has come as far as is asked for.

        It has its balances, and nothing that is kept beside them.
        """
        wallet = await find_wallet(connection, ref)
        return await self._checked(connection, ref, wallet, minimum_sequence)

    async def find_whole(
        self, connection: Connection, ref: WalletRef, minimum_sequence: int
    ) -> Wallet:
        """Returns the wallet with its live items, and grants that have open stake yet."""
        wallet = await find_wallet_with_items(connection, ref)
        return await self._checked(connection, ref, wallet, minimum_sequence)

    async def _checked(
        self, connection: Connection, ref: WalletRef, wallet: Wallet | None, minimum_sequence: int
    ) -> Wallet:
        if wallet is None:
            if minimum_sequence and self._primary is not None:  # A command was answered with it.
                raise SequenceNotReachedError(minimum_sequence, 0)
            if await find_epoch(connection, ref.tenant_id) is None:
                raise RefusedError(TenantNotFound(ref.tenant_id))
            raise RefusedError(WalletNotFound(ref.tenant_id, ref.player_id, ref.currency_code))
        if wallet.sequence < minimum_sequence:
            raise SequenceNotReachedError(minimum_sequence, wallet.sequence)
        return wallet

    async def configuration(self, connection: Connection, tenant_id: str) -> Configuration:
        """Returns what is active for the tenant now."""
        epoch = await find_epoch(connection, tenant_id)
        epochs = {} if epoch is None else {tenant_id: epoch}
        found = await self._configurations.at(connection, epochs)
        if tenant_id not in found:
            raise RefusedError(without_configuration(tenant_id, exists=epoch is not None))
        return found[tenant_id]


@asynccontextmanager
async def lent_by(readers: Readers) -> AsyncGenerator[Connection]:
    """Lends a connection of a pool. Trouble with the database is a fault, not a bug."""
    with faults_told():
        async with readers.acquire() as connection:
            yield connection  # pyright: ignore[reportReturnType] - a pool lends proxies.


@asynccontextmanager
async def snapshot_of(readers: Readers) -> AsyncGenerator[Connection]:
    """Lends a connection of a pool whose statements all see one moment."""
    async with (
        lent_by(readers) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield connection
