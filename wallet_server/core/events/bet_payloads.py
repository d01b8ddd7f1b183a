"""What is told of bets. Amounts are in minor units of the wallet's currency."""

from wallet_server.core.answer import AccountChange
from wallet_server.core.events.unsaid import UNSAID, Unsaid
from wallet_server.core.value import value


@value
class SourceAmount:
    """What a bucket, by its code, or a coupon, by its account, paid of a stake."""

    source: str
    amount: int


@value
class BetAuthorized:
    """A stake was taken. `funding` is in the order in which its sources were drawn on."""

    provider_id: str
    bet_ref: str
    provider_type: str
    revision: int
    stake: int
    funding: tuple[SourceAmount, ...]
    topology_version: int
    policy_version: int
    round_ref: str = ""
    selected_source: str = ""
    free_round: bool = False


@value
class BetDeclined:
    """A stake was not taken, and the bet's name is remembered."""

    provider_id: str
    bet_ref: str
    revision: int
    stake: int
    reason: str


@value
class BetTombstoned:
    """A bet was rolled back before it came, and never will be placed."""

    provider_id: str
    bet_ref: str
    revision: int


@value
class BetSettled:
    """A portion of a bet has a result, its first or a later one.

    `changes` are all that the command did in the books for the bet; where it gave several portions
    results, they are with the first of these. `previous_payout` and `previous_refund` are those
    of the result before, zero for the first. `bet_result_kind` is empty unless the whole bet is
    settled. `ordering` is not said where it is the provider's.
    """

    provider_id: str
    bet_ref: str
    provider_type: str
    revision: int
    state: str
    bet_result_kind: str
    portion_ref: str
    result_version: int
    result_kind: str
    stake: int
    payout: int
    refund: int
    previous_payout: int = 0
    previous_refund: int = 0
    changes: tuple[AccountChange, ...] = ()
    ordering: str | Unsaid = UNSAID


@value
class BetUnsettled:
    """The result of a portion was taken back, and its stake is open again.

    `changes` and `ordering` are as for `BetSettled`.
    """

    provider_id: str
    bet_ref: str
    provider_type: str
    revision: int
    state: str
    portion_ref: str
    result_version: int
    previous_payout: int
    previous_refund: int
    changes: tuple[AccountChange, ...] = ()
    ordering: str | Unsaid = UNSAID


@value
class BetRolledBack:
    """A bet was undone. `changes` are all that the command did in the books for it."""

    provider_id: str
    bet_ref: str
    provider_type: str
    revision: int
    stake: int
    changes: tuple[AccountChange, ...] = ()


@value
class BetReplanned:
    """What an open bet gives back or pays goes elsewhere: by the codes of buckets in its plan."""

    provider_id: str
    bet_ref: str
    provider_type: str
    revision: int
    replanned: dict[str, str]


@value
class CountedTotal:
    """What the lines of a bet that a bucket paid have counted for a requirement, in all.

    `source` is the bucket that paid; `weight_bp` what stakes of this kind count, in hundredths of
    a percent; `wallet_group` that of the requirement.
    """

    requirement_id: str
    source: str
    counted_total: int
    weight_bp: int
    wallet_group: str = ""


@value
class BetContribution:
    """What a bet counts for rolling requirements now: absolute, so that the highest revision wins.

    A requirement that it once counted for stays, at zero if it counts nothing any more.
    """

    provider_id: str
    bet_ref: str
    revision: int
    provider_type: str
    topology_version: int
    policy_version: int
    requirements: tuple[CountedTotal, ...]
