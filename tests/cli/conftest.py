"""The fixtures of this folder."""

from tests.servers import server

__all__ = ["server"]
