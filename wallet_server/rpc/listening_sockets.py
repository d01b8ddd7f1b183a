"""The sockets that grpc listens with, so that it can be kept from newcomers before it stops.

grpc stops listening and says goodbye at once, and has no way to do one without the other. So
its sockets are found where the system lists what this process has open, which Linux does.
"""

import os
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

OPEN_FILES = Path("/proc/self/fd")

Result = TypeVar("Result")


class ListeningSockets:
    """Sockets of others, by their numbers. Each is asked whether it is still the same."""

    def __init__(self, sockets: dict[int, int]) -> None:
        """Takes the descriptors of sockets by their inodes, which no other socket ever has."""
        self._sockets = sockets

    def stop_listening(self) -> None:
        """Has the system refuse newcomers, or give them to others that listen at the port.

        Who is connected stays so. What is no longer listened with is left alone. In the place of
        each socket comes one that does nothing: grpc takes one that was shut for an error, and
        says so in its log.
        """
        for inode, descriptor in self._sockets.items():
            with suppress(OSError), socket.socket() as nothing:  # It may be closed already.
                if os.fstat(descriptor).st_ino == inode:
                    os.dup2(nothing.fileno(), descriptor, inheritable=False)


def listening_sockets() -> dict[int, int]:
    """Returns the descriptors of the TCP sockets this process listens with, by their inodes.

    None where the system does not list them.
    """
    found: dict[int, int] = {}
    open_files = list(OPEN_FILES.iterdir()) if OPEN_FILES.is_dir() else []
    for descriptor in (int(file.name) for file in open_files):
        with suppress(OSError):  # It has been closed meanwhile.
            status = os.fstat(descriptor)
            if stat.S_ISSOCK(status.st_mode) and of_socket(descriptor, is_listening):
                found[status.st_ino] = descriptor
    return found


def is_listening(each: socket.socket) -> bool:
    """Tells whether newcomers may connect to a socket over TCP."""
    is_tcp = each.family in {socket.AF_INET, socket.AF_INET6} and each.type is socket.SOCK_STREAM
    return is_tcp and each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1


def of_socket(descriptor: int, do: Callable[[socket.socket], Result]) -> Result:
    """Does something with a socket that stays open, and somebody else's."""
    borrowed = socket.socket(fileno=descriptor)
    try:
        return do(borrowed)
    finally:
        borrowed.detach()
