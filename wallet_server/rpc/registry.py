"""Puts the guard between generated code and the server, where methods are registered."""

from collections.abc import Sequence
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


def guarded(servers: Sequence[grpc.aio.Server], guard: CallGuard) -> grpc.aio.Server:
    """Returns what generated code may register services with, in place of each of the servers."""
    # Generated code asks for a server, and calls the two methods below.
    return cast("grpc.aio.Server", GuardedRegistry(servers, guard))


class GuardedRegistry:
    """Stands in for servers where generated code registers methods, and guards them once."""

    def __init__(self, servers: Sequence[grpc.aio.Server], guard: CallGuard) -> None:
        """Registers with servers."""
        self._servers = servers
        self._guard = guard

    def add_generic_rpc_handlers(self, handlers: Any) -> None:
        """Drops what is registered a second time, by name."""

    def add_registered_method_handlers(self, service: str, methods: dict[str, Method]) -> None:
        """Registers the methods of a service; those that are not hot to be looked up by name."""
        hot, others = dict[str, Method](), dict[str, Method]()
        for name, method in methods.items():
            path = f"/{service}/{name}"
            (hot if path in HOT_METHODS else others)[name] = self._guard.wrap(path, method)
        handler = grpc.method_handlers_generic_handler(service, others)
        for server in self._servers:
            server.add_registered_method_handlers(service, hot)
            server.add_generic_rpc_handlers((handler,))
