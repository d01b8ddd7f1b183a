"""Requests about what players may do. Who asks is not in them, and comes to the command later."""

from wallet.v1 import player_pb2, wallet_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.commands import ConfirmLimitIncrease, SetAccountStatus, SetLimit
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.rpc.decode.values import amount, values_by_number

STATUSES = values_by_number(AccountStatus, wallet_pb2.AccountStatus, prefix="ACCOUNT_STATUS")
LIMIT_KINDS = values_by_number(LimitKind, player_pb2.LimitKind, prefix="LIMIT_KIND")
LIMIT_PERIODS = values_by_number(LimitPeriod, player_pb2.LimitPeriod, prefix="LIMIT_PERIOD")


def set_account_status(request: pb.SetAccountStatusRequest) -> SetAccountStatus:
    """Decodes `SetAccountStatus`."""
    return SetAccountStatus(STATUSES[request.status], request.reason_code, request.comment)


def set_limit(request: pb.SetLimitRequest) -> SetLimit:
    """Decodes `SetLimit`."""
    return SetLimit(
        LIMIT_KINDS[request.kind],
        LIMIT_PERIODS[request.period],
        amount(request.amount) if request.HasField("amount") else None,
    )


def confirm_limit_increase(request: pb.ConfirmLimitIncreaseRequest) -> ConfirmLimitIncrease:
    """Decodes `ConfirmLimitIncrease`. That it lapsed nobody can say but the server itself."""
    return ConfirmLimitIncrease(LIMIT_KINDS[request.kind], LIMIT_PERIODS[request.period])
