"""What the engine tells of its work to whoever traces it. Where nobody does, nothing is told."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from wallet_server.storage.connections import LoggedQuery, QueryLog

Mark: TypeAlias = object
"""A call that is traced, as a batch refers to it."""


class Tracing(Protocol):
    """Follows calls through the engine."""

    def mark(self) -> Mark | None:
        """Returns the call that is running; none if it is not traced."""
        ...

    def turns(self, marks: Sequence[Mark | None]) -> AbstractContextManager[None]:
        """Follows a batch while it takes turns at its wallets, before it runs."""
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


@dataclass(slots=True)
class Turn:
    """A turn of work that no call waits for. `done` is how many events were dealt with in it."""

    done: int = 0


class TurnTracing(Protocol):
    """Follows the work that goes on behind the path of commands, turn by turn."""

    def turn(self, name: str) -> AbstractContextManager[Turn]:
        """Follows a turn for as long as the block lasts. One in which nothing is done is not told.

        Turns are not nested.
        """
        ...

    def turn_statement(self, query: LoggedQuery) -> None:
        """Takes note of a statement that is through, if it is one of a turn that is followed."""
        ...


def turn_of(tracing: TurnTracing | None, name: str) -> AbstractContextManager[Turn]:
    """Follows a turn, if anybody does."""
    return nullcontext(Turn()) if tracing is None else tracing.turn(name)


def log_of(tracing: TurnTracing | None) -> QueryLog | None:
    """Returns what is to be told of the statements of turns, if anything is."""
    return None if tracing is None else tracing.turn_statement
