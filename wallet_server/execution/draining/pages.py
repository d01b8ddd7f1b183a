"""What the wallets of a page answer when they are told to empty a bucket."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from wallet_server.core.administration.drain import Drain
from wallet_server.core.commands import DrainBucket
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import Location, WalletRef
from wallet_server.core.results import DrainResult
from wallet_server.execution.draining.place import DrainPlace
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.submission import Answered, Submission
from wallet_server.storage.drain_pages import BEFORE_ALL

TROUBLE_CHARACTERS_MAX = 256


def request_id_of(drain: Drain, place: DrainPlace) -> str:
    """Returns the `request_id` of what is submitted for every wallet, by whichever server.

    It has spaces, which those of callers cannot have. The pass is in it, as an answer is for
    ever: what was refused in one pass is tried anew in the next.
    """
    return f"drain {drain.drain_id} {place.pass_number}"


def submission_of(
    drain: Drain, wallet: WalletRef, place: DrainPlace, correlation_id: str
) -> Submission:
    """Returns what is submitted for a wallet, in the flow of work that the drain belongs to."""
    command = DrainBucket(drain.drain_id, drain.bucket, drain.successor)
    return Submission(wallet, request_id_of(drain, place), command, correlation_id)


@dataclass(slots=True)
class PageCount:
    """What a page came to so far. Totals are in minor units, by asset.

    `refused_count` are those of the failed that refused; the others met a fault.
    """

    drained_count: int = 0
    failed_count: int = 0
    refused_count: int = 0
    totals: Counter[str] = field(default_factory=Counter[str])
    trouble: str = ""

    def take(self, answers: Sequence[Answered | Exception]) -> None:
        """Counts answers. One that was given before counts: its page was never noted."""
        for each in answers:
            if isinstance(each, Exception):
                self.failed_count += 1
                self.refused_count += isinstance(each, RefusedError)
                self.trouble = trouble_of(each)
            elif each.answer.outcome is not Outcome.ALREADY_APPLIED:
                result = each.answer.result
                assert isinstance(result, DrainResult)
                self.drained_count += 1
                self.totals[result.asset_code] += result.drained


def trouble_of(error: Exception) -> str:
    """Returns what is told of a wallet that was not drained."""
    if not isinstance(error, RefusedError):
        return type(error).__name__
    told = f"{error.refusal.reason}: {error.refusal.describe()}"
    return told[:TROUBLE_CHARACTERS_MAX]


def progressed(drain: Drain, place: DrainPlace, page: PageCount, now: datetime) -> Drain:
    """Returns a drain after a page. What failed is of one pass: the first page begins anew."""
    is_first = place.after == BEFORE_ALL
    totals = Counter(drain.totals)
    totals.update({code: amount for code, amount in page.totals.items() if amount})
    return replace(
        drain,
        update_time=now,
        wallets_count=drain.wallets_count + page.drained_count,
        failed_count=page.failed_count + (0 if is_first else drain.failed_count),
        totals=dict(totals),
        trouble=page.trouble or ("" if is_first else drain.trouble),
    )


def advanced(place: DrainPlace, page: PageCount, end: Location) -> DrainPlace:
    """Returns where the job is after a page that ended there."""
    return replace(
        place,
        step=place.step + 1,
        after=end,
        drained_count=place.drained_count + page.drained_count,
        refused_count=place.refused_count + page.refused_count,
    )


def next_pass(place: DrainPlace) -> DrainPlace:
    """Returns where the job is when it begins another pass."""
    return DrainPlace(step=place.step + 1, pass_number=place.pass_number + 1)
