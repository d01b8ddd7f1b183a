"""What is kept of why a command was sent, and by whom."""

import pytest

from wallet_server.core.commands import (
    Actor,
    AdjustBalance,
    Amount,
    ApproveDeposit,
    Command,
    ConfirmLimitIncrease,
    ForfeitBonus,
    RejectWithdrawal,
    SetAccountStatus,
    SetLimit,
)
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.storage.details import details_of

ANN = Actor("ann", ("clerk",))
ANN_SAID = '"actor":{"name":"ann","roles":["clerk"],"player_id":""}'
FIVE = Amount("EUR", 5)
LOSS = LimitKind.LOSS, LimitPeriod.DAY


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        (SetAccountStatus(AccountStatus.FROZEN, "AML", "asked", ANN), f'{{"reason_code":"AML","comment":"asked",{ANN_SAID}}}'),
        (RejectWithdrawal("w1", "FRAUD", actor=ANN), f'{{"reason_code":"FRAUD",{ANN_SAID}}}'),
        (AdjustBalance("cash", FIVE, "GIFT"), '{"reason_code":"GIFT"}'),
        (SetLimit(*LOSS, FIVE, ANN), f"{{{ANN_SAID}}}"),
        (ForfeitBonus("bonus", "PLAYER"), '{"reason_code":"PLAYER"}'),
        (ConfirmLimitIncrease(*LOSS, lapsed=True), None),
        (ApproveDeposit("d1", "cash", FIVE), None),
    ],
)  # fmt: skip
def test_what_was_said_is_kept(command: Command, kept: str | None) -> None:
    assert details_of(command) == kept
