"""An event as it is told: where it stands, whom it is about, and what caused it."""

from datetime import datetime
from functools import lru_cache

from wallet_server.core.events.event import EventType
from wallet_server.core.ids import LOCATIONS_CACHED_MAX, WalletRef, locate
from wallet_server.core.value import value


@value
class ToldEvent:
    """An event with its position among those of its tenant.

    `wallet` is none for an event of the tenant itself. `sequence` numbers the events of the wallet,
    or of the tenant; `wallet_sequence` is the number of the command that caused it, zero for an
    act. `is_first` marks the first event of a command. `document` is its payload, as JSON.
    """

    tenant_id: str
    position: int
    wallet: WalletRef | None
    sequence: int
    wallet_sequence: int
    is_first: bool
    type: EventType
    event_time: datetime
    command: str
    request_id: str
    correlation_id: str
    document: str

    @property
    def event_id(self) -> str:
        """What it is called, however often it is told: no other event ever is."""
        subject_id = self.tenant_id if self.wallet is None else wallet_id_text(self.wallet)
        return f"{subject_id}/{self.sequence}"


@lru_cache(maxsize=LOCATIONS_CACHED_MAX)
def wallet_id_text(wallet: WalletRef) -> str:
    """Returns the id of a wallet as it is written."""
    return str(locate(wallet).wallet_id)
