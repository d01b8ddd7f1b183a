"""`python -m tests.rpc.record_golden_events`: adds golden events of what has none yet.

It plays all scenarios of the repository against a server of its own, and takes of what that has
stored the first document of each type, and each further one that has a field filled, or a name in
it such as `SETTLED`, that no golden event of its type has. Look at what it adds: it is for ever.
"""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import asyncpg

from tests.conformance_runner.files import PATHS, read
from tests.rpc.golden_events import (
    FILE,
    GoldenEvent,
    read_golden_events,
    tell,
    write_golden_event,
)
from wallet_server.conformance.own_target import open_own_target
from wallet_server.conformance.playing import play
from wallet_server.core.events.event import EventType

STORED = """
    SELECT type, coalesce(currency_code, '') AS currency_code, document::text AS document
    FROM events ORDER BY tenant_id, position
"""

NAME = re.compile(r"[A-Z][A-Z_]+")
KEPT_AS_TEXT = (".reason", ".reason_code", ".asset_code", "[].account", ".currency_code")
"""Where a name may be any: it is read as it was written."""


async def stored_events() -> list[GoldenEvent]:
    """Returns what a server has stored that has played all scenarios, each with what is told."""
    async with open_own_target() as target:
        for path in PATHS:
            await play(read(path), target)
        connection = await asyncpg.connect(target.database_url)
        rows = await connection.fetch(STORED)
        await connection.close()
    return [golden_event(EventType(row["type"]), *row[1:]) for row in rows]


def golden_event(event_type: EventType, currency_code: str, document: str) -> GoldenEvent:
    """Returns a stored event with what is told of it."""
    read_document: Mapping[str, Any] = json.loads(document)
    told = tell(event_type, currency_code, read_document)
    return GoldenEvent(event_type, currency_code, read_document, told)


def what_is_new(known: Iterable[GoldenEvent], found: Iterable[GoldenEvent]) -> list[GoldenEvent]:
    """Returns those that have something that none before has, of the same type."""
    seen = defaultdict[EventType, set[str]](set)
    for each in known:
        seen[each.type].update(traits(each.document))
    new: list[GoldenEvent] = []
    for each in found:
        own = set(traits(each.document))
        if each.type not in seen or not own <= seen[each.type]:
            seen[each.type] |= own
            new.append(each)
    return new


def traits(document: Any, path: str = "") -> Iterator[str]:
    """Yields which fields of a document are filled, and which names are in them."""
    if isinstance(document, dict):
        fields: Mapping[str, Any] = document
        for name, each in fields.items():
            yield from traits(each, f"{path}.{name}")
    elif isinstance(document, list):
        items: list[Any] = document
        for each in items:
            yield from traits(each, f"{path}[]")
    elif document:
        yield path
        is_name = isinstance(document, str) and NAME.fullmatch(document)
        if is_name and not path.endswith(KEPT_AS_TEXT):
            yield f"{path} {document}"


def main() -> None:
    """Adds what is new to the file."""
    known = read_golden_events()
    new = what_is_new(known, asyncio.run(stored_events()))
    lines = sorted((write_golden_event(each) for each in [*known, *new]), key=type_in)
    FILE.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    missing = sorted(set(EventType) - {each.type for each in [*known, *new]})
    print(f"{len(known)} golden events were there, {len(new)} are new")
    print("no scenario has any of these types:" if missing else "every type has one", *missing)


def type_in(line: str) -> str:
    """Returns the type of a line: those of one type stand together, the oldest first."""
    return json.loads(line)["type"]


if __name__ == "__main__":
    main()
