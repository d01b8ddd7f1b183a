"""What reports yield: what to write next, and how far they are."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from wallet_server.core.exports.request import ExportScope
from wallet_server.core.exports.table import CellKind, Column, Group, Row, Table
from wallet_server.core.exports.totals import Totals
from wallet_server.core.ids import WalletRef
from wallet_server.storage.exports import load_exponents
from wallet_server.storage.verification import Connection

TENANT = Column("tenant", width_chars=12, is_common=True)
PLAYER = Column("player", width_chars=20, is_common=True)
CURRENCY = Column("currency", width_chars=4, is_common=True)
WALLET_COLUMNS = (TENANT, PLAYER, CURRENCY)

LINE = Column("line", width_chars=7)
TIME = Column("time", CellKind.TIME, width_chars=19)
SEQUENCE = Column("sequence", CellKind.NUMBER, width_chars=8)
COMMAND = Column("command", width_chars=20)
PROVIDER = Column("provider", width_chars=12)
REFERENCE = Column("reference", width_chars=20)
ACCOUNT = Column("account", width_chars=22)
ASSET = Column("asset", width_chars=5)


def money(name: str) -> Column:
    """Returns a column of amounts."""
    return Column(name, CellKind.MONEY, width_chars=15)


class LedgerMismatchError(Exception):
    """What was read does not add up as the ledger says. `wallet-server verify` lists why."""


class TenantMissingError(Exception):
    """There is no tenant as the scope says."""

    def __init__(self, tenant_id: str) -> None:
        """Takes the tenant."""
        super().__init__(f"there is no tenant {tenant_id}")
        self.tenant_id = tenant_id


class WalletMissingError(Exception):
    """There is no wallet of a name that the scope has. `ref` is the first of them."""

    def __init__(self, ref: WalletRef) -> None:
        """Takes the wallet."""
        super().__init__(f"there is no wallet {name(ref)}")
        self.ref = ref


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to write, and how many commands have been read until here."""

    rows: Sequence[Row]
    done_commands: int


Step: TypeAlias = Table | Group | Rows


@dataclass
class Figures:
    """What a report has come to so far."""

    totals: Totals = field(default_factory=Totals)
    entry_count: int = 0


class Report(Protocol):
    """Reads the ledger and says what to write. It counts what it has read in `figures`.

    It says too whether it looks at wallets in which nothing happened since its time begins.
    """

    figures: Figures
    reads_idle_wallets: bool

    def steps(self, source: "Source") -> AsyncGenerator[Step]:
        """Yields what to write. Whoever stops early must close it."""
        ...


class Source:
    """Where a report reads: a connection that nobody else uses, and what is asked for."""

    def __init__(self, connection: Connection, scope: ExportScope) -> None:
        """Takes both."""
        self.connection = connection
        self.scope = scope
        self._exponents: dict[str, Mapping[str, int]] = {}

    async def exponents(self, tenant_id: str) -> Mapping[str, int]:
        """Returns the decimals of a tenant's assets."""
        found = self._exponents.get(tenant_id)
        if found is None:
            found = self._exponents[tenant_id] = await load_exponents(self.connection, tenant_id)
        return found


def name(ref: WalletRef) -> str:
    """Returns what a wallet is called."""
    return "/".join(ref)
