"""Several workers at one port: started together, watched, replaced, stopped together.

The supervisor serves nobody, and loads no gRPC. It keeps the port, though it does
not listen; it starts workers and gives each its orders and a lifeline; and it adds up
what they report. A worker that ends is started again for as long as it takes, after
pauses that grow. When the supervisor is gone, however that came, its workers finish
what they have accepted and end.
"""

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from pydantic import SecretStr

from wallet_server.serving.management import open_management
from wallet_server.serving.messages import Orders
from wallet_server.serving.port import hold_port
from wallet_server.serving.slot import Slot
from wallet_server.serving.state import ServerView
from wallet_server.serving.stop_signals import catch_stop_signals_for
from wallet_server.settings import Settings
from wallet_server.starting import StartError, check_database, check_listening

logger = logging.getLogger(__name__)

PAGE_TOKEN_SECRET_BYTES = 32

CONNECTION_AGE_SECONDS_MAX = 60.0
"""Where the settings do not say: callers spread over workers in minutes."""


class WorkerStartError(StartError):
    """A worker could not start. The others were stopped."""


async def run_supervised(settings: Settings, command: Sequence[str]) -> None:
    """Serves by workers, which `command` runs, until the process is told to stop.

    Raises:
        StartError: They cannot start; or OSError, or what asyncpg raises, where the
            database cannot be used.
    """
    check_listening(settings)
    async with AsyncExitStack() as closing:
        host, shared = settings.listen_host, settings.share_port
        port = closing.enter_context(hold_port(host, settings.listen_port, shared=shared))
        supervisor = Supervisor(command, workers_settings(settings, port))
        stop = catch_stop_signals_for(supervisor.kill)
        await closing.enter_async_context(open_management(settings, supervisor.look))
        await check_database(settings.database_url.get_secret_value())
        async with supervisor.running(stop):
            if await supervisor.start(stop):
                extra = {"host": host, "port": port, "workers": settings.workers_count}
                logger.info("serving", extra=extra)
                await supervisor.watch(stop)
            logger.info("stopping", extra={"drain_seconds": settings.drain_seconds})
        logger.info("drained", extra=supervisor.look().total().as_document())


def workers_settings(settings: Settings, port: int) -> Settings:
    """Returns the settings of each worker: what all must have in common is decided here."""
    changes: dict[str, object] = {"listen_port": port, "share_port": True}
    if not settings.page_token_secret.get_secret_value():
        changes["page_token_secret"] = SecretStr(secrets.token_hex(PAGE_TOKEN_SECRET_BYTES))
    if "connection_age_seconds_max" not in settings.model_fields_set:
        changes["connection_age_seconds_max"] = CONNECTION_AGE_SECONDS_MAX
    return settings.model_copy(update=changes)


class Supervisor:
    """The workers of this process."""

    def __init__(self, command: Sequence[str], settings: Settings) -> None:
        """Starts nothing yet. The settings are those of each worker."""
        numbers = range(1, settings.workers_count + 1)
        self._slots = [Slot(command, Orders(number, settings)) for number in numbers]
        self._renewal = asyncio.Event()
        self._is_started = False
        self._is_stopping = False

    @asynccontextmanager
    async def running(self, stop: asyncio.Event) -> AsyncGenerator[None]:
        """Runs the workers for as long as the block lasts, and at its end until they have ended.

        They stop all at once: callers that are sent away would otherwise find the next
        worker, only to be sent away again, and the time for it is that of the slowest.
        A bug in watching one sets `stop`, and is raised at the end.
        """
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._renewal.set)
        tasks = [asyncio.create_task(slot.run()) for slot in self._slots]
        for task in tasks:
            task.add_done_callback(lambda _: stop.set())
        try:
            yield
        finally:
            self._is_stopping = True
            for slot in self._slots:
                slot.stop()
            await asyncio.wait(tasks)
            for task in tasks:
                task.result()

    async def start(self, stop: asyncio.Event) -> bool:
        """Waits until all workers serve. Returns whether they do, as they may be told to stop.

        Raises:
            WorkerStartError: One of them cannot.
        """
        starting = asyncio.create_task(self._wait_for_starts())
        await wait_for_any(starting, asyncio.create_task(stop.wait()))
        if starting.cancelled():
            return False
        if failure := starting.result():
            raise WorkerStartError(failure)
        self._is_started = True
        return True

    async def watch(self, stop: asyncio.Event) -> None:
        """Waits until the server is to stop. SIGHUP meanwhile renews the workers."""
        stopping = asyncio.create_task(stop.wait())
        await wait_for_any(stopping, asyncio.create_task(self._renew()))

    def kill(self) -> None:
        """Ends all workers at once."""
        for slot in self._slots:
            slot.kill()

    def look(self) -> ServerView:
        """Returns how they are doing."""
        workers = [slot.look() for slot in self._slots]
        return ServerView(workers, is_started=self._is_started, is_stopping=self._is_stopping)

    async def _wait_for_starts(self) -> str:
        """Returns when all workers serve: nothing; or why the first that could not does not."""
        for start in asyncio.as_completed([slot.wait_for_start() for slot in self._slots]):
            if failure := await start:
                return failure
        return ""

    async def _renew(self) -> None:
        """Replaces the workers, one after the other, whenever that is asked for."""
        while True:
            await self._renewal.wait()
            self._renewal.clear()
            logger.info("renewing")
            for slot in self._slots:
                if failure := await slot.renew():
                    logger.error("stopped renewing", extra={"reason": failure})
                    break
            else:
                logger.info("renewed")


async def wait_for_any(*tasks: asyncio.Task[Any]) -> None:
    """Waits until one of the tasks is done, and cancels the others. Raises what it raised."""
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    await asyncio.wait(tasks)
    for task in done:
        task.result()
