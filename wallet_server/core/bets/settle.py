"""Giving a bet, or a part of it, its result; and replacing the result."""

from datetime import datetime

from wallet_server.core.allocation import allocate
from wallet_server.core.amounts import check_asset
from wallet_server.core.bets.bet import (
    DECLINED,
    LOST,
    SETTLED,
    UNVERIFIED,
    VOID,
    Bet,
    Portion,
    ResultKind,
    ResultOrdering,
)
from wallet_server.core.bets.lifecycle import find_live_bet, post_change
from wallet_server.core.commands import SettleBet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Change, Decision, Outcome
from wallet_server.core.refusals import (
    IllegalTransition,
    PayoutWithoutStake,
    PortionLimit,
    PortionRefRequired,
    PortionTooLarge,
    RefundExceedsStake,
    Refusal,
    ResultInconsistent,
    ResultVersionConflict,
    TransactionPayloadMismatch,
)
from wallet_server.core.wallet import Wallet

PORTIONS_MAX = 256
"""How many portions a bet may have had, those that were taken back included.

Every result reads and writes the whole bet. All that is left may always be settled, as
the portion without a name: no stake is stranded by the limit.
"""


def decide_settle_bet(
    command: SettleBet, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Applies a result that is newer than what is known of its portion."""
    currency = wallet.ref.currency_code
    if mismatch := (
        check_asset("payout", command.payout, currency)
        or check_asset("stake", command.stake, currency)
        or check_asset("refund", command.refund, currency)
    ):
        return mismatch
    bet = find_live_bet(command.bet, wallet)
    if isinstance(bet, Refusal):
        return bet
    if bet.state is DECLINED:
        return IllegalTransition(bet.key.bet_ref, bet.state.value, "SettleBet")

    known_version = bet.version_of(command.portion_ref)
    if command.ordering is UNVERIFIED and says_the_same(command, bet):
        return Change(Outcome.ALREADY_APPLIED, bet=bet)  # Its version is a count and says nothing.
    if command.result_version < known_version:
        return Change(Outcome.STALE_VERSION, bet=bet)
    if command.result_version == known_version:
        return apply_again(command, bet)

    portion = make_portion(command, bet)
    if isinstance(portion, Refusal):
        return portion
    after = with_portion(bet, portion, command.ordering)
    return post_change(bet, after, wallet, configuration, now, repays_debt=True)


def apply_again(command: SettleBet, bet: Bet) -> Decision:
    """Answers a result whose version is known: nothing changes if it says the same."""
    if says_the_same(command, bet):
        return Change(Outcome.ALREADY_APPLIED, bet=bet)
    return ResultVersionConflict(bet.key.bet_ref, command.result_version)


def says_the_same(command: SettleBet, bet: Bet) -> bool:
    """Tells whether a result says what the result of its portion says, whatever their versions.

    A cash-out, or stake that was played by a close, has no version: no result was sent for it.
    """
    portion = bet.portion(command.portion_ref)
    return (
        portion is not None
        and portion.result_version > 0
        and portion.payout == command.payout.minor_units
        and portion.refund == refund_of(command, portion.stake)
        and (command.stake is None or command.stake.minor_units == portion.stake)
        and not contradicts(command.result_kind, portion)
    )


def make_portion(command: SettleBet, bet: Bet) -> Portion | Refusal:
    """Returns the portion with its new result; a new portion takes its stake."""
    shares = stake_shares(command, bet)
    if isinstance(shares, Refusal):
        return shares
    portion = Portion(
        command.portion_ref,
        shares,
        command.result_version,
        command.payout.minor_units,
        refund_of(command, sum(shares)),
    )
    return check_result(portion, command.result_kind) or portion


def stake_shares(command: SettleBet, bet: Bet) -> tuple[int, ...] | Refusal:
    """Returns the stake of the command's portion by funding line.

    A known portion keeps the shares it was made with; a new one takes its stake
    from the lines in proportion to what they still have open.
    """
    known = bet.portion(command.portion_ref)
    if known is not None:
        if known.is_cash_out:  # No result ever replaces one.
            return TransactionPayloadMismatch(bet.key.bet_ref, "portion_ref")
        if command.stake is not None and command.stake.minor_units != known.stake:
            return TransactionPayloadMismatch(bet.key.bet_ref, "stake")
        return known.stake_shares

    is_new_name = command.portion_ref and command.portion_ref not in bet.unsettled_versions
    if is_new_name and len(bet.portions) + len(bet.unsettled_versions) >= PORTIONS_MAX:
        return PortionLimit(bet.key.bet_ref, PORTIONS_MAX)
    shares = bet.open_shares
    remaining = sum(shares)
    stake = remaining if command.stake is None else command.stake.minor_units
    if not command.portion_ref and stake != remaining:
        return PortionRefRequired(stake, remaining)
    if stake > remaining or bet.state is SETTLED:  # A free round has 0 to settle, once.
        return PortionTooLarge(stake, remaining)
    return tuple(allocate(stake, shares))


def refund_of(command: SettleBet, stake: int) -> int:
    """Returns the refund: what was said, else all of a void stake, else nothing."""
    if command.refund is not None:
        return command.refund.minor_units
    return stake if command.result_kind is VOID else 0


def check_result(portion: Portion, said: ResultKind | None) -> Refusal | None:
    """Refuses amounts that contradict each other, or what the result is said to be."""
    stake = portion.stake
    if portion.refund > stake:
        return RefundExceedsStake(portion.refund, stake)
    if portion.refund == stake and portion.payout:
        return PayoutWithoutStake(portion.payout)
    if said is not None and contradicts(said, portion):
        return ResultInconsistent(said.value, portion.payout, portion.refund, stake)
    return None


def contradicts(said: ResultKind | None, portion: Portion) -> bool:
    """Tells whether a result is not what it is said to be.

    Where there is no stake, nothing can be given back: VOID is taken as LOST.
    """
    found = portion.result_kind
    if said is VOID and found is LOST and not portion.stake:
        return False
    return said not in {None, found}


def with_portion(bet: Bet, portion: Portion, ordering: ResultOrdering | None = None) -> Bet:
    """Returns the bet with a portion added, or put in the place of its earlier self."""
    orderings = bet.orderings_with((portion.portion_ref,), ordering)
    unsettled = bet.unsettled_versions
    if portion.portion_ref in unsettled:
        unsettled = {r: v for r, v in unsettled.items() if r != portion.portion_ref}
    if bet.portion(portion.portion_ref) is None:
        return bet.with_portions((*bet.portions, portion), unsettled, orderings)
    portions = tuple(portion if p.portion_ref == portion.portion_ref else p for p in bet.portions)
    return bet.with_portions(portions, unsettled, orderings)
