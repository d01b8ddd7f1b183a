"""What the services that read ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.statements.reader import StatementReader
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.execution.watching.hub import Hub
from wallet_server.exports.export_processes import ExportProcesses


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What answers reads.

    Args:
        wallets: Reads wallets.
        events: Reads events, page by page.
        hub: Tells of events as they come.
        statements: Reads where the house stands, and what days did.
        exports: Makes files.
        now: Says what time it is.
    """

    wallets: WalletReader
    events: EventReader
    hub: Hub
    statements: StatementReader
    exports: ExportProcesses
    now: Callable[[], datetime]
