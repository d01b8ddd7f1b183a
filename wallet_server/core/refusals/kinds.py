"""The kinds of no. The kind decides what callers are told and what is recorded."""

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(frozen=True)
class Refusal:
    """A no."""

    reason: ClassVar[str]
    message: ClassVar[str]
    recorded: ClassVar[bool] = False

    def details(self) -> dict[str, str | int]:
        """Returns the facts of the refusal by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def describe(self) -> str:
        """Returns what happened, for developers."""
        return self.message.format_map(self.details())


@dataclass(frozen=True)
class Declined(Refusal):
    """The wallet is in no state for the command."""

    recorded: ClassVar[bool] = True


@dataclass(frozen=True)
class Forbidden(Refusal):
    """The player's account may not do this."""

    recorded: ClassVar[bool] = True


@dataclass(frozen=True)
class Invalid(Refusal):
    """The command makes no sense as it is."""


@dataclass(frozen=True)
class NotFound(Refusal):
    """What the command is about is not there, yet."""


@dataclass(frozen=True)
class Conflict(Refusal):
    """A name is in use for something else."""
