"""grpc.health.v1: whether the server, and each of its services, takes calls."""

from collections.abc import Sequence

import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING

NAME = health.SERVICE_NAME


class Health:
    """The state of the server as a whole, under the empty name, and of each service."""

    def __init__(self, server: grpc.aio.Server, services: Sequence[str]) -> None:
        """Registers itself. Nothing is serving yet."""
        self._services = ("", *services)
        self._servicer = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._servicer, server)

    async def serve(self) -> None:
        """Says that calls are welcome."""
        for service in self._services:
            await self._servicer.set(service, SERVING)

    async def stop(self) -> None:
        """Says, for good, that callers should go elsewhere."""
        await self._servicer.enter_graceful_shutdown()
