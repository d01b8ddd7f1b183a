"""Follows a wallet by its events alone, as consumers do, and holds that against the wallet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.simulation.ledger import Ledger, nonzero
from tests.simulation.shadow import PlayerShadow, Shadow
from wallet_server.core.events.bet_payloads import (
    BetAuthorized,
    BetContribution,
    BetRolledBack,
    BetSettled,
    BetUnsettled,
)
from wallet_server.core.events.event import PAYLOAD_TYPES, Event, EventType
from wallet_server.core.events.item_payloads import DebtChanged, EntryPosted, WinChanged
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.wallet import Wallet

NOTHING = frozenset({EventType.COMMAND_ANSWERED})


@dataclass
class EventAudit:
    """What consumers make of one wallet's events."""

    player: PlayerShadow
    sequence: int = 0
    balances: Counter[str] = field(default_factory=Counter[str])
    debt: Counter[str] = field(default_factory=Counter[str])
    counted: dict[tuple[str, str], BetContribution] = field(
        default_factory=dict[tuple[str, str], BetContribution]
    )
    shadow: Shadow = field(default_factory=Shadow)

    def take(
        self, events: Sequence[Event], before: Wallet | None, after: Wallet, ledger: Ledger
    ) -> None:
        """Takes in the events of a recorded command, which are never none, and checks them."""
        assert events
        for event in events:
            self.sequence += 1
            assert event.sequence == self.sequence
            assert isinstance(event.payload, PAYLOAD_TYPES[event.type])
        assert after.event_sequence == self.sequence
        if events[0].type in NOTHING:
            assert len(events) == 1
        self.take_changes(events)
        self.check_books(ledger)
        for event in events:
            if isinstance(event.payload, BetContribution):
                self.take_contribution(event.payload)
        self.shadow.take(events, before, after)
        self.player.take(events, after.player)
        self.check_progress(after)

    def take_changes(self, events: Sequence[Event]) -> None:
        """Adds up what is told of accounts: every change is told once."""
        has_result = {
            (event.payload.provider_id, event.payload.bet_ref)
            for event in events
            if isinstance(event.payload, BetSettled | BetUnsettled | BetRolledBack)
        }
        for event in events:
            payload = event.payload
            if isinstance(payload, BetAuthorized):
                if (payload.provider_id, payload.bet_ref) not in has_result:
                    self.take_stake(payload)
            elif isinstance(
                payload, BetSettled | BetUnsettled | BetRolledBack | WinChanged | EntryPosted
            ):
                for change in payload.changes:
                    self.balances[change.account] += change.change
            elif isinstance(payload, DebtChanged):
                gone = event.type is EventType.DEBT_RECOVERED
                assert payload.amount > 0
                self.debt[payload.asset_code] += -payload.amount if gone else payload.amount
                assert self.debt[payload.asset_code] == payload.owed

    def take_stake(self, placed: BetAuthorized) -> None:
        """A stake goes from its sources to the accounts of open stake."""
        assert sum(each.amount for each in placed.funding) == placed.stake
        for each in placed.funding:
            is_coupon = each.source.startswith("cpn:")
            self.balances[each.source if is_coupon else f"bkt:{each.source}"] -= each.amount
            self.balances[f"open:{each.source}"] += each.amount

    def check_books(self, ledger: Ledger) -> None:
        assert nonzero(self.balances) == nonzero(ledger.balances) | nonzero(ledger.house)
        owed = {a[5:]: -n for a, n in ledger.balances.items() if a.startswith("DEBT:") and n}
        assert nonzero(self.debt) == owed

    def take_contribution(self, told: BetContribution) -> None:
        """Keeps what the highest revision of a bet says."""
        known = self.counted.get((told.provider_id, told.bet_ref))
        assert known is None or told.revision > known.revision
        self.counted[told.provider_id, told.bet_ref] = told

    def check_progress(self, after: Wallet) -> None:
        """What bets count in all is the progress of each requirement."""
        progress = Counter[str]()
        for bet in self.counted.values():
            for each in bet.requirements:
                progress[each.requirement_id] += each.counted_total
        for item in after.items.values():
            if isinstance(item, Requirement):
                assert progress[item.requirement_id] == item.progress
