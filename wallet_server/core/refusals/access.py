"""Refusals of callers: who they are, and what they may do."""

from wallet_server.core.refusals.kinds import Refusal, Unidentified
from wallet_server.core.value import value


@value
class Denied(Refusal):
    """The caller may not do this. Nothing of it is recorded with the wallet."""


@value
class CredentialsMissing(Unidentified):
    """The call says not who makes it."""

    reason = "CREDENTIALS_MISSING"
    message = "the call has neither a bearer token nor a client certificate"


@value
class CredentialsInvalid(Unidentified):
    """The token or the certificate is not one of ours, has expired, or was revoked."""

    reason = "CREDENTIALS_INVALID"
    message = "the credentials are not accepted: {why}"

    why: str


@value
class PermissionMissing(Denied):
    """None of the caller's roles has the permission that the method needs."""

    reason = "PERMISSION_MISSING"
    message = "the method needs the permission {permission}"

    permission: str


@value
class TenantNotAllowed(Denied):
    """The caller's credentials do not name this tenant, whether there is one or not."""

    reason = "TENANT_NOT_ALLOWED"
    message = "the credentials do not name this tenant"


@value
class PlayerNotAllowed(Denied):
    """The caller's credentials are for another player."""

    reason = "PLAYER_NOT_ALLOWED"
    message = "the credentials do not name this player"
