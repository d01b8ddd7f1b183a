"""What players may do at most, and how much of it is left."""

from wallet.v1 import player_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet_server.core.players.limit import LimitKind, LimitPeriod, PendingLimit
from wallet_server.core.players.limit_views import LimitView
from wallet_server.rpc.encode.values import money, numbers, timestamp

LIMIT_KINDS = numbers(LimitKind, pb.LimitKind, prefix="LIMIT_KIND")
LIMIT_PERIODS = numbers(LimitPeriod, pb.LimitPeriod, prefix="LIMIT_PERIOD")


def encode_limit(view: LimitView) -> pb.Limit:
    """Encodes a limit as it is now."""
    code = view.currency_code
    return pb.Limit(
        kind=LIMIT_KINDS[view.kind],
        period=LIMIT_PERIODS[view.period],
        amount=money(view.amount, code),
        used=money_or_none(view.used, code),
        remaining=money_or_none(view.remaining, code),
        set_time=timestamp(view.set_time) if view.set_time else None,
        pending=encode_pending(view.pending) if view.pending else None,
        from_policy=view.is_from_policy,
    )


def encode_pending(pending: PendingLimit) -> pb.PendingLimit:
    """Encodes what a limit is to become."""
    return pb.PendingLimit(
        amount=money_or_none(pending.amount, pending.currency_code),
        confirm_time=timestamp(pending.confirm_time),
        lapse_time=timestamp(pending.lapse_time),
    )


def money_or_none(minor_units: int | None, currency_code: str) -> Money | None:
    """Encodes an amount, if there is one."""
    return None if minor_units is None else money(minor_units, currency_code)
