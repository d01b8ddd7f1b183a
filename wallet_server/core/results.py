"""What the answer to a command says beside its entries and its bet.

Each is flat: numbers, texts and truths by name, which are kept with the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TypeAlias, cast

from wallet_server.core.value import value


@value
class WinResult:
    """A win was credited: whether after its round was closed, or only put in suspense."""

    late: bool = False
    requirement_id: str = ""


@value
class CouponResult:
    """A grant was changed: where it is now, and what the house took back of it.

    `unrecovered` is what was not there to be taken back when the grant was reversed.
    """

    grant_id: str
    state: str
    taken_back: int = 0
    unrecovered: int = 0


@value
class PromotionResult:
    """A promotion was credited or reversed: what was taken back, and what was gone."""

    promotion_id: str
    state: str
    reversed: int = 0
    unrecovered: int = 0
    requirement_id: str = ""


@value
class TransferResult:
    """A transfer was made: what left the source, what reached the target.

    `requirement_id` is the requirement that it opened; `moved_remaining` what requirements
    on the source had left of the moved money, and now have on the target.
    """

    source_amount: int
    target_amount: int
    requirement_id: str = ""
    moved_remaining: int = 0


@value
class RollingResult:
    """A requirement ended: what was released, and what was forfeited."""

    requirement_id: str
    state: str
    revision: int
    released: int = 0
    forfeited: int = 0


@value
class ForfeitResult:
    """Bonus money was given up: how much, and how many requirements ended with it."""

    bucket: str
    forfeited: int
    cancelled_count: int = 0


@value
class ExpiryResult:
    """What time made due was done."""

    expired_count: int
    taken_back: int = 0


@value
class DepositResult:
    """A deposit was created, approved, declined or reversed: where it is now.

    `reversed` is what was taken back of it so far, `debt` what of that the player owes.
    """

    deposit_id: str
    state: str
    reversed: int = 0
    debt: int = 0
    requirement_id: str = ""


@value
class WithdrawalResult:
    """A withdrawal was requested, decided on, or paid: where it is now.

    `approvals` is how many persons have approved, of so many who must.
    """

    withdrawal_id: str
    state: str
    approvals: int = 0
    approvals_needed: int = 0
    queue: str = ""
    queue_reason: str = ""
    forfeited: int = 0
    paid: int = 0


@value
class AdjustmentResult:
    """A balance was adjusted, or debt written off, under a name of its own."""

    adjustment_id: str
    state: str


@value
class LimitResult:
    """A limit was set: whether what was asked for holds, or waits to be confirmed.

    The times are in seconds since 1970, zero for none. `kind` is what a result's own kind is
    kept under.
    """

    limit_kind: str
    period: str
    pending: bool = False
    confirm_time: int = 0
    lapse_time: int = 0


@value
class StatusResult:
    """The account's status was set: what it was before."""

    status: str
    previous: str


@value
class DrainResult:
    """A bucket was emptied: what was moved, and how many grants and requirements now go elsewhere.

    `drained` is in minor units of the asset.
    """

    drain_id: str
    asset_code: str
    drained: int
    items_count: int = 0


CommandResult: TypeAlias = (
    WinResult
    | CouponResult
    | PromotionResult
    | TransferResult
    | RollingResult
    | ForfeitResult
    | ExpiryResult
    | DepositResult
    | WithdrawalResult
    | AdjustmentResult
    | LimitResult
    | StatusResult
    | DrainResult
)

RESULTS: Mapping[str, type[CommandResult]] = {
    each.__name__: each
    for each in (
        WinResult,
        CouponResult,
        PromotionResult,
        TransferResult,
        RollingResult,
        ForfeitResult,
        ExpiryResult,
        DepositResult,
        WithdrawalResult,
        AdjustmentResult,
        LimitResult,
        StatusResult,
        DrainResult,
    )
}


def result_to_plain(result: CommandResult) -> dict[str, str | int]:
    """Returns a result as plain data: its kind, and its fields by name."""
    named = {field.name: getattr(result, field.name) for field in fields(result)}
    return {"kind": type(result).__name__, **named}


def result_from_plain(plain: Mapping[str, str | int]) -> CommandResult:
    """Returns the result of plain data."""
    kind = cast("Callable[..., CommandResult]", RESULTS[str(plain["kind"])])
    return kind(**{name: each for name, each in plain.items() if name != "kind"})
