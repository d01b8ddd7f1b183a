"""Writes docs/reference/errors.md from the comments in error_reason.proto.

    python tools/errors_reference.py           writes it
    python tools/errors_reference.py --check   fails if it is out of date

The comment of each reason has three paragraphs: what happened; the status and what a
retry does; the keys of its metadata, in backticks.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "protos/wallet/v1/error_reason.proto"
PAGE = ROOT / "docs/reference/errors.md"

PREFIX = "ERROR_REASON_"
VALUE = re.compile(rf"^((?:  //.*\n)+)  {PREFIX}(\w+) = (\d+);$", re.MULTILINE)
ENUM_COMMENT = re.compile(r"^((?://.*\n)+)enum ErrorReason", re.MULTILINE)
STATUS = re.compile(r"Status: `(?P<code>\w+)`, (?P<recorded>not )?recorded.*?Retry: (?P<retry>.*)")
KEY = re.compile(r"`(\w+)`")


@dataclass(frozen=True)
class Reason:
    """A reason to fail, as its comment tells it."""

    name: str
    what: str
    code: str
    recorded: bool
    retry: str
    metadata: str

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its metadata."""
        return frozenset(KEY.findall(self.metadata))


def parse(proto: str) -> list[Reason]:
    """Reads the reasons, in their order."""
    return list(read_reasons(proto))


def read_reasons(proto: str) -> Iterator[Reason]:
    """Yields every reason that is ever sent."""
    for comment, name, number in VALUE.findall(proto):
        if number == "0":
            continue
        what, status, *more, metadata = paragraphs(comment)
        told = STATUS.fullmatch(status)
        if told is None or not metadata.startswith("Metadata: "):
            sys.exit(f"{PROTO.name}: {name}: the comment does not have its three parts")
        yield Reason(
            name=name,
            what=what,
            code=told["code"],
            recorded=told["recorded"] is None,
            retry=" ".join([told["retry"], *more]),
            metadata=metadata.removeprefix("Metadata: "),
        )


def paragraphs(comment: str) -> list[str]:
    """Splits a comment at its empty lines."""
    lines = [line.strip().removeprefix("//").strip() for line in comment.splitlines()]
    return [" ".join(part.split("\n")) for part in "\n".join(lines).split("\n\n")]


def render(proto: str) -> str:
    """Returns the page."""
    comment = ENUM_COMMENT.search(proto)
    assert comment is not None
    return (
        "\n\n".join(
            [
                "# Errors",
                "<!-- Written by tools/errors_reference.py from error_reason.proto. -->",
                *paragraphs(comment[1]),
                GRPC,
                *(section(reason) for reason in parse(proto)),
            ]
        )
        + "\n"
    )


GRPC = """\
Branch on the reason, not on the message. If the reason is unknown, the status code alone says
what to do:

| Code | What to do |
| --- | --- |
| `INVALID_ARGUMENT`, `ALREADY_EXISTS` | Fix the request, or the program that made it. |
| `NOT_FOUND` | Wait for it, or look again. |
| `FAILED_PRECONDITION`, `PERMISSION_DENIED` | Give up on it. A recorded answer is for ever. |
| `ABORTED` | Read again what is to be changed, and decide again. |
| `UNAUTHENTICATED` | Say who asks, in a way that the server accepts. |
| `UNAVAILABLE`, `DEADLINE_EXCEEDED` | Send the same request again, with the same `request_id`. |
| `INTERNAL` | Send the same request again once, and report it. |

Where the wallet does not answer, gRPC itself does, without an `ErrorInfo`: `UNAVAILABLE` for a lost
connection, `CANCELLED` when a server stops before it has answered, `RESOURCE_EXHAUSTED` for a
message that is too large, `UNIMPLEMENTED` for an unknown method. Repeat the first two as above.

`RESOURCE_EXHAUSTED` without a reason leaves open whether a command was carried out: what is too
large may be the request for the server (4 MiB, unless it is set otherwise), or the response for the
client. After `ExecuteBatch` send the same commands again in smaller calls."""


def section(reason: Reason) -> str:
    """Returns the part of the page about one reason."""
    recorded = "Recorded: the same `request_id` gets the same answer for ever."
    return f"""\
## {reason.name}

{reason.what}

- Status: `{reason.code}`. {recorded if reason.recorded else "Not recorded."}
- Retry: {reason.retry}
- Metadata: {reason.metadata}"""


def main() -> None:
    """Writes the page, or compares it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare; write nothing")
    page = render(PROTO.read_text("utf-8"))
    if not parser.parse_args().check:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != page:
        sys.exit(f"{PAGE.relative_to(ROOT)}: out of date; python tools/errors_reference.py")


if __name__ == "__main__":
    main()
