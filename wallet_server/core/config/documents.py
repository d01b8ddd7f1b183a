"""Documents: topologies, policies and provider profiles as plain data.

A document is what YAML and JSON can say: fields, lists, text, whole numbers and
booleans. Operators write them, and they are stored as they were understood.
"""

from collections.abc import Mapping
from typing import TypeAlias

from wallet_server.core.config.documents_forms import KINDS
from wallet_server.core.config.documents_rejected import Rejected, show
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.reasons import MISSING_FIELD, UNKNOWN_VALUE, WRONG_TYPE
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import WalletPolicy

Document: TypeAlias = Topology | WalletPolicy | Policy | ProviderProfile
"""What a document says, as a value of the core."""

KIND = "kind"


def read_document(document: Mapping[str, object]) -> Document | list[Problem]:
    """Returns what a document says, or everything that keeps it from being read.

    Every field is looked at by itself, whatever is wrong with others. What fields
    mean together is the business of `validation.py`.
    """
    if KIND not in document:
        return [Problem(KIND, MISSING_FIELD, f"must be one of {', '.join(KINDS)}")]
    kind = document[KIND]
    if not isinstance(kind, str):
        return [Problem(KIND, WRONG_TYPE, "must be text")]
    if kind not in KINDS:
        return [Problem(KIND, UNKNOWN_VALUE, f"{show(kind)!r} is not one of {', '.join(KINDS)}")]

    fields = {name: value for name, value in document.items() if name != KIND}
    value = KINDS[kind].read(fields, path="")
    return list(value.problems) if isinstance(value, Rejected) else value


def write_document(value: Document) -> dict[str, object]:
    """Returns the document that says `value`, without what goes without saying.

    Reading it gives an equal value.
    """
    return {KIND: kind_of(value), **KINDS[kind_of(value)].write(value)}


def kind_of(value: Document) -> str:
    """Returns what documents of this kind call themselves."""
    return next(kind for kind, record in KINDS.items() if isinstance(value, record.build))


def title_of(value: Document) -> str:
    """Returns what a document is called beside others of its tenant."""
    match value:
        case Policy(provider_type=name) | ProviderProfile(provider_id=name):
            return f"{kind_of(value)} {name}"
        case Topology() | WalletPolicy():
            return kind_of(value)
