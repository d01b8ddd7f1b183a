"""How the edge tells of its calls whoever traces them. Where nobody does, nothing is told."""

from typing import Protocol, TypeAlias

from wallet_server.rpc.context import Metadata

Followed: TypeAlias = object
"""A call that somebody follows."""


class CallFollowing(Protocol):
    """Follows calls through the edge."""

    def begin(self, path: str, metadata: Metadata) -> Followed | None:
        """Begins to follow a call, for as long as its task runs; or leaves it alone."""
        ...

    def end(self, followed: Followed, code: int, reason: str) -> None:
        """Ends a call with gRPC's code, and the reason of an error if it was one."""
        ...
