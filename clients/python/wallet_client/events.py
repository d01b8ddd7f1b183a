"""The client's methods that tell what happened: page by page, or as it comes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc
import grpc.aio

from wallet.v1 import wallet_events_pb2 as pb
from wallet.v1.event_pb2 import Event
from wallet.v1.wallet_events_pb2_grpc import WalletEventsStub
from wallet_client.calls import Calls, Token, copy_of
from wallet_client.errors import details_of, error_of
from wallet_client.retry import UNANSWERED, RetryPolicy

SILENCE_SECONDS_MAX = 30.0
"""A server says every few seconds how far it is. One that has not for so long is gone."""


class EventCalls(Calls):
    """Tells what happened in a tenant."""

    def __init__(
        self, channel: grpc.aio.Channel, policy: RetryPolicy, token: Token | None = None
    ) -> None:
        """Uses the channel, and sends the token with every call."""
        super().__init__(channel, policy, token)
        self._events = WalletEventsStub(channel)

    async def list_events(self, request: pb.ListEventsRequest) -> pb.ListEventsResponse:
        """Reads one page of events."""
        return await self._read(self._events.ListEvents, request)

    async def watch_events(
        self, request: pb.WatchEventsRequest, *, patience_seconds: float | None = None
    ) -> AsyncIterator[Event]:
        """Yields events as they come, each once and in order, for as long as anybody asks.

        Remember the `position` of what you have dealt with, and begin after it when you start
        again. All else is as for `watch_pages`.
        """
        async with aclosing(self.watch_pages(request, patience_seconds=patience_seconds)) as pages:
            async for page in pages:
                for event in page.events:
                    yield event

    async def watch_pages(
        self, request: pb.WatchEventsRequest, *, patience_seconds: float | None = None
    ) -> AsyncGenerator[pb.WatchEventsResponse]:
        """Yields events as they come, as many at once as there are, each with how far that is.

        The `position` of a page is where to begin again; it moves on even where no event passes the
        filter, and pages without any come every few seconds. Where the connection is lost, or the
        server ends the stream, it goes on behind the last page, on a new one and with a new token.

        Args:
            request: What to watch, and where to begin.
            patience_seconds: For how long nothing may be heard until it fails; none for ever.

        Raises:
            WalletError: It was refused, such as for events that are kept no more; or nothing was
                heard for too long.
        """
        resuming = Resuming(self._policy, patience_seconds)
        request = copy_of(request)
        while True:
            call = self._events.WatchEvents(request, metadata=self._headers())
            try:
                while page := await next_page(call):
                    resuming.heard()
                    request.after_position = page.position
                    yield page
            except grpc.aio.AioRpcError as failure:
                resuming.check(failure)
                pause_seconds = resuming.pause_seconds(details_of(failure).retry_delay_seconds)
            else:
                pause_seconds = resuming.pause_seconds()
            finally:
                call.cancel()
            await asyncio.sleep(pause_seconds)


class Resuming:
    """Decides whether, and after which pause, a stream that has ended is begun again."""

    def __init__(self, policy: RetryPolicy, patience_seconds: float | None) -> None:
        """Has heard nothing yet. Without a limit it is patient for ever."""
        self._policy = policy
        self._patience_seconds = patience_seconds
        self._now_seconds = asyncio.get_running_loop().time
        self._heard_seconds = self._now_seconds()
        self._attempts_in_vain = 0
        self._has_heard = False

    def heard(self) -> None:
        """Notes that the server has told something."""
        self._heard_seconds = self._now_seconds()
        self._attempts_in_vain = 0
        self._has_heard = True

    def check(self, failure: grpc.aio.AioRpcError) -> None:
        """Makes sure that beginning again may help. A new token helps where one was good before.

        Raises:
            WalletError: It does not help, or nothing was heard for too long.
        """
        code = failure.code()
        has_expired = code is grpc.StatusCode.UNAUTHENTICATED and self._has_heard
        silent_seconds = self._now_seconds() - self._heard_seconds
        is_over = self._patience_seconds is not None and silent_seconds >= self._patience_seconds
        if is_over or (code not in UNANSWERED and not has_expired):
            raise error_of(failure) from failure

    def pause_seconds(self, asked_seconds: float | None = None) -> float:
        """Returns how long to wait: longer each time, until something is heard."""
        seconds = self._policy.pause_seconds(self._attempts_in_vain, asked_seconds)
        self._attempts_in_vain += 1
        self._has_heard = False
        return seconds


async def next_page(call: Any) -> pb.WatchEventsResponse | None:  # noqa: ANN401 - grpc's own type leaves `read` untyped.
    """Returns the next page of a stream; none where the server has ended it.

    Raises:
        AioRpcError: The stream has failed, or nothing was heard for too long.
    """
    try:
        async with asyncio.timeout(SILENCE_SECONDS_MAX):
            page = await call.read()
    except TimeoutError:
        call.cancel()
        raise silence() from None
    return None if page is grpc.aio.EOF else page


def silence() -> grpc.aio.AioRpcError:
    """Returns the failure of a stream on which nothing is heard any more."""
    return grpc.aio.AioRpcError(
        grpc.StatusCode.UNAVAILABLE,
        grpc.aio.Metadata(),
        grpc.aio.Metadata(),
        details="nothing was heard for too long",
    )
