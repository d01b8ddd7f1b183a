"""One batch: load, decide, record.

Nothing here waits for callers or retries: `batch_runner.py` does.
"""

from collections.abc import Sequence
from datetime import datetime

from wallet_server.core.batch import Fold, Result, Task
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.stopwatch import Stopwatch
from wallet_server.execution.timings import Stage
from wallet_server.execution.wanted import Search, wanted_by
from wallet_server.storage.connections import Connection
from wallet_server.storage.lane_connections import LaneConnections
from wallet_server.storage.loading import Loaded, load, load_more
from wallet_server.storage.recording import record
from wallet_server.storage.recording_arguments import terms_to_record
from wallet_server.storage.troubles import FencedError


async def decide_batch(
    loader: Connection,
    cache: ConfigurationCache,
    tasks: Sequence[Task],
    now: datetime,
    stopwatch: Stopwatch,
) -> tuple[list[Result], Fold, Loaded]:
    """Loads what a batch looks at and decides it. Nothing is recorded yet.

    A configuration that is newer than the epoch that was loaded makes recording
    miss, and the batch run again.

    Raises:
        FencedError: Commands of some tenants have to wait. Or what asyncpg raises.
    """
    with stopwatch.stage(Stage.LOAD):
        loaded = await load(loader, wanted_by(tasks))
        search = Search(tasks)
        while wanted := search.next(loaded):
            await load_more(loader, wanted, loaded)
        configurations = await cache.at(loader, loaded.epochs)
    if fenced := [each.tenant_id for each in configurations.values() if each.is_fenced]:
        raise FencedError(fenced)
    with stopwatch.stage(Stage.DECIDE):
        fold = Fold(
            configurations,
            dict(loaded.wallets),
            dict(loaded.answers),
            loaded.players,
            tenants=loaded.epochs.keys(),
        )
        return fold.run(tasks, now), fold, loaded


async def add_terms(connections: LaneConnections, fold: Fold, loaded: Loaded) -> None:
    """Sees to it that the terms of all bets that will be recorded are there."""
    if fold.bets:
        await connections.add_terms(terms_to_record(fold, loaded))


async def record_batch(connections: LaneConnections, fold: Fold, loaded: Loaded) -> None:
    """Records what was decided, unless nothing is to be recorded."""
    if fold.recorded:
        await record(connections.recorder, fold, loaded)
