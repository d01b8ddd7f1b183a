"""Documents that a scenario makes versions of, written out as the calls that it takes.

One person writes and validates a version, another approves and activates it.
"""

from collections.abc import Iterator, Mapping

from wallet_server.conformance.node import Node
from wallet_server.conformance.scenario import Json
from wallet_server.conformance.version_acts import (
    KINDS,
    STATES,
    TOPOLOGY,
    answer_with,
    creation_of,
    method_of,
    step_of,
)

FIELD = "publish"
FIELDS = (FIELD, "version", "until", "author", "approver", "expect")
AUTHOR = "author"
APPROVER = "approver"
PERSONS = dict(zip(STATES, (AUTHOR, AUTHOR, APPROVER, APPROVER), strict=True))
"""Who acts, by the state that it leads to."""


def calls_of(step: Node) -> Iterator[Node]:
    """Yields the calls of a step that publishes a document, and any other step as it is."""
    if FIELD not in step.entries():
        yield step
        return
    fields = step.fields(FIELDS, [FIELD, "version"])
    document = fields[FIELD].entries() if FIELD in fields else {}
    kind = document["kind"].one_of(KINDS, "UNKNOWN_KIND") if "kind" in document else TOPOLOGY
    until = fields["until"].one_of(STATES, "UNKNOWN_STATE") if "until" in fields else STATES[-1]
    if "version" not in fields or kind not in KINDS or until not in STATES:
        return
    for number, state in enumerate(STATES[: STATES.index(until) + 1], start=1):
        call = _call(kind, state, fields)
        if state == until and "expect" in fields:
            call["expect"] = fields["expect"].value
        yield step.copy(number, call)


def _call(kind: str, state: str, fields: Mapping[str, Node]) -> dict[str, Json]:
    """Returns a call as a step of its own."""
    person = PERSONS[state]
    document = {key: each.value for key, each in fields[FIELD].entries().items()}
    version = fields["version"].integer()
    call = {
        "call": method_of(kind, state),
        "actor": fields[person].value if person in fields else {"name": person},
    }
    if state != STATES[0]:
        return {**call, "request": step_of(kind, document, version, state)}
    expected = {"response": answer_with(kind, version)}
    return {**call, "request": creation_of(kind, document), "expect": expected}
