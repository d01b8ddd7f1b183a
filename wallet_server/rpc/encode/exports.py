"""Files and word of them, as messages."""

from collections.abc import Mapping

from wallet.v1 import exports_pb2 as pb
from wallet_server.core.exports.request import ExportFormat, ExportRequest
from wallet_server.exports.exporting import Content, ExportSummary, Part, Progress
from wallet_server.rpc.encode.blockers import encode_total

MEDIA_TYPES: Mapping[ExportFormat, str] = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.PDF: "application/pdf",
}


def encode_file(request: ExportRequest) -> pb.ExportFile:
    """Encodes what a file is called. No name of a player is in it."""
    name = f"{request.scope.tenant_id}-{request.kind.value}.{request.format.value}".lower()
    return pb.ExportFile(name=name, media_type=MEDIA_TYPES[request.format])


def encode_part(part: Part) -> pb.ExportResponse:
    """Encodes a part of a file, or word of it."""
    match part:
        case Content(data):
            return pb.ExportResponse(content=data)
        case Progress(done, total):
            progress = pb.ExportProgress(done_commands=done, total_commands=total)
            return pb.ExportResponse(progress=progress)
        case ExportSummary():
            return pb.ExportResponse(summary=encode_summary(part))


def encode_summary(summary: ExportSummary) -> pb.ExportSummary:
    """Encodes what a file has come to."""
    return pb.ExportSummary(
        rows_count=summary.row_count,
        entries_count=summary.entry_count,
        size_bytes=summary.size_bytes,
        sha256=summary.digest,
        totals=[
            pb.ExportTotal(
                account=key.account,
                changes_count=total.changes_count,
                debits=encode_total(key.asset_code, total.debits),
                credits=encode_total(key.asset_code, total.credits),
            )
            for key, total in summary.totals
        ],
    )
