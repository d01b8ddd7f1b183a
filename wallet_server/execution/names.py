"""What commands name, and what the things that they name do.

Names are what batches are loaded by: `wanted.py` follows them until nothing is missing.
"""

from collections.abc import Iterator
from typing import TypeAlias

from wallet_server.core.accounts import grant_of
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.adjustment import adjustment_key
from wallet_server.core.cashier.deposit import Deposit, deposit_key
from wallet_server.core.cashier.withdrawal import Withdrawal, withdrawal_key
from wallet_server.core.commands import (
    AdjustBalance,
    ApproveDeposit,
    ApproveWithdrawal,
    AuthorizeBet,
    CancelRolling,
    CancelWithdrawal,
    CashOutBet,
    CloseRound,
    Command,
    CompleteRolling,
    ConfirmWithdrawal,
    CreateDeposit,
    CreditPromotion,
    CreditWin,
    DeclineDeposit,
    ExpireCoupons,
    FailWithdrawal,
    GrantCoupon,
    PlayRound,
    RejectWithdrawal,
    ReleaseSuspense,
    ReplanAuthorization,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReverseDeposit,
    ReversePromotion,
    RevokeCoupon,
    RollbackRound,
    RollbackTransaction,
    SettleBet,
    SubmitWithdrawal,
    TransferFunds,
    UnsettleBet,
    WriteOffDebt,
)
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item, ItemKey, ItemKind
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rounds.membership import round_of
from wallet_server.core.rounds.round import Round, round_key
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.transfers.edge_usage import usage_key
from wallet_server.core.wallet import Wallet

Name: TypeAlias = BetKey | ItemKey
"""What a wallet has under a name: a bet, win or cash-out, or an item."""

Mark: TypeAlias = tuple[bool, str, str]
"""A name, and whether it is an item's."""


def marked(name: Name) -> Mark:
    """Returns a name that no other kind of name equals: both kinds are pairs of texts."""
    return isinstance(name, ItemKey), name[0], name[1]


def names_in(command: Command) -> Iterator[Name]:
    """Yields what a command names."""
    match command:
        case AuthorizeBet():
            yield from names_in_bet(command)
        case SettleBet() | UnsettleBet() | RollbackTransaction():
            yield command.bet
        case CashOutBet():
            yield command.bet
            yield command.cash_out
        case CreditWin() | ReleaseSuspense():
            yield from names_in_win(command)
        case CloseRound() | PlayRound() | RollbackRound():
            yield from names_in_round(command)
        case CompleteRolling() | CancelRolling():
            yield requirement_key(command.requirement_id)
        case TransferFunds():
            yield usage_key(command.source, command.target)
        case GrantCoupon() | RevokeCoupon() | ExpireCoupons():
            yield from names_in_gift(command.grant_id)
        case CreditPromotion() | ReversePromotion():
            yield from names_in_gift(command.promotion_id)
        case _:
            yield from names_in_cashier(command)


def names_in_bet(command: AuthorizeBet) -> Iterator[Name]:
    """Yields what a bet to be placed names."""
    yield command.bet
    if command.round_ref:
        yield round_key(command.bet.provider_id, command.round_ref)
    if command.coupon_grant_id:
        yield coupon_key(command.coupon_grant_id)


def names_in_gift(gift_id: str) -> Iterator[Name]:
    """Yields what a command on a coupon or a promotion names: they share one kind of id."""
    yield coupon_key(gift_id)
    yield ItemKey(ItemKind.PROMOTION, gift_id)


def names_in_cashier(command: Command) -> Iterator[Name]:
    """Yields what a command names on money that comes in, goes out or is put right."""
    match command:
        case CreateDeposit() | ApproveDeposit():
            yield deposit_key(command.deposit_id)
            if command.withdrawal_id:
                yield withdrawal_key(command.withdrawal_id)
        case DeclineDeposit() | ReverseDeposit():
            yield deposit_key(command.deposit_id)
        case ReplanAuthorization():
            yield command.bet
            yield adjustment_key(command.adjustment_id)
        case AdjustBalance() | WriteOffDebt():
            if command.adjustment_id:
                yield adjustment_key(command.adjustment_id)
        case RequestWithdrawal() | ApproveWithdrawal() | RejectWithdrawal() | CancelWithdrawal():
            yield withdrawal_key(command.withdrawal_id)
        case SubmitWithdrawal() | ConfirmWithdrawal() | FailWithdrawal() | ReturnWithdrawal():
            yield withdrawal_key(command.withdrawal_id)
        case _:
            return


def names_in_win(command: CreditWin | ReleaseSuspense) -> Iterator[Name]:
    """Yields what a command on a win names."""
    yield command.win
    if isinstance(command, CreditWin):
        if command.round_ref:
            yield round_key(command.win.provider_id, command.round_ref)
        if command.bet_ref:
            yield BetKey(command.win.provider_id, command.bet_ref)


def names_in_round(command: CloseRound | PlayRound | RollbackRound) -> Iterator[Name]:
    """Yields what a command on a round names."""
    refs: tuple[str, ...] = ()
    yield round_key(command.provider_id, command.round_ref)
    if isinstance(command, PlayRound):
        refs = (*(b.bet_ref for b in command.bets), *(w.win_ref for w in command.wins))
        for bet in command.bets:
            if bet.coupon_grant_id:
                yield coupon_key(bet.coupon_grant_id)
    elif isinstance(command, RollbackRound):
        refs = command.transaction_refs
    for ref in refs:
        yield BetKey(command.provider_id, ref)


def coupon_key(grant_id: str) -> ItemKey:
    """Returns what a coupon grant is called among the wallet's items."""
    return ItemKey(ItemKind.COUPON, grant_id)


def requirement_key(requirement_id: str) -> ItemKey:
    """Returns what a rolling requirement is called among the wallet's items."""
    return ItemKey(ItemKind.REQUIREMENT, requirement_id)


def names_of(name: Name, wallet: Wallet) -> Iterator[Name]:
    """Yields what something in a wallet names; nothing where it is not there."""
    if isinstance(name, ItemKey):
        item = wallet.items.get(name)
        return iter(()) if item is None else names_of_item(item)
    match wallet.bets.get(name) or wallet.wins.get(name):
        case Bet() as bet:
            return names_of_bet(bet)
        case Win() as win:
            return names_of_win(win)
        case CashOutRef() as found:
            return iter((BetKey(found.key.provider_id, found.bet_ref),))
        case None:
            return iter(())


def names_of_item(item: Item) -> Iterator[Name]:
    """Yields what an item names. Most name nothing."""
    match item:
        case Round():
            for ref in (*item.bet_refs, *item.win_refs):
                yield BetKey(item.provider_id, ref)
        case Promotion(requirement_id=requirement_id) if requirement_id:
            yield requirement_key(requirement_id)
        case Deposit():
            yield from names_of_deposit(item)
        case Withdrawal():
            for forfeit in item.forfeits:
                for requirement_id in forfeit.requirement_ids:
                    yield requirement_key(requirement_id)
        case _:
            return


def names_of_bet(bet: Bet) -> Iterator[Name]:
    """Yields what a bet names: its round, though it may have none yet, and what its funds do."""
    yield round_of(bet)
    yield from names_of_funds(bet)


def names_of_funds(bet: Bet) -> Iterator[Name]:
    """Yields the coupons that paid for a bet, and the requirements that it counts for."""
    for line in bet.lines:
        if line.coupon is not None:
            yield coupon_key(grant_of(line.source))
    for contribution in bet.contributions:
        yield requirement_key(contribution.requirement_id)


def names_of_win(win: Win) -> Iterator[Name]:
    """Yields what a win names: its round or its bet."""
    if win.round_ref:
        yield round_key(win.key.provider_id, win.round_ref)
    if win.bet_ref:
        yield BetKey(win.key.provider_id, win.bet_ref)


def names_of_deposit(deposit: Deposit) -> Iterator[Name]:
    """Yields what a deposit names: its requirement, and the payout that it is paid from."""
    if deposit.requirement_id:
        yield requirement_key(deposit.requirement_id)
    if deposit.withdrawal_id:
        yield withdrawal_key(deposit.withdrawal_id)
