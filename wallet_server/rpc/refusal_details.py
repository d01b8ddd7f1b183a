"""What errors say beside reason and metadata: problems of documents, and blockers.

An error travels in a header, which has little room. So what is told is cut at a number of bytes:
first the examples of blockers go, then what comes last. The metadata say how many there are, and
the methods that refuse so tell everything when they are asked with `validate_only`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, PreconditionFailure

from wallet.v1.blocker_pb2 import ActivationBlocked, DocumentProblems
from wallet_server.core.administration.blocker import Blocker
from wallet_server.core.config.problem import Problem
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import (
    DocumentUnreadable,
    TopologyActivationBlocked,
    Unfit,
)
from wallet_server.rpc.encode.blockers import encode_blocker, encode_problem

DETAILS_BYTES_MAX = 4_096
"""Of all details together. Clients take headers of 8 KiB, in which these grow by a third."""

DESCRIPTION_LENGTH_MAX = 256


def details_of(refusal: Refusal) -> Iterator[Message]:
    """Yields what an error says of a refusal beside its facts."""
    match refusal:
        case Unfit(problems=problems) | DocumentUnreadable(problems=problems):
            yield from problem_details(problems)
        case TopologyActivationBlocked(blockers=blockers):
            yield from blocker_details(blockers)
        case _:
            pass


def problem_details(problems: Sequence[Problem]) -> tuple[BadRequest, DocumentProblems]:
    """Returns as many problems as an error can carry, in general terms and in ours."""
    general, own = BadRequest(), DocumentProblems()
    for problem in problems:
        short = replace(problem, message=shorten(problem.message))
        general.field_violations.add(
            field=short.path, description=short.message, reason=short.reason
        )
        own.problems.append(encode_problem(short))
        if size_of((general, own)) > DETAILS_BYTES_MAX:
            del general.field_violations[-1], own.problems[-1]
            break
    return general, own


def blocker_details(blockers: Sequence[Blocker]) -> tuple[PreconditionFailure, ActivationBlocked]:
    """Returns as many blockers as an error can carry, in general terms and in ours."""
    general, own = PreconditionFailure(), ActivationBlocked()
    for blocker in blockers:
        short = replace(blocker, message=shorten(blocker.message), examples=())
        general.violations.add(
            type=short.reason.value, subject=short.subject, description=short.message
        )
        own.blockers.append(encode_blocker(short))
        if size_of((general, own)) > DETAILS_BYTES_MAX:
            del general.violations[-1], own.blockers[-1]
            break
    for message, blocker in zip(own.blockers, blockers, strict=False):
        message.examples.extend(blocker.examples)
        if size_of((general, own)) > DETAILS_BYTES_MAX:
            del message.examples[:]
    return general, own


def size_of(messages: Iterable[Message]) -> int:
    """Returns how many bytes messages have, encoded."""
    return sum(message.ByteSize() for message in messages)


def shorten(text: str) -> str:
    """Returns a text that is not too long for an error."""
    return text if len(text) <= DESCRIPTION_LENGTH_MAX else text[: DESCRIPTION_LENGTH_MAX - 1] + "…"
