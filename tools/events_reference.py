"""Writes docs/reference/events.md from the protos.

python tools/events_reference.py           writes it
python tools/events_reference.py --check   fails if it is out of date
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor import Descriptor

from wallet.v1 import event_pb2

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "protos/wallet/v1"
PROTOS = (FOLDER / "event.proto", FOLDER / "item_event.proto")
PAGE = ROOT / "docs/reference/events.md"

TYPE = re.compile(r"^((?:  //.*\n)+)  EVENT_TYPE_(\w+) = \d+;$", re.MULTILINE)
MESSAGE = re.compile(r"^((?://.*\n)+)message (\w+) \{((?:\n|\n  .*)*)\n?\}$", re.MULTILINE)
FIELD = re.compile(r"^((?:  //.*\n)+)  ([\w.<>, ]+?) (\w+) = \d+;$", re.MULTILINE)

HEAD = """# Events

<!-- Written by tools/events_reference.py from the protos. -->

Every recorded command has at least one event, written in its transaction. An `Event` says where it
stands and what caused it, and its `payload` what happened: the field with the name of its type, in
lower case. It may be delivered more than once, with the same `event_id`; those of a wallet in the
order of their `sequence`, which has no gaps.

A command may have several: first what it was about, then bets and wins, what followed for coupons,
requirements and the player, at last entries and debt. Every change of an account is told once. What
a stake moved is told by the `funding` of `BET_AUTHORIZED`: from each source, which is the account
`bkt:CODE` for a bucket, to `open:SOURCE`. Where the same command tells a result of the bet, the
`changes` of that have the stake too, and `funding` says nothing more. All other changes are told by
the `changes` of results, wins and `ENTRY_POSTED`.

What a bet counts for rolling requirements is absolute: of `BET_CONTRIBUTION` keep for each bet the
one with the highest `revision`, and the sum of its `counted_total` over all bets is the progress of
a requirement, whatever came twice or late.
"""


def render() -> str:
    """Returns the page."""
    return "\n".join((HEAD, *types(), *messages()))


def types() -> Iterator[str]:
    """Yields when there is an event of each type, and what it tells."""
    yield "## Types\n"
    yield "| Type | When | Tells |"
    yield "| --- | --- | --- |"
    told = payload_messages()
    for comment, name in TYPE.findall(PROTOS[0].read_text("utf-8")):
        if name != "UNSPECIFIED":
            message = told[name.lower()].name
            yield f"| `{name}` | {text_of(comment)} | [{message}](#{message.lower()}) |"
    yield ""


def messages() -> Iterator[str]:
    """Yields what each message says, field by field."""
    named = {message.name for message in payload_messages().values()} | {"Event"}
    for proto in PROTOS:
        for comment, name, body in MESSAGE.findall(proto.read_text("utf-8")):
            if name in named:
                yield f"## {name}\n"
                yield f"{text_of(comment)}\n"
                yield from fields(body)


def fields(body: str) -> Iterator[str]:
    """Yields the fields of a message."""
    found = FIELD.findall(body)
    if found:
        yield "| Field | Type | Says |"
        yield "| --- | --- | --- |"
        for comment, kind, name in found:
            yield f"| `{name}` | `{kind}` | {text_of(comment)} |"
        yield ""


def payload_messages() -> dict[str, Descriptor]:
    """Returns the messages of what is told, by the names of their fields."""
    found = event_pb2.Event.DESCRIPTOR.oneofs_by_name["payload"].fields
    return {field.name: field.message_type for field in found if field.message_type}


def text_of(comment: str) -> str:
    """Returns a comment of a proto as text."""
    return " ".join(line.strip().removeprefix("//").strip() for line in comment.splitlines())


def main() -> None:
    """Writes the page, or tells whether it is current."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    page = render()
    if not parser.parse_args().check:
        PAGE.write_text(page, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != page:
        sys.exit(f"{PAGE.relative_to(ROOT)}: out of date; python tools/events_reference.py")


if __name__ == "__main__":
    main()
