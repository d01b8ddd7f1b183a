"""Documents that a scenario makes versions of, written out as the calls that it takes.

One person writes and validates a version, another approves and activates it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wallet_server.conformance.node import Node
from wallet_server.conformance.scenario import Json

FIELD = "publish"
FIELDS = (FIELD, "version", "until", "author", "approver", "expect")
AUTHOR = {"name": "author"}
APPROVER = {"name": "approver"}

ACTS = {"DRAFT": "Create", "VALIDATED": "Validate", "APPROVED": "Approve", "ACTIVE": "Activate"}
"""By the state that it leads to: the act, in the order in which they follow one another."""

APPROVERS = ("APPROVED", "ACTIVE")


@dataclass(frozen=True, slots=True)
class Kind:
    """How versions of a kind of document are named.

    `field` is what an answer has the version in, and `key` the document's own field that names
    what it is about; a tenant has one of those that have none.
    """

    field: str
    key: str = ""


TOPOLOGY = "Topology"
KINDS: Mapping[str, Kind] = {
    TOPOLOGY: Kind("topology"),
    "WalletPolicy": Kind("wallet_policy"),
    "Policy": Kind("policy", "provider_type"),
    "ProviderProfile": Kind("provider_profile", "provider_id"),
}


def calls_of(step: Node) -> Iterator[Node]:
    """Yields the calls of a step that publishes a document, and any other step as it is."""
    if FIELD not in step.entries():
        yield step
        return
    fields = step.fields(FIELDS, [FIELD, "version"])
    document = fields[FIELD].entries() if FIELD in fields else {}
    kind = document["kind"].one_of(KINDS, "UNKNOWN_KIND") if "kind" in document else TOPOLOGY
    states = list(ACTS)
    until = fields["until"].one_of(states, "UNKNOWN_STATE") if "until" in fields else states[-1]
    if "version" not in fields or kind not in KINDS or until not in states:
        return
    last = states.index(until)
    for etag, state in enumerate(states[: last + 1]):
        call = _call(kind, state, fields, etag)
        if state == until and "expect" in fields:
            call["expect"] = fields["expect"].value
        yield step.copy(etag + 1, call)


def _call(kind: str, state: str, fields: Mapping[str, Node], etag: int) -> dict[str, Json]:
    """Returns a call as a step of its own. Each act takes the etag on by one."""
    actor = fields.get("approver" if state in APPROVERS else "author")
    default = APPROVER if state in APPROVERS else AUTHOR
    service, noun = ("TopologyAdmin", TOPOLOGY) if kind == TOPOLOGY else ("PolicyAdmin", "Policy")
    document = {key: each.value for key, each in fields[FIELD].entries().items()}
    version = fields["version"].integer()
    call = {
        "call": f"{service}.{ACTS[state]}{noun}",
        "actor": default if actor is None else actor.value,
    }
    if etag:
        return {**call, "request": {**_name(kind, document, version), "etag": str(etag)}}
    content: Json = {"yaml": {"kind": TOPOLOGY, **document}}
    stored: Json = {KINDS[kind].field: {"version": version}}
    if kind == TOPOLOGY:
        return {**call, "request": content, "expect": {"response": stored}}
    response: Json = {"document": stored}
    return {**call, "request": {"document": content}, "expect": {"response": response}}


def _name(kind: str, document: Mapping[str, Json], version: int) -> dict[str, Json]:
    """Returns how a request names the version."""
    if kind == TOPOLOGY:
        return {"version": version}
    key = KINDS[kind].key
    about: Json = {key: document.get(key)} if key else {KINDS[kind].field: True}
    return {"name": {**about, "version": version}}
