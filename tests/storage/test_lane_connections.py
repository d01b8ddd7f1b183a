"""What a lane keeps with its connections."""

import asyncio
import json
from uuid import UUID

from tests.database import Database
from tests.storage.batches import Lane
from wallet_server.storage.lane_connections import LaneConnections
from wallet_server.storage.terms import WrittenTerms, add_terms


async def test_two_who_add_terms_do_it_in_one_order(connections: Lane) -> None:
    loader, _ = connections
    sent: list[str] = []
    terms = {
        ("demo", UUID(int=number)): WrittenTerms(UUID(int=number), "{}") for number in (3, 1, 2)
    }

    with loader.query_logger(lambda logged: sent.extend(map(str, logged.args))):
        await add_terms(loader, terms)
        await asyncio.sleep(0)  # What is logged is told a turn later.

    assert [row[1] for row in json.loads(sent[0])] == [str(UUID(int=n)) for n in (1, 2, 3)]


async def test_connections_are_opened_anew_together(database: Database) -> None:
    """One of them alone might lead to another server, with another past."""
    lane_connections = LaneConnections(
        database.server_url, statement_timeout_seconds=10, lock_timeout_seconds=10
    )
    await lane_connections.ensure_open()
    loader, recorder = lane_connections.loader, lane_connections.recorder
    await lane_connections.ensure_open()
    assert (lane_connections.loader, lane_connections.recorder) == (loader, recorder)

    recorder.terminate()
    await lane_connections.ensure_open()

    assert loader.is_closed()
    assert not lane_connections.loader.is_closed()
    assert not lane_connections.recorder.is_closed()
    await lane_connections.close()
