"""What events tell, as the documents that it is kept as."""

from collections.abc import Mapping
from typing import Any

import msgspec

from wallet_server.core.events.event import PAYLOAD_TYPES, EventType, Payload

# Made once: each call would make one.
DECODERS: Mapping[EventType, "msgspec.json.Decoder[Any]"] = {
    event_type: msgspec.json.Decoder(type=payload) for event_type, payload in PAYLOAD_TYPES.items()
}


def read_payload(event_type: EventType, document: str) -> Payload:
    """Returns what a document tells.

    Raises:
        ValueError: It is no document of the type.
    """
    payload: Payload = DECODERS[event_type].decode(document)
    return payload
