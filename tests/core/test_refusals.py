"""The kinds of no, and how they are stored."""

import dataclasses

import pytest

from wallet_server.core.administration.blocker import Blocker, BlockerReason
from wallet_server.core.config.problem import Problem
from wallet_server.core.refusals import (
    Conflict,
    Declined,
    Forbidden,
    InsufficientFunds,
    Invalid,
    NotFound,
    Refusal,
    Unidentified,
)
from wallet_server.core.refusals.access import Denied
from wallet_server.core.refusals.administration import Stale, Unready
from wallet_server.core.refusals.registry import REFUSALS, refusal_of

LISTS = {
    "problems": (Problem("name", "BAD_CODE", "is no code"),),
    "blockers": (Blocker(BlockerReason.MISSING_SUCCESSOR, "gift", "is gone"),),
}


def example(kind: type[Refusal]) -> Refusal:
    """Returns a refusal with some value in each field."""
    values = {
        f.name: LISTS.get(f.name, 7 if f.type in {int, "int"} else "x")
        for f in dataclasses.fields(kind)
    }
    return kind(**values)


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_says_what_happened(kind: type[Refusal]) -> None:
    refusal = example(kind)

    assert "{" not in refusal.describe()
    assert all(isinstance(each, str | int) for each in refusal.details().values())


@pytest.mark.parametrize("kind", [kind for kind in REFUSALS if kind.recorded])
def test_a_refusal_is_read_back_as_it_was_stored(kind: type[Refusal]) -> None:
    refusal = example(kind)

    assert refusal_of(refusal.reason, refusal.details()) == refusal


def test_what_is_declined_or_forbidden_is_recorded_and_nothing_else() -> None:
    others = Invalid | NotFound | Conflict | Unidentified | Stale | Denied | Unready
    for kind in REFUSALS:
        assert issubclass(kind, Declined | Forbidden | others)
        is_for_ever = issubclass(kind, Declined | Forbidden) and not issubclass(kind, Unready)
        assert kind.recorded is is_for_ever


def test_no_reason_is_used_twice() -> None:
    assert len({kind.reason for kind in REFUSALS}) == len(REFUSALS)


def test_a_refusal_tells_its_facts() -> None:
    refusal = InsufficientFunds(required=60, available=40)

    assert refusal.details() == {"required": 60, "available": 40}
    assert refusal.describe() == "40 available, 60 required"
