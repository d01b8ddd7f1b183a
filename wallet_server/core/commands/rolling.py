"""Commands on transfers and on the rolling requirements that go along."""

from wallet_server.core.commands.amount import Amount
from wallet_server.core.value import value


@value
class TransferFunds:
    """Moves money along an edge of the topology. `amount` is of the source's asset."""

    source: str
    target: str
    amount: Amount


@value
class CompleteRolling:
    """Releases a fulfilled requirement. `revision` is the one that the caller has seen; 0 any."""

    requirement_id: str
    revision: int = 0


@value
class CancelRolling:
    """Ends a requirement that is not over. `forfeit`: with the bucket's restricted money.

    Otherwise what it locked is free. `expired` is for the scheduler: it does nothing before the
    requirement's time has come.
    """

    requirement_id: str
    revision: int = 0
    forfeit: bool = False
    expired: bool = False
    reason_code: str = ""
