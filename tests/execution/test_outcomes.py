"""What callers may hear of a task that an earlier attempt may have recorded."""

from datetime import UTC, datetime

import pytest

from tests.execution.vocabulary import WALLET, authorize
from wallet_server.core.answer import Answer
from wallet_server.core.batch import Failed, Recorded, Repeated, Result, Task
from wallet_server.core.decision import Outcome, Replay
from wallet_server.core.refusals import CurrencyMismatch, InsufficientFunds
from wallet_server.execution.errors import StorageUnavailableError
from wallet_server.execution.outcomes import withhold_doubtful

TASK = Task(WALLET, "request", authorize("b1"))
ANSWER = Answer("request", 2, "AuthorizeBet", b"", datetime.now(UTC), outcome=Outcome.APPLIED)


@pytest.mark.parametrize(
    ("result", "is_withheld"),
    [
        (Recorded(TASK, ANSWER), False),
        (Repeated(ANSWER), False),
        (CurrencyMismatch("stake", "EUR", "USD"), True),
        (Replay(2, refusal=InsufficientFunds(10, 5)), True),
        (Failed(ValueError()), True),
    ],
)
def test_what_claims_nothing_is_withheld_from_a_task_in_doubt(
    result: Result, *, is_withheld: bool
) -> None:
    (heard,) = withhold_doubtful([TASK], [result], {(WALLET, "request")})

    assert isinstance(heard, StorageUnavailableError) == is_withheld
    assert withhold_doubtful([TASK], [result], set()) == [result]
