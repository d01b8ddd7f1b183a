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

    Those that are the least deep come first. Fields that are not set read as empty.

    Raises:
        ValueError: One is in a list, where it may be there many times.
    """
    paths = sorted(paths_to(description, name), key=len)
    if not paths:
        return None
    get: Any = attrgetter(*map(".".join, paths))
    return get if len(paths) > 1 else lambda message: (get(message),)


def paths_to(description: Descriptor, name: str, depth: int = DEPTH_MAX) -> Iterator[Path]:
    """Yields the ways to the fields of a name.

    Raises:
        ValueError: One leads through a list.
    """
    for field in description.fields:
        if field.name == name and field.type == FieldDescriptor.TYPE_STRING:
            yield (name,)
        elif field.message_type is not None and is_ours(field.message_type) and depth > 1:
            for path in paths_to(field.message_type, name, depth - 1):
                if field.is_repeated:
                    raise ValueError(f"{field.full_name} is a list, and has {path}")
                yield (field.name, *path)


def is_ours(description: Descriptor) -> bool:
    """Tells whether a message is one of our own protos'."""
    return description.file.package == "wallet.v1"
