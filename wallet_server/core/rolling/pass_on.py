"""What becomes of money that reaches a bucket after its requirement is over."""

from wallet_server.core.draft import Draft


def pass_on(draft: Draft) -> None:
    """Deals with what the command has credited to buckets whose requirement is over.

    What open bets return to a bucket goes on to the release target within the remaining cap
    (RELEASED), or is forfeited (CANCELLED, EXPIRED). A requirement whose bucket has no open
    stake left stops watching. Requirements that are fulfilled now, and release by themselves,
    do so.
    """
    raise NotImplementedError
