"""A command on its way."""

from wallet_server.core.commands import Command
from wallet_server.core.commands.sender import NOWHERE, Sender
from wallet_server.core.ids import WalletRef
from wallet_server.core.value import value


@value
class Task:
    """A command for a wallet under its `request_id`."""

    wallet: WalletRef
    request_id: str
    command: Command
    correlation_id: str = ""
    sender: Sender = NOWHERE
