"""What must hold of coupon grants, beside their bets and balances."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from wallet_server.core.accounts import (
    COUPON_PREFIX,
    Account,
    coupon,
    grant_of,
    is_coupon_source,
    open_stake,
)
from wallet_server.core.audit.bet_document_audit import is_whole
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.settlement import posted
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.entry import Vector
from wallet_server.core.wallet import Wallet

HOLDING = frozenset({CouponState.ISSUED, CouponState.ACTIVE})
"""The states in which a grant may have something left."""

TAKEN_BACK = frozenset({CouponState.REVOKED, CouponState.FORFEITED})


@dataclass(slots=True)
class CouponAudit:
    """What the journal and the bets of a wallet say of its grants, and then the grants.

    `moved` is what bets have brought each grant and its open stake together, `uses` how many
    of them stand.
    """

    wallet: Wallet
    journal: ItemJournal
    moved: Counter[Account] = field(default_factory=Counter[Account])
    uses: Counter[Account] = field(default_factory=Counter[Account])
    grants: set[Account] = field(default_factory=set[Account])

    def take_bet(self, bet: Bet) -> None:
        """Takes in what a bet says."""
        accounts = {Account(line.source) for line in bet.lines if is_coupon_source(line.source)}
        if not accounts:
            return
        moved: Vector = posted(bet) if is_whole(bet) else {}
        for account in accounts:
            self.uses[account] += bet.state is not BetState.ROLLED_BACK
            self.moved[account] += moved.get(account, 0) + moved.get(open_stake(account), 0)

    def check(self, grant: CouponGrant) -> Iterator[Finding]:
        """Checks a grant."""
        account = coupon(grant.grant_id)
        self.grants.add(account)
        for message in (*self._find_value_problems(grant), *self._find_life_problems(grant)):
            yield Finding(Check.COUPON, grant.grant_id, message)

    def _find_value_problems(self, grant: CouponGrant) -> Iterator[str]:
        """What was granted is left, open, gone by bets or taken back: nothing else (I23)."""
        account = coupon(grant.grant_id)
        granted = self.journal.granted.get(account)
        if granted != (grant.sequence, grant.amount):
            was = "nothing" if granted is None else f"{granted[1]} by #{granted[0]}"
            yield f"it says {grant.amount} by #{grant.sequence}, granted was {was}"
        taken = self.journal.taken[account]
        expected = grant.amount - taken + self.moved[account]
        held = self._held(grant)
        if held != expected:
            yield f"it holds {held} of {grant.amount}; bets and the house leave it {expected}"
        if not 0 <= grant.taken_back <= (taken if grant.state in TAKEN_BACK else 0):
            yield f"it says that {grant.taken_back} were taken back, the journal {taken}"

    def _find_life_problems(self, grant: CouponGrant) -> Iterator[str]:
        """It has the state and the uses that its value and its bets give it."""
        left = self.wallet.balance(coupon(grant.grant_id))
        if left and grant.state not in HOLDING:
            yield f"{grant.state.value}, and yet {left} are left"
        if grant.state is CouponState.EXHAUSTED and self._held(grant) != left:
            yield "EXHAUSTED, and yet a bet is open on it"
        uses = self.uses[coupon(grant.grant_id)]
        if grant.uses != uses:
            yield f"it says {grant.uses} uses, {uses} bets use it"
        if grant.terms.uses_max is not None and uses > grant.terms.uses_max:
            yield f"{uses} bets use it, at most {grant.terms.uses_max} may"
        if grant.valid_until <= grant.valid_from:
            yield "its time ends before it begins"

    def _held(self, grant: CouponGrant) -> int:
        """Returns what a grant and its open stake hold together."""
        account = coupon(grant.grant_id)
        return self.wallet.balance(account) + self.wallet.balance(open_stake(account))

    def finish(self) -> Iterator[Finding]:
        """All that was granted, or that pays for a bet, is on record."""
        held = {a for a in self.wallet.balances if a.startswith(COUPON_PREFIX)}
        known = held | self.journal.granted.keys() | self.uses.keys()
        for account in sorted(known - self.grants):
            yield Finding(Check.COUPON, grant_of(account), "it is not on record")
