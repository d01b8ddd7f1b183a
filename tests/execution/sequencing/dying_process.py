"""A process that gives positions, and falls silent before it commits the third time: to be killed.

It prints a line then. Its argument is the database's URL.
"""

import asyncio
import sys

from wallet_server.execution.lease import Lease
from wallet_server.execution.sequencing import sequencer
from wallet_server.execution.sequencing.background import SEQUENCING_LEASE
from wallet_server.storage.connections import Connection
from wallet_server.storage.engine import create_engine
from wallet_server.storage.sequencing import Taken

TAKEN_COUNT = 2
LEASE_SECONDS = 0.2

take_rows, counted = sequencer.take_rows, 0


async def take_two(
    connection: Connection, *, lease_name: str, holder: str, rows_max: int
) -> Taken | None:
    """Takes twice, and never comes to commit the third time."""
    global counted  # noqa: PLW0603 - the process has no other state.
    if counted == TAKEN_COUNT:
        await connection.execute("BEGIN")
    taken = await take_rows(connection, lease_name=lease_name, holder=holder, rows_max=rows_max)
    if counted == TAKEN_COUNT:
        print("silent", flush=True)
        await asyncio.Event().wait()
    counted += int(taken is not None and taken.rows_count > 0)
    return taken


async def main(url: str) -> None:
    """Gives positions until it falls silent."""
    sequencer.take_rows = take_two
    lease = Lease(create_engine(url), SEQUENCING_LEASE, seconds=LEASE_SECONDS)
    made = sequencer.Sequencer(url, lease, batches_max=2)
    while await lease.take():
        await made.take()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
