"""What is different between two documents of one kind, place by place."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeAlias, TypeGuard, cast

from wallet_server.core.config.documents import Document, kind_of, write_document
from wallet_server.core.value import value

Plain: TypeAlias = object
"""What JSON can say: fields, lists, text, whole numbers, booleans."""

Record: TypeAlias = Mapping[str, Plain]

NAMES: Mapping[str, tuple[str, ...]] = {
    "assets": ("code",),
    "wallet_groups": ("code",),
    "buckets": ("code",),
    "transfer_edges": ("source", "target"),
    "retired_buckets": ("code",),
    "choices": ("name",),
    "sources": ("source",),
    "destinations": ("source",),
    "win_destinations": ("kind",),
    "approval_levels": ("minimum",),
    "defaults": ("kind", "period", "currency_code"),
    "rates": ("currency_code",),
}
"""What the items of a list of records are told apart by, by the name of the list."""


class ChangeKind(StrEnum):
    """What became of a part of a document."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


@value
class DocumentChange:
    """One difference. What goes without saying is not there, before or after.

    In `path` the items of lists stand under their own names, as in
    `buckets[bonus].display_name` or `transfer_edges[points → cash]`. `before` and `after`
    are plain data; `None` where there is nothing.
    """

    path: str
    kind: ChangeKind
    before: Plain = None
    after: Plain = None


def diff_documents(before: Document, after: Document) -> tuple[DocumentChange, ...]:
    """Returns every difference, in the order of the fields; none for documents that are equal.

    Items of a list that have names are compared by them, wherever they stand. Where those that are
    in both stand in another order, that is a change of the list, from the old order of names to
    the new one. A list of mere codes or numbers is compared as a whole.
    """
    assert kind_of(before) == kind_of(after)
    return tuple(record_changes("", write_document(before), write_document(after)))


def record_changes(path: str, before: Record, after: Record) -> Iterator[DocumentChange]:
    """Yields what is different between two records, field by field."""
    for name in dict.fromkeys((*before, *after)):
        place = f"{path}.{name}" if path else name
        yield from part_changes(place, name, before.get(name), after.get(name))


def part_changes(path: str, name: str, before: Plain, after: Plain) -> Iterator[DocumentChange]:
    """Yields what is different in one field or item; there is `None` where there is nothing."""
    if before == after:
        return
    if before is None:
        yield DocumentChange(path, ChangeKind.ADDED, after=after)
    elif after is None:
        yield DocumentChange(path, ChangeKind.REMOVED, before=before)
    elif is_record(before) and is_record(after):
        yield from record_changes(path, before, after)
    else:
        old, new = named_items(name, before), named_items(name, after)
        if old is None or new is None:
            yield DocumentChange(path, ChangeKind.CHANGED, before, after)
        else:
            yield from list_changes(path, old, new)


def list_changes(path: str, before: Record, after: Record) -> Iterator[DocumentChange]:
    """Yields what is different between two lists of items by their names."""
    old = [name for name in before if name in after]
    new = [name for name in after if name in before]
    if old != new:
        yield DocumentChange(path, ChangeKind.CHANGED, old, new)
    for name in dict.fromkeys((*before, *after)):
        yield from part_changes(f"{path}[{name}]", "", before.get(name), after.get(name))


def is_record(part: Plain) -> TypeGuard[Record]:
    """Tells whether a part has fields."""
    return isinstance(part, Mapping)


def named_items(name: str, part: Plain) -> dict[str, Record] | None:
    """Returns the items of a list by their names, or nothing if it is not one whose items have.

    In a draft a name may be there before: then a number tells which it is.
    """
    if name not in NAMES or not isinstance(part, list):
        return None
    found: dict[str, Record] = {}
    for item in cast("list[Plain]", part):
        if not is_record(item):
            return None
        own = name_of(name, item)
        count = sum(each == own or each.startswith(f"{own}#") for each in found)
        found[f"{own}#{count + 1}" if count else own] = item
    return found


def name_of(name: str, item: Record) -> str:
    """Returns the name of an item of a list; what goes without saying is left out of it."""
    between = " → " if name == "transfer_edges" else "/"
    return between.join(str(item[field]) for field in NAMES[name] if field in item)
