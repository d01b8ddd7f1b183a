"""Events as they were stored, and what was told of them: what must be told of them for ever.

Events are kept as documents of the core's values. A field that is called otherwise tomorrow would
not be found in what was stored yesterday, and silently be empty. So documents of every type are
kept here too, as an engine has stored them: `record_golden_events.py` adds what is new. A line is
added, and none is ever changed or removed; `make check` compares them with those of main.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict

from wallet_server.core.events.event import EventType
from wallet_server.core.events.told import ToldEvent
from wallet_server.core.ids import WalletRef
from wallet_server.rpc.encode.events import FORMS, encode_event

FILE = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True)
class GoldenEvent:
    """An event that was stored: its document, and what is told of it as JSON.

    Some assets are told by the wallet's `currency_code` alone.
    """

    type: EventType
    currency_code: str
    document: Mapping[str, Any]
    told: Mapping[str, Any]


def read_golden_events() -> list[GoldenEvent]:
    """Returns all that there are, in the order of their types."""
    lines = FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []
    return [golden_of(json.loads(line)) for line in lines]


def golden_of(line: Mapping[str, Any]) -> GoldenEvent:
    """Returns what a line says."""
    names = ("currency_code", "document", "told")
    return GoldenEvent(EventType(line["type"]), *(line[each] for each in names))


def write_golden_event(golden: GoldenEvent) -> str:
    """Returns a line."""
    fields = (golden.type.value, golden.currency_code, golden.document, golden.told)
    line = dict(zip(("type", "currency_code", "document", "told"), fields, strict=True))
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def tell(event_type: EventType, currency_code: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what is told today of a document, as JSON with the names of the contract."""
    event = encode_event(
        ToldEvent(
            tenant_id="demo",
            position=1,
            wallet=WalletRef("demo", "ann", currency_code),
            sequence=1,
            wallet_sequence=1,
            is_first=True,
            type=event_type,
            event_time=datetime(2026, 1, 2, tzinfo=UTC),
            command="Command",
            request_id="r1",
            correlation_id="",
            document=json.dumps(document),
        )
    )
    payload = getattr(event, FORMS[event_type].field)
    return MessageToDict(payload, preserving_proto_field_name=True)


def find_lost(before: Any, now: Any, path: str = "") -> Iterator[str]:
    """Yields where what there was is no more, or is something else. There may be more by now."""
    if isinstance(before, dict) and isinstance(now, dict):
        was: dict[str, Any] = before
        for name, each in was.items():
            if name not in now:
                yield f"{path}.{name} is gone"
            else:
                yield from find_lost(each, now[name], f"{path}.{name}")
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for place, (each, other) in enumerate(zip(before, now, strict=True)):
            yield from find_lost(each, other, f"{path}[{place}]")
    elif before != now:
        yield f"{path} was {before!r}, and is {now!r}"
