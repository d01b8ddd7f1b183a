"""What events tell, as documents."""

from wallet_server.core.bets.bet import UNVERIFIED
from wallet_server.core.events.bet_payloads import BetSettled, BetUnsettled
from wallet_server.core.events.event import EventType
from wallet_server.core.events.unsaid import UNSAID
from wallet_server.storage.event_documents import read_payload
from wallet_server.storage.json_text import to_json

SETTLED = BetSettled("acme", "b1", "SPORTS", 2, "SETTLED", "WON", "", 1, "WON", 100, 240, 0)
UNSETTLED = BetUnsettled("acme", "b1", "SPORTS", 3, "AUTHORIZED", "", 2, 240, 0)


def test_what_is_unsaid_takes_no_room() -> None:
    for event_type, payload in (
        (EventType.BET_SETTLED, SETTLED),
        (EventType.BET_UNSETTLED, UNSETTLED),
    ):
        document = to_json(payload)

        assert payload.ordering is UNSAID
        assert "ordering" not in document
        assert read_payload(event_type, document) == payload


def test_what_is_said_is_read_as_it_was() -> None:
    document = to_json(BetUnsettled("acme", "b1", "S", 3, "SETTLED", "", 2, 9, 0, (), UNVERIFIED))

    assert document.endswith(',"ordering":"UNVERIFIED"}')
    read = read_payload(EventType.BET_UNSETTLED, document)
    assert isinstance(read, BetUnsettled)
    assert read.ordering == "UNVERIFIED"
