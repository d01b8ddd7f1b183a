"""What is kept of commands with their answers, because it stands nowhere else."""

from wallet_server.core.commands import (
    AdjustBalance,
    Command,
    ConfirmLimitIncrease,
    RejectWithdrawal,
    SetAccountStatus,
    SetLimit,
    WriteOffDebt,
)
from wallet_server.core.commands.actor import NOBODY
from wallet_server.storage.json_text import to_json

EXPLAINED: frozenset[type[Command]] = frozenset(
    {
        *(AdjustBalance, WriteOffDebt, RejectWithdrawal),
        *(SetAccountStatus, SetLimit, ConfirmLimitIncrease),
    }
)
"""The commands of persons whose reasons and names nothing else keeps."""


def details_of(command: Command) -> str | None:
    """Returns why a command was sent, and by whom, if it says so and that is kept; as JSON."""
    if type(command) not in EXPLAINED:
        return None
    named = ("reason_code", "comment")
    said = {name: text for name in named if (text := getattr(command, name, ""))}
    if actor := getattr(command, "actor", NOBODY).name:
        said["actor"] = actor
    return to_json(said) if said else None
