"""Why events cannot be relayed for now. The messages are for logs, and hold no secrets."""

from wallet_server.execution.errors import HinderedError


class BrokerError(HinderedError):
    """NATS cannot be reached, or did not do what was asked."""


class ChainBrokenError(BrokerError):
    """The stream is not as it was known: another relay was there, or messages were lost."""


class UntoldError(Exception):
    """The events of one tenant cannot be told."""
