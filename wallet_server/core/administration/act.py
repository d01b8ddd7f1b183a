"""An administrative act: who asks, from where, under which name, and why."""

from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.value import value

WHOLE_INSTALLATION = ""
"""The tenant of acts that are about no single tenant."""


@value
class Act:
    """What all administrative requests have in common.

    `request_id` is the tenant's: the same one with the same content is answered from the record.
    `method` is the name of service and method, such as `TopologyAdmin.ActivateTopology`.
    `credential_id` and `peer` say by what the caller was known and from which address it came.
    With `validate_only` everything is checked and nothing is changed or recorded.
    """

    tenant_id: str
    request_id: str
    method: str
    actor: Actor = NOBODY
    credential_id: str = ""
    peer: str = ""
    reason: str = ""
    correlation_id: str = ""
    validate_only: bool = False
