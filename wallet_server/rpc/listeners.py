"""Several grpc servers of one process that share a port and look like one.

grpc.aio takes up calls one after another: for each method that is registered by name it
waits for one call, takes it, and only then asks for the next, some turns of the loop later.
Under load that decides how many calls are taken up, and so how many commands share a batch.
Each server waits for itself; the kernel gives each connection to one of them.

They part from callers in three steps (decision 129): they listen no more, they say goodbye once
those who came last have arrived, and they do not wait for whom nothing can be done.
"""

import asyncio
import logging
import socket
import sys
from collections.abc import Sequence

import grpc.aio

from wallet_server.rpc.listening_sockets import ListeningSockets, listening_sockets
from wallet_server.rpc.tls import Tls

logger = logging.getLogger(__name__)

CALL_TASK = "rpc_task"
"""What grpc.aio calls the task of a call that it has given us, until that has ended for it too."""

QUIET_SECONDS = 0.5
"""How long, at the least, there must be no call before connections that do not end are cut off."""


class Listeners:
    """Servers that start, serve and stop together."""

    def __init__(
        self, servers: Sequence[grpc.aio.Server], port: int, sockets: ListeningSockets
    ) -> None:
        """Takes servers that are bound to a port, and what they listen with."""
        self._servers = servers
        self._sockets = sockets
        self.port = port

    async def start(self) -> None:
        """Takes calls from now on."""
        for server in self._servers:
            await server.start()

    def stop_listening(self) -> None:
        """Takes no more connections. Calls over those there are go on."""
        self._sockets.stop_listening()

    async def stop(self, grace_seconds: float, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        """Takes no more calls, and cancels what is not done in time.

        Where no call is left, it does not wait for what only grpc knows of: a call that
        crossed the stop in grpc, which would be given to nobody, and callers that do not
        answer its goodbye.
        """
        ending = asyncio.create_task(self._stop(grace_seconds))
        was_quiet = False
        try:
            while not (await asyncio.wait([ending], timeout=quiet_seconds))[0]:
                is_quiet = not taken_up_count()
                if was_quiet and is_quiet:
                    logger.info("cut off connections that do not end")
                    await self._stop(None)
                was_quiet = is_quiet
            await ending
        finally:
            ending.cancel()

    async def _stop(self, grace_seconds: float | None) -> None:
        await asyncio.gather(*(server.stop(grace_seconds) for server in self._servers))

    async def wait(self) -> None:
        """Waits until all have stopped."""
        await asyncio.gather(*(server.wait_for_termination() for server in self._servers))


def taken_up_count() -> int:
    """Returns how many calls grpc has given to this loop, and not yet got back."""
    return sum(task.get_name() == CALL_TASK for task in asyncio.all_tasks())


def listeners_count_at(address: str, wanted: int) -> int:
    """Returns how many servers may listen at an address: one where ports are not shared out."""
    return wanted if sys.platform == "linux" and not address.startswith("unix:") else 1


def bind_all(
    servers: Sequence[grpc.aio.Server], address: str, tls: Tls | None = None, *, is_exclusive: bool
) -> Listeners:
    """Binds servers to one port. If it is exclusive, nobody else may have it.

    Raises:
        RuntimeError: The address cannot be bound, or is taken.
    """
    if is_exclusive and len(servers) > 1:
        check_free(address)
    others_sockets = listening_sockets()
    first, *others = servers
    port = bind(first, address, tls)
    host = address.rpartition(":")[0]
    for server in others:
        bind(server, f"{host}:{port}", tls)
    own = listening_sockets().items() - others_sockets.items()
    return Listeners(servers, port, ListeningSockets(dict(own)))


def bind(server: grpc.aio.Server, address: str, tls: Tls | None) -> int:
    """Binds a server to an address, in the clear if there is no TLS. Returns the port."""
    if tls is None:
        return server.add_insecure_port(address)
    return server.add_secure_port(address, tls.credentials())


def check_free(address: str) -> None:
    """Makes sure that nobody listens at an address. grpc does not, where ports are shared.

    Raises:
        RuntimeError: Somebody does; or it is no address of this machine.
    """
    host, _, port = address.rpartition(":")
    try:
        places = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
        for family, kind, protocol, _, place in places:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind(place)
    except OSError as error:
        message = f"cannot listen at {address}: {error}"
        raise RuntimeError(message) from error
