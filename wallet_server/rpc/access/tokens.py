"""Tokens: JSON Web Tokens, signed by a key that the installation knows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

import jwt
import msgspec
from jwt.types import Options

from wallet_server.core.access.credential import CredentialBook, CredentialKind
from wallet_server.core.access.principal import Principal, principal_of
from wallet_server.core.refusals.access import CredentialsInvalid
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.key_sources import KeyRing
from wallet_server.rpc.access.keys import VerifyingKey

TENANTS_MAX = 256
ROLES_MAX = 16
SECONDS_MAX = 253_370_764_799
"""The last second that a time can have, but for a year: a little may be added to it."""

Subject = Annotated[str, msgspec.Meta(pattern=r"^[ -~]{1,256}$")]
TenantId = Annotated[str, msgspec.Meta(pattern=r"^(\*|[a-z0-9][a-z0-9-]{0,31})$")]
RoleName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
PlayerId = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{0,64}$")]
Person = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{0,64}$")]
TokenId = Annotated[str, msgspec.Meta(max_length=128)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=SECONDS_MAX)]


class Claims(msgspec.Struct, frozen=True):
    """What a token says, as far as it is for us. Times are seconds since 1970."""

    sub: Subject
    exp: Seconds
    iat: Seconds
    nbf: Seconds = 0
    jti: TokenId = ""
    wallet_tenants: Annotated[list[TenantId], msgspec.Meta(max_length=TENANTS_MAX)] = []
    wallet_roles: Annotated[list[RoleName], msgspec.Meta(max_length=ROLES_MAX)] = []
    wallet_player: PlayerId = ""
    wallet_may_vouch: bool = False
    wallet_person: Person = ""
    wallet_own_player: PlayerId = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """What tokens must be like.

    Args:
        issuer: Who must have issued them; empty for anybody who has a key.
        audience: For whom they must be; empty for anybody.
        seconds_max: From issue to expiry.
        skew_seconds: How far the clock of whoever issues them may be from ours.
    """

    issuer: str = ""
    audience: str = ""
    seconds_max: float = 2_678_400
    skew_seconds: float = 30


class TokenVerifier:
    """Finds out whose a token is."""

    def __init__(self, ring: KeyRing, rules: TokenRules, now: Callable[[], datetime]) -> None:
        """Believes the keys of a ring."""
        self._ring = ring
        self._rules = rules
        self._now = now

    async def verify(self, token: str, book: Callable[[], CredentialBook]) -> Principal:
        """Returns whose it is, given what is known of callers.

        Raises:
            RefusedError: It is not accepted, and why.
        """
        claims = claims_of(await self._payload_of(token))
        self._check_times(claims)
        issue_time = time_of(claims.iat)
        if book().is_revoked(claims.jti, claims.sub, issue_time):
            raise refused("was revoked")
        principal = self._principal_of(claims, book())
        return replace(
            principal, person=claims.wallet_person, own_player_id=claims.wallet_own_player
        )

    async def _payload_of(self, token: str) -> dict[str, Any]:
        """Returns what a token says, once its signature is known to be right."""
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise refused("is no JSON Web Token") from error
        key_id: str | None = header.get("kid")
        if not self._ring.find(key_id):
            await self._ring.refresh(is_missed=True)
        for key in self._ring.find(key_id):
            if header.get("alg") == key.algorithm:
                try:
                    return self._decode(token, key)
                except jwt.InvalidSignatureError:
                    continue
                except jwt.PyJWTError as error:
                    raise refused(complaint_about(error)) from error
        raise refused("is signed by no known key")

    def _decode(self, token: str, key: VerifyingKey) -> dict[str, Any]:
        rules = self._rules
        # Times are checked by our own clock.
        options: Options = {
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
            "verify_aud": bool(rules.audience),
            "verify_iss": bool(rules.issuer),
        }
        return jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            options=options,
            audience=rules.audience or None,
            issuer=rules.issuer or None,
        )

    def _check_times(self, claims: Claims) -> None:
        now_seconds, skew_seconds = self._now().timestamp(), self._rules.skew_seconds
        if claims.exp <= now_seconds - skew_seconds:
            raise refused("has expired")
        if max(claims.nbf, claims.iat) > now_seconds + skew_seconds:
            raise refused("is not valid yet")
        if claims.exp - claims.iat > self._rules.seconds_max:
            raise refused("lives too long")

    def _principal_of(self, claims: Claims, book: CredentialBook) -> Principal:
        expire_time = time_of(claims.exp + self._rules.skew_seconds)
        if claims.wallet_roles:
            return principal_of(
                claims.sub,
                tuple(claims.wallet_roles),
                frozenset(claims.wallet_tenants),
                player_id=claims.wallet_player,
                may_vouch=claims.wallet_may_vouch,
                credential_id=claims.jti,
                expire_time=expire_time,
            )
        if claims.wallet_tenants or claims.wallet_player or claims.wallet_may_vouch:
            raise refused("names tenants or a player, but no roles")
        grant = book.find(CredentialKind.TOKEN_SUBJECT, claims.sub)
        if grant is None:
            raise refused("names no roles, and its subject has no credential")
        if grant.expire_time is not None and grant.expire_time <= self._now():
            raise refused("names no roles, and its subject's credential has expired")
        return principal_of(
            claims.sub,
            grant.roles,
            grant.tenants,
            player_id=grant.player_id,
            may_vouch=grant.may_vouch,
            credential_id=grant.credential_id,
            expire_time=min(expire_time, grant.expire_time or expire_time),
        )


def claims_of(payload: dict[str, Any]) -> Claims:
    """Returns what a token says.

    Raises:
        RefusedError: It lacks what it must say, or says it in a wrong form.
    """
    try:
        return msgspec.convert(payload, Claims)
    except msgspec.ValidationError as error:
        raise refused(f"has claims of a wrong form: {error}") from error


def complaint_about(error: jwt.PyJWTError) -> str:
    """Returns what is wrong with a token whose signature is right."""
    match error:
        case jwt.InvalidAudienceError() | jwt.MissingRequiredClaimError(claim="aud"):
            return "is for another audience"
        case jwt.InvalidIssuerError() | jwt.MissingRequiredClaimError(claim="iss"):
            return "is of another issuer"
        case _:
            return "is none that is accepted here"


def time_of(seconds: float) -> datetime:
    """Returns a time that is given in seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def refused(why: str) -> RefusedError:
    """Returns that a token is not accepted."""
    return RefusedError(CredentialsInvalid(f"the token {why}"))
