"""What errors say of documents that are wrong, and of topologies that nothing may follow."""

from collections.abc import Sequence
from typing import TypeVar, cast

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.rpc import code_pb2
from google.rpc.error_details_pb2 import BadRequest, PreconditionFailure
from google.rpc.status_pb2 import Status

from wallet.v1 import blocker_pb2 as pb
from wallet_server.core.administration.blocker import Blocker, BlockerReason, Total
from wallet_server.core.config.problem import Problem
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import (
    DocumentUnreadable,
    EtagMismatch,
    PolicyInvalid,
    TopologyActivationBlocked,
    TopologyInvalid,
)
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.refusal_details import DETAILS_BYTES_MAX
from wallet_server.rpc.status import status_of

M = TypeVar("M", bound=Message)

HEADER_BYTES_MAX = 8_192 * 3 // 4
"""What clients take of a status: a header of 8 KiB, in which it is encoded in Base64."""

PROBLEMS = (
    Problem("buckets[2].asset_code", "UNKNOWN_ASSET", "nothing is called XYZ"),
    Problem("recovery_order[0]", "UNKNOWN_BUCKET", "nothing is called gone"),
)
BALANCES = Blocker(
    BlockerReason.NONZERO_BALANCE,
    "sports_bonus",
    "2 wallets have a balance in sports_bonus",
    count=2,
    totals=(Total("EUR", 140), Total("BTC", 2**70)),
    examples=("p1/EUR", "p2/EUR"),
)
REFERENCE = Blocker(
    BlockerReason.POLICY_REFERENCE, "Policy SPORTS v4", "Policy SPORTS v4 names sports_bonus", 1
)


def answer(refusal: Refusal) -> Status:
    return status_of(RefusedError(refusal))


def detail(status: Status, kind: type[M]) -> M:
    [found] = [each for each in status.details if each.Is(cast("Descriptor", kind.DESCRIPTOR))]
    message = kind()
    assert found.Unpack(message)
    return message


def told_problems(status: Status) -> list[tuple[str, str, str]]:
    own = [(p.path, p.reason, p.message) for p in detail(status, pb.DocumentProblems).problems]
    general = detail(status, BadRequest).field_violations
    assert own == [(each.field, each.reason, each.description) for each in general]
    return own


def blocked(blockers: Sequence[Blocker]) -> Status:
    return answer(TopologyActivationBlocked(tuple(blockers)))


def test_an_error_tells_everything_that_is_wrong_with_a_document() -> None:
    told = [(each.path, each.reason, each.message) for each in PROBLEMS]

    assert told_problems(answer(TopologyInvalid(PROBLEMS))) == told
    assert told_problems(answer(PolicyInvalid(PROBLEMS))) == told
    assert told_problems(answer(DocumentUnreadable(PROBLEMS))) == told
    assert answer(PolicyInvalid(PROBLEMS)).code == code_pb2.FAILED_PRECONDITION
    assert answer(DocumentUnreadable(PROBLEMS)).code == code_pb2.INVALID_ARGUMENT


def test_an_error_tells_everything_that_is_in_the_way_of_a_topology() -> None:
    status = blocked([BALANCES, REFERENCE])

    assert detail(status, pb.ActivationBlocked).blockers == [
        pb.Blocker(
            reason=pb.BLOCKER_REASON_NONZERO_BALANCE,
            subject="sports_bonus",
            message="2 wallets have a balance in sports_bonus",
            count=2,
            totals=[
                pb.Total(asset_code="EUR", minor_units="140"),
                pb.Total(asset_code="BTC", minor_units="1180591620717411303424"),
            ],
            examples=["p1/EUR", "p2/EUR"],
        ),
        pb.Blocker(
            reason=pb.BLOCKER_REASON_POLICY_REFERENCE,
            subject="Policy SPORTS v4",
            message="Policy SPORTS v4 names sports_bonus",
            count=1,
        ),
    ]
    assert [(v.type, v.subject) for v in detail(status, PreconditionFailure).violations] == [
        ("NONZERO_BALANCE", "sports_bonus"),
        ("POLICY_REFERENCE", "Policy SPORTS v4"),
    ]


def test_what_was_changed_meanwhile_is_to_be_read_again() -> None:
    status = answer(EtagMismatch("Topology v2", "3", "4"))

    assert status.code == code_pb2.ABORTED
    assert status.message == "the etag is 3, and that of Topology v2 is 4"


# --- An error fits into a header


def test_where_there_is_too_much_the_examples_of_later_blockers_go_first() -> None:
    examples = tuple(f"{'p' * 60}{number:03}/EUR" for number in range(20))
    many = [
        Blocker(reason, "sports_bonus", "in the way", 9, examples=examples)
        for reason in BlockerReason
    ]
    status = blocked(many)

    told = detail(status, pb.ActivationBlocked).blockers
    assert [pb.BlockerReason.Name(each.reason).partition("REASON_")[2] for each in told] == [
        reason.value for reason in BlockerReason
    ]
    assert {len(each.examples) for each in told} == {20, 0}
    assert len(told[0].examples) == 20
    assert status.ByteSize() < HEADER_BYTES_MAX


def test_of_too_many_blockers_the_first_are_told_and_how_many_there_are() -> None:
    status = blocked([REFERENCE] * 1_000)

    told = detail(status, pb.ActivationBlocked).blockers
    assert 10 < len(told) == len(detail(status, PreconditionFailure).violations) < 1_000
    assert status.ByteSize() < HEADER_BYTES_MAX
    assert "1000" in str(status.details[0].value)


def test_of_too_many_problems_the_first_are_told() -> None:
    status = answer(TopologyInvalid(PROBLEMS * 500))

    told = told_problems(status)
    assert 10 < len(told) < 1_000
    assert tuple(Problem(*each) for each in told[:2]) == PROBLEMS
    assert DETAILS_BYTES_MAX - 200 < status.ByteSize() < HEADER_BYTES_MAX


def test_what_a_problem_says_at_length_is_shortened() -> None:
    long = Problem("buckets[0].code", "BAD_CODE", "x" * 9_000)

    [told] = told_problems(answer(TopologyInvalid((long,))))

    assert told == ("buckets[0].code", "BAD_CODE", "x" * 255 + "…")
