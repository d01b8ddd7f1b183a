"""Opens what follows calls, if the settings ask for it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.countdown import Countdown
from wallet_server.execution.tracing import Tracing, TurnTracing
from wallet_server.rpc.following import CallFollowing
from wallet_server.settings import Settings


class ServerTracing(Tracing, TurnTracing, CallFollowing, Protocol):
    """Follows calls through all of a server, and what goes on behind them."""

    def follow_engine(self, engine: AsyncEngine) -> None:
        """Follows the statements of an engine of SQLAlchemy's."""
        ...


@asynccontextmanager
async def open_tracing(settings: Settings, time: Countdown) -> AsyncGenerator[ServerTracing | None]:
    """Provides what follows calls for as long as the block lasts; none if nobody asks for it."""
    if not settings.tracing_endpoint:
        yield None
        return
    # OpenTelemetry and its exporter take memory and time to load: only for those who want them.
    from wallet_server.tracing.calls import CallTracing  # noqa: PLC0415
    from wallet_server.tracing.exporting import open_provider  # noqa: PLC0415

    async with open_provider(settings, time) as provider:
        yield CallTracing(provider.get_tracer("wallet_server"), settings.tracing_ratio)
