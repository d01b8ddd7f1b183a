"""The caller's name for the flow of work that a call is part of.

It comes in the request's `correlation_id`, or else in a header, and goes back in the
trailing metadata of the answer, whatever that is.
"""

from google.protobuf.message import Message

from wallet_server.log_context import CORRELATION_ID
from wallet_server.rpc.context import Context, Metadata, metadata_of

HEADER = "x-correlation-id"


def take(request: Message, metadata: Metadata) -> str:
    """Returns the correlation id, and makes it the request's own; empty for none.

    What came in a header is then checked as the field is. Reads have no such field:
    their header is only sent back.
    """
    own: str | None = getattr(request, "correlation_id", None)
    if own:
        return own
    header = header_in(metadata)
    if header and own is not None:
        request.correlation_id = header  # pyright: ignore[reportAttributeAccessIssue] - it has one.
    return header


def header_of(context: Context) -> str:
    """Returns what the caller sent in the header; empty for nothing."""
    return header_in(metadata_of(context))


def header_in(metadata: Metadata) -> str:
    """Returns what stands in the header; empty for nothing."""
    for key, value in metadata:
        if key == HEADER:
            return value if isinstance(value, str) else ""
    return ""


def send_back(correlation_id: str, context: Context) -> None:
    """Promises the correlation id to the caller, and has the log's lines of the call say it."""
    if correlation_id:
        CORRELATION_ID.set(correlation_id)
        context.set_trailing_metadata(((HEADER, correlation_id),))
