"""JSON as text: how parameters go to Postgres, and how documents are kept."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

Document: TypeAlias = Mapping[str, Any]

# Made once: each call would make one. Times become RFC 3339, bytes base64, ids their digits.
ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder[Any]()


def to_json(value: object) -> str:
    """Returns a value as text, without needless spaces."""
    return ENCODER.encode(value).decode()


def from_json(text: str) -> Any:  # noqa: ANN401 - what a document holds, its reader knows.
    """Returns the value of a text.

    Raises:
        ValueError: It is not JSON.
    """
    return DECODER.decode(text)
