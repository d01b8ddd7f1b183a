"""Which commands on wallets are administrative acts: those that a person decides on."""

from wallet_server.core.commands import (
    AdjustBalance,
    ApproveWithdrawal,
    Command,
    ConfirmLimitIncrease,
    RejectWithdrawal,
    ReleaseSuspense,
    ReplanAuthorization,
    SetAccountStatus,
    SetLimit,
    WriteOffDebt,
)

ADMINISTRATIVE: frozenset[type[Command]] = frozenset(
    {
        AdjustBalance,
        ApproveWithdrawal,
        ConfirmLimitIncrease,
        RejectWithdrawal,
        ReleaseSuspense,
        ReplanAuthorization,
        SetAccountStatus,
        SetLimit,
        WriteOffDebt,
    }
)
"""The commands of which each is audited, whether it was carried out or refused for ever."""

ALSO_BY_TIME: frozenset[type[Command]] = frozenset({ApproveWithdrawal, ConfirmLimitIncrease})
"""Those of them that time submits too: they are acts where they name an actor."""

ADMINISTRATIVE_NAMES = sorted(each.__name__ for each in ADMINISTRATIVE)
ALSO_BY_TIME_NAMES = sorted(each.__name__ for each in ALSO_BY_TIME)


def is_act(command: Command) -> bool:
    """Tells whether a command is to be audited."""
    if type(command) not in ADMINISTRATIVE:
        return False
    if isinstance(command, ApproveWithdrawal | ConfirmLimitIncrease):
        return command.actor.name != ""
    return True
