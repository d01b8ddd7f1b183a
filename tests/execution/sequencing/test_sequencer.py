"""Who gives positions asks little of the database while there is nothing to do."""

import asyncio

from asyncpg.connection import LoggedQuery

from tests.database import Database
from tests.events import Outbox
from wallet_server.core.ids import WalletRef
from wallet_server.execution.lease import Lease
from wallet_server.execution.sequencing.sequencer import Sequencer
from wallet_server.storage.engine import create_engine
from wallet_server.storage.sequencing import IS_WAITING, TAKE, Taken

ANN = WalletRef("demo", "ann", "EUR")


async def test_where_nothing_was_it_is_asked_first_whether_anything_is(database: Database) -> None:
    sent: list[str] = []

    def log(record: LoggedQuery) -> None:
        sent.append(record.query)

    engine = create_engine(database.server_url, connections_max=1)
    lease = Lease(engine, "sequencing", seconds=600)
    assert await lease.take()
    sequencer = Sequencer(database.server_url, lease, batches_max=1, query_log=log)
    outbox = Outbox(await database.connect())

    async def take() -> tuple[int, list[str]]:
        sent.clear()
        taken, _ = await sequencer.take()
        await asyncio.sleep(0)  # The log is told in the loop's next turn.
        return taken.rows_count, [each for each in sent if each in (IS_WAITING, TAKE)]

    assert await take() == (0, [IS_WAITING])
    await outbox.add(ANN)
    await outbox.add(ANN)
    assert await take() == (1, [IS_WAITING, TAKE])
    assert await take() == (1, [TAKE])
    assert await take() == (0, [TAKE])
    assert await take() == (0, [IS_WAITING])
    assert await sequencer.take() == (Taken(rows_count=0, events_count=0), False)
    sequencer.close_now()
    await engine.dispose()
