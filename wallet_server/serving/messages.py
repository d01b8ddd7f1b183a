"""What a supervisor and its workers tell each other: one line of JSON each.

A worker's standard input is its lifeline, on which it is given its orders; what was
its standard output carries its reports. Secrets are in the orders, so they never
stand on a command line.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import SecretStr

from wallet_server.serving.numbers import Numbers
from wallet_server.settings import Settings, read_settings

REPORT_SECONDS = 1.0

END_SECONDS = 5.0
"""What a worker has, after `drain_seconds`, to close what it has open."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Which worker it is, and how it serves."""

    number: int
    settings: Settings

    def encode(self) -> bytes:
        """Returns the line."""
        values = {name: plain(getattr(self.settings, name)) for name in Settings.model_fields}
        return encode({"number": self.number, "settings": values})

    @classmethod
    def decode(cls, line: bytes) -> "Orders":
        """Returns what a line says."""
        document: dict[str, Any] = json.loads(line)
        return cls(document["number"], read_settings(None, **document["settings"]))


@dataclass(frozen=True, slots=True)
class Serving:
    """The worker takes calls."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The worker ends, for a reason that would help whoever runs the server."""

    reason: str


@dataclass(frozen=True, slots=True)
class Alive:
    """The worker is at it, and so far has counted this."""

    numbers: Numbers


Report: TypeAlias = Serving | Failed | Alive


def encode_report(report: Report) -> bytes:
    """Returns the line of a report."""
    match report:
        case Serving():
            return encode({"serving": True})
        case Failed(reason):
            return encode({"failed": reason})
        case Alive(numbers):
            return encode({"alive": numbers.as_document()})


def decode_report(line: bytes) -> Report:
    """Returns what a line says.

    Raises:
        ValueError: It is none of a worker's, or was cut off.
    """
    try:
        document: Mapping[str, Any] = json.loads(line)
        match document:
            case {"serving": True}:
                return Serving()
            case {"failed": str(reason)}:
                return Failed(reason)
            case {"alive": numbers}:
                return Alive(Numbers.from_document(numbers))
            case _:
                raise ValueError("no report")
    except (KeyError, TypeError) as error:
        raise ValueError("no report") from error


def encode(document: Mapping[str, object]) -> bytes:
    """Returns one line."""
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def plain(value: object) -> object:
    """Returns a setting as JSON can say it; secrets are shown."""
    if isinstance(value, Path):
        return str(value)
    return value.get_secret_value() if isinstance(value, SecretStr) else value
