"""Which commands are audited."""

import pytest

from tests.core.world import eur
from wallet_server.core.administration.wallet_acts import is_act
from wallet_server.core.commands import (
    AdjustBalance,
    ApproveWithdrawal,
    Command,
    ConfirmLimitIncrease,
    OpenWallet,
    RejectWithdrawal,
    SetAccountStatus,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus

CLERK = Actor("clerk")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (OpenWallet(), False),
        (AdjustBalance("SN", eur(1), "TEST"), True),
        (RejectWithdrawal("w1", "FRAUD", actor=CLERK), True),
        (SetAccountStatus(AccountStatus.FROZEN, "FRAUD"), True),
        (ApproveWithdrawal("w1", actor=CLERK), True),
        (ApproveWithdrawal("w1", automatic=True), False),
        (ConfirmLimitIncrease(LimitKind.STAKE, LimitPeriod.DAY, actor=CLERK), True),
        (ConfirmLimitIncrease(LimitKind.STAKE, LimitPeriod.DAY, lapsed=True), False),
    ],
)
def test_what_a_person_decides_is_an_act_and_what_time_does_is_none(
    command: Command, *, expected: bool
) -> None:
    assert is_act(command) is expected
