"""The statuses of buckets, and drains, over a real socket."""

from typing import Any

import grpc
import pytest

from tests.rpc.administration import APPROVER, AUTHOR, STRICT, Office
from wallet.v1 import drain_pb2, topology_pb2

DRAINING, ACTIVE = topology_pb2.BUCKET_STATUS_DRAINING, topology_pb2.BUCKET_STATUS_ACTIVE
PENDING, RUNNING = drain_pb2.DRAIN_STATE_PENDING, drain_pb2.DRAIN_STATE_RUNNING
CANCELLED = drain_pb2.DRAIN_STATE_CANCELLED

FAILED_PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
BONUS = "sports_bonus"


async def drain(office: Office, bucket: str = BONUS) -> Any:
    """Returns a drain that waits for a second person."""
    await office.ask("StartDraining", bucket=bucket)
    asked = await office.ask(
        "DrainBucket", bucket=bucket, successor="sports_normal", reason="It goes."
    )
    return asked.drain


async def test_a_bucket_is_draining_until_somebody_stops_it(office: Office) -> None:
    started = await office.ask("StartDraining", bucket=BONUS)
    there = (await office.ask("GetTopology")).bucket_states
    state = started.bucket_state
    stale = await office.refused("StopDraining", bucket=BONUS, etag="7")
    stopped = await office.ask("StopDraining", bucket=BONUS, etag=state.etag)
    now = (await office.ask("GetTopology")).bucket_states

    assert (state.tenant_id, state.bucket, state.status) == (STRICT, BONUS, DRAINING)
    assert state.etag == "1"
    assert list(there) == [state]
    assert (stale.code, stale.reason) == (grpc.StatusCode.ABORTED, "ETAG_MISMATCH")
    assert stale.metadata == {"resource": "bucket sports_bonus", "etag": "7", "current": "1"}
    assert (stopped.bucket_state.status, stopped.bucket_state.etag) == (ACTIVE, "2")
    assert list(now) == [stopped.bucket_state]


async def test_an_act_that_is_repeated_gets_the_same_answer(office: Office) -> None:
    first = await office.ask("StartDraining", request_id="s1", bucket=BONUS)
    again = await office.ask("StartDraining", request_id="s1", bucket=BONUS)
    other = await office.refused("StopDraining", request_id="s1", bucket=BONUS)

    assert (again.replayed, again.bucket_state) == (True, first.bucket_state)
    assert other.reason == "ADMIN_REQUEST_ID_REUSED"


async def test_what_is_only_validated_changes_nothing(office: Office) -> None:
    told = await office.ask("StartDraining", bucket=BONUS, validate_only=True)

    assert told.bucket_state.status == DRAINING
    assert not (await office.ask("GetTopology")).bucket_states


async def test_a_drain_takes_two_persons_and_may_be_given_up(office: Office) -> None:
    asked = await drain(office)
    assert (asked.bucket, asked.successor, asked.state) == (BONUS, "sports_normal", PENDING)
    assert (asked.author, asked.approver, asked.comment) == (AUTHOR, "", "It goes.")
    assert (asked.etag, asked.wallets_count, list(asked.totals)) == ("1", 0, [])
    named = {"drain_id": asked.drain_id, "etag": asked.etag}

    own = await office.refused("ApproveDrain", **named)
    approved = (await office.ask("ApproveDrain", APPROVER, **named)).drain
    twice = await office.refused("ApproveDrain", APPROVER, **named)
    found = (await office.ask("GetDrain", drain_id=asked.drain_id)).drain
    busy = await office.refused("StopDraining", bucket=BONUS)
    cancelled = await office.ask("CancelDrain", drain_id=asked.drain_id, etag=approved.etag)
    over = await office.refused("CancelDrain", drain_id=asked.drain_id, etag=cancelled.drain.etag)

    assert (own.code, own.reason) == (FAILED_PRECONDITION, "APPROVER_SAME_AS_AUTHOR")
    assert (approved.state, approved.approver, approved.etag) == (RUNNING, APPROVER, "2")
    assert twice.reason == "ETAG_MISMATCH"
    assert found == approved
    assert (busy.code, busy.reason) == (FAILED_PRECONDITION, "DRAIN_UNDER_WAY")
    assert cancelled.drain.state == CANCELLED
    assert (over.code, over.reason) == (FAILED_PRECONDITION, "VERSION_TRANSITION_ILLEGAL")


async def test_drains_come_in_pages_newest_first(office: Office) -> None:
    asked = [await drain(office, bucket) for bucket in (BONUS, "casino_bonus", "casino_normal")]

    first = await office.ask("ListDrains", page_size=2)
    second = await office.ask("ListDrains", page_size=2, page_token=first.next_page_token)
    forged = await office.refused("ListDrains", page_token="x" + first.next_page_token)

    assert [*first.drains, *second.drains] == asked[::-1]
    assert len(first.drains) == 2
    assert second.next_page_token == ""
    assert forged.reason == "PAGE_TOKEN_INVALID"


@pytest.mark.parametrize(
    ("method", "content", "reason"),
    [
        ("StartDraining", {"bucket": "gone"}, "BUCKET_NOT_FOUND"),
        ("DrainBucket", {"bucket": BONUS, "successor": "sports_normal"}, "BUCKET_NOT_DRAINING"),
        ("GetDrain", {"drain_id": "none"}, "DRAIN_NOT_FOUND"),
        ("ApproveDrain", {"drain_id": "none", "etag": "1"}, "DRAIN_NOT_FOUND"),
        ("ListDrains", {"tenant_id": "nobody"}, "TENANT_NOT_FOUND"),
        ("StartDraining", {"tenant_id": "nobody", "bucket": BONUS}, "TENANT_NOT_FOUND"),
    ],
)
async def test_what_is_not_there_or_not_so_is_refused(
    office: Office, method: str, content: dict[str, Any], reason: str
) -> None:
    assert (await office.refused(method, **content)).reason == reason


async def test_money_goes_only_where_it_may(office: Office) -> None:
    await office.ask("StartDraining", bucket=BONUS)

    points = await office.refused("DrainBucket", bucket=BONUS, successor="points")
    itself = await office.refused("DrainBucket", bucket=BONUS, successor=BONUS)

    assert points.code is grpc.StatusCode.INVALID_ARGUMENT
    assert {points.reason, itself.reason} == {"SUCCESSOR_UNFIT"}
    assert points.metadata == {"bucket": BONUS, "successor": "points"}
