"""Reads of audit records, and of the chain that they are sealed in."""

from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from wallet.v1 import audit_queries_pb2 as pb
from wallet.v1.audit_pb2 import AuditRecord as AuditRecordMessage
from wallet.v1.audit_queries_pb2_grpc import AuditQueriesServicer
from wallet_server.core.administration.audit_filter import AuditFilter
from wallet_server.core.administration.audit_record import AuditRecord
from wallet_server.rpc.administration import Administration
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode.audit import audit_filter
from wallet_server.rpc.encode.audit import encode_chain_head, encode_record
from wallet_server.rpc.page_token import Pages

PAGE_BYTES_MAX = 1_048_576
"""When a page is full, however few records it has. Clients take messages of 4 MiB by default."""

RECORDS_AT_ONCE = 64
"""Records that are in memory together, beside a page."""

Key: TypeAlias = tuple[str, str]


class Found(NamedTuple):
    """A record as it is told, and where it stands."""

    key: Key
    message: AuditRecordMessage


class AuditQueries(AuditQueriesServicer):
    """Shows what those who administer did, and what they were not allowed to do."""

    def __init__(self, administration: Administration, page_token_secret: bytes) -> None:
        """Asks a reader."""
        self._reader = administration.audit
        self._records: Pages[Key] = Pages(page_token_secret)

    async def ListAuditRecords(
        self, request: pb.ListAuditRecordsRequest, context: Context
    ) -> pb.ListAuditRecordsResponse:
        found, following = await self._newest(
            audit_filter(request),
            self._records.after(request),
            limit=self._records.size(request) + 1,
        )
        page, token = self._records.cut(request, found, lambda each: each.key, following)
        return pb.ListAuditRecordsResponse(
            records=[each.message for each in page], next_page_token=token
        )

    async def GetChainHead(
        self, request: pb.GetChainHeadRequest, context: Context
    ) -> pb.GetChainHeadResponse:
        head = await self._reader.chain_head(request.chain)
        return pb.GetChainHeadResponse(head=encode_chain_head(head))

    async def _newest(
        self, wanted: AuditFilter, after: Key | None, *, limit: int
    ) -> tuple[list[Found], Key | None]:
        """Returns the newest records from behind a key, as they are told: so many, if there are.

        Where they are large there are fewer, and the key from which the next page goes on.
        """
        found: list[Found] = []
        size_bytes = 0
        while len(found) < limit:
            at_once = min(RECORDS_AT_ONCE, limit - len(found))
            before = (datetime.fromisoformat(after[0]), UUID(after[1])) if after else None
            records = await self._reader.records(wanted, before=before, limit=at_once)
            for record in records:
                found.append(Found(key_of(record), encode_record(record)))
                size_bytes += found[-1].message.ByteSize()
                if size_bytes >= PAGE_BYTES_MAX:
                    return found, found[-1].key
            if len(records) < at_once:
                break
            after = found[-1].key
        return found, None


def key_of(record: AuditRecord) -> Key:
    """Returns where a record stands, as a page token keeps it."""
    return record.record_time.isoformat(), record.record_id.hex
