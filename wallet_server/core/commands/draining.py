"""Commands of jobs that empty buckets. No caller can send them."""

from wallet_server.core.value import value


@value
class DrainBucket:
    """Moves all that a wallet has in a bucket to another, for a drain that two persons asked for.

    What would come to the bucket later goes to its successor then, as far as it is no bet's.
    """

    drain_id: str
    bucket: str
    successor: str
