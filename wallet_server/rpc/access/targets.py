"""Where a request names tenants and players: found once, in its description."""

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, TypeAlias

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

TENANT, PLAYER = "tenant_id", "player_id"

DEPTH_MAX = 4
"""How many messages deep they are looked for. No request names a tenant deeper."""

Path: TypeAlias = tuple[str, ...]
Read: TypeAlias = Callable[[Message], Iterable[str]]


def reader_of(description: Descriptor, name: str) -> Read | None:
    """Returns what reads all fields of a name from messages of a kind; none if they have none.

    Fields that are not set read as empty.
    """
    single = [".".join(path) for path, is_listed in paths_to(description, name) if not is_listed]
    listed = [path for path, is_listed in paths_to(description, name) if is_listed]
    if not single and not listed:
        return None
    if listed:
        return reading_lists([tuple(path.split(".")) for path in single] + listed)
    get: Any = attrgetter(*single)
    return get if len(single) > 1 else lambda message: (get(message),)


def paths_to(
    description: Descriptor, name: str, depth: int = DEPTH_MAX
) -> Iterator[tuple[Path, bool]]:
    """Yields the ways to the fields of a name, and whether one leads through a list."""
    for field in description.fields:
        if field.name == name and field.type == FieldDescriptor.TYPE_STRING:
            yield (name,), field.is_repeated
        elif field.message_type is not None and is_ours(field.message_type) and depth > 1:
            for path, is_listed in paths_to(field.message_type, name, depth - 1):
                yield (field.name, *path), is_listed or field.is_repeated


def is_ours(description: Descriptor) -> bool:
    """Tells whether a message is one of our own protos'."""
    return description.file.package == "wallet.v1"


def reading_lists(paths: list[Path]) -> Read:
    """Returns what reads fields that may be in lists."""
    return lambda message: (text for path in paths for text in texts_at(message, path))


def texts_at(found: Any, path: Path) -> Iterator[str]:
    """Yields the texts at the end of a way."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, Message):
        yield from texts_at(getattr(found, path[0]), path[1:])
    else:
        for each in found:
            yield from texts_at(each, path)
