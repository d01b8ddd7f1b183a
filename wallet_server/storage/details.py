"""What a command says of why it was sent, and by whom: no rule needs it, who looks into it does."""

from collections.abc import Mapping
from dataclasses import fields

from wallet_server.core.commands import COMMANDS, NOBODY, Command
from wallet_server.storage.json_text import to_json

TOLD = ("reason_code", "comment", "actor")
UNSAID = ("", NOBODY)

FIELDS_BY_COMMAND: Mapping[type[Command], tuple[str, ...]] = {
    command: told
    for command in COMMANDS
    if (told := tuple(each.name for each in fields(command) if each.name in TOLD))
}
"""The fields of each kind of command that has any. Most commands are of none of these kinds."""


def details_of(command: Command) -> str | None:
    """Returns what a command tells, as JSON; none where it tells nothing."""
    names = FIELDS_BY_COMMAND.get(type(command))
    if names is None:
        return None
    told = {name: said for name in names if (said := getattr(command, name)) not in UNSAID}
    return to_json(told) if told else None
