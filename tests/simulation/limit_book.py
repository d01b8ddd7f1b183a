"""A player's own limits, as the commands that set them tell of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from tests.simulation.step import Step
from wallet_server.core.commands import ConfirmLimitIncrease, SetLimit
from wallet_server.core.config.wallet_policy import LimitRules
from wallet_server.core.players.player import Player

Name = tuple[str, str]
"""A limit by its kind and its period."""

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Increase:
    """What a limit is to become, not before a time. No amount takes it away."""

    amount: int | None
    currency: str
    confirm_time: datetime
    lapse_time: datetime
    by_itself: bool


@dataclass
class OwnLimit:
    """The most that holds now, and what it waits for."""

    amount: int
    currency: str
    increase: Increase | None = None


@dataclass
class LimitBook:
    """All limits that a player has set."""

    limits: dict[Name, OwnLimit] = field(default_factory=dict[Name, OwnLimit])

    def has(self, kind: str) -> bool:
        """Whether there is any of a kind."""
        return any(name[0] == kind for name in self.limits)

    def take(self, step: Step) -> None:
        """Takes in a command on limits, and checks that it may come to what it did."""
        match step.command:
            case SetLimit():
                self.set(step.command, step)
            case ConfirmLimitIncrease(lapsed=True):
                self.let_lapse(step.command, step)
            case ConfirmLimitIncrease():
                self.confirm(step.command, step)
            case _:
                pass
        self.check(step.after.player)

    def set(self, command: SetLimit, step: Step) -> None:
        name = (command.kind.value, command.period.value)
        known = self.limits.get(name)
        rules = step.configuration.wallet_policy.value.limits
        if step.said == "LIMIT_NOT_FOUND":
            assert known is None
            assert command.amount is None
        if step.said == "LIMIT_RATE_MISSING":
            assert known is not None
            assert not has_rates(rules, known.currency, step.after.ref.currency_code)
        if step.said not in {"APPLIED", "ALREADY_APPLIED"}:
            return
        asked = None if command.amount is None else command.amount.minor_units
        currency = step.after.ref.currency_code
        if known is None:
            assert asked is not None
            assert step.applied
            self.limits[name] = OwnLimit(asked, currency)
        elif asked is None or worth(asked, currency, known.currency, rules) > known.amount:
            self.wait(known, asked, step)
        elif step.applied:
            self.limits[name] = OwnLimit(asked, currency)
        else:
            assert (known.amount, known.currency, known.increase) == (asked, currency, None)

    def wait(self, known: OwnLimit, asked: int | None, step: Step) -> None:
        """I40: what makes a limit laxer holds later. Asked for again, it begins no new wait."""
        rules = step.configuration.wallet_policy.value.limits
        currency = step.after.ref.currency_code
        was = known.increase
        if not step.applied:
            assert was is not None
            assert (was.amount, was.currency) == (asked, currency)
            assert was.by_itself or step.now < was.lapse_time
            return
        confirm_time = step.now + timedelta(seconds=rules.increase_delay_seconds)
        within = timedelta(seconds=rules.confirm_within_seconds)
        known.increase = Increase(
            asked, currency, confirm_time, confirm_time + within, not rules.reconfirm
        )

    def confirm(self, command: ConfirmLimitIncrease, step: Step) -> None:
        name = (command.kind.value, command.period.value)
        known = self.limits.get(name)
        increase = known.increase if known else None
        if increase is None:
            assert step.said == "LIMIT_NOT_FOUND"
        elif step.now < increase.confirm_time:
            assert step.said == "LIMIT_INCREASE_PENDING"
        elif not increase.by_itself and step.now >= increase.lapse_time + SECOND:
            assert step.said == "LIMIT_NOT_FOUND"
        if step.applied:
            assert increase is not None
            self.become(name, increase, step.now)

    def let_lapse(self, command: ConfirmLimitIncrease, step: Step) -> None:
        """What nobody has confirmed is dropped; what needs no confirming holds."""
        name = (command.kind.value, command.period.value)
        known = self.limits.get(name)
        increase = known.increase if known else None
        if not step.applied:
            assert step.said == "ALREADY_APPLIED"
            due = increase.confirm_time if increase and increase.by_itself else None
            due = increase.lapse_time if increase and not increase.by_itself else due
            assert due is None or step.now < due + SECOND  # Times are whole seconds, rounded up.
            return
        assert known is not None
        assert known.increase is not None
        if known.increase.by_itself:
            self.become(name, known.increase, step.now)
            return
        assert step.now >= known.increase.lapse_time
        known.increase = None

    def become(self, name: Name, increase: Increase, now: datetime) -> None:
        """I40: no increase takes effect before its delay."""
        assert now >= increase.confirm_time
        if increase.amount is None:
            del self.limits[name]
        else:
            self.limits[name] = OwnLimit(increase.amount, increase.currency)

    def check(self, player: Player) -> None:
        """The player's limits are those that commands have set."""
        theirs = {
            (each.kind.value, each.period.value): (
                each.amount,
                each.currency_code,
                (each.pending.amount, each.pending.currency_code) if each.pending else None,
            )
            for each in player.limits
        }
        ours = {
            name: (
                each.amount,
                each.currency,
                (each.increase.amount, each.increase.currency) if each.increase else None,
            )
            for name, each in self.limits.items()
        }
        assert theirs == ours


def has_rates(rules: LimitRules, *codes: str) -> bool:
    """Tells whether the rules say what each currency is worth, or there is only one."""
    return len(set(codes)) == 1 or set(codes) <= {rate.currency_code for rate in rules.rates}


def worth(amount: int, currency: str, target: str, rules: LimitRules) -> Fraction:
    """What an amount is worth in another currency, exactly."""
    if currency == target:
        return Fraction(amount)
    rates = {
        rate.currency_code: Fraction(rate.rate_numerator, rate.rate_denominator)
        for rate in rules.rates
    }
    return amount * rates[currency] / rates[target]
