"""From where a command comes: no rule needs it, and no fingerprint has it."""

from wallet_server.core.commands.actor import NOBODY, Actor
from wallet_server.core.value import value


@value
class Sender:
    """Who asks, by what its caller was known, and the address that the call came from.

    It is kept with the answers of commands that are administrative acts, and of no others. The same
    command may be sent again from elsewhere.
    """

    actor: Actor = NOBODY
    credential_id: str = ""
    peer: str = ""


NOWHERE = Sender()
"""Of commands that nobody has called for."""
