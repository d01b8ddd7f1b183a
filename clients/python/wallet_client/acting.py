"""The client's methods that somebody asks for, by name."""

from collections.abc import Sequence

import grpc.aio

from wallet_client.administration import AdminCalls
from wallet_client.calls import Metadata, Token
from wallet_client.commands import CommandCalls
from wallet_client.retry import RetryPolicy
from wallet_client.tenants import TenantCalls


class ActingCalls(CommandCalls, AdminCalls, TenantCalls):
    """Sends commands and administrative acts, and says who asks for them."""

    def __init__(
        self,
        channel: grpc.aio.Channel,
        policy: RetryPolicy,
        token: Token | None = None,
        *,
        metadata: Metadata = (),
    ) -> None:
        """Uses the channel; sends the token always, and metadata with what changes something."""
        super().__init__(channel, policy, token)
        self._metadata = metadata

    def acting_as(
        self, name: str, *, roles: Sequence[str] = (), player_id: str = ""
    ) -> "ActingCalls":
        """Returns the same methods, with commands and acts that say who asks for them.

        `name` is that of a person or a service, `player_id` the player whom a member of staff is
        too. The server believes it of callers whose credentials may vouch for others, and `dev` of
        everybody. The channel is this client's, and closes with it.
        """
        said = (
            ("x-actor", name),
            ("x-actor-roles", ",".join(roles)),
            ("x-actor-player", player_id),
        )
        metadata = tuple((key, value) for key, value in said if value)
        return ActingCalls(self._channel, self._policy, self._token, metadata=metadata)
