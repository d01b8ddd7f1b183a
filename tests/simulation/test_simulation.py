"""Random commands in random batches, with the rules changing under them."""

from collections import Counter

import pytest

from tests.simulation.simulator import Simulation
from wallet_server.core.commands import COMMANDS
from wallet_server.core.events.event import EventType

SEEDS = range(8)
STEPS = 1_200
SEEDS_WITH_EVERYTHING = range(16)
"""Everything worth a simulation happens in the first so many seeds, and mostly in fewer."""

NOT_HERE = frozenset(
    {
        *(EventType.TOPOLOGY_ACTIVATED, EventType.POLICY_ACTIVATED),
        *(EventType.BUCKET_STATUS_CHANGED, EventType.BUCKET_RETIRED),
        *(EventType.ROLLING_REOPENED, EventType.ROLLING_SHORTFALL_AFTER_RELEASE),
        EventType.WITHDRAWAL_CHANGED,
    }
)
"""The events of tenants, and those that only long runs have: tests/core/events tells of them."""

SOAK_SEEDS = range(100, 120)
SOAK_STEPS = 10_000

MUST_HAPPEN = """
    OpenWallet APPLIED, OpenWallet ALREADY_APPLIED,
    ApproveDeposit APPLIED, ApproveDeposit Replay, ApproveDeposit TRANSACTION_PAYLOAD_MISMATCH,
    ApproveDeposit BUCKET_NOT_DEPOSITABLE, ApproveDeposit BUCKET_UNKNOWN_IN_TOPOLOGY,
    AdjustBalance APPLIED, AdjustBalance INSUFFICIENT_FUNDS,
    AuthorizeBet APPLIED, AuthorizeBet INSUFFICIENT_FUNDS, AuthorizeBet Replay, AuthorizeBet Repeated,
    AuthorizeBet REQUEST_ID_REUSED, AuthorizeBet TRANSACTION_PAYLOAD_MISMATCH, AuthorizeBet WALLET_NOT_FOUND,
    SettleBet APPLIED, SettleBet STALE_VERSION, SettleBet RESULT_VERSION_CONFLICT, SettleBet BET_ROLLED_BACK,
    SettleBet ILLEGAL_TRANSITION, SettleBet PORTION_TOO_LARGE, SettleBet PAYOUT_WITHOUT_STAKE,
    SettleBet ALREADY_APPLIED, BET_SETTLED is UNVERIFIED, BET_UNSETTLED is UNVERIFIED,
    UnsettleBet APPLIED, UnsettleBet STALE_VERSION, UnsettleBet ILLEGAL_TRANSITION, UnsettleBet PORTION_NOT_FOUND,
    RollbackTransaction APPLIED, RollbackTransaction TOMBSTONED, RollbackTransaction ALREADY_ROLLED_BACK,
    SettleBet incurs debt, SettleBet repays debt, SettleBet CORRECTION_SHORTFALL,
    RollbackTransaction PARENT_DECLINED, RollbackTransaction AMOUNT_MISMATCH,
    AuthorizeBet COUPON_NOT_ELIGIBLE, AuthorizeBet ROUND_CLOSED, AuthorizeBet ROUND_CANCELLED,
    CashOutBet APPLIED, CashOutBet PORTION_TOO_LARGE, CashOutBet CASHOUT_NOT_ALLOWED_FOR_COUPON,
    CreditWin APPLIED, CreditWin REVIEW, CreditWin BET_NOT_FOUND, CreditWin WIN_DESTINATION_MISSING,
    CloseRound APPLIED, CloseRound ALREADY_APPLIED, CloseRound ROUND_NOT_FOUND,
    PlayRound APPLIED, PlayRound INSUFFICIENT_FUNDS, PlayRound ROUND_CLOSED,
    RollbackRound APPLIED, RollbackRound TOMBSTONED, ReleaseSuspense APPLIED, ReleaseSuspense WIN_NOT_SUSPENDED,
    GrantCoupon APPLIED, GrantCoupon COUPON_TERMS_INVALID, RevokeCoupon APPLIED, ExpireCoupons APPLIED,
    CouponGrant is ISSUED, CouponGrant is EXHAUSTED, CouponGrant is FORFEITED,
    CreditPromotion APPLIED, CreditPromotion JURISDICTION_WAGERING_CAP, CreditPromotion JURISDICTION_MIXED_PRODUCT,
    ReversePromotion APPLIED, ReversePromotion TOMBSTONED, ReversePromotion incurs debt,
    ForfeitBonus APPLIED, ForfeitBonus BUCKET_NOT_FORFEITABLE,
    TransferFunds APPLIED, TransferFunds ROLLING_OPEN, TransferFunds TRANSFER_CAP, TransferFunds AMOUNT_NOT_MULTIPLE,
    CompleteRolling APPLIED, CompleteRolling ROLLING_NOT_FULFILLED, CompleteRolling ROLLING_VERSION_STALE,
    CancelRolling APPLIED, Requirement is EXPIRED, Requirement is RELEASED, Requirement is TRANSFERRED,
    CreateDeposit APPLIED, CreateDeposit Replay, CreateDeposit TRANSACTION_PAYLOAD_MISMATCH,
    CreateDeposit DEPOSIT_LIMIT, ApproveDeposit DEPOSIT_LIMIT, ApproveDeposit REVIEW, ApproveDeposit PAYOUT_NOT_RECYCLABLE,
    ApproveDeposit ACCOUNT_SELF_EXCLUDED, DeclineDeposit APPLIED, ReverseDeposit APPLIED, ReverseDeposit Replay,
    ReverseDeposit AMOUNT_EXCEEDS_DEPOSIT, ReverseDeposit incurs debt,
    Deposit is EXPIRED, Deposit is PARTIALLY_REVERSED, Deposit is CHARGED_BACK, Deposit is REVERSED,
    AdjustBalance APPROVAL_REQUIRED, AdjustBalance SELF_APPROVAL, AdjustBalance ACTOR_REQUIRED, AdjustBalance Replay,
    WriteOffDebt APPLIED, WriteOffDebt AMOUNT_EXCEEDS_DEBT,
    RequestWithdrawal APPLIED, RequestWithdrawal INSUFFICIENT_WITHDRAWABLE, RequestWithdrawal ROLLING_OPEN,
    RequestWithdrawal BONUS_FORFEITURE_REQUIRED, RequestWithdrawal PENDING_WITHDRAWAL_LIMIT,
    RequestWithdrawal ACCOUNT_FROZEN, ApproveWithdrawal APPLIED, ApproveWithdrawal APPROVER_ALREADY_DECIDED,
    ApproveWithdrawal ROLE_REQUIRED, ApproveWithdrawal SELF_APPROVAL, CancelWithdrawal APPLIED,
    CancelWithdrawal REVERSE_WITHDRAWAL_FORBIDDEN, RejectWithdrawal APPLIED, ConfirmWithdrawal AMOUNT_MISMATCH,
    Withdrawal is PAID, Withdrawal is PARTIALLY_PAID, Withdrawal is FAILED, Withdrawal is RETURNED,
    Withdrawal is approved by time, Withdrawal is for persons: DEBT, Withdrawal is for persons: ACCOUNT_STATUS,
    Requirement is SUSPENDED, SetAccountStatus APPLIED, SetAccountStatus ALREADY_APPLIED,
    SetLimit APPLIED, SetLimit ALREADY_APPLIED, ConfirmLimitIncrease APPLIED, ConfirmLimitIncrease LIMIT_INCREASE_PENDING,
    DrainBucket APPLIED, DrainBucket ALREADY_APPLIED, DrainBucket SUCCESSOR_UNFIT,
    ReplanAuthorization APPROVAL_REQUIRED, ReplanAuthorization APPLIED, ReplanAuthorization SELF_APPROVAL,
    AuthorizeBet STAKE_LIMIT, AuthorizeBet LOSS_LIMIT, AuthorizeBet LIMIT_RATE_MISSING, AuthorizeBet ACCOUNT_BET_BLOCKED,
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_auditor_has_nothing_to_say(seed: int) -> None:
    Simulation(seed).run(STEPS)


def test_a_seed_always_plays_the_same() -> None:
    first, second = Simulation(1), Simulation(1)

    first.run(STEPS)
    second.run(STEPS)

    assert first.said == second.said
    assert first.store == second.store


def test_what_is_worth_a_simulation_happens_in_it() -> None:
    wanted = {each.strip() for each in MUST_HAPPEN.split(",") if each.strip()}
    wanted |= {f"event {event_type}" for event_type in EventType if event_type not in NOT_HERE}
    said = Counter[str]()
    for seed in SEEDS_WITH_EVERYTHING:
        simulation = Simulation(seed)
        simulation.run(STEPS)
        said.update(simulation.said)
        if wanted <= said.keys():
            break

    assert sorted(wanted - said.keys()) == []
    assert {kind.__name__ for kind in COMMANDS} <= {each.split()[0] for each in said}


@pytest.mark.soak
@pytest.mark.parametrize("seed", SOAK_SEEDS)
def test_the_auditor_has_nothing_to_say_for_long(seed: int) -> None:
    Simulation(seed).run(SOAK_STEPS)
