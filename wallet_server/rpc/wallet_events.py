"""What happened, told as it comes, or page by page."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing

from wallet.v1 import wallet_events_pb2 as pb
from wallet.v1.wallet_events_pb2_grpc import WalletEventsServicer
from wallet_server.execution.event_reader import EventReader
from wallet_server.execution.watching.hub import Hub
from wallet_server.execution.watching.watch import Watch
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode.events import event_filter, start_of
from wallet_server.rpc.encode.event_streams import list_response, watch_response

PAGE_SIZE_DEFAULT = 100
PAGE_SIZE_MAX = 1_000

AGE_JITTER = 0.1
"""By how much of it streams end sooner than they may, so that not all come back at once."""


class WalletEvents(WalletEventsServicer):
    """Tells what happened."""

    def __init__(
        self, hub: Hub, reader: EventReader, *, stream_seconds_max: float | None = None
    ) -> None:
        """Asks a hub for streams, and a reader for pages. Streams end after so long, if at all."""
        self._hub = hub
        self._reader = reader
        self._stream_seconds_max = stream_seconds_max

    async def WatchEvents(  # pyright: ignore[reportIncompatibleMethodOverride] - the guard sends bytes as they are.
        self, request: pb.WatchEventsRequest, context: Context
    ) -> AsyncGenerator[bytes]:
        watch = Watch(self._hub, request.tenant_id, event_filter(request))
        telling = watch.told(start_of(request), until_seconds=self._end_seconds())
        async with aclosing(telling) as all_told:
            async for told in all_told:
                yield watch_response(told.events, told.position)

    async def ListEvents(
        self, request: pb.ListEventsRequest, context: Context
    ) -> pb.ListEventsResponse:
        page = await self._reader.page(
            request.tenant_id,
            after=request.after_position,
            limit=min(request.page_size or PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX),
            wanted=event_filter(request),
        )
        return list_response(page)

    def _end_seconds(self) -> float | None:
        """Returns when a stream that begins now is to end, on the running loop's clock."""
        if self._stream_seconds_max is None:
            return None
        seconds = self._stream_seconds_max * random.uniform(1 - AGE_JITTER, 1)  # noqa: S311
        return asyncio.get_running_loop().time() + seconds
