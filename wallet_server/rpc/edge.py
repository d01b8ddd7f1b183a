"""The gRPC server: our services, health and reflection, with their limits."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import grpc.aio

from wallet.v1 import (
    audit_queries_pb2,
    exports_pb2,
    policy_admin_pb2,
    statement_queries_pb2,
    tenant_admin_pb2,
    topology_admin_pb2,
    wallet_commands_pb2,
    wallet_events_pb2,
    wallet_queries_pb2,
)
from wallet.v1.audit_queries_pb2_grpc import add_AuditQueriesServicer_to_server
from wallet.v1.exports_pb2_grpc import add_ExportsServicer_to_server
from wallet.v1.policy_admin_pb2_grpc import add_PolicyAdminServicer_to_server
from wallet.v1.statement_queries_pb2_grpc import add_StatementQueriesServicer_to_server
from wallet.v1.tenant_admin_pb2_grpc import add_TenantAdminServicer_to_server
from wallet.v1.topology_admin_pb2_grpc import add_TopologyAdminServicer_to_server
from wallet.v1.wallet_commands_pb2_grpc import add_WalletCommandsServicer_to_server
from wallet.v1.wallet_events_pb2_grpc import add_WalletEventsServicer_to_server
from wallet.v1.wallet_queries_pb2_grpc import add_WalletQueriesServicer_to_server
from wallet_server.execution.executor import Executor
from wallet_server.rpc import health, reflection
from wallet_server.rpc.access.authenticator import Authenticator
from wallet_server.rpc.access.gate import Gate, RefusalLog
from wallet_server.rpc.administration import Administration
from wallet_server.rpc.audit_queries import AuditQueries
from wallet_server.rpc.call_statistics import CallStatistics
from wallet_server.rpc.exports import Exports
from wallet_server.rpc.following import CallFollowing
from wallet_server.rpc.guard import CallGuard, CallLimits
from wallet_server.rpc.health import Health
from wallet_server.rpc.identity import Identity
from wallet_server.rpc.listeners import Listeners, bind_all, listeners_count_at
from wallet_server.rpc.policy_admin import PolicyAdmin
from wallet_server.rpc.reads import Reads
from wallet_server.rpc.reflection import Reflection
from wallet_server.rpc.registry import guarded
from wallet_server.rpc.statement_queries import StatementQueries
from wallet_server.rpc.tenant_admin import TenantAdmin
from wallet_server.rpc.tls import Tls
from wallet_server.rpc.topology_admin import TopologyAdmin
from wallet_server.rpc.wallet_commands import WalletCommands
from wallet_server.rpc.wallet_events import WalletEvents
from wallet_server.rpc.wallet_queries import WalletQueries

FILES = (
    wallet_commands_pb2,
    wallet_queries_pb2,
    wallet_events_pb2,
    topology_admin_pb2,
    policy_admin_pb2,
    tenant_admin_pb2,
    audit_queries_pb2,
    statement_queries_pb2,
    exports_pb2,
)

SERVICES = tuple(
    f"{file.DESCRIPTOR.package}.{name}"
    for file in FILES
    for name in file.DESCRIPTOR.services_by_name
)
"""The full names of our own services."""

Registration: TypeAlias = Callable[[grpc.aio.Server], None]
"""Adds a service to a server."""

PING_INTERVAL_MIN_MS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSettings:
    """Where the server listens, and its limits.

    Args:
        address: Host and port; port 0 takes any that is free.
        page_token_secret: Signs page tokens; the same on all servers of a deployment.
        concurrent_calls_max: Calls under way at once. More are answered with `OVERLOADED`.
        request_bytes_max: Larger requests get `RESOURCE_EXHAUSTED` from grpc itself. The
            default holds 500 of the largest commands.
        single_request_bytes_max: Larger requests, but for calls of many commands, get
            `INVALID_REQUEST`.
        concurrent_bytes_max: Of the requests under way at once. What would exceed it is
            answered with `OVERLOADED`.
        connection_age_seconds_max: After it a caller must connect again, so that calls
            spread over servers; none for no limit.
        connection_grace_seconds: What calls under way then have left.
        share_port: Whether other processes may listen on the same port too.
        listeners_count: How many grpc servers of this process take calls, on Linux.
    """

    address: str
    page_token_secret: bytes
    concurrent_calls_max: int = 4_096
    request_bytes_max: int = 4_194_304
    single_request_bytes_max: int = 262_144
    concurrent_bytes_max: int = 268_435_456
    connection_age_seconds_max: float | None = None
    connection_grace_seconds: float = 30
    share_port: bool = False
    listeners_count: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlookers:
    """Who is told of calls: what puts refused acts on record, and whoever traces."""

    refusals: RefusalLog | None = None
    following: CallFollowing | None = None


NO_ONLOOKERS = Onlookers()


class Edge:
    """A gRPC server that is bound to its port."""

    def __init__(self, listeners: Listeners, guard: CallGuard, state: Health) -> None:
        """Takes what `build_server` has put together."""
        self._listeners = listeners
        self._guard = guard
        self._health = state
        self.port = listeners.port

    @property
    def calls_count(self) -> int:
        """How many calls of our own services are under way."""
        return self._guard.call_count

    @property
    def call_statistics(self) -> CallStatistics:
        """What is counted of the calls of our own services."""
        return self._guard.statistics

    async def start(self) -> None:
        """Takes calls from now on."""
        await self._listeners.start()

    async def stop(self, grace_seconds: float, *, arrival_seconds: float = 0) -> None:
        """Tells whoever watches, takes no more calls, and cancels what is not done in time.

        It listens no more from the beginning, and goes on for `arrival_seconds`, but for no
        more than a quarter of its time: who has just connected can then hear its goodbye.
        """
        self._health.announce_stop()
        self._listeners.stop_listening()
        arrival_seconds = min(arrival_seconds, grace_seconds / 4)
        await asyncio.sleep(arrival_seconds)
        await self._listeners.stop(grace_seconds - arrival_seconds)

    async def wait(self) -> None:
        """Waits until it has stopped."""
        await self._listeners.wait()


def build_server(
    *,
    executor: Executor,
    reads: Reads,
    administration: Administration,
    settings: EdgeSettings,
    authenticator: Authenticator,
    tls: Tls | None = None,
    onlookers: Onlookers = NO_ONLOOKERS,
) -> Edge:
    """Puts the server together and binds its port, in the clear if there is no TLS.

    Raises:
        RuntimeError: The address cannot be bound.
    """
    count = listeners_count_at(settings.address, settings.listeners_count)
    share_port = settings.share_port or count > 1
    options = options_of(settings, share_port=share_port)
    servers = [grpc.aio.server(options=options) for _ in range(count)]
    gate = Gate(authenticator, onlookers.refusals)
    guard = CallGuard(limits_of(settings), gate, onlookers.following)
    identity = Identity()
    commands = WalletCommands(executor, identity, gate, guard.statistics.refusals)
    services = [
        partial(add_WalletCommandsServicer_to_server, commands),
        *services_of_reads(reads, settings),
        *services_of_administration(administration, identity, settings.page_token_secret),
    ]
    state = Health(SERVICES)
    shown = Reflection((*SERVICES, health.NAME, reflection.NAME), gate)
    registry = guarded(servers, guard)
    for register in services:
        register(registry)
    for server in servers:
        state.register(server)
        shown.register(server)
    listeners = bind_all(servers, settings.address, tls, is_exclusive=not settings.share_port)
    return Edge(listeners, guard, state)


def services_of_reads(reads: Reads, settings: EdgeSettings) -> list[Registration]:
    """Returns what adds the services that read to a server."""
    secret = settings.page_token_secret
    queries = WalletQueries(reads.wallets, secret)
    events = WalletEvents(
        reads.hub, reads.events, stream_seconds_max=settings.connection_age_seconds_max
    )
    statements = StatementQueries(reads.statements, secret)
    exports = Exports(reads.exports, reads.now)
    return [
        partial(add_WalletQueriesServicer_to_server, queries),
        partial(add_WalletEventsServicer_to_server, events),
        partial(add_StatementQueriesServicer_to_server, statements),
        partial(add_ExportsServicer_to_server, exports),
    ]


def services_of_administration(
    administration: Administration, identity: Identity, secret: bytes
) -> list[Registration]:
    """Returns what adds the services of administrators to a server."""
    topologies = TopologyAdmin(administration, identity, secret)
    policies = PolicyAdmin(administration, identity, secret)
    tenants = TenantAdmin(administration, identity, secret)
    audit = AuditQueries(administration, secret)
    return [
        partial(add_TopologyAdminServicer_to_server, topologies),
        partial(add_PolicyAdminServicer_to_server, policies),
        partial(add_TenantAdminServicer_to_server, tenants),
        partial(add_AuditQueriesServicer_to_server, audit),
    ]


def limits_of(settings: EdgeSettings) -> CallLimits:
    """Returns what the guard lets in."""
    return CallLimits(
        calls_max=settings.concurrent_calls_max,
        bytes_max=settings.concurrent_bytes_max,
        request_bytes_max=settings.single_request_bytes_max,
    )


def options_of(settings: EdgeSettings, *, share_port: bool) -> list[tuple[str, int]]:
    """Returns the settings as grpc calls them.

    grpc shares ports unless it is told not to: a second server on the same port would
    start and take half of the calls.
    """
    options = [
        ("grpc.so_reuseport", int(share_port)),
        ("grpc.max_receive_message_length", settings.request_bytes_max),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", PING_INTERVAL_MIN_MS),
    ]
    if settings.connection_age_seconds_max is not None:
        options += [
            ("grpc.max_connection_age_ms", round(settings.connection_age_seconds_max * 1_000)),
            ("grpc.max_connection_age_grace_ms", round(settings.connection_grace_seconds * 1_000)),
        ]
    return options
