"""Versions as plain data: how audit records keep them, and acts are answered again."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from wallet_server.core.administration.audit_record import Plain, Resource, ResourceKind
from wallet_server.core.administration.plain import plain_of
from wallet_server.core.config.documents import Document, read_document, write_document
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import (
    DocumentKind,
    StoredVersion,
    VersionRef,
    VersionState,
)
from wallet_server.core.config.wallet_policy import WalletPolicy

TIMES = ("create_time", "update_time", "effective_time", "activate_time")


def place_of(document: Document) -> tuple[DocumentKind, str]:
    """Returns the kind of a document, and the key that tells it from others of the tenant."""
    match document:
        case Topology():
            return DocumentKind.TOPOLOGY, ""
        case WalletPolicy():
            return DocumentKind.WALLET_POLICY, ""
        case Policy(provider_type=name):
            return DocumentKind.POLICY, name
        case ProviderProfile(provider_id=name):
            return DocumentKind.PROVIDER_PROFILE, name


def ref_to_make(document: Document | None, copy_of: VersionRef | None) -> VersionRef:
    """Returns the name of a version yet to be made: of the key of what it will say, and no number.

    It is a document's, or another version's.
    """
    assert (document is None) != (copy_of is None)
    if document is not None:
        return VersionRef(*place_of(document), 0)
    assert copy_of is not None
    return VersionRef(copy_of.kind, copy_of.key, 0)


def ref_of(version: StoredVersion[Any]) -> VersionRef:
    """Returns the name of a version within its tenant."""
    kind, key = place_of(version.value)
    return VersionRef(kind, key, version.version)


def resource_of(version: StoredVersion[Any]) -> Resource:
    """Returns a version as what an act is about."""
    ref = ref_of(version)
    return Resource(ResourceKind(ref.kind), resource_id_of(ref), version.revision)


def resource_id_of(ref: VersionRef) -> str:
    """Returns the name of a version among those of its kind; without a number, of them all."""
    number = str(ref.version) if ref.version else ""
    return "/".join(each for each in (ref.key, number) if each)


def plain_version(version: StoredVersion[Any]) -> Plain:
    """Returns a version as plain data, all of it."""
    said = [field.name for field in fields(version) if field.name != "value"]
    return {
        **{name: plain_of(getattr(version, name)) for name in said},
        "document": write_document(version.value),
    }


def version_of(plain: Plain) -> StoredVersion[Document]:
    """Returns the version of plain data that `plain_version` has written."""
    said: dict[str, Any] = dict(plain)
    value = read_document(said.pop("document"))
    assert not isinstance(value, list), f"a recorded document cannot be read: {value}"
    for name in TIMES:
        said[name] = said[name] and datetime.fromisoformat(said[name])
    said["state"] = VersionState(said["state"])
    return StoredVersion(value=value, **said)
