"""Every reason for which something is refused has a scenario that provokes it."""

from collections.abc import Iterator
from typing import cast

from tests.conformance_runner.files import PATHS, document_of
from wallet_server.conformance.scenario import Json
from wallet_server.core.administration.blocker import BlockerReason
from wallet_server.core.refusals.registry import REFUSALS

PREFIX = "BLOCKER_REASON_"

NO_COMMAND_YET = {
    # No command freezes a bucket yet, and what a scenario is given is made by commands.
    "BUCKET_FROZEN",
}

KEPT_AWAY = {
    # A server that believes what calls say of who sends them, as those do that scenarios are played
    # against, never refuses it.
    "ACTOR_NOT_ACCEPTED",
    # The same servers ask nobody for credentials. `tests/rpc` provokes them, for every method.
    "CREDENTIALS_INVALID",
    "CREDENTIALS_MISSING",
    "GRANT_NOT_ALLOWED",
    "OWN_CREDENTIAL",
    "PERMISSION_MISSING",
    "PLAYER_NOT_ALLOWED",
    "TENANT_NOT_ALLOWED",
    # Nothing that scenarios play removes events: that is retention's, after days.
    "EVENTS_OF_TIME_REMOVED",
    "EVENTS_REMOVED",
    # Scenarios ask for no files. `tests/rpc/test_exports.py` does.
    "LOCALE_UNKNOWN",
    # Documents become active together with those that are active already, and only if every
    # profile's type has a policy then. Nothing takes one away, neither `apply` nor the API.
    "POLICY_MISSING",
}


UNCOUNTED = {
    # Of every tenant that is made from now on it is counted from the start what refers to buckets.
    "USAGE_NOT_COUNTED",
}


def blockers_in(value: Json) -> Iterator[str]:
    """Yields the reasons not to activate a version that a part of a scenario file expects."""
    if isinstance(value, dict):
        for each in cast("dict[str, Json]", value).values():
            yield from blockers_in(each)
    elif isinstance(value, list):
        for each in cast("list[Json]", value):
            yield from blockers_in(each)
    elif isinstance(value, str) and value.startswith(PREFIX):
        yield value.removeprefix(PREFIX)


def reasons_in(value: Json) -> Iterator[str]:
    """Yields the reasons that a part of a scenario file expects."""
    if isinstance(value, dict):
        fields = cast("dict[str, Json]", value)
        if "code" in fields and isinstance(reason := fields.get("reason"), str):
            yield reason
        for each in fields.values():
            yield from reasons_in(each)
    elif isinstance(value, list):
        for each in cast("list[Json]", value):
            yield from reasons_in(each)


def test_every_refusal_has_a_scenario() -> None:
    expected = {reason for path in PATHS for reason in reasons_in(document_of(path))}

    assert {kind.reason for kind in REFUSALS} - expected == NO_COMMAND_YET | KEPT_AWAY


def test_every_reason_not_to_activate_a_version_has_a_scenario() -> None:
    expected = {reason for path in PATHS for reason in blockers_in(document_of(path))}

    assert {each.value for each in BlockerReason} - expected == UNCOUNTED
