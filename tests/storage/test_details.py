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
    ReleaseSuspense,
    SetAccountStatus,
    SetLimit,
)
from wallet_server.core.commands.sender import NOWHERE, Sender
from wallet_server.core.ids import BetKey
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.storage.details import details_of

ANN = Actor("ann", ("clerk",))
ANN_SAID = '"actor":{"name":"ann","roles":["clerk"],"player_id":""}'
FIVE = Amount("EUR", 5)
WIN = BetKey("acme", "w1")
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


HERE = Sender(ANN, "c7", "ipv4:10.0.0.1:5000")
HERE_SAID = '"credential_id":"c7","peer":"ipv4:10.0.0.1:5000"'


@pytest.mark.parametrize(
    ("command", "sender", "kept"),
    [
        (SetLimit(*LOSS, FIVE, ANN), HERE, f"{{{ANN_SAID},{HERE_SAID}}}"),
        (
            ReleaseSuspense(WIN, credit=True, reason_code="LATE"),
            HERE,
            f'{{"reason_code":"LATE",{ANN_SAID},{HERE_SAID}}}',
        ),
        (ReleaseSuspense(WIN, credit=True, reason_code="LATE"), NOWHERE, '{"reason_code":"LATE"}'),
        (ConfirmLimitIncrease(*LOSS, lapsed=True), HERE, None),
        (ForfeitBonus("bonus", "PLAYER"), HERE, '{"reason_code":"PLAYER"}'),
        (ApproveDeposit("d1", "cash", FIVE), HERE, None),
    ],
)
def test_acts_alone_say_from_where_they_came_and_who_sent_them(
    command: Command, sender: Sender, kept: str | None
) -> None:
    assert details_of(command, sender) == kept
