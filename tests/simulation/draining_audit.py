"""I9: what a bucket takes while it is emptied, and what becomes of what it held."""

from tests.simulation.ledger import Ledger, changes_of
from tests.simulation.step import Step
from wallet_server.core.commands import DrainBucket
from wallet_server.core.config.topology import BucketStatus, BucketType
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.rolling.requirement import Requirement

GIVES_BACK = frozenset(
    {
        *("SettleBet", "UnsettleBet", "RollbackTransaction", "CashOutBet"),
        *("CreditWin", "CloseRound", "PlayRound", "RollbackRound", "ReleaseSuspense"),
        *("RejectWithdrawal", "CancelWithdrawal", "ConfirmWithdrawal", "FailWithdrawal"),
        "ReturnWithdrawal",
    }
)
"""The commands that are about bets, refunds and reversals."""


def check_draining(step: Step, ledger: Ledger) -> None:
    """Checks a recorded command, whose entries are in the ledger."""
    types = step.configuration.topology.value.bucket_by_code
    for account, change in changes_of(step.answer.entries).items():
        found = types.get(account.removeprefix("bkt:"))
        if found is not None and found.status is BucketStatus.DRAINING and change > 0:
            assert step.answer.command in GIVES_BACK or gives_forfeits_back(step), account
    if isinstance(step.command, DrainBucket) and step.applied:
        check_drained(step.command, step, ledger)


def gives_forfeits_back(step: Step) -> bool:
    """Whether a deposit is paid from a withdrawal, which ends that."""
    return bool(getattr(step.command, "withdrawal_id", ""))


def check_drained(command: DrainBucket, step: Step, ledger: Ledger) -> None:
    """Nothing is left in the bucket, and nothing would come there but from bets."""
    topology = step.configuration.topology.value
    emptied, successor = (topology.bucket_by_code[c] for c in (command.bucket, command.successor))
    assert (emptied.status, successor.status) == (BucketStatus.DRAINING, BucketStatus.ACTIVE)
    assert emptied.asset_code == successor.asset_code
    assert emptied.code not in step.around.frozen
    assert ledger.balances[f"bkt:{command.bucket}"] == 0
    for item in step.after.items.values():
        if isinstance(item, Requirement) and item.is_live:
            assert item.terms.release_target != command.bucket
            assert not item.is_open or item.bucket != command.bucket
        if isinstance(item, CouponGrant) and item.is_live:
            assert command.bucket not in {item.terms.profit_target, item.terms.stake_target}
    check_requirements(step, emptied, successor)


def check_requirements(step: Step, emptied: BucketType, successor: BucketType) -> None:
    """A requirement went along with the money, or ended and forfeited nothing."""
    for old, new in step.changed(Requirement):
        assert isinstance(old, Requirement)
        assert isinstance(new, Requirement)
        if old.bucket != emptied.code or not old.is_open:
            continue
        if new.bucket == successor.code:
            assert new.former_buckets == (*old.former_buckets, emptied.code)
            own = f"bkt:{successor.code}" in step.own_money
            assert not (step.is_restricted(emptied.code) and own)
        else:
            assert (new.state.value, new.forfeited) == ("CANCELLED", old.forfeited)
