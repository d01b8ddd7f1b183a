"""What an export is asked for, and when it cannot be had."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum

from wallet_server.core.ids import WalletRef
from wallet_server.core.value import value


class ExportKind(Enum):
    """What a file is of."""

    ENTRIES = "ENTRIES"
    """The journal, a row for each change of an account."""
    STATEMENT = "STATEMENT"
    """What players had, what came and went, and what they have."""
    FINANCE = "FINANCE"
    """What each account came to, by day and by kind of command."""


class ExportFormat(Enum):
    """How a file is written."""

    CSV = "CSV"
    XLSX = "XLSX"
    PDF = "PDF"


@value
class ExportScope:
    """Whose entries, and which of them. Nothing is for all.

    Args:
        tenant_id: Only those of this tenant.
        wallets: Only those of these wallets.
        start_time: Only those at this time or later.
        end_time: Only those before this time.
        commands: Only those of these kinds of command, by name.
    """

    tenant_id: str | None = None
    wallets: tuple[WalletRef, ...] = ()
    start_time: datetime | None = None
    end_time: datetime | None = None
    commands: frozenset[str] = frozenset()

    def has_command(self, command: str) -> bool:
        """Tells whether entries of this kind of command are asked for."""
        return not self.commands or command in self.commands

    def describe(self) -> Iterator[str]:
        """Yields what it is, a line each."""
        if self.tenant_id is not None:
            yield f"Tenant {self.tenant_id}"
        for ref in self.wallets:
            yield f"Wallet {'/'.join(ref)}"
        yield f"From {describe_time(self.start_time, 'the beginning')}"
        yield f"Until {describe_time(self.end_time, 'now')}"
        if self.commands:
            yield f"Only {', '.join(sorted(self.commands))}"


@value
class ExportRequest:
    """A file that is asked for.

    Args:
        kind: What it is of.
        format: How it is written.
        scope: What it covers.
        locale: The language that amounts are written in, such as `de-DE`; empty for plain
            numbers.
        create_time: When it was asked for.
    """

    kind: ExportKind
    format: ExportFormat
    scope: ExportScope
    locale: str
    create_time: datetime


def describe_time(time: datetime | None, otherwise: str) -> str:
    """Returns a time as people read it, in UTC."""
    return otherwise if time is None else f"{time:%Y-%m-%d %H:%M:%S} UTC"
