"""Keeps a port for processes that listen at it, from before the first to after the last."""

import socket
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from wallet_server.settings_groups.address import address_of
from wallet_server.starting import PortTakenError


@contextmanager
def hold_port(host: str, port: int, *, shared: bool) -> Generator[int]:
    """Binds the port, without listening, for as long as the block lasts. Yields its number.

    Port 0 takes any that is free. Processes of the same user may listen at the port
    meanwhile, if they share it; somebody else's server cannot take it, even while no
    worker listens. A port that others have already is taken, unless it is to be `shared`
    with them.

    Raises:
        PortTakenError: It is taken, or the host is none of this machine.
    """
    with ExitStack() as closing:
        try:
            families = addresses_of(host, port)
            for family, address in families:
                held = closing.enter_context(socket.socket(family))
                port = bind(held, (address, port), shared=shared)
        except OSError as error:
            raise PortTakenError(address_of(host, port)) from error
        yield port


def addresses_of(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    """Returns the addresses of a host that this machine can use, IPv4 first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    addresses = sorted({(family, str(address[0])) for family, _, _, _, address in found})
    return [each for each in addresses if has_address(*each)] or addresses


def has_address(family: socket.AddressFamily, address: str) -> bool:
    """Tells whether an address can be bound here; `localhost` often names one that cannot."""
    try:
        with socket.socket(family) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def bind(held: socket.socket, address: tuple[str, int], *, shared: bool) -> int:
    """Binds a socket and lets others share its port. Returns the port.

    The system asks whether a port is shared when somebody binds it: what is bound
    alone first, and shared from then on, was nobody else's.
    """
    if held.family is socket.AF_INET6:
        held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if shared:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    # Connections of a server before us, which linger for a minute, are no hindrance.
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(address)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return int(held.getsockname()[1])
