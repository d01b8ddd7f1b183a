"""Results of a batch are replies, whatever a server makes of it."""

import pytest

from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.conformance.batches import batch_of, replies_in
from wallet_server.conformance.recording import Reply

BET = pb.AuthorizeBetRequest(request_id="r1")
ROLLBACK = pb.RollbackTransactionRequest(request_id="r2")
TAKEN = pb.BatchResult(authorize_bet=pb.AuthorizeBetResponse(sequence=3))
UNDONE = pb.BatchResult(rollback_transaction=pb.RollbackTransactionResponse(sequence=4))


def replies(*results: pb.BatchResult) -> list[str]:
    response = pb.ExecuteBatchResponse(results=results)
    return [str(reply) for reply in replies_in(Reply("OK", response), [BET, ROLLBACK])]


def test_requests_go_in_their_order() -> None:
    call = batch_of([BET, ROLLBACK])

    assert [c.WhichOneof("command") for c in call.commands] == [
        "authorize_bet",
        "rollback_transaction",
    ]


def test_every_result_is_the_reply_to_its_request() -> None:
    response = pb.ExecuteBatchResponse(results=[TAKEN, UNDONE])

    first, second = replies_in(Reply("OK", response), [BET, ROLLBACK])

    assert (first.response, second.response) == (TAKEN.authorize_bet, UNDONE.rollback_transaction)


def test_what_fails_the_call_fails_every_command() -> None:
    failed = Reply("UNAVAILABLE", reason="OVERLOADED")

    assert replies_in(failed, [BET, ROLLBACK]) == [failed, failed]


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([TAKEN], ["UNKNOWN 1 results for 2 commands"] * 2),
        ([UNDONE, TAKEN], [
            "UNKNOWN the result is rollback_transaction, not authorize_bet",
            "UNKNOWN the result is authorize_bet, not rollback_transaction",
        ]),
        ([TAKEN, pb.BatchResult()], ["OK", "UNKNOWN the result is empty, not rollback_transaction"]),
    ],
    ids=["too few", "mixed up", "empty"],
)  # fmt: skip
def test_a_server_that_answers_nonsense_is_found_out(
    results: list[pb.BatchResult], expected: list[str]
) -> None:
    assert replies(*results) == expected
