"""Every reason for which a command is refused has a scenario that provokes it."""

from collections.abc import Iterator
from typing import cast

from tests.conformance_runner.files import PATHS, document_of
from wallet_server.conformance.scenario import Json
from wallet_server.core.refusals.registry import REFUSALS

NO_COMMAND_YET = {
    # No command freezes a bucket yet, and what a scenario is given is made by commands.
    "BUCKET_FROZEN",
}

KEPT_AWAY = {
    # A server that believes what calls say of who sends them, as those do that scenarios are played
    # against, never refuses it.
    "ACTOR_NOT_ACCEPTED",
    # Documents become active together with those that are active already, and only if every
    # profile's type has a policy then. Nothing takes one away, neither `apply` nor the API.
    "POLICY_MISSING",
}


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
