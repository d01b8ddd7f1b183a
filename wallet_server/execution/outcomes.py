"""From the results of a batch to what its callers hear."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias, TypeGuard

from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.batch import Failed, Recorded, Repeated, Result, Task
from wallet_server.core.decision import Replay
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import Refusal
from wallet_server.execution.errors import Fault, RefusedError, StorageUnavailableError
from wallet_server.execution.submission import Answered
from wallet_server.storage.answers_read import load_answers
from wallet_server.storage.connections import Connection
from wallet_server.storage.entries import load_entries

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)

Entries: TypeAlias = dict[tuple[WalletRef, int], tuple[PostedEntry, ...]]
Answers: TypeAlias = dict[tuple[WalletRef, str], Answer]


async def complete(
    connection: Connection, tasks: Sequence[Task], results: Sequence[Result]
) -> list[Result | Fault]:
    """Adds to answers that were given before what stands in the journal and on record."""
    wanted = [
        (task.wallet, sequence)
        for task, result in zip(tasks, results, strict=True)
        if (sequence := sequence_of(result)) is not None
    ]
    if not wanted:
        return [*results]
    entries: Entries = await load_entries(connection, wanted)
    unsaid = [
        (task.wallet, posted[0].request_id)
        for task, result in zip(tasks, results, strict=True)
        if says_nothing(result) and (posted := entries.get((task.wallet, result.sequence)))
    ]
    answers: Answers = await load_answers(connection, unsaid) if unsaid else {}
    return [
        with_entries(task, result, entries, answers)
        for task, result in zip(tasks, results, strict=True)
    ]


def withhold_doubtful(
    tasks: Sequence[Task],
    results: Sequence[Result | Fault],
    in_doubt: AbstractSet[tuple[WalletRef, str]],
) -> list[Result | Fault]:
    """Withholds answers that claim nothing for tasks that may have been recorded.

    Only what is recorded now, or was found recorded, waits for an earlier attempt
    whose end is unknown. A refusal that is not recorded could be overtaken by it.
    """
    if not in_doubt:
        return [*results]
    return [
        result
        if (task.wallet, task.request_id) not in in_doubt or isinstance(result, Recorded | Repeated)
        else StorageUnavailableError()
        for task, result in zip(tasks, results, strict=True)
    ]


def sequence_of(result: Result) -> int | None:
    """Returns the sequence of the answer that a result repeats, if it has entries."""
    if isinstance(result, Repeated) and result.answer.refusal is None:
        return result.answer.sequence
    if isinstance(result, Replay) and result.refusal is None:
        return result.sequence
    return None


def says_nothing(result: Result) -> TypeGuard[Replay]:
    """Tells whether a result repeats an answer of which only the record tells more."""
    return (
        isinstance(result, Replay)
        and result.refusal is None
        and result.bet is None
        and result.result is None
    )


def with_entries(task: Task, result: Result, entries: Entries, answers: Answers) -> Result:
    """Returns a result with the entries of the answer that it repeats, and with the answer."""
    sequence = sequence_of(result)
    if sequence is None:
        return result
    posted = entries.get((task.wallet, sequence), ())
    if isinstance(result, Repeated):
        return Repeated(replace(result.answer, entries=posted))
    assert isinstance(result, Replay)
    recorded = answers.get((task.wallet, posted[0].request_id)) if posted else None
    if recorded is not None and recorded.command == type(task.command).__name__:
        return Repeated(replace(recorded, entries=posted))
    return Repeated(answer_again(task, result, posted))


def answer_again(task: Task, replay: Replay, posted: tuple[PostedEntry, ...]) -> Answer:
    """Returns the answer of the command that another one repeats.

    Its request id and time are read off its entries; where it has none, nobody is told them.
    """
    first = posted[0] if posted else None
    return Answer(
        request_id=first.request_id if first else task.request_id,
        sequence=replay.sequence,
        command=type(task.command).__name__,
        fingerprint=b"",
        answer_time=first.entry_time if first else UNKNOWN_TIME,
        outcome=replay.outcome,
        bet=replay.bet,
        entries=posted,
        result=replay.result,
    )


def answer_of(result: Result | Fault) -> Answered | Exception:
    """Returns what a caller hears: an answer, or an exception to raise."""
    match result:
        case Recorded(answer=answer):
            return answered(answer, replayed=False)
        case Repeated(answer=answer):
            return answered(answer, replayed=True)
        case Replay(refusal=refusal):
            assert refusal is not None
            return RefusedError(refusal, replayed=True)
        case Failed(error=error):
            return error
        case Refusal():
            return RefusedError(result)
        case Fault():
            return result


def answered(answer: Answer, *, replayed: bool) -> Answered | Exception:
    """Returns a recorded answer, or raises the refusal that it is."""
    if answer.refusal is not None:
        return RefusedError(answer.refusal, replayed=replayed)
    return Answered(answer, replayed)
