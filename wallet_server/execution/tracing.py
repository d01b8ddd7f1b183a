"""What the engine tells of its work to whoever traces it. Where nobody does, nothing is told."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

from wallet_server.storage.connections import LoggedQuery

Mark: TypeAlias = object
"""A call that is traced, as a batch refers to it."""


class Tracing(Protocol):
    """Follows calls through the engine."""

    def mark(self) -> Mark | None:
        """Returns the call that is running; none if it is not traced."""
        ...

    def batch(self, marks: Sequence[Mark | None]) -> AbstractContextManager[None]:
        """Follows a batch for as long as the block lasts, with the calls of its commands."""
        ...

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Follows a part of the work that goes on."""
        ...

    def statement(self, query: LoggedQuery) -> None:
        """Takes note of a statement that is through."""
        ...
