"""A process that only gives positions, under a lease that soon ends: to be killed at any moment."""

import asyncio
import os

from wallet_server.execution.lease import Lease
from wallet_server.execution.sequencing.background import SEQUENCING_LEASE, Sequencing
from wallet_server.execution.sequencing.sequencer import Sequencer
from wallet_server.execution.sequencing.settings import SequencingSettings
from wallet_server.storage.engine import create_engine

HASTY = SequencingSettings(
    sequencing_interval_seconds=0.001,
    sequencing_idle_seconds_max=0.004,
    sequencing_batches_max=5,
    sequencing_lease_seconds=0.1,
    sequencing_standby_seconds=0.02,
)


async def run(url: str) -> None:
    """Gives positions for ever."""
    lease = Lease(
        create_engine(url, connections_max=1),
        SEQUENCING_LEASE,
        seconds=HASTY.sequencing_lease_seconds,
    )
    sequencer = Sequencer(url, lease, batches_max=HASTY.sequencing_batches_max)
    Sequencing(sequencer, lease, HASTY).start()
    await asyncio.Event().wait()


def main() -> None:
    """Gives positions on the database that the environment names, until it is killed."""
    asyncio.run(run(os.environ["WALLET_DATABASE_URL"]))
