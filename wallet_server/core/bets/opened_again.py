"""What the plan of a bet is by now when its results are taken back and it is open again."""

from dataclasses import replace

from wallet_server.core.bets.bet import Bet
from wallet_server.core.config.topology import Topology


def opened_again(bet: Bet, topology: Topology) -> Bet:
    """Returns a bet that is open again, sending what it would bring to buckets that are there.

    While it was over its buckets may have been retired. What is open names no retired bucket: so
    what is counted for a bucket is all that needs it, and the bucket stays until that is gone.
    """
    if not topology.retired_buckets:
        return bet
    now = {code: bet.replanned.get(code, code) for code in {*bet.named_buckets, *bet.replanned}}
    gone = {
        code: topology.live_code(target)
        for code, target in sorted(now.items())
        if topology.live_code(target) != target
    }
    return replace(bet, replanned={**bet.replanned, **gone}) if gone else bet
