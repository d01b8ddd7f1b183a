"""The client: one method for each method of the API, with the same requests."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import grpc
import grpc.aio

from wallet_client.acting import ActingCalls
from wallet_client.calls import Token
from wallet_client.events import EventCalls
from wallet_client.exports import ExportCalls
from wallet_client.reads import ReadCalls
from wallet_client.retry import RetryPolicy
from wallet_client.statements import StatementCalls

# grpc waits a second, and then up to two minutes, before it connects again, and calls
# fail meanwhile. Servers that are restarted are back sooner.
# The answers to many commands at once may be larger than the 4 MiB that it takes by default.
# Its own retries must be off: a client that connects to a server just as that stops may have them
# send a call to the ending connection over and over until its time is up. Ours pause.
CHANNEL_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("grpc.max_receive_message_length", 67_108_864),
    ("grpc.enable_retries", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 1_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


class WalletClient(ActingCalls, ReadCalls, EventCalls, StatementCalls, ExportCalls):
    """Calls a wallet server.

    A command or an act without a `request_id` gets one. Every retry carries the same, so what is
    asked for is done once or not at all. To be able to ask again after a crash of your
    own, choose the id yourself and remember it before you call.

    A `token` goes with every call: a text, or what returns one that is valid now, which it is
    asked for before every attempt. `credentials` are grpc's for the channel: with roots alone for
    TLS, with a key and a certificate of your own for mTLS. Send no token in the clear but to this
    machine.

    `options` are grpc's for the channel, and prevail over the client's own.

    Every method raises `WalletError`, but for `execute_batch`; see `errors.py`.
    """

    def __init__(
        self,
        target: str,
        *,
        policy: RetryPolicy | None = None,
        token: Token | None = None,
        credentials: grpc.ChannelCredentials | None = None,
        options: Sequence[tuple[str, Any]] = (),
    ) -> None:
        """Connects when it is first needed; in the clear if there are no credentials."""
        # grpc takes the first of an option that it is given twice.
        merged = tuple((dict(CHANNEL_OPTIONS) | dict(options)).items())
        channel = (
            grpc.aio.secure_channel(target, credentials, options=merged)
            if credentials
            else grpc.aio.insecure_channel(target, options=merged)
        )
        super().__init__(channel, policy or RetryPolicy(), token)

    async def __aenter__(self) -> Self:
        """Returns itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the connection."""
        await self.close()

    async def close(self) -> None:
        """Closes the connection. Calls under way are cancelled."""
        await self._channel.close()
