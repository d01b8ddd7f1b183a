"""A command on its way through the engine, and what comes back."""

from wallet_server.core.answer import Answer
from wallet_server.core.commands import Command
from wallet_server.core.commands.sender import NOWHERE, Sender
from wallet_server.core.ids import WalletRef
from wallet_server.core.task import Task
from wallet_server.core.value import value


@value
class Submission:
    """A command for a wallet under its `request_id`.

    `deadline_seconds` is on the clock of `asyncio`'s running loop; none for no
    deadline.
    """

    wallet: WalletRef
    request_id: str
    command: Command
    correlation_id: str = ""
    deadline_seconds: float | None = None
    sender: Sender = NOWHERE


@value
class Answered:
    """An answer that is not a refusal, and whether it was given before."""

    answer: Answer
    replayed: bool


def task_of(submission: Submission) -> Task:
    """Returns what the core is to decide."""
    return Task(
        submission.wallet,
        submission.request_id,
        submission.command,
        submission.correlation_id,
        submission.sender,
    )
