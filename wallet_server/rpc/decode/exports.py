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
from wallet_server.rpc.decode.values import time, values_by_number

KINDS = values_by_number(ExportKind, pb.ExportKind, prefix="EXPORT_KIND")
FORMATS = values_by_number(ExportFormat, pb.ExportFormat, prefix="EXPORT_FORMAT")


def export_request(request: pb.ExportRequest, now: datetime) -> ExportRequest:
    """Decodes which file is asked for, now."""
    wallet = WalletRef(request.tenant_id, request.player_id, request.currency_code)
    scope = ExportScope(
        tenant_id=request.tenant_id,
        wallets=(wallet,) if request.player_id else (),
        start_time=time(request.start_time) if request.HasField("start_time") else None,
        end_time=time(request.end_time) if request.HasField("end_time") else None,
        commands=frozenset(request.command_kinds),
    )
    return ExportRequest(KINDS[request.kind], FORMATS[request.format], scope, request.locale, now)
