"""What events tell of the things that a wallet keeps, beside money and progress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wallet_server.core.cashier.adjustment import Adjustment
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.events.event import Event, EventType
from wallet_server.core.events.item_payloads import (
    AccountStatusChanged,
    AdjustmentChanged,
    CouponChanged,
    DepositChanged,
    LimitChanged,
    PromotionChanged,
    RequirementChanged,
    RollingSplit,
    RoundChanged,
    WinChanged,
    WithdrawalChanged,
)
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod
from wallet_server.core.players.player import Player
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rolling.requirement import Requirement, RequirementState
from wallet_server.core.rounds.round import Round
from wallet_server.core.rounds.win import Win
from wallet_server.core.transfers.edge_usage import EdgeUsage
from wallet_server.core.wallet import Wallet


@dataclass
class Shadow:
    """The last that was told of each item and win."""

    items: dict[ItemKey, Item] = field(default_factory=dict[ItemKey, Item])
    wins: dict[BetKey, Win] = field(default_factory=dict[BetKey, Win])

    def take(self, events: Sequence[Event], before: Wallet | None, after: Wallet) -> None:
        """Takes in the events of a command, and compares what it changed with what was told."""
        for event in events:
            for item in told_of(event):
                self.take_item(event, item)
            if isinstance(event.payload, WinChanged):
                self.take_win(event.payload)
        known: Mapping[ItemKey, Item] = before.items if before is not None else {}
        for key, item in after.items.items():
            if known.get(key) is not item:
                told = self.items.get(key)
                assert what_is_told(item) == (what_is_told(told) if told else UNTOLD), (
                    key,
                    item,
                    told,
                )
        for key, win in after.wins.items():
            if isinstance(win, Win):
                assert self.wins[key] == win

    def take_item(self, event: Event, item: Item) -> None:
        """What an item was is what was told of it last, but within a command."""
        previous = getattr(event.payload, "previous_state", None)
        known = self.items.get(item.key)
        if previous is not None and not isinstance(item, Round | EdgeUsage) and known is not item:
            assert not isinstance(known, EdgeUsage)
            assert previous == (known.state.value if known is not None else "")
        self.items[item.key] = item

    def take_win(self, told: WinChanged) -> None:
        known = self.wins.get(told.win.key)
        assert told.previous_state == (known.state.value if known is not None else "")
        self.wins[told.win.key] = told.win


def told_of(event: Event) -> tuple[Item, ...]:
    """Returns the items that an event tells of."""
    match event.payload:
        case RequirementChanged(requirement=item):
            return (item,)
        case RollingSplit(parent=parent, child=child):
            return (parent, child)
        case CouponChanged(coupon=item):
            return (item,)
        case PromotionChanged(promotion=item):
            return (item,)
        case DepositChanged(deposit=item):
            return (item,)
        case WithdrawalChanged(withdrawal=item):
            return (item,)
        case AdjustmentChanged(adjustment=item):
            return (item,)
        case RoundChanged(round=item):
            return (item,)
        case _:
            return ()


UNTOLD = ("OPEN",)
"""What is told of a round before it ends, and of what is only counted: nothing."""


def what_is_told(item: Item) -> tuple[object, ...]:
    """Returns what events must have told of an item as it is now."""
    match item:
        case Requirement():
            moved = (item.released, item.forfeited)
            short = item.remaining if item.state is RequirementState.RELEASED else 0
            return (item.state, item.required, item.bucket, item.terms, item.amount, *moved, short)
        case CouponGrant():
            return (item.state, item.terms, item.valid_until, item.amount)
        case Withdrawal() | Adjustment():
            return (item,)
        case Deposit():
            return (item.state, item.bucket, item.amount, item.reversals, item.suspended)
        case Promotion():
            return (item.state, item.reversed, item.unrecovered, item.amount)
        case Round():
            return (item.state.value,)
        case _:
            return UNTOLD


@dataclass
class PlayerShadow:
    """What was told of a player, in the events of all the player's wallets."""

    status: AccountStatus = AccountStatus.ACTIVE
    limits: dict[tuple[LimitKind, LimitPeriod], Limit] = field(
        default_factory=dict[tuple[LimitKind, LimitPeriod], Limit]
    )

    def take(self, events: Sequence[Event], player: Player) -> None:
        """Takes in the events of a command, which tell all that holds for the player now."""
        for event in events:
            if isinstance(event.payload, AccountStatusChanged):
                assert event.payload.previous_status is self.status
                self.status = event.payload.status
            elif isinstance(event.payload, LimitChanged):
                self.take_limit(event, event.payload)
        assert self.status is player.status
        assert tuple(self.limits[name] for name in sorted(self.limits)) == player.limits

    def take_limit(self, event: Event, told: LimitChanged) -> None:
        name = (told.kind, told.period)
        assert told.previous == self.limits.pop(name, None)
        assert (event.type is EventType.LIMIT_REMOVED) == (told.limit is None)
        if told.limit is not None:
            self.limits[name] = told.limit
