"""Opaque page tokens: the key that a page ended with, signed.

A token is worth nothing with other filters, in another listing or on a server with
another secret. The signature covers all three, so a token holds the key alone.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar, cast

from google.protobuf.message import Message

from wallet_server.core.refusals import PageTokenInvalid
from wallet_server.execution.errors import RefusedError

PAGE_SIZE_DEFAULT = 50
PAGE_SIZE_MAX = 500
SIGNATURE_BYTES = 16

Key = TypeVar("Key", bound=tuple[int | str, ...])
Row = TypeVar("Row")


class ListRequest(Protocol):
    """What the requests of all listings have."""

    page_size: int
    page_token: str


class Pages(Generic[Key]):
    """The pages of one listing, whose rows are ordered by a `Key`."""

    def __init__(self, secret: bytes) -> None:
        """Signs with a secret that all servers of a deployment share."""
        self._secret = secret

    def size(self, request: ListRequest) -> int:
        """Returns how many rows a page has at most. Load one more: it tells of a next page."""
        return min(request.page_size or PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX)

    def after(self, request: ListRequest) -> Key | None:
        """Returns the key that the page before ended with; none for the first page.

        Raises:
            RefusedError: The token is not one of ours, or is for other filters.
        """
        if not request.page_token:
            return None
        try:
            signed = base64.b64decode(request.page_token, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise RefusedError(PageTokenInvalid()) from error
        signature, payload = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(request, payload)):
            raise RefusedError(PageTokenInvalid())
        # We signed it, for this listing, so it has the listing's shape.
        return cast("Key", tuple(json.loads(payload)))

    def cut(
        self,
        request: ListRequest,
        rows: Sequence[Row],
        key_of: Callable[[Row], Key],
        following: Key | None = None,
    ) -> tuple[Sequence[Row], str]:
        """Returns the page's rows, and the token of the next page if one row is left over.

        Or if there is a `following` key: the next page is to go on from there.
        """
        size = self.size(request)
        if len(rows) > size:
            page = rows[:size]
            return page, self._token(request, key_of(page[-1]))
        return rows, "" if following is None else self._token(request, following)

    def _token(self, request: ListRequest, key: Key) -> str:
        payload = json.dumps(key, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(request, payload) + payload).decode()

    def _sign(self, request: ListRequest, payload: bytes) -> bytes:
        signed = filters_of(request) + b"\0" + payload
        return hmac.digest(self._secret, signed, hashlib.sha256)[:SIGNATURE_BYTES]


def filters_of(request: ListRequest) -> bytes:
    """Returns what must be the same for all pages, as bytes: all but size and token."""
    assert isinstance(request, Message)
    filters = type(request)()
    filters.CopyFrom(request)
    filters.ClearField("page_size")
    filters.ClearField("page_token")
    filters.DiscardUnknownFields()
    name = filters.DESCRIPTOR.full_name.encode()
    return name + b"\0" + filters.SerializeToString(deterministic=True)
