"""Events of a test's own: put where the sequencer would, without any command."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.database import Database
from wallet_server.core.events.event import EventType
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.ids import WalletRef, locate
from wallet_server.embedded.roles import Role

TENANT = "demo"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
OPENED, ANSWERED = EventType.WALLET_OPENED, EventType.COMMAND_ANSWERED

COLUMNS = (
    *("tenant_id", "position", "shard", "wallet_id", "player_id", "currency_code", "sequence"),
    *("wallet_sequence", "is_first", "type", "event_time", "position_time", "command"),
    *("request_id", "correlation_id", "document"),
)
HEAD = """
    INSERT INTO event_heads (tenant_id, position, first_position, update_time)
    VALUES ($1, $2, 1, now())
    ON CONFLICT (tenant_id) DO UPDATE SET position = excluded.position
"""


def told(
    position: int,
    player_id: str = "p1",
    event_type: EventType = ANSWERED,
    *,
    currency_code: str = "EUR",
    tenant_id: str = TENANT,
    padding: str = "",
) -> ToldEvent:
    """Returns an event of a player's wallet; without a player, one of the tenant itself."""
    document = {"command": "SettleBet", "outcome": "APPLIED", "reason": padding}
    return ToldEvent(
        tenant_id=tenant_id,
        position=position,
        wallet=WalletRef(tenant_id, player_id, currency_code) if player_id else None,
        sequence=position,
        wallet_sequence=position if player_id else 0,
        is_first=True,
        type=event_type,
        event_time=START + timedelta(seconds=position),
        command="SettleBet",
        request_id=f"r{position}",
        correlation_id="",
        document=json.dumps(document) if event_type is ANSWERED else "{}",
    )


def many(
    positions: Iterable[int],
    players: Sequence[str] = ("p1", "p2", "p3"),
    *,
    tenant_id: str = TENANT,
    padding: str = "",
) -> list[ToldEvent]:
    """Returns events of players in turn."""
    return [
        told(each, players[each % len(players)], tenant_id=tenant_id, padding=padding)
        for each in positions
    ]


@dataclass(frozen=True)
class Teller:
    """Puts events into a database, and takes them away."""

    database: Database

    async def tell(self, events: Sequence[ToldEvent]) -> None:
        """Adds events, at the positions that they have. All of them are one tenant's."""
        connection = await self.database.connect(Role.SERVER)
        async with connection.transaction():
            await connection.copy_records_to_table(
                "events", records=map(row_of, events), columns=COLUMNS
            )
            await connection.execute(HEAD, events[-1].tenant_id, events[-1].position)

    async def remove(self, first_position: int) -> None:
        """Removes what comes before a position, as retention does."""
        connection = await self.database.connect(Role.RETENTION)
        async with connection.transaction():
            await connection.execute(
                "UPDATE event_heads SET first_position = $2 WHERE tenant_id = $1",
                *(TENANT, first_position),
            )
            await connection.execute(
                "DELETE FROM events WHERE tenant_id = $1 AND position < $2", TENANT, first_position
            )

    async def restore(self, position: int) -> None:
        """Goes back to when the tenant's events were at a position."""
        await self.database.tamper("DELETE FROM events WHERE position > $1", position)
        await self.database.tamper("UPDATE event_heads SET position = $1", position)


def row_of(event: ToldEvent) -> tuple[object, ...]:
    """Returns an event as a row."""
    ref = event.wallet
    place = (*locate(ref), ref.player_id, ref.currency_code) if ref else (None,) * 4
    return (
        *(event.tenant_id, event.position, *place, event.sequence, event.wallet_sequence),
        *(event.is_first, event.type.value, event.event_time, event.event_time, event.command),
        *(event.request_id, event.correlation_id, event.document),
    )
