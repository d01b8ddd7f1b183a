"""grpc.health.v1: whether the server, and each of its services, takes calls.

Written here, as grpc's own never ends a `Watch`: one watcher would hold every stop
up for as long as it may take.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from wallet_server.execution.errors import OverloadedError
from wallet_server.rpc.guard import answer

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
SERVICE_UNKNOWN = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN

NAME = health.SERVICE_NAME

WATCHERS_MAX = 256
"""Who may watch at once by one connection, which is one client's or a proxy's."""


class Health(health_pb2_grpc.HealthServicer):
    """The state of the server as a whole, under the empty name, and of each service.

    They serve from the moment that somebody can ask until the end is announced. Nobody needs
    credentials, so only so many may watch by a connection. Clients watch once by each of theirs,
    however many there are: one that may not takes the server for ill.
    """

    def __init__(self, services: Sequence[str]) -> None:
        """Knows services by their full names."""
        self._services = frozenset(("", *services))
        self._stopping = asyncio.Event()
        self._watchers_counts = Counter[str]()

    def register(self, server: grpc.aio.Server) -> None:
        """Answers calls of a server."""
        health_pb2_grpc.add_HealthServicer_to_server(self, server)

    def announce_stop(self) -> None:
        """Says, for good, that callers should go elsewhere."""
        self._stopping.set()

    async def Check(
        self, request: health_pb2.HealthCheckRequest, context: Any
    ) -> health_pb2.HealthCheckResponse:
        if request.service not in self._services:
            await context.abort(grpc.StatusCode.NOT_FOUND, "there is no such service")
        return self._response_for(request.service)

    async def Watch(
        self, request: health_pb2.HealthCheckRequest, context: Any
    ) -> AsyncIterator[health_pb2.HealthCheckResponse]:
        connection: str = context.peer()
        if self._watchers_counts[connection] >= WATCHERS_MAX:
            await answer(OverloadedError(), NAME, context)
        self._watchers_counts[connection] += 1
        try:
            if not self._stopping.is_set():
                yield self._response_for(request.service)
            await self._stopping.wait()
            yield self._response_for(request.service)
        finally:
            self._watchers_counts[connection] -= 1
            if not self._watchers_counts[connection]:
                del self._watchers_counts[connection]

    def _response_for(self, service: str) -> health_pb2.HealthCheckResponse:
        status = NOT_SERVING if self._stopping.is_set() else SERVING
        known = service in self._services
        return health_pb2.HealthCheckResponse(status=status if known else SERVICE_UNKNOWN)
