"""What must hold before anything is served, and what is said where it does not.

Loads no gRPC: the process that supervises workers needs this too.
"""

import logging

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.settings import Settings
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readiness import find_warnings
from wallet_server.storage.revisions import head_revision, read_revision

logger = logging.getLogger(__name__)


class StartError(Exception):
    """The server cannot start. The message says what would help."""


class InsecureListenError(StartError):
    """The server would listen beyond this machine, and encrypts nothing."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Nothing is encrypted, so whoever is on the way to {host} could read tokens and use"
            " them. Set tls_certificate_file and tls_key_file, or listen at 127.0.0.1; or, where"
            " something in front encrypts, say so with --insecure-listen."
        )


class AuthenticationMissingError(StartError):
    """Callers could not prove who they are."""

    def __init__(self) -> None:
        super().__init__(
            "Callers could not prove who they are. Set auth_keys_file or auth_jwks_url for tokens,"
            " or tls_client_ca_file for certificates: docs/operating/authentication.md. To let"
            " everybody on this machine do everything, say so with --without-authentication."
        )


class UnauthenticatedListenError(StartError):
    """Everybody could do everything, and not only from this machine."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"--without-authentication lets everybody do everything, and {host} lets everybody in."
            " Without authentication the server listens at loopback only."
        )


class AuthenticationError(StartError):
    """Keys or certificates cannot be read."""


class SchemaError(StartError):
    """The database's schema is older than this release needs."""

    def __init__(self, found: str | None, needed: str) -> None:
        super().__init__(
            f"The database's schema is at {found or 'nothing'}; this release needs {needed}."
            " Run: wallet-server migrate"
        )


class PortTakenError(StartError):
    """The server cannot listen where it should."""

    def __init__(self, address: str) -> None:
        super().__init__(f"Nothing can listen at {address}: it is taken, or not an address here.")


def check_listening(settings: Settings) -> None:
    """Refuses to let in whoever comes, and to listen in the clear beyond this machine.

    Raises:
        StartError: The settings would have it so, and do not say that it is meant.
    """
    if settings.without_authentication:
        if not settings.is_loopback:
            raise UnauthenticatedListenError(settings.listen_host)
    elif not settings.authenticates:
        raise AuthenticationMissingError
    if not (settings.is_loopback or settings.is_encrypted or settings.insecure_listen):
        raise InsecureListenError(settings.listen_host)


async def check_database(database_url: str) -> None:
    """Refuses a database that the server cannot work on.

    Raises:
        StartError: Its schema is too old; or OSError, or what asyncpg raises, where it
            cannot be used at all.
    """
    engine = create_engine(database_url, connections_max=1)
    try:
        await check_schema(engine)
    finally:
        await engine.dispose()


async def check_schema(engine: AsyncEngine) -> None:
    """Refuses a schema that is too old. One of the next release is fine: that comes first."""
    async with engine.connect() as connection:
        found = await read_revision(connection)
    needed = head_revision()
    if found is None or found < needed:  # Revisions are numbers of four digits.
        raise SchemaError(found, needed)
    if found > needed:
        logger.warning("the schema is newer than this release", extra={"revision": found})
    for warning in await find_warnings(engine):
        logger.warning("the database should be otherwise", extra={"advice": warning})
