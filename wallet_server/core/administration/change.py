"""What an administrative act does to a resource."""

from wallet_server.core.administration.audit_record import Plain, Resource
from wallet_server.core.events.event import Done
from wallet_server.core.value import value


@value
class Change:
    """A resource before and after an act. There is no before where the act made it.

    `told` is what follows from it and is to be told.
    """

    resource: Resource
    after: Plain
    before: Plain | None = None
    told: tuple[Done, ...] = ()
