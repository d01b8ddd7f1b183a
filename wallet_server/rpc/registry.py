"""Puts the guard between generated code and the server, where methods are registered."""

from typing import Any, cast

import grpc.aio

from wallet_server.rpc.guard import CallGuard, Method


def guarded(server: grpc.aio.Server, guard: CallGuard) -> grpc.aio.Server:
    """Returns what generated code may register services with, in place of the server."""
    # Generated code asks for a server, and calls the two methods below.
    return cast("grpc.aio.Server", GuardedRegistry(server, guard))


class GuardedRegistry:
    """Stands in for the server where generated code registers methods, and guards them."""

    def __init__(self, server: grpc.aio.Server, guard: CallGuard) -> None:
        """Registers with a server."""
        self._server = server
        self._guard = guard

    def add_generic_rpc_handlers(self, handlers: Any) -> None:
        """Drops what is registered a second time, by name."""

    def add_registered_method_handlers(self, service: str, methods: dict[str, Method]) -> None:
        """Registers the methods of a service."""
        guarded = {
            name: self._guard.wrap(f"/{service}/{name}", method) for name, method in methods.items()
        }
        self._server.add_registered_method_handlers(service, guarded)
