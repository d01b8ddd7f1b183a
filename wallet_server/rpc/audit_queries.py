"""Reads of audit records, and of the chain that they are sealed in."""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from wallet.v1 import audit_queries_pb2 as pb
from wallet.v1.audit_queries_pb2_grpc import AuditQueriesServicer
from wallet_server.core.administration.audit_record import AuditRecord
from wallet_server.rpc.administration import Administration
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode.audit import audit_filter
from wallet_server.rpc.encode.audit import encode_chain_head, encode_record
from wallet_server.rpc.full_pages import full_page
from wallet_server.rpc.page_token import Pages

Key: TypeAlias = tuple[str, str]


class AuditQueries(AuditQueriesServicer):
    """Shows what those who administer did, and what they were not allowed to do."""

    def __init__(self, administration: Administration, page_token_secret: bytes) -> None:
        """Asks a reader."""
        self._reader = administration.audit
        self._records: Pages[Key] = Pages(page_token_secret)

    async def ListAuditRecords(
        self, request: pb.ListAuditRecordsRequest, context: Context
    ) -> pb.ListAuditRecordsResponse:
        wanted = audit_filter(request)

        async def newest(after: Key | None, limit: int) -> list[AuditRecord]:
            before = (datetime.fromisoformat(after[0]), UUID(after[1])) if after else None
            return await self._reader.records(wanted, before=before, limit=limit)

        page, token = await full_page(
            self._records, request, newest, key_of=key_of, encode=encode_record
        )
        return pb.ListAuditRecordsResponse(records=page, next_page_token=token)

    async def GetChainHead(
        self, request: pb.GetChainHeadRequest, context: Context
    ) -> pb.GetChainHeadResponse:
        head = await self._reader.chain_head(request.chain)
        return pb.GetChainHeadResponse(head=encode_chain_head(head))


def key_of(record: AuditRecord) -> Key:
    """Returns where a record stands, as a page token keeps it."""
    return record.record_time.isoformat(), record.record_id.hex
