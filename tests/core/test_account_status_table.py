"""The table of account status and command in domain.md §2.5, as it stands there.

Every command has its place in one of the table's columns. That a deposit is parked which is approved
while the account is FROZEN is told in `cashier/test_suspended_deposits.py`.
"""

import pytest

from tests.core.world import START
from wallet_server.core.bets.context import NO_CONTEXT
from wallet_server.core.commands import (
    COMMANDS,
    AdjustBalance,
    Amount,
    ApproveDeposit,
    ApproveWithdrawal,
    AuthorizeBet,
    CancelRolling,
    CancelWithdrawal,
    CashOutBet,
    CloseRound,
    Command,
    CompleteRolling,
    ConfirmLimitIncrease,
    ConfirmWithdrawal,
    CreateDeposit,
    CreditPromotion,
    CreditWin,
    DeclineDeposit,
    DrainBucket,
    ExpireCoupons,
    FailWithdrawal,
    ForfeitBonus,
    GrantCoupon,
    OpenWallet,
    PlayRound,
    RejectWithdrawal,
    ReleaseSuspense,
    ReplanAuthorization,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReverseDeposit,
    ReversePromotion,
    RevokeCoupon,
    RollbackRound,
    RollbackTransaction,
    RoundBet,
    RoundWin,
    SetAccountStatus,
    SetLimit,
    SettleBet,
    SubmitWithdrawal,
    TransferFunds,
    UnsettleBet,
    WriteOffDebt,
)
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.players.status_rules import forbids

TABLE = """
    |               | bet | settle, win, rollback | deposit | transfer | promo credit | withdraw |
    | ACTIVE        | yes | yes                   | yes     | yes      | yes          | yes      |
    | BET_BLOCKED   | no  | yes                   | config  | yes      | no           | yes      |
    | SELF_EXCLUDED | no  | yes                   | no      | no       | no           | yes      |
    | FROZEN        | no  | yes                   | no      | no       | no           | no       |
    | CLOSED        | no  | yes                   | no      | no       | no           | yes      |
"""

ONE = Amount("EUR", 1)
BET = BetKey("sports", "b1")

COMMANDS_BY_COLUMN: dict[str, tuple[Command, ...]] = {
    "bet": (
        AuthorizeBet(BET, ONE),
        AuthorizeBet(BET, Amount("EUR", 0), free_round=True),
        PlayRound("slots", "r1", (RoundBet("b1", ONE),), (RoundWin("w1", ONE),)),
    ),
    "settle, win, rollback": (
        SettleBet(BET, 1, ONE),
        UnsettleBet(BET, 2),
        RollbackTransaction(BET),
        CashOutBet(BET, BetKey("sports", "c1"), ONE),
        CreditWin(BetKey("slots", "w1"), ONE),
        CloseRound("slots", "r1"),
        PlayRound("slots", "r1", (), (RoundWin("w1", ONE),), context=NO_CONTEXT),
        RollbackRound("slots", "r1"),
        ReleaseSuspense(BetKey("slots", "w1"), credit=True, reason_code="TEST"),
        # Taking value back, and what time or wagering makes due, is as little ruled out.
        ReversePromotion("p1"),
        RevokeCoupon("c1", "TEST"),
        ExpireCoupons(),
        ForfeitBonus("SB", "TEST"),
        CompleteRolling("r1"),
        CancelRolling("r1"),
        DeclineDeposit("d1"),
        ReverseDeposit("d1", "r1"),
        # What is held for a payout comes to its end, and what was sent back comes in.
        RejectWithdrawal("w1", "TEST"),
        ConfirmWithdrawal("w1"),
        FailWithdrawal("w1"),
        CancelWithdrawal("w1"),
        ReturnWithdrawal("w1"),
        # Operators put things right, and players may always limit themselves.
        AdjustBalance("SN", ONE, "TEST"),
        WriteOffDebt("a1", ONE, "TEST"),
        SetAccountStatus(AccountStatus.ACTIVE, "TEST"),
        SetLimit(LimitKind.DEPOSIT, LimitPeriod.DAY, ONE),
        ConfirmLimitIncrease(LimitKind.DEPOSIT, LimitPeriod.DAY),
        OpenWallet(),
        # So do operators who are about to retire a bucket: no money leaves the wallet.
        ReplanAuthorization(BetKey("sports", "b1"), "SB", "SN", "a1", "TEST"),
        DrainBucket("d1", "SB", "SN"),
    ),
    "deposit": (CreateDeposit("d1", "SN", ONE), ApproveDeposit("d1", "SN", ONE)),
    "transfer": (TransferFunds("SN", "CN", ONE),),
    "promo credit": (
        CreditPromotion("p1", "SB", ONE),
        GrantCoupon("g1", ONE, START, CouponTerms("SN")),
    ),
    "withdraw": (
        RequestWithdrawal("w1", ONE),
        ApproveWithdrawal("w1"),
        ApproveWithdrawal("w1", automatic=True),
        SubmitWithdrawal("w1"),
    ),
}

HEAD, *LINES = [
    [cell.strip() for cell in line.split("|")[1:-1]] for line in TABLE.strip().splitlines()
]

CELLS = [
    (AccountStatus(line[0]), command, allowed)
    for line in LINES
    for column, allowed in zip(HEAD[1:], line[1:], strict=True)
    for command in COMMANDS_BY_COLUMN[column]
]


@pytest.mark.parametrize("deposits", [False, True])
@pytest.mark.parametrize(
    ("status", "command", "allowed"),
    CELLS,
    ids=lambda each: type(each).__name__ if type(each) in COMMANDS else str(each),
)
def test_a_status_rules_out_what_the_table_says(
    status: AccountStatus, command: Command, allowed: str, *, deposits: bool
) -> None:
    refusal = forbids(command, status, WalletPolicy(bet_blocked_deposits=deposits))

    if allowed == "yes" or (allowed == "config" and deposits):
        assert refusal is None
    else:
        assert refusal is not None
        assert refusal.reason == f"ACCOUNT_{status.value}"
        assert refusal.details() == {"command": type(command).__name__}


def test_every_status_is_in_the_table() -> None:
    assert [line[0] for line in LINES] == [status.value for status in AccountStatus]


def test_every_command_has_its_place_in_the_table() -> None:
    placed = {type(each) for commands in COMMANDS_BY_COLUMN.values() for each in commands}

    assert placed == set(COMMANDS)
