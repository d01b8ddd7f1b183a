"""Who makes a call: found by what it brought, and remembered.

A caller brings the same token with every call, and the same certificate with every call of a
connection. Each is verified once; after that it costs a look into a dictionary, until it expires
or anything changes in what it was verified by.
"""

from datetime import datetime
from typing import Any, Protocol

from wallet_server.core.access.credential import EMPTY_BOOK, CredentialBook
from wallet_server.core.access.principal import TRUSTED, Principal
from wallet_server.core.refusals.access import CredentialsInvalid, CredentialsMissing
from wallet_server.execution.clock import Clock
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.certificates import verify_certificate
from wallet_server.rpc.access.key_sources import KeyRing
from wallet_server.rpc.access.tokens import TokenVerifier
from wallet_server.rpc.context import Context, Metadata

HEADER = "authorization"
SCHEME = "bearer "
CERTIFICATE = "x509_pem_cert"
REMEMBERED_MAX = 16_384


class Authenticator(Protocol):
    """Finds out who makes a call."""

    def known(self, context: Context, metadata: Metadata) -> Principal | None:
        """Returns who it is, if that is known already."""
        ...

    async def identify(self, context: Context, metadata: Metadata) -> Principal:
        """Returns who it is.

        Raises:
            RefusedError: It does not say so, or is not believed.
        """
        ...


class Trusting:
    """Asks nobody: whoever can reach the server may do everything."""

    def known(self, context: Context, metadata: Metadata) -> Principal | None:
        """Returns that it may be anybody."""
        del context, metadata
        return TRUSTED

    async def identify(self, context: Context, metadata: Metadata) -> Principal:
        """Returns that it may be anybody."""
        del context, metadata
        return TRUSTED


class Verifying:
    """Believes tokens and certificates. A token prevails, where a call brings both."""

    def __init__(
        self,
        clock: Clock,
        *,
        ring: KeyRing | None = None,
        verifier: TokenVerifier | None = None,
        takes_certificates: bool = False,
    ) -> None:
        """Believes tokens if there is a verifier, and certificates if it takes them."""
        self._now = clock.now
        self._ring = ring
        self._verifier = verifier
        self._takes_certificates = takes_certificates
        self._book: CredentialBook = EMPTY_BOOK
        self._keys_version = 0
        self._remembered: dict[str | bytes, Principal] = {}

    def known(self, context: Context, metadata: Metadata) -> Principal | None:
        """Returns who it is, if it was verified before and has not expired since."""
        principal = self._remembered.get(self._brought_by(context, metadata))
        if principal is None or is_over(principal, self._now()):
            return None
        return principal

    async def identify(self, context: Context, metadata: Metadata) -> Principal:
        """Returns who it is, verified anew."""
        brought = self._brought_by(context, metadata)
        if not brought:
            raise RefusedError(CredentialsMissing())
        if isinstance(brought, bytes):
            principal = verify_certificate(brought, self._book, self._now)
        else:
            principal = await self._identify_by_token(brought)
        if is_over(principal, self._now()):
            raise RefusedError(CredentialsInvalid("they have expired"))
        self._remember(brought, principal)
        return principal

    def take(self, book: CredentialBook) -> None:
        """Takes note of what is known of callers now. Whoever was known is verified again."""
        if book != self._book:
            self._book = book
            self._remembered.clear()
        self._forget_old_keys()

    async def _identify_by_token(self, brought: str) -> Principal:
        if not brought.lower().startswith(SCHEME) or self._verifier is None:
            raise RefusedError(CredentialsInvalid("only bearer tokens are, where there are keys"))
        token = brought[len(SCHEME) :].strip()
        principal = await self._verifier.verify(token, lambda: self._book)
        self._forget_old_keys()
        return principal

    def _brought_by(self, context: Context, metadata: Metadata) -> str | bytes:
        """Returns the text of a call's header, or else its certificate; empty for neither."""
        for key, text in metadata:
            if key == HEADER:
                return text
        if self._takes_certificates:
            return certificate_of(context)
        return ""

    def _remember(self, brought: str | bytes, principal: Principal) -> None:
        if len(self._remembered) >= REMEMBERED_MAX:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[brought] = principal

    def _forget_old_keys(self) -> None:
        if self._ring is not None and self._ring.version != self._keys_version:
            self._keys_version = self._ring.version
            self._remembered.clear()


def is_over(principal: Principal, now: datetime) -> bool:
    """Tells whether what a caller was known by has expired."""
    return principal.expire_time is not None and principal.expire_time <= now


def certificate_of(context: Context) -> bytes:
    """Returns the certificate of a call's connection, in PEM; empty for none."""
    found: Any = context.auth_context().get(CERTIFICATE)
    return found[0] if found else b""
