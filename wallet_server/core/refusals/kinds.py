"""The kinds of no. The kind decides what callers are told and what is recorded."""

from dataclasses import fields
from typing import ClassVar

from wallet_server.core.value import value


@value
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


@value
class Declined(Refusal):
    """The wallet is in no state for the command."""

    recorded: ClassVar[bool] = True


@value
class Forbidden(Refusal):
    """The player's account may not do this."""

    recorded: ClassVar[bool] = True


@value
class Invalid(Refusal):
    """The command makes no sense as it is."""


@value
class NotFound(Refusal):
    """What the command is about is not there, yet."""


@value
class Unidentified(Refusal):
    """Who asks must be known, and is not."""


@value
class Conflict(Refusal):
    """A name is in use for something else."""
