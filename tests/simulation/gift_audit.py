"""Checks what promotions, their reversals, forfeits and transfers post."""

from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.ledger import changes_of, is_debt, nonzero
from tests.simulation.step import Step
from wallet_server.core.commands import (
    CreditPromotion,
    ForfeitBonus,
    ReversePromotion,
    TransferFunds,
)
from wallet_server.core.promotions.promotion import Promotion, ReversalMode


@dataclass
class GiftAudit:
    """All promotions of a wallet."""

    promotions: dict[str, Promotion] = field(default_factory=dict[str, Promotion])

    def take(self, step: Step) -> None:
        """Takes a recorded command in, and checks what it posted."""
        if step.applied:
            match step.command:
                case CreditPromotion():
                    self.check_credit(step, step.command)
                case ReversePromotion():
                    self.check_reversal(step, step.command)
                case ForfeitBonus():
                    self.check_forfeit(step, step.command)
                case TransferFunds():
                    check_transfer(step, step.command)
                case _:
                    pass
        for _, item in step.items.values():
            if isinstance(item, Promotion):
                self.check_promotion(item, step)
                self.promotions[item.promotion_id] = item

    def check_credit(self, step: Step, command: CreditPromotion) -> None:
        assert command.promotion_id not in self.promotions
        amount = command.amount.minor_units
        changes = nonzero(changes_of(step.answer.entries))
        expected = {f"bkt:{command.bucket}": amount, "H:PROMO": -amount}
        assert step.releases or changes == expected
        bucket = step.configuration.topology.value.bucket_by_code[command.bucket]
        assert bucket.promo_creditable

    def check_reversal(self, step: Step, command: ReversePromotion) -> None:
        """A bucket, or a coupon, or debt gives; the house's promotions take."""
        changes = nonzero(changes_of(step.answer.entries))
        back = changes.pop("H:PROMO", 0)
        assert back >= 0
        assert step.releases or all(n < 0 for n in changes.values())
        assert command.mode is ReversalMode.DEBT or not any(is_debt(a) for a in changes)

    def check_promotion(self, new: Promotion, step: Step) -> None:
        """I32: what was credited is reversed, gone or still the player's."""
        old = self.promotions.get(new.promotion_id)
        assert new.reversed + new.unrecovered <= new.amount
        if new.state.value == "REVERSED":
            assert new.reversed == new.amount
        if new.state.value == "PARTIALLY_REVERSED":
            assert new.unrecovered > 0
        if old is None:
            assert new.state.value in {"CREDITED", "TOMBSTONED"}
            return
        assert old.state.value in {"CREDITED", "PARTIALLY_REVERSED"}
        assert (new.amount, new.bucket) == (old.amount, old.bucket)
        back = changes_of(step.answer.entries)["H:PROMO"]
        if isinstance(step.command, ReversePromotion) and not step.releases:
            assert back == new.reversed - old.reversed

    def check_forfeit(self, step: Step, command: ForfeitBonus) -> None:
        """R11: all that a restricted bucket holds goes, and nothing else."""
        account = f"bkt:{command.bucket}"
        held = step.balances_before[account]
        assert step.is_restricted(command.bucket)
        expected = nonzero(Counter({account: -held, "H:PROMO": held}))
        assert step.releases or nonzero(changes_of(step.answer.entries)) == expected


def check_transfer(step: Step, command: TransferFunds) -> None:
    """What leaves the source reaches the target at the edge's rate, asset by asset."""
    topology = step.configuration.topology.value
    (edge,) = [
        e
        for e in topology.transfer_edges
        if (e.source, e.target) == (command.source, command.target)
    ]
    amount = command.amount.minor_units
    assert edge.enabled
    assert amount >= edge.minimum
    assert amount % edge.multiple_of == 0
    assert edge.daily_cap is None or amount <= edge.daily_cap
    assert step.around.status in {"ACTIVE", "BET_BLOCKED"}  # I41
    reached = amount * edge.rate_numerator // edge.rate_denominator
    currency = step.after.ref.currency_code
    source = topology.bucket_by_code[command.source].asset_in(currency)
    target = topology.bucket_by_code[command.target].asset_in(currency)
    expected = Counter({f"bkt:{command.source}": -amount, f"bkt:{command.target}": reached})
    if source != target:
        expected.update({f"H:FX:{source}": amount, f"H:FX:{target}": -reached})
    assert step.releases or nonzero(changes_of(step.answer.entries)) == nonzero(expected)
