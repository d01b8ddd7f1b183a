"""What is told of anything but bets. Amounts without an asset are of the wallet's currency."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from wallet.v1 import cashier_pb2, coupon_pb2, promotion_pb2, rolling_pb2, round_pb2
from wallet.v1 import item_event_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet_server.core.config.version import DocumentKind
from wallet_server.core.events.item_payloads import (
    AccountStatusChanged,
    AdjustmentChanged,
    BonusForfeited,
    BucketDrained,
    BucketRetired,
    BucketStatusChanged,
    CouponChanged,
    DebtChanged,
    DepositChanged,
    EntryPosted,
    LimitChanged,
    PromotionChanged,
    RequirementChanged,
    RollingSplit,
    RoundChanged,
    TransferCompleted,
    VersionActivated,
    WinChanged,
    WithdrawalChanged,
)
from wallet_server.core.players.limit import Limit
from wallet_server.rpc.encode import coupons, rolling
from wallet_server.rpc.encode.bet_events import encode_change
from wallet_server.rpc.encode.cashier import (
    ADJUSTMENT_STATES,
    DEPOSIT_STATES,
    WITHDRAWAL_STATES,
    encode_adjustment,
    encode_deposit,
    encode_withdrawal,
)
from wallet_server.rpc.encode.coupons import encode_grant
from wallet_server.rpc.encode.players import LIMIT_KINDS, LIMIT_PERIODS, encode_pending
from wallet_server.rpc.encode.promotions import PROMOTION_STATES, encode_promotion
from wallet_server.rpc.encode.rolling import encode_requirement
from wallet_server.rpc.encode.rounds import ROUND_STATES, WIN_STATES, encode_round, encode_win
from wallet_server.rpc.encode.topologies import BUCKET_STATUSES
from wallet_server.rpc.encode.values import money, numbers, timestamp
from wallet_server.rpc.encode.wallets import STATUSES

StateT = TypeVar("StateT", bound=StrEnum)
NumberT = TypeVar("NumberT")

CONFIGURATION_KINDS = numbers(DocumentKind, pb.ConfigurationKind, prefix="CONFIGURATION_KIND")


def by_name(states: Mapping[StateT, NumberT], none: NumberT) -> dict[str, NumberT]:
    """Returns the numbers of states by their names, as payloads have them; `none` for no state."""
    return {"": none, **{state.value: number for state, number in states.items()}}


WIN_STATE = by_name(WIN_STATES, round_pb2.WIN_STATE_UNSPECIFIED)
ROUND_STATE = by_name(ROUND_STATES, round_pb2.ROUND_STATE_UNSPECIFIED)
REQUIREMENT_STATE = by_name(rolling.STATES, rolling_pb2.REQUIREMENT_STATE_UNSPECIFIED)
COUPON_STATE = by_name(coupons.STATES, coupon_pb2.COUPON_STATE_UNSPECIFIED)
PROMOTION_STATE = by_name(PROMOTION_STATES, promotion_pb2.PROMOTION_STATE_UNSPECIFIED)
DEPOSIT_STATE = by_name(DEPOSIT_STATES, cashier_pb2.DEPOSIT_STATE_UNSPECIFIED)
WITHDRAWAL_STATE = by_name(WITHDRAWAL_STATES, cashier_pb2.WITHDRAWAL_STATE_UNSPECIFIED)
ADJUSTMENT_STATE = by_name(ADJUSTMENT_STATES, cashier_pb2.ADJUSTMENT_STATE_UNSPECIFIED)


def encode_win_changed(payload: WinChanged, currency_code: str) -> pb.WinChanged:
    """Encodes what happened to a win."""
    return pb.WinChanged(
        win=encode_win(payload.win, currency_code),
        previous_state=WIN_STATE[payload.previous_state],
        changes=[encode_change(each) for each in payload.changes],
    )


def encode_round_changed(payload: RoundChanged) -> pb.RoundChanged:
    """Encodes what happened to a round."""
    return pb.RoundChanged(
        round=encode_round(payload.round), previous_state=ROUND_STATE[payload.previous_state]
    )


def encode_transfer(payload: TransferCompleted) -> pb.TransferCompleted:
    """Encodes a transfer."""
    return pb.TransferCompleted(
        source=payload.source,
        target=payload.target,
        source_amount=money(payload.source_amount, payload.source_asset_code),
        target_amount=money(payload.target_amount, payload.target_asset_code),
        requirement_id=payload.requirement_id,
        moved_remaining=payload.moved_remaining,
    )


def encode_requirement_changed(payload: RequirementChanged) -> pb.RequirementChanged:
    """Encodes what happened to a requirement."""
    return pb.RequirementChanged(
        requirement=encode_requirement(payload.requirement),
        previous_state=REQUIREMENT_STATE[payload.previous_state],
        released_now=payload.released_now,
        forfeited_now=payload.forfeited_now,
        previous_required=payload.previous_required,
    )


def encode_split(payload: RollingSplit) -> pb.RollingSplit:
    """Encodes what a transfer took of a requirement."""
    return pb.RollingSplit(
        parent=encode_requirement(payload.parent),
        child=encode_requirement(payload.child),
        moved_remaining=payload.moved_remaining,
    )


def encode_coupon_changed(payload: CouponChanged, currency_code: str) -> pb.CouponChanged:
    """Encodes what happened to a grant."""
    return pb.CouponChanged(
        coupon=encode_grant(
            payload.coupon,
            currency_code,
            remaining=payload.remaining,
            open_stake=payload.open_stake,
        ),
        previous_state=COUPON_STATE[payload.previous_state],
        taken_back=payload.coupon.taken_back,
    )


def encode_promotion_changed(payload: PromotionChanged) -> pb.PromotionChanged:
    """Encodes what happened to a promotion."""
    return pb.PromotionChanged(
        promotion=encode_promotion(payload.promotion),
        previous_state=PROMOTION_STATE[payload.previous_state],
        reversed_now=payload.reversed_now,
    )


def encode_bonus_forfeited(payload: BonusForfeited) -> pb.BonusForfeited:
    """Encodes that bonus money was given up."""
    return pb.BonusForfeited(
        bucket=payload.bucket,
        forfeited=payload.forfeited,
        cancelled_count=payload.cancelled_count,
    )


def encode_deposit_changed(payload: DepositChanged) -> pb.DepositChanged:
    """Encodes what happened to a deposit."""
    return pb.DepositChanged(
        deposit=encode_deposit(payload.deposit),
        previous_state=DEPOSIT_STATE[payload.previous_state],
        reversed_now=payload.reversed_now,
    )


def encode_withdrawal_changed(payload: WithdrawalChanged) -> pb.WithdrawalChanged:
    """Encodes what happened to a withdrawal."""
    return pb.WithdrawalChanged(
        withdrawal=encode_withdrawal(payload.withdrawal),
        previous_state=WITHDRAWAL_STATE[payload.previous_state],
    )


def encode_adjustment_changed(payload: AdjustmentChanged) -> pb.AdjustmentChanged:
    """Encodes what happened to an adjustment."""
    return pb.AdjustmentChanged(
        adjustment=encode_adjustment(payload.adjustment),
        previous_state=ADJUSTMENT_STATE[payload.previous_state],
    )


def encode_debt(payload: DebtChanged) -> pb.DebtChanged:
    """Encodes that the player owes more, or less."""
    return pb.DebtChanged(
        amount=money(payload.amount, payload.asset_code),
        owed=money(payload.owed, payload.asset_code),
    )


def encode_status_changed(payload: AccountStatusChanged) -> pb.AccountStatusChanged:
    """Encodes what the player may do."""
    return pb.AccountStatusChanged(
        status=STATUSES[payload.status], previous_status=STATUSES[payload.previous_status]
    )


def encode_limit_changed(payload: LimitChanged) -> pb.LimitChanged:
    """Encodes what happened to a limit."""
    limit, previous = payload.limit, payload.previous
    pending = limit.pending if limit else None
    previous_pending = previous.pending if previous else None
    return pb.LimitChanged(
        kind=LIMIT_KINDS[payload.kind],
        period=LIMIT_PERIODS[payload.period],
        amount=amount_of(limit),
        previous_amount=amount_of(previous),
        set_time=timestamp(limit.set_time) if limit else None,
        pending=encode_pending(pending) if pending else None,
        previous_pending=encode_pending(previous_pending) if previous_pending else None,
    )


def amount_of(limit: Limit | None) -> Money | None:
    """Encodes the most that a limit allows, if there is one."""
    return None if limit is None else money(limit.amount, limit.currency_code)


def encode_drained(payload: BucketDrained) -> pb.BucketDrained:
    """Encodes that a bucket was emptied."""
    return pb.BucketDrained(
        drain_id=payload.drain_id,
        bucket=payload.bucket,
        successor=payload.successor,
        amount=money(payload.amount, payload.asset_code),
        items_count=payload.items_count,
    )


def encode_posted(payload: EntryPosted) -> pb.EntryPosted:
    """Encodes an entry that nothing else tells of."""
    return pb.EntryPosted(
        ordinal=payload.ordinal,
        asset_code=payload.asset_code,
        provider_id=payload.provider_id,
        bet_ref=payload.bet_ref,
        changes=[encode_change(each) for each in payload.changes],
    )


def encode_activated(payload: VersionActivated) -> pb.VersionActivated:
    """Encodes that a version is active."""
    return pb.VersionActivated(
        kind=CONFIGURATION_KINDS[payload.kind],
        key=payload.key,
        version=payload.version,
        previous_version=payload.previous_version,
    )


def encode_bucket_status(payload: BucketStatusChanged) -> pb.BucketStatusChanged:
    """Encodes that a bucket takes nothing new any more, or everything again."""
    return pb.BucketStatusChanged(
        bucket=payload.bucket,
        status=BUCKET_STATUSES[payload.status],
        previous_status=BUCKET_STATUSES[payload.previous_status],
    )


def encode_bucket_retired(payload: BucketRetired) -> pb.BucketRetired:
    """Encodes that a bucket is no more."""
    return pb.BucketRetired(
        bucket=payload.bucket,
        successor=payload.successor,
        previous_status=BUCKET_STATUSES[payload.previous_status],
    )
