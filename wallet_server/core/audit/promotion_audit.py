"""What must hold of promotions and of rolling requirements."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.bets.bet import Bet
from wallet_server.core.promotions.promotion import Promotion, PromotionState
from wallet_server.core.rolling.requirement import Requirement, RequirementState

CREDITED = PromotionState.CREDITED
TOMBSTONED = PromotionState.TOMBSTONED


@dataclass(slots=True)
class PromotionAudit:
    """What the journal and the bets say of promotions and requirements, and then these.

    `counted` is what all bets count for each requirement. `kept_back` are promotions of which
    the house got more than they say, and how much: only requirements that forfeited that much
    with the same commands explain it. Amounts are in minor units.
    """

    journal: ItemJournal
    counted: Counter[str] = field(default_factory=Counter[str])
    forfeited: int = 0
    kept_back: dict[str, int] = field(default_factory=dict[str, int])
    promotions: set[str] = field(default_factory=set[str])
    requirements: set[str] = field(default_factory=set[str])
    opened: dict[str, str] = field(default_factory=dict[str, str])

    def take_bet(self, bet: Bet) -> None:
        """Takes in what a bet says."""
        for each in bet.contributions:
            self.counted[each.requirement_id] += each.counted

    def check_promotion(self, promotion: Promotion) -> Iterator[Finding]:
        """Checks a promotion."""
        name = promotion.promotion_id
        self.promotions.add(name)
        if promotion.requirement_id:
            self.opened[promotion.requirement_id] = name
        for message in (
            *find_amount_problems(promotion),
            *self._find_journal_problems(promotion),
        ):
            yield Finding(Check.PROMOTION, name, message)

    def _find_journal_problems(self, promotion: Promotion) -> Iterator[str]:
        """The house paid what was credited, and got back what was taken back."""
        name = promotion.promotion_id
        paid, got_back = self.journal.credited[name], self.journal.reversed[name]
        if paid > promotion.amount:
            yield f"the house paid {paid} for {promotion.amount}"
        if got_back < promotion.reversed:
            yield f"it says that {promotion.reversed} were taken back, the house got {got_back}"
        more = (promotion.amount - paid) + (got_back - promotion.reversed)
        if more > 0:
            self.kept_back[name] = more

    def check_requirement(self, found: Requirement) -> Iterator[Finding]:
        """Checks a requirement."""
        self.requirements.add(found.requirement_id)
        self.forfeited += found.forfeited
        counted = self.counted[found.requirement_id]
        if found.progress != counted:
            message = f"its progress is {found.progress}, bets count {counted}"
            yield Finding(Check.REQUIREMENT, found.requirement_id, message)
        if found.parent_id:
            self.opened[found.parent_id] = found.requirement_id
        for message in find_requirement_problems(found):
            yield Finding(Check.REQUIREMENT, found.requirement_id, message)

    def finish(self) -> Iterator[Finding]:
        """All that is named is on record, and the house has kept nothing back."""
        journal = self.journal
        for name in sorted((journal.credited.keys() | journal.reversed.keys()) - self.promotions):
            yield Finding(Check.PROMOTION, name, "it is not on record")
        named = self.opened.keys() | self.counted.keys()
        for name in sorted(named - self.requirements):
            yield Finding(Check.REQUIREMENT, name, "it is not on record")
        if sum(self.kept_back.values()) > self.forfeited:
            for name, more in sorted(self.kept_back.items()):
                message = f"the house has kept {more} back of it"
                yield Finding(Check.PROMOTION, name, message)


def find_amount_problems(promotion: Promotion) -> Iterator[str]:
    """What was taken back, what was gone by then and what is live make up what was credited."""
    amount, taken, gone = promotion.amount, promotion.reversed, promotion.unrecovered
    if min(amount, taken, gone) < 0:
        yield "an amount is negative"
    if promotion.state is TOMBSTONED and (amount or taken or gone):
        yield "it never came, and yet has an amount"
    if promotion.state is CREDITED and (taken or gone):
        yield f"CREDITED, and yet {taken} were taken back and {gone} were gone"
    if promotion.state not in {CREDITED, TOMBSTONED} and taken + gone != amount:
        yield f"{taken} were taken back and {gone} were gone of {amount}"
    if promotion.state is PromotionState.REVERSED and gone:
        yield f"REVERSED, and yet {gone} were gone"


def find_requirement_problems(found: Requirement) -> Iterator[str]:
    """Its amounts fit together and into its state; what was released is within its cap.

    It says by which command it ended, if and only if it is over.
    """
    amounts = (found.progress, found.required, found.released, found.forfeited, found.passed)
    if min(amounts) < 0:
        yield "an amount is negative"
    if found.progress > found.required:
        yield f"its progress is {found.progress} of {found.required}"
    is_done = found.progress >= found.required
    if found.state is RequirementState.FULFILLED and not is_done:
        yield f"FULFILLED with {found.remaining} remaining"
    if found.state is RequirementState.ACTIVE and is_done:
        yield "ACTIVE with nothing remaining"
    cap = found.terms.conversion_cap
    if cap is not None and found.released > cap:
        yield f"{found.released} were released of at most {cap}"
    if found.is_open == (found.end_sequence > 0):
        yield f"{found.state}, and yet {found.end_sequence} is the command that ended it"
