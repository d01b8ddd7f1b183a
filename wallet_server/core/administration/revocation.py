"""Tokens that end before their time."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from wallet_server.core.administration.audit_record import Plain, Resource, ResourceKind
from wallet_server.core.administration.plain import plain_of
from wallet_server.core.value import value

FIRST_REVISION = 1


@value
class Revocation:
    """One token that ended, by its id, or all of a subject that were issued before a time.

    `issued_before` is compared with what tokens say, by the clock of whoever issued them.
    Of `token_id` and `subject` one is empty.
    """

    revocation_id: UUID
    token_id: str
    subject: str
    issued_before: datetime
    create_time: datetime


def resource_of_revocation(revocation: Revocation) -> Resource:
    """Returns a revocation as what an act is about."""
    return Resource(ResourceKind.REVOCATION, str(revocation.revocation_id), FIRST_REVISION)


def plain_revocation(revocation: Revocation) -> Plain:
    """Returns a revocation as plain data, all of it."""
    plain = cast("Plain", plain_of(revocation))
    return {**plain, "revocation_id": str(revocation.revocation_id)}


def revocation_of_plain(plain: Plain) -> Revocation:
    """Returns the revocation of plain data that `plain_revocation` has written."""
    fields: dict[str, Any] = dict(plain)
    fields["revocation_id"] = UUID(fields["revocation_id"])
    for name in ("issued_before", "create_time"):
        fields[name] = datetime.fromisoformat(fields[name])
    return Revocation(**fields)
