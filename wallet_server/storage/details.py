"""What a command says of why it was sent, by whom and from where: no rule needs it.

Who looks into it does.
"""

from collections.abc import Mapping
from dataclasses import fields

from wallet_server.core.administration.wallet_acts import is_act
from wallet_server.core.commands import COMMANDS, NOBODY, Command
from wallet_server.core.commands.sender import NOWHERE, Sender
from wallet_server.storage.json_text import to_json

TOLD = ("reason_code", "comment", "actor")
UNSAID = ("", NOBODY)

FIELDS_BY_COMMAND: Mapping[type[Command], tuple[str, ...]] = {
    command: told
    for command in COMMANDS
    if (told := tuple(each.name for each in fields(command) if each.name in TOLD))
}
"""The fields of each kind of command that has any. Most commands are of none of these kinds."""


def details_of(command: Command, sender: Sender = NOWHERE) -> str | None:
    """Returns what a command tells, as JSON; none where it tells nothing.

    Acts tell from where they came, and where they do not name an actor, who sent them.
    """
    names = FIELDS_BY_COMMAND.get(type(command), ())
    if not names and sender is NOWHERE:
        return None
    told = {name: said for name in names if (said := getattr(command, name)) not in UNSAID}
    if sender is not NOWHERE and is_act(command):
        if sender.actor != NOBODY:
            told.setdefault("actor", sender.actor)
        told["credential_id"], told["peer"] = sender.credential_id, sender.peer
    return to_json(told) if told else None
