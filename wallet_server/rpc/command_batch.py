"""Many commands in one call: each decoded, submitted and encoded as if it had come alone.

What is wrong with one is its own result. Nothing here is done for each command that
could be done once for all.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from google.protobuf.message import Message

from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.commands.sender import NOWHERE, Sender
from wallet_server.execution.submission import Answered, Submission
from wallet_server.rpc.decode.values import submission
from wallet_server.rpc.kinds import ASKING_WHO, KINDS, command_of
from wallet_server.rpc.status import is_bug, reason_of, status_of
from wallet_server.rpc.turns import Turns
from wallet_server.rpc.validation import validate

logger = logging.getLogger(__name__)

EXPLAINED_COMMANDS_MAX = 8
"""To find all that is wrong with a command may take as long as to carry out many. Of those
that are wrong after the first in a call only the first violation is looked for."""

LOGGED = ("request_id", "correlation_id")
"""What finds the callers' own traces of a command that failed."""

Outcome: TypeAlias = Answered | Exception
"""What became of a command: its answer, or what its own method would have raised."""


def admit_any(kind: str, request: Message) -> None:
    """Lets any command in."""
    del kind, request


@dataclass(frozen=True, slots=True)
class Origin:
    """What the commands of a call have in common.

    `correlation_id` is that of commands without one of their own; `deadline_seconds`
    is on the clock of the running loop, none for no deadline. `sender` is who asks and from
    where, or what is wrong with what the call says of that: it concerns only commands that
    care. `admit` raises what is in the way of a command of a kind, as far as it is about who
    calls.
    """

    correlation_id: str
    deadline_seconds: float | None
    sender: Sender | Exception = NOWHERE
    admit: Callable[[str, Message], None] = admit_any


async def decode_all(
    commands: Sequence[pb.BatchCommand], origin: Origin, turns: Turns
) -> list[Submission | Exception]:
    """Decodes commands, each on its own; in the place of a wrong one is what is wrong with it."""
    decoded: list[Submission | Exception] = []
    wrong_count = 0
    for command in commands:
        is_explained = wrong_count < EXPLAINED_COMMANDS_MAX
        decoded.append(decode_one(command, origin, is_explained=is_explained))
        wrong_count += isinstance(decoded[-1], Exception)
        if turns.is_over():
            await turns.next()
    return decoded


def decode_one(
    command: pb.BatchCommand, origin: Origin, *, is_explained: bool
) -> Submission | Exception:
    """Decodes a command, or returns what is wrong with it: in full if that is to be explained."""
    try:
        kind = command.WhichOneof("command")
        if kind is None:
            validate(command)  # Says so.
            raise AssertionError("a batch command without a command is valid")  # noqa: TRY301
        request: Any = getattr(command, kind)
        origin.admit(kind, request)
        if origin.correlation_id and not request.correlation_id:
            request.correlation_id = origin.correlation_id
        validate(request, is_explained=is_explained)
        sender = origin.sender if kind in ASKING_WHO else NOWHERE
        if isinstance(sender, Exception):
            return sender
        asked = command_of(kind, request, sender.actor)
        return submission(request, asked, origin.deadline_seconds, sender)
    except Exception as error:
        return error


async def encode_all(
    commands: Sequence[pb.BatchCommand],
    outcomes: Sequence[Outcome],
    turns: Turns,
    refusals: Counter[str],
) -> pb.ExecuteBatchResponse:
    """Encodes what became of each command. Adds to the refusals, by their reasons."""
    response = pb.ExecuteBatchResponse()
    results = response.results
    for command, outcome in zip(commands, outcomes, strict=True):
        fill_result(results.add(), command, outcome, refusals)
        if turns.is_over():
            await turns.next()
    return response


def fill_result(
    result: pb.BatchResult, command: pb.BatchCommand, outcome: Outcome, refusals: Counter[str]
) -> None:
    """Writes what became of a command into an empty result."""
    if isinstance(outcome, Answered):
        try:
            kind = command.WhichOneof("command")
            assert kind is not None
            currency_code = getattr(command, kind).wallet.currency_code
            KINDS[kind].fill(getattr(result, kind), outcome, currency_code)
        except Exception as error:
            outcome = error
    if isinstance(outcome, Exception):
        refusals[fill_error(result, command, outcome)] += 1


def fill_error(result: pb.BatchResult, command: pb.BatchCommand, error: Exception) -> str:
    """Writes what the caller may know of an error, and logs what nobody foresaw.

    Returns its reason.
    """
    status = status_of(error)
    if is_bug(status):
        kind = command.WhichOneof("command") or ""
        facts = {name: getattr(getattr(command, kind, None), name, "") for name in LOGGED}
        logger.error("%s failed in a batch %s", kind, facts, exc_info=error)
    result.error.CopyFrom(status)
    return reason_of(status)
