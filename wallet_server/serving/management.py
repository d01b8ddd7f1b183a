"""The management endpoint: whether the server lives, whether it is ready, how it is doing."""

import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus

from wallet_server.serving.http import Answer, Pages, serve_pages
from wallet_server.serving.state import ServerView
from wallet_server.settings import Settings
from wallet_server.settings_groups.address import address_of
from wallet_server.starting import PortTakenError

logger = logging.getLogger(__name__)

Look = Callable[[], ServerView]


@asynccontextmanager
async def open_management(settings: Settings, look: Look) -> AsyncGenerator[None]:
    """Serves for as long as the block lasts, if the settings name a port.

    Raises:
        PortTakenError: Nothing can listen there.
    """
    host, port = settings.management_host, settings.management_port
    async with AsyncExitStack() as closing:
        if port is not None:
            serving = serve_pages(pages_of(look), host=host, port=port)
            try:
                bound_port = await closing.enter_async_context(serving)
            except OSError as error:
                raise PortTakenError(address_of(host, port)) from error
            logger.info("management", extra={"host": host, "port": bound_port})
        yield


def pages_of(look: Look) -> Pages:
    """Returns the pages, each of how the server is doing when it is asked for."""
    # Loaded where it is wanted: that takes a tenth of a second.
    from wallet_server.serving.exposition import CONTENT_TYPE, write_metrics  # noqa: PLC0415

    return {
        "/livez": lambda: Answer.of(HTTPStatus.OK),
        "/readyz": lambda: readiness(look()),
        "/metrics": lambda: Answer(write_metrics(look()), content_type=CONTENT_TYPE),
    }


def readiness(view: ServerView) -> Answer:
    """Returns every worker, with a status for those who read nothing else."""
    body = json.dumps(view.as_document(), indent=2).encode() + b"\n"
    status = HTTPStatus.OK if view.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return Answer(body, status, "application/json")
