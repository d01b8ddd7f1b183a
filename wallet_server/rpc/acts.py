"""Administrative acts, as calls ask for them: who, from where, under which name, and why."""

from typing import Protocol

from google.protobuf.descriptor import Descriptor

from wallet_server.core.administration.act import WHOLE_INSTALLATION, Act
from wallet_server.rpc.access.caller import caller
from wallet_server.rpc.context import Context
from wallet_server.rpc.identity import Identity

REQUEST = "Request"


class ActRequest(Protocol):
    """What the requests of all acts have. Those on a tenant have its `tenant_id` too."""

    DESCRIPTOR: Descriptor
    request_id: str
    validate_only: bool
    reason: str
    correlation_id: str


class Acts:
    """Tells what calls of a service ask for, but for what it is about."""

    def __init__(self, service: str, identity: Identity) -> None:
        """Takes the name of the service. The identity tells who asks."""
        self._service = service
        self._identity = identity

    def of(self, request: ActRequest, context: Context) -> Act:
        """Returns the act that a call asks for.

        Raises:
            RefusedError: It says who asks, and is not believed.
            InvalidRequestError: What it says of who asks has no right form.
        """
        return Act(
            tenant_id=getattr(request, "tenant_id", WHOLE_INSTALLATION),
            request_id=request.request_id,
            method=f"{self._service}.{request.DESCRIPTOR.name.removesuffix(REQUEST)}",
            actor=self._identity.of(context),
            credential_id=caller().credential_id,
            peer=context.peer(),
            reason=request.reason,
            correlation_id=request.correlation_id,
            validate_only=request.validate_only,
        )
