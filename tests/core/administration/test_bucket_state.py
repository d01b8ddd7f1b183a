"""The statuses of buckets and drains: what acts make of them, and why they do not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.core.administration.versions import ANNA, BEFORE, BERT, NOW, UNKNOWN
from tests.core.rules import TOPOLOGY
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.bucket_state import (
    BucketState,
    start_draining,
    stop_draining,
)
from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.core.administration.drain_plain import (
    drain_of,
    plain_drain,
    plain_state,
    resource_of_drain,
    resource_of_state,
    state_of,
)
from wallet_server.core.administration.drains import (
    approve_drain,
    ask_for_drain,
    cancel_drain,
    finish_drain,
    new_drain,
)
from wallet_server.core.administration.tenant import TenantSettings
from wallet_server.core.config.topology import BucketStatus, Topology
from wallet_server.core.refusals import ActorRequired, Refusal
from wallet_server.core.refusals.administration import (
    ApproverSameAsAuthor,
    BucketNotDraining,
    BucketUnknown,
    DrainUnderWay,
    EtagMismatch,
    SuccessorUnfit,
    VersionTransitionIllegal,
)

ACTIVE, DRAINING = BucketStatus.ACTIVE, BucketStatus.DRAINING
TWO, ALONE = TenantSettings(), TenantSettings(single_handed=True)
EMPTYING = TOPOLOGY.with_draining({"SB"})
DRAIN = Drain("demo", "d1", "SB", "SN", DrainState.PENDING, 1, "anna", "", NOW, NOW, "because")
RUNNING = replace(DRAIN, state=DrainState.RUNNING, revision=2, approver="bert")


def state(status: BucketStatus, revision: int = 1) -> BucketState:
    """Returns what was set the day before."""
    return BucketState("demo", "SB", status, revision, BEFORE)


# --- Statuses


def test_a_bucket_is_set_to_be_emptied_and_back_one_revision_on() -> None:
    first = start_draining(None, ANNA, "SB", "", TOPOLOGY, now=NOW)
    second = start_draining(state(ACTIVE, 4), ANNA, "SB", "4", TOPOLOGY, now=NOW)
    back = stop_draining(state(DRAINING, 4), ANNA, "SB", "4", TOPOLOGY, None, now=NOW)

    assert first == BucketState("demo", "SB", DRAINING, 1, NOW)
    assert second == BucketState("demo", "SB", DRAINING, 5, NOW)
    assert back == BucketState("demo", "SB", ACTIVE, 5, NOW)
    assert stop_draining(None, ANNA, "SB", "", TOPOLOGY, None, now=NOW) == replace(back, revision=1)


@pytest.mark.parametrize("etag", ["3", "5", "x"])
def test_what_was_set_meanwhile_is_not_set_again(etag: str) -> None:
    stale = EtagMismatch("bucket SB", etag, "4")
    known = state(DRAINING, 4)

    assert start_draining(known, ANNA, "SB", etag, TOPOLOGY, now=NOW) == stale
    assert stop_draining(known, ANNA, "SB", etag, TOPOLOGY, None, now=NOW) == stale
    assert start_draining(None, ANNA, "SB", "1", TOPOLOGY, now=NOW) == EtagMismatch(
        "bucket SB", "1", ""
    )


def test_a_bucket_that_is_not_there_has_no_status() -> None:
    unknown = BucketUnknown("demo", "XX")

    assert start_draining(None, ANNA, "XX", "9", TOPOLOGY, now=NOW) == unknown
    assert stop_draining(None, ANNA, "XX", "9", TOPOLOGY, RUNNING, now=NOW) == unknown


def test_a_bucket_goes_on_being_emptied_while_it_is_drained_or_the_topology_says_so() -> None:
    known = state(DRAINING)

    assert stop_draining(known, ANNA, "SB", "1", EMPTYING, RUNNING, now=NOW) == DrainUnderWay(
        "SB", "d1"
    )
    assert stop_draining(
        known, ANNA, "SB", "1", EMPTYING, None, now=NOW
    ) == VersionTransitionIllegal("bucket SB", "DRAINING by the active topology", "ACTIVE")


# --- Drains


def test_a_drain_is_asked_for_and_waits() -> None:
    asked = new_drain(ANNA, "d1", "SB", "SN", NOW)

    assert asked == DRAIN
    assert ask_for_drain(ANNA, asked, EMPTYING, None, TWO) == DRAIN
    assert ask_for_drain(UNKNOWN, asked, EMPTYING, None, ALONE) == DRAIN


def test_a_bucket_has_one_drain_at_a_time() -> None:
    assert ask_for_drain(ANNA, DRAIN, EMPTYING, RUNNING, TWO) == DrainUnderWay("SB", "d1")


@pytest.mark.parametrize(
    ("changes", "topology", "refusal"),
    [
        ({"bucket": "XX"}, EMPTYING, BucketUnknown("demo", "XX")),
        ({}, TOPOLOGY, BucketNotDraining("SB")),
        ({"successor": "XX"}, EMPTYING, SuccessorUnfit("SB", "XX")),
        ({"successor": "PT"}, EMPTYING, SuccessorUnfit("SB", "PT")),
        ({}, TOPOLOGY.with_draining({"SB", "SN"}), SuccessorUnfit("SB", "SN")),
    ],
)
def test_only_an_emptied_bucket_is_drained_and_only_into_one_that_fits(
    changes: dict[str, Any],
    topology: Topology,
    refusal: Refusal,
) -> None:
    drain = replace(DRAIN, **changes)

    assert ask_for_drain(ANNA, drain, topology, None, TWO) == refusal
    assert approve_drain(drain, BERT, "1", topology, TWO, now=NOW) == refusal


def test_somebody_else_lets_a_drain_begin() -> None:
    begun = approve_drain(DRAIN, BERT, "1", EMPTYING, TWO, now=NOW)

    assert begun == replace(RUNNING, update_time=NOW)
    own = ApproverSameAsAuthor("drain d1", "anna")
    assert approve_drain(DRAIN, ANNA, "1", EMPTYING, TWO, now=NOW) == own
    assert approve_drain(DRAIN, ANNA, "1", EMPTYING, ALONE, now=NOW) == replace(
        RUNNING, approver="anna"
    )
    of_nobody = replace(DRAIN, author="")
    assert approve_drain(of_nobody, BERT, "1", EMPTYING, TWO, now=NOW) == ApproverSameAsAuthor(
        "drain d1", "somebody unknown"
    )


def test_a_drain_is_given_up_before_it_is_over() -> None:
    for drain in (DRAIN, RUNNING):
        etag = str(drain.revision)
        assert cancel_drain(drain, ANNA, etag, TWO, now=BEFORE) == replace(
            drain, state=DrainState.CANCELLED, revision=drain.revision + 1, update_time=BEFORE
        )


def test_a_drain_that_runs_comes_to_its_end() -> None:
    assert finish_drain(RUNNING, now=BEFORE) == replace(
        RUNNING, state=DrainState.DONE, revision=3, update_time=BEFORE
    )
    assert finish_drain(DRAIN, now=NOW) == VersionTransitionIllegal("drain d1", "PENDING", "DONE")


Step = Callable[[Drain, Act, str, TenantSettings], Drain | Refusal]


def approve(drain: Drain, act: Act, etag: str, settings: TenantSettings) -> Drain | Refusal:
    return approve_drain(drain, act, etag, EMPTYING, settings, now=NOW)


def cancel(drain: Drain, act: Act, etag: str, settings: TenantSettings) -> Drain | Refusal:
    return cancel_drain(drain, act, etag, settings, now=NOW)


@pytest.mark.parametrize(
    ("step", "wanted", "states"),
    [
        (approve, "approved", [DrainState.RUNNING, DrainState.DONE, DrainState.CANCELLED]),
        (cancel, "cancelled", [DrainState.DONE, DrainState.CANCELLED]),
    ],
)
def test_a_step_is_of_the_drain_as_it_is(step: Step, wanted: str, states: list[DrainState]) -> None:
    assert step(DRAIN, UNKNOWN, "9", TWO) == ActorRequired()
    assert isinstance(step(DRAIN, UNKNOWN, "1", ALONE), Drain)
    assert step(DRAIN, BERT, "9", TWO) == EtagMismatch("drain d1", "9", "1")
    assert step(DRAIN, BERT, "", TWO) == EtagMismatch("drain d1", "", "1")
    for each in states:
        illegal = VersionTransitionIllegal("drain d1", each.value, wanted)
        assert step(replace(DRAIN, state=each), BERT, "1", TWO) == illegal


def test_nobody_asks_for_a_drain_unless_one_person_does_everything() -> None:
    assert ask_for_drain(UNKNOWN, DRAIN, EMPTYING, None, TWO) == ActorRequired()


# --- On record


def test_a_drain_is_read_as_it_was_put_on_record() -> None:
    drain = replace(RUNNING, wallets_count=4, failed_count=1, totals={"EUR": 9}, trouble="X")
    plain = plain_drain(drain)

    assert drain_of(plain) == drain
    assert (plain["state"], plain["create_time"]) == ("RUNNING", NOW.isoformat())
    resource = resource_of_drain(drain)
    assert (resource.kind, resource.resource_id, resource.revision) == ("DRAIN", "d1", 2)


def test_a_status_is_read_as_it_was_put_on_record() -> None:
    known = state(DRAINING, 3)
    plain = plain_state(known)

    assert state_of(plain) == known
    assert (plain["status"], plain["update_time"]) == ("DRAINING", BEFORE.isoformat())
    resource = resource_of_state(known)
    assert (resource.kind, resource.resource_id, resource.revision) == ("BUCKET_STATUS", "SB", 3)
