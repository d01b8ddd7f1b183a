"""Puts together what makes blocks of the chain."""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from wallet_server.countdown import Countdown
from wallet_server.execution.lease import Lease
from wallet_server.execution.sealing.background import Sealing
from wallet_server.execution.sealing.keys import ChainKeyError, SigningKey, load_signing_key
from wallet_server.execution.sealing.sealer import Sealer
from wallet_server.settings import Settings
from wallet_server.starting import StartError
from wallet_server.storage.engine import create_engine

logger = logging.getLogger(__name__)

LEASE = "sealing"
STATEMENT_TIMEOUT = "60s"
CONNECTIONS_MAX = 2
"""One for blocks, one for the lease."""


class ChainKeyUnusableError(StartError):
    """The key that is to sign blocks cannot be used."""


@asynccontextmanager
async def open_sealing(
    settings: Settings, database_url: str, now: Callable[[], datetime], time: Countdown
) -> AsyncGenerator[Sealing]:
    """Provides what seals, on connections of its own. It is not started yet.

    At the end of the block it finishes the block that it has begun, or gives it up.

    Raises:
        StartError: The key cannot be used.
    """
    key = read_key(settings.chain_key_file)
    if key is None and settings.sealing_enabled:
        logger.warning("blocks of the chain are not signed: there is no chain_key_file")
    engine = create_engine(
        database_url,
        connections_max=CONNECTIONS_MAX,
        server_settings={"statement_timeout": STATEMENT_TIMEOUT},
    )
    try:
        sealing = Sealing(
            Sealer(engine, key, now, commits_max=settings.sealing_commits_max),
            Lease(engine, LEASE, seconds=settings.sealing_lease_seconds),
            settings.for_sealing(),
            heads_file=settings.chain_heads_file,
        )
        try:
            yield sealing
        finally:
            if not await time.suffices(sealing.finish()):
                logger.warning("gave up a block of the chain; it will be made again")
    finally:
        await engine.dispose()


def read_key(path: Path | None) -> SigningKey | None:
    """Returns the key that signs blocks, if there is to be one.

    Raises:
        StartError: It cannot be used.
    """
    if path is None:
        return None
    try:
        return load_signing_key(path)
    except ChainKeyError as error:
        raise ChainKeyUnusableError(f"chain_key_file: {error}") from error
