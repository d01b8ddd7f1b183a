"""What people call to make a version of a document, and to make it active."""

from collections.abc import Mapping
from dataclasses import dataclass

from wallet_server.conformance.scenario import Json

ACTS = {"DRAFT": "Create", "VALIDATED": "Validate", "APPROVED": "Approve", "ACTIVE": "Activate"}
"""By the state that it leads to: the act, in the order in which they follow one another."""

STATES = tuple(ACTS)


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


def method_of(kind: str, state: str) -> str:
    """Returns the method that leads to a state."""
    if kind == TOPOLOGY:
        return f"TopologyAdmin.{ACTS[state]}Topology"
    return f"PolicyAdmin.{ACTS[state]}Policy"


def creation_of(kind: str, document: Mapping[str, Json]) -> dict[str, Json]:
    """Returns the request that makes a draft."""
    content: Json = {"yaml": {"kind": kind, **document}}
    return content if kind == TOPOLOGY else {"document": content}


def step_of(kind: str, document: Mapping[str, Json], version: int, state: str) -> dict[str, Json]:
    """Returns the request that takes a draft on to a state, from the one before.

    Each act has taken the version's `etag` on by one, from 1.
    """
    etag = str(STATES.index(state))
    if kind == TOPOLOGY:
        return {"version": version, "etag": etag}
    key = KINDS[kind].key
    about: Json = {key: document.get(key)} if key else {KINDS[kind].field: True}
    return {"name": {**about, "version": version}, "etag": etag}


def answer_with(kind: str, version: int) -> dict[str, Json]:
    """Returns what the answer to a creation has, if the version has that number."""
    stored: Json = {KINDS[kind].field: {"version": version}}
    return stored if kind == TOPOLOGY else {"document": stored}


def version_in(kind: str, answer: Mapping[str, Json]) -> int:
    """Returns the number of the version in an answer as proto JSON."""
    stored = answer if kind == TOPOLOGY else answer["document"]
    return int(stored[KINDS[kind].field]["version"])
