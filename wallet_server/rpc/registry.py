"""Puts the guard between generated code and the server, where methods are registered."""

from typing import Any, cast

import grpc
import grpc.aio

from wallet_server.rpc.guard import CallGuard, Method

HOT_METHODS = frozenset(
    {
        "/wallet.v1.WalletCommands/AuthorizeBet",
        "/wallet.v1.WalletCommands/ExecuteBatch",
        "/wallet.v1.WalletCommands/SettleBet",
        "/wallet.v1.WalletQueries/GetWallet",
    }
)
"""The methods that get nearly all calls. grpc waits for calls of each on its own, and so takes
them up sooner; but all that it waits for costs time with every call, so the list is short."""


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
        """Registers the methods of a service; those that are not hot to be looked up by name."""
        hot, others = dict[str, Method](), dict[str, Method]()
        for name, method in methods.items():
            path = f"/{service}/{name}"
            (hot if path in HOT_METHODS else others)[name] = self._guard.wrap(path, method)
        self._server.add_registered_method_handlers(service, hot)
        handler = grpc.method_handlers_generic_handler(service, others)
        self._server.add_generic_rpc_handlers((handler,))
