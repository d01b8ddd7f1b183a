"""Pages of rows that may be large: one ends when it is full, counted in rows or in bytes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from google.protobuf.message import Message

from wallet_server.rpc.page_token import Key, ListRequest, Pages, Row

PAGE_BYTES_MAX = 1_048_576
"""When a page is full, however few rows it has. Clients take messages of 4 MiB by default."""

ROWS_AT_ONCE = 64
"""Rows that are in memory together, beside a page."""

Told = TypeVar("Told", bound=Message)


async def full_page(
    pages: Pages[Key],
    request: ListRequest,
    load: Callable[[Key | None, int], Awaitable[Sequence[Row]]],
    *,
    key_of: Callable[[Row], Key],
    encode: Callable[[Row], Told],
) -> tuple[list[Told], str]:
    """Returns the rows of the page that is asked for, as they are told, and the next page's token.

    Args:
        pages: Those of the listing.
        request: Asks for one of them.
        load: Returns the rows from behind a key: so many, if there are.
        key_of: Returns where a row stands.
        encode: Returns a row as it is told.

    Raises:
        RefusedError: The token is not one of ours; or what `load` raises.
    """
    after, limit = pages.after(request), pages.size(request) + 1
    found: list[tuple[Key, Told]] = []
    size_bytes = 0
    while len(found) < limit and size_bytes < PAGE_BYTES_MAX:
        at_once = min(ROWS_AT_ONCE, limit - len(found))
        rows = await load(after, at_once)
        for row in rows:
            after = key_of(row)
            found.append((after, encode(row)))
            size_bytes += found[-1][1].ByteSize()
            if size_bytes >= PAGE_BYTES_MAX:
                break
        if len(rows) < at_once:
            break
    following = after if size_bytes >= PAGE_BYTES_MAX else None
    page, token = pages.cut(request, found, lambda each: each[0], following)
    return [message for _, message in page], token
