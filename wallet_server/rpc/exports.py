"""Files of the ledger, sent as they are made."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime

from wallet.v1 import exports_pb2 as pb
from wallet.v1.exports_pb2_grpc import ExportsServicer
from wallet_server.exports.export_processes import ExportProcesses
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode.exports import export_request
from wallet_server.rpc.encode.exports import encode_file, encode_part


class Exports(ExportsServicer):
    """Makes files."""

    def __init__(self, processes: ExportProcesses, now: Callable[[], datetime]) -> None:
        """Has processes make them. `now` says what time it is."""
        self._processes = processes
        self._now = now

    async def Export(
        self, request: pb.ExportRequest, context: Context
    ) -> AsyncGenerator[pb.ExportResponse]:
        wanted = export_request(request, self._now())
        is_first = True
        async with aclosing(self._processes.parts(wanted)) as parts:
            async for part in parts:
                if is_first:
                    yield pb.ExportResponse(file=encode_file(wanted))
                    is_first = False
                yield encode_part(part)
