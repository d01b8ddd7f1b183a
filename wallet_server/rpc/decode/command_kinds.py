"""Kinds of commands, as reads name them: by the names of their methods."""

from collections.abc import Sequence

from wallet_server.core.commands import COMMANDS
from wallet_server.rpc.validation import FieldViolation, InvalidRequestError

NAMES = frozenset(command.__name__ for command in COMMANDS)


def command_kinds(names: Sequence[str]) -> tuple[str, ...]:
    """Decodes kinds of commands.

    Raises:
        InvalidRequestError: One of the names is that of no command: nothing would ever be found.
    """
    unknown = [
        FieldViolation(f"command_kinds[{place}]", "is the name of no command", "STRING_IN")
        for place, name in enumerate(names)
        if name not in NAMES
    ]
    if unknown:
        raise InvalidRequestError(unknown)
    return tuple(names)
