"""Requests for files, as values."""

from datetime import datetime

from wallet.v1 import exports_pb2 as pb
from wallet_server.core.exports.request import (
    ExportFormat,
    ExportKind,
    ExportRequest,
    ExportScope,
)
from wallet_server.core.ids import WalletRef
from wallet_server.rpc.decode.command_kinds import command_kinds
from wallet_server.rpc.decode.values import bound, values_by_number
from wallet_server.rpc.validation import FieldViolation, InvalidRequestError

KINDS = values_by_number(ExportKind, pb.ExportKind, prefix="EXPORT_KIND")
FORMATS = values_by_number(ExportFormat, pb.ExportFormat, prefix="EXPORT_FORMAT")


TOGETHER = FieldViolation("currency_code", "goes together with a player_id", "REQUIRED")
IN_ORDER = FieldViolation("end_time", "must be after start_time", "TIMESTAMP_GT")


def export_request(request: pb.ExportRequest, now: datetime) -> ExportRequest:
    """Decodes which file is asked for, now.

    Raises:
        InvalidRequestError: A player is named without a currency, or the other way round; the
            period has no time in it; or a kind of command is none.
    """
    if bool(request.player_id) != bool(request.currency_code):
        raise InvalidRequestError([TOGETHER])
    wallet = WalletRef(request.tenant_id, request.player_id, request.currency_code)
    scope = ExportScope(
        tenant_id=request.tenant_id,
        wallets=(wallet,) if request.player_id else (),
        start_time=bound(request.start_time) if request.HasField("start_time") else None,
        end_time=bound(request.end_time) if request.HasField("end_time") else None,
        commands=frozenset(command_kinds(request.command_kinds)),
    )
    if scope.start_time and scope.end_time and scope.start_time >= scope.end_time:
        raise InvalidRequestError([IN_ORDER])
    return ExportRequest(KINDS[request.kind], FORMATS[request.format], scope, request.locale, now)
