"""Puts authentication together, as the settings say."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.execution.clock import Clock
from wallet_server.execution.credentials import CredentialReader
from wallet_server.rpc.access.authenticator import Authenticator, Trusting, Verifying
from wallet_server.rpc.access.key_sources import KeyAddress, KeyFile, KeyRing, KeySource
from wallet_server.rpc.access.keys import KeysError
from wallet_server.rpc.access.refreshing import Refreshing
from wallet_server.rpc.access.tokens import TokenRules, TokenVerifier
from wallet_server.rpc.tls import Tls, TlsError, TlsFiles
from wallet_server.settings import Settings
from wallet_server.starting import AuthenticationError

FETCH_PAUSE_SECONDS_MIN = 5.0
"""Between two fetches of keys, whatever tokens come in."""


@asynccontextmanager
async def open_authenticator(
    settings: Settings, engine: AsyncEngine, clock: Clock, *, is_trusting: bool
) -> AsyncGenerator[Authenticator]:
    """Keeps an authenticator up to date for as long as the block lasts.

    Raises:
        AuthenticationError: Keys cannot be read; or OSError, or what asyncpg or SQLAlchemy raise.
    """
    if is_trusting:
        yield Trusting()
        return
    ring = KeyRing(source_of(settings)) if settings.takes_tokens else None
    authenticator = Verifying(
        clock,
        ring=ring,
        verifier=TokenVerifier(ring, rules_of(settings), clock.now) if ring else None,
        takes_certificates=settings.tls_client_ca_file is not None,
    )
    # A token may have been issued by a clock that is ahead, and lasts as long by one that is late.
    lifetime_seconds = settings.auth_token_seconds_max + 2 * settings.auth_clock_skew_seconds
    reader = CredentialReader(engine, clock.now, token_seconds_max=lifetime_seconds)
    seconds = settings.auth_poll_seconds
    refreshing = Refreshing(authenticator, reader, ring, interval_seconds=seconds)
    try:
        if ring is not None:
            await ring.load()
    except KeysError as error:
        raise AuthenticationError(f"The keys of tokens cannot be read: {error}") from error
    await refreshing.refresh()
    refreshing.start()
    try:
        yield authenticator
    finally:
        await refreshing.finish()


def source_of(settings: Settings) -> KeySource:
    """Returns where the keys are."""
    if settings.auth_keys_file is not None:
        return KeyFile(settings.auth_keys_file)
    return KeyAddress(
        settings.auth_jwks_url,
        age_seconds_max=settings.auth_jwks_age_seconds_max,
        pause_seconds_min=FETCH_PAUSE_SECONDS_MIN,
    )


def rules_of(settings: Settings) -> TokenRules:
    """Returns what tokens must be like."""
    return TokenRules(
        issuer=settings.auth_issuer,
        audience=settings.auth_audience,
        seconds_max=settings.auth_token_seconds_max,
        skew_seconds=settings.auth_clock_skew_seconds,
    )


def open_tls(settings: Settings) -> Tls | None:
    """Returns what connections are encrypted with; none for nothing.

    Raises:
        AuthenticationError: The files are missing or unfit.
    """
    certificate, key = settings.tls_certificate_file, settings.tls_key_file
    if certificate is None or key is None:
        return None
    try:
        return Tls(TlsFiles(certificate, key, settings.tls_client_ca_file))
    except TlsError as error:
        raise AuthenticationError(f"Connections cannot be encrypted: {error}") from error
