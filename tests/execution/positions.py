"""Positions for events, without a server that would give them."""

from tests.database import Database
from wallet_server.execution.lease import Lease
from wallet_server.execution.sequencing.background import SEQUENCING_LEASE
from wallet_server.execution.sequencing.sequencer import Sequencer
from wallet_server.storage.engine import create_engine

POSITIONED_BATCHES = 120
"""How many of the batches of the story have positions: there are some more, which wait."""


async def give_positions(database: Database, batches_count: int) -> None:
    """Gives positions to the events of the oldest batches, of so many."""
    engine = create_engine(database.server_url)
    lease = Lease(engine, SEQUENCING_LEASE, seconds=60.0)
    sequencer = Sequencer(database.server_url, lease, batches_max=batches_count)
    assert await lease.take()
    await sequencer.take()
    sequencer.close_now()
    await lease.give_up()
    await engine.dispose()
