"""What the installation knows of its callers, and which of their tokens it no longer believes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum

from wallet_server.core.value import value

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class CredentialKind(Enum):
    """How somebody with a credential proves who it is."""

    CERTIFICATE = "CERTIFICATE"
    TOKEN_SUBJECT = "TOKEN_SUBJECT"  # noqa: S105 - no secret.


@value
class Grant:
    """What an active credential gives to a subject, until it expires, if ever."""

    credential_id: str
    roles: tuple[str, ...]
    tenants: frozenset[str]
    player_id: str = ""
    may_vouch: bool = False
    expire_time: datetime | None = None


@value
class CredentialBook:
    """All active credentials, and all revocations of tokens, as of one moment.

    `revoked_subjects` has for each subject the time before which its tokens are void.
    """

    grants: Mapping[tuple[CredentialKind, str], Grant]
    revoked_token_ids: frozenset[str]
    revoked_subjects: Mapping[str, datetime]

    def find(self, kind: CredentialKind, subject: str) -> Grant | None:
        """Returns what a subject has been given, if anything. It may have expired."""
        return self.grants.get((kind, subject))

    def is_revoked(self, token_id: str, subject: str, issue_time: datetime) -> bool:
        """Tells whether a token is void before its time."""
        if token_id and token_id in self.revoked_token_ids:
            return True
        return issue_time < self.revoked_subjects.get(subject, LONG_AGO)


EMPTY_BOOK = CredentialBook({}, frozenset(), {})
"""What is known where nothing is."""
