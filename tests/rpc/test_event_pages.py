"""Pages of events are no larger than what clients take."""

from datetime import UTC, datetime

from wallet_server.core.events.event import EventType
from wallet_server.core.events.reading import EventHead, EventPage
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.ids import WalletRef
from wallet_server.rpc.encode.event_streams import PAGE_BYTES_MAX, list_response
from wallet_server.storage.json_text import to_json

CLIENTS_TAKE_BYTES = 4 * 1_048_576
"""What clients of gRPC take at once, unless they are told otherwise."""


def told(position: int, size_bytes: int) -> ToldEvent:
    """Returns an event of a size, but for its envelope."""
    return ToldEvent(
        *("demo", position, WalletRef("demo", "ann", "EUR"), position, position, True),
        *(EventType.COMMAND_ANSWERED, datetime(2030, 1, 2, tzinfo=UTC)),
        *("SettleBet", "r1", "flow", to_json({"command": "x" * size_bytes})),
    )


def page_of(*sizes_bytes: int) -> EventPage:
    """Returns the last page of a tenant, with events of such sizes."""
    events = [told(position, each) for position, each in enumerate(sizes_bytes, start=1)]
    return EventPage(events, len(events) + 5, EventHead(len(events) + 5, 1))


def test_a_page_of_small_events_has_all_of_them() -> None:
    response = list_response(page_of(*[500] * 1_000))

    assert len(response.events) == 1_000
    assert (response.position, response.at_end) == (1_005, True)


def test_a_page_of_large_events_ends_before_it_is_too_large_and_says_where() -> None:
    response = list_response(page_of(*[PAGE_BYTES_MAX // 3] * 100))

    assert [each.position for each in response.events] == [1, 2]
    assert (response.position, response.at_end) == (2, False)
    assert response.ByteSize() < CLIENTS_TAKE_BYTES


def test_a_page_has_an_event_however_large_it_is() -> None:
    response = list_response(page_of(PAGE_BYTES_MAX + 1, 1))

    assert [each.position for each in response.events] == [1]
    assert (response.position, response.at_end) == (1, False)
