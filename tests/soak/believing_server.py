"""A server that believes what calls say of who asks: for commands whose rules care.

`wallet-server serve` believes nobody, and `dev` has a database of its own.
"""

import logging
import os

from wallet_server import event_loop
from wallet_server.logs import configure_logging
from wallet_server.server import open_server
from wallet_server.serving.stop_signals import catch_stop_signals
from wallet_server.settings import Settings

logger = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Serves until the process is told to stop."""
    stop = catch_stop_signals()
    url = os.environ["WALLET_DATABASE_URL"]
    async with open_server(settings, url, believes_metadata=True) as server:
        logger.info("serving", extra={"host": settings.listen_host, "port": server.port})
        await stop.wait()


def main() -> None:
    """Serves on any free port, on the database that the environment names."""
    chosen = Settings(listen_port=0, due_work_interval_seconds=0.2)
    configure_logging(chosen.log_format, chosen.log_level)
    event_loop.run(run(chosen))
