"""What is different between two versions of a document."""

import json
from collections.abc import Iterator

from wallet.v1 import diff_pb2 as pb
from wallet_server.core.administration.diff import ChangeKind, diff_documents
from wallet_server.core.config.documents import Document
from wallet_server.rpc.encode.values import numbers

CHANGE_KINDS = numbers(ChangeKind, pb.ChangeKind, prefix="CHANGE_KIND")


def encode_changes(before: Document, after: Document) -> Iterator[pb.Change]:
    """Yields every difference between two documents of one kind, encoded."""
    for change in diff_documents(before, after):
        yield pb.Change(
            path=change.path,
            kind=CHANGE_KINDS[change.kind],
            before=json_of(change.before),
            after=json_of(change.after),
        )


def json_of(part: object) -> str:
    """Returns a part of a document as JSON; nothing for what is not there."""
    return "" if part is None else json.dumps(part, ensure_ascii=False)
