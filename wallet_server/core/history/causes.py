"""Why an account changed, as far as an entry tells."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from wallet_server.core.accounts import OPEN_PREFIX, is_house
from wallet_server.core.answer import PostedEntry


class BalanceCause(StrEnum):
    """Why an account changed. The contract says what each means."""

    DEPOSIT = "DEPOSIT"
    DEPOSIT_REVERSAL = "DEPOSIT_REVERSAL"
    STAKE = "STAKE"
    RESULT = "RESULT"
    REFUND = "REFUND"
    CORRECTION = "CORRECTION"
    CASH_OUT = "CASH_OUT"
    WIN = "WIN"
    ROLLBACK = "ROLLBACK"
    TRANSFER = "TRANSFER"
    PROMOTION = "PROMOTION"
    COUPON = "COUPON"
    ROLLING = "ROLLING"
    FORFEITURE = "FORFEITURE"
    WITHDRAWAL = "WITHDRAWAL"
    ADJUSTMENT = "ADJUSTMENT"
    DRAIN = "DRAIN"
    CONSEQUENCE = "CONSEQUENCE"


class EntryKind(NamedTuple):
    """What tells of an entry why it was made.

    `command` is the kind of command. `stake` is the sign of what it changed of open stake, `house`
    the sign of what the house got.
    """

    command: str
    of_bet: bool
    stake: int
    house: int


CAUSE_OF_BETS: Mapping[str, BalanceCause] = {
    "AuthorizeBet": BalanceCause.STAKE,
    "UnsettleBet": BalanceCause.CORRECTION,
    "CashOutBet": BalanceCause.CASH_OUT,
    "CreditWin": BalanceCause.WIN,
    "ReleaseSuspense": BalanceCause.WIN,
    "CloseRound": BalanceCause.RESULT,
    "RollbackTransaction": BalanceCause.ROLLBACK,
    "RollbackRound": BalanceCause.ROLLBACK,
}
"""The causes of entries that belong to a bet or a win, where the command alone tells."""

CAUSE_OF_OTHERS: Mapping[str, BalanceCause] = {
    "CreateDeposit": BalanceCause.DEPOSIT,
    "ApproveDeposit": BalanceCause.DEPOSIT,
    "DeclineDeposit": BalanceCause.DEPOSIT_REVERSAL,
    "ReverseDeposit": BalanceCause.DEPOSIT_REVERSAL,
    "TransferFunds": BalanceCause.TRANSFER,
    "CreditPromotion": BalanceCause.PROMOTION,
    "ReversePromotion": BalanceCause.PROMOTION,
    "GrantCoupon": BalanceCause.COUPON,
    "RevokeCoupon": BalanceCause.COUPON,
    "ExpireCoupons": BalanceCause.COUPON,
    "CompleteRolling": BalanceCause.ROLLING,
    "CancelRolling": BalanceCause.ROLLING,
    "ForfeitBonus": BalanceCause.FORFEITURE,
    "RequestWithdrawal": BalanceCause.WITHDRAWAL,
    "ApproveWithdrawal": BalanceCause.WITHDRAWAL,
    "RejectWithdrawal": BalanceCause.WITHDRAWAL,
    "SubmitWithdrawal": BalanceCause.WITHDRAWAL,
    "ConfirmWithdrawal": BalanceCause.WITHDRAWAL,
    "FailWithdrawal": BalanceCause.WITHDRAWAL,
    "CancelWithdrawal": BalanceCause.WITHDRAWAL,
    "ReturnWithdrawal": BalanceCause.WITHDRAWAL,
    "AdjustBalance": BalanceCause.ADJUSTMENT,
    "WriteOffDebt": BalanceCause.ADJUSTMENT,
    "DrainBucket": BalanceCause.DRAIN,
}
"""The causes of entries that belong to no bet. Those of commands on bets are consequences."""


def cause_of(kind: EntryKind) -> BalanceCause:
    """Returns why entries of a kind change accounts."""
    if not kind.of_bet:
        return CAUSE_OF_OTHERS.get(kind.command, BalanceCause.CONSEQUENCE)
    match kind.command:
        case "SettleBet":
            return cause_of_result(kind)
        case (
            "PlayRound"
        ):  # Its bets and wins have entries of their own; what is lost is the house's.
            return BalanceCause.WIN if kind.house < 0 else BalanceCause.STAKE
        case command:
            return CAUSE_OF_BETS.get(command, BalanceCause.CONSEQUENCE)


def cause_of_result(kind: EntryKind) -> BalanceCause:
    """Returns why entries of results change accounts: a first result closes open stake."""
    if kind.stake >= 0:
        return BalanceCause.CORRECTION
    return BalanceCause.RESULT if kind.house else BalanceCause.REFUND


def kind_of(entry: PostedEntry) -> EntryKind:
    """Returns what tells of an entry why it was made."""
    stake = (each.change for each in entry.changes if each.account.startswith(OPEN_PREFIX))
    house = (each.change for each in entry.changes if is_house(each.account))
    return EntryKind(entry.command, bool(entry.provider_id), sign_of(stake), sign_of(house))


def sign_of(changes: Iterable[int]) -> int:
    """Returns 1, 0 or -1, as changes add up to more than zero, to zero, or to less."""
    total = sum(changes)
    return (total > 0) - (total < 0)
