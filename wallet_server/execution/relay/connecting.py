"""Connects to NATS, as the settings say who we are."""

import asyncio
import random
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import nats.errors
from nats.aio.client import Client

from wallet_server.execution.relay.errors import BrokerError
from wallet_server.execution.relay.settings import NatsSettings

CONNECT_SECONDS_MAX = 5
CLOSE_SECONDS_MAX = 5.0
CONNECTION_NAME = "wallet-server-relay"

NATS_TROUBLES = (nats.errors.Error, OSError, TimeoutError)
"""What a client raises that was connected."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection, and what becomes of it: it is not made again by itself."""

    client: Client
    trouble: asyncio.Future[Exception]
    """Has a result as soon as the connection is not sound any more."""


async def connect(settings: NatsSettings) -> Connection:
    """Connects to the first server that answers.

    Raises:
        BrokerError: None answers.
    """
    troubles: list[str] = []
    for url in random.sample(settings.nats_urls, len(settings.nats_urls)):
        try:
            return await connect_to(url, settings)
        except Exception as error:  # noqa: BLE001 - what a broken file makes of the client may be anything.
            troubles.append(describe(error))
    raise BrokerError(f"NATS cannot be reached: {'; '.join(troubles)}")


async def connect_to(url: str, settings: NatsSettings) -> Connection:
    """Connects to one server.

    Raises:
        OSError: It does not answer; or any other of `NATS_TROUBLES`.
    """
    trouble: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

    async def on_error(error: Exception) -> None:
        if not trouble.done():
            trouble.set_result(error)

    async def on_closed() -> None:
        await on_error(nats.errors.ConnectionClosedError())

    client = StrictClient()
    place, who = split_url(url)
    options: dict[str, Any] = {**options_of(settings), **who}
    try:
        await client.connect(place, error_cb=on_error, closed_cb=on_closed, **options)
    except nats.errors.NoServersError:
        # What was wrong with the only one, the client has told before.
        raise (trouble.result() if trouble.done() else OSError("no address")) from None
    finally:
        if not client.is_connected:  # It leaves its socket open.
            await close(client)
    return Connection(client, trouble)


async def close(client: Client) -> None:
    """Closes a connection, whatever state it is in."""
    with suppress(*NATS_TROUBLES):
        async with asyncio.timeout(CLOSE_SECONDS_MAX):
            await client.close()


class StrictClient(Client):
    """A client that says who it is only through TLS, where the URL or a file asks for that."""

    def _connect_command(self) -> bytes:
        server = self._current_server
        assert server is not None, "it is being connected to"
        wants_tls = server.uri.scheme == "tls" or "tls" in self.options
        if wants_tls and not self._server_info.get("tls_required"):
            raise nats.errors.SecureConnWantedError
        return super()._connect_command()


def split_url(url: str) -> tuple[str, dict[str, str]]:
    """Returns where a server is, and who the relay is to it: a user, or the bearer of a token.

    The client would take what is escaped in a URL as it stands there.
    """
    parts = urlsplit(url)
    place = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if parts.username is None:
        return place, {}
    if parts.password is None:
        return place, {"token": unquote(parts.username)}
    return place, {"user": unquote(parts.username), "password": unquote(parts.password)}


def options_of(settings: NatsSettings) -> dict[str, Any]:
    """Returns how to connect, and as whom."""
    return {
        "name": CONNECTION_NAME,
        "allow_reconnect": False,
        "max_reconnect_attempts": 1,  # The client has no other way not to try for minutes.
        "reconnect_time_wait": 0,
        "connect_timeout": CONNECT_SECONDS_MAX,
        "tls": tls_context(settings),
        "user_credentials": settings.nats_credentials_file,
        "nkeys_seed": None if settings.nats_nkey_file is None else str(settings.nats_nkey_file),
    }


def tls_context(settings: NatsSettings) -> ssl.SSLContext | None:
    """Returns whom to trust and which certificate to show; none if nothing is said of either.

    Raises:
        OSError: A file cannot be read, or is no certificate or key.
    """
    if settings.nats_ca_file is None and settings.nats_certificate_file is None:
        return None
    context = ssl.create_default_context(cafile=settings.nats_ca_file)
    if settings.nats_certificate_file is not None:
        context.load_cert_chain(settings.nats_certificate_file, settings.nats_key_file)
    return context


def describe(error: Exception) -> str:
    """Returns what to tell of a client's trouble. Some say nothing by themselves."""
    return str(error) or type(error).__name__
