"""What answers say, as plain data."""

import pytest

from wallet_server.core.results import (
    RESULTS,
    AdjustmentResult,
    CommandResult,
    CouponResult,
    DepositResult,
    DrainResult,
    ExpiryResult,
    ForfeitResult,
    LimitResult,
    PromotionResult,
    RollingResult,
    StatusResult,
    TransferResult,
    WinResult,
    WithdrawalResult,
    result_from_plain,
    result_to_plain,
)

EXAMPLES: tuple[CommandResult, ...] = (
    WinResult(late=True, requirement_id="RQ1"),
    CouponResult("C1", "REVOKED", 5, 2),
    PromotionResult("p1", "REVERSED", 5, 2, "RQ1"),
    TransferResult(100, 10, "RQ1", 7),
    RollingResult("RQ1", "RELEASED", 3, 50, 4),
    ForfeitResult("SB", 50, 2),
    ExpiryResult(2, 15),
    DepositResult("d1", "CHARGED_BACK", 100, 70, "RQ1"),
    WithdrawalResult("w1", "PENDING_REVIEW", 1, 2, "MANUAL", "DEBT", 25, 0),
    AdjustmentResult("a1", "APPLIED"),
    LimitResult("LOSS", "DAY", pending=True, confirm_time=1_700_000_000, lapse_time=1_700_600_000),
    StatusResult("FROZEN", "ACTIVE"),
    DrainResult("d1", "EUR", 140, 2),
)


@pytest.mark.parametrize("result", EXAMPLES)
def test_a_result_is_read_back_as_it_was_written(result: CommandResult) -> None:
    assert result_from_plain(result_to_plain(result)) == result


def test_all_kinds_have_an_example() -> None:
    assert {type(each) for each in EXAMPLES} == set(RESULTS.values())


def test_a_result_is_written_flat() -> None:
    assert result_to_plain(ForfeitResult("SB", 50)) == {
        "kind": "ForfeitResult",
        "bucket": "SB",
        "forfeited": 50,
        "cancelled_count": 0,
    }
