"""What bets and wins count for limits on stakes and losses.

Only the player's own money counts: the part of a stake that buckets of cash and withdrawable
money pay, and what is paid of it. Coupons and restricted money do not count.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import open_stake
from wallet_server.core.allocation import allocate
from wallet_server.core.bets.bet import Bet, FundingLine
from wallet_server.core.bets.settlement import WITHOUT_EFFECT, split_line, split_payout
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import Topology
from wallet_server.core.draft import Draft
from wallet_server.core.ids import BetKey
from wallet_server.core.players.limit import LimitKind
from wallet_server.core.players.limits import LimitRefusal, check, count, usage_of, with_this
from wallet_server.core.players.player import Player
from wallet_server.core.players.usage import Usage, UsageKind, with_counted
from wallet_server.core.refusals import LimitRateMissing
from wallet_server.core.rounds.win import Win, WinState
from wallet_server.core.wallet import Wallet


def limits_bets(player: Player, configuration: Configuration) -> bool:
    """Tells whether what a player's bets do is counted: for most it is not."""
    return configuration.limits_bets or (player.limits != () and player.limits_bets)


def is_limited(kind: LimitKind, player: Player, configuration: Configuration) -> bool:
    """Tells whether a player has limits of a kind, or the wallet policy has for all."""
    defaults = configuration.wallet_policy.value.limits.defaults
    return any(each.kind is kind for each in (*player.limits, *defaults))


def check_stake(
    lines: Sequence[FundingLine], wallet: Wallet, configuration: Configuration, now: datetime
) -> LimitRefusal | LimitRateMissing | None:
    """Refuses a stake whose own money exceeds what may be staked, or lost if all bets lose."""
    topology, rules = configuration.topology.value, configuration.wallet_policy.value.limits
    amount = own_part(lines, topology)
    if amount == 0:
        return None
    currency, player = wallet.ref.currency_code, wallet.player
    refusal = check(player, LimitKind.STAKE, amount, currency, rules, now)
    if refusal is not None:
        return refusal
    usage = usage_of(player, UsageKind.LOSS, currency, now)
    player = with_this(player, replace(usage, open_stake=own_open_stake(wallet, topology)))
    return check(player, LimitKind.LOSS, amount, currency, rules, now)


def count_bet(draft: Draft, before: Bet | None, after: Bet) -> None:
    """Counts what a change of a bet, which is posted, has changed of stakes and losses.

    A stake counts when it is placed. A bet that is undone gives it back in that hour. What is
    lost or won back counts when the bet changes.
    """
    topology = draft.configuration.topology.value
    if is_limited(LimitKind.STAKE, draft.player, draft.configuration):
        staked = stake_of(after, topology) - (stake_of(before, topology) if before else 0)
        if staked:
            count(draft, UsageKind.STAKE, staked, after.create_time)
    if is_limited(LimitKind.LOSS, draft.player, draft.configuration):
        lost = loss_of(after, topology) - (loss_of(before, topology) if before else 0)
        count_loss(draft, lost)


def count_win(draft: Draft, before: Win | None, after: Win) -> None:
    """Counts what a change of a win, which is posted, has changed of losses."""
    if is_limited(LimitKind.LOSS, draft.player, draft.configuration):
        won = won_by(after, draft) - (won_by(before, draft) if before else 0)
        count_loss(draft, -won)


def count_loss(draft: Draft, lost: int) -> None:
    """Counts a loss, or a gain as a negative one, and notes what is open in the wallet by now."""
    before = usage_of(draft.player, UsageKind.LOSS, draft.currency, draft.now)
    after = noted(with_counted(before, lost, draft.now, draft.now), draft)
    if after != before:
        draft.put_player(with_this(draft.player, after))


def noted(usage: Usage, draft: Draft) -> Usage:
    """Returns the usage with what is open in the wallet by now."""
    return replace(usage, open_stake=own_open_stake(draft, draft.configuration.topology.value))


def own_open_stake(holder: Wallet | Draft, topology: Topology) -> int:
    """Returns the player's own money in bets of a wallet that have no result yet."""
    return sum(holder.balance(open_stake(source)) for source in topology.own_sources)


def own_part(lines: Sequence[FundingLine], topology: Topology) -> int:
    """Returns what of a stake is the player's own money."""
    return sum(line.amount for line in lines if line.source in topology.own_sources)


def stake_of(bet: Bet, topology: Topology) -> int:
    """Returns what a bet, as it stands, has staked of the player's own money."""
    return 0 if bet.state in WITHOUT_EFFECT else own_part(bet.lines, topology)


def loss_of(bet: Bet, topology: Topology) -> int:
    """Returns what a bet, as it stands, has lost of the player's own money; negative for a gain.

    That is what was played of lines of own money, less what they were paid. Stake that is open
    or was refunded is not lost.
    """
    if bet.snapshot is None or bet.state in WITHOUT_EFFECT:
        return 0
    loss = 0
    profits_paid = [0] * len(bet.lines)
    for portion in bet.portions:
        refunds = allocate(portion.refund, portion.stake_shares)
        consumed = [s - r for s, r in zip(portion.stake_shares, refunds, strict=True)]
        payouts = split_payout(bet.lines, portion, consumed, bet.snapshot.payout_basis)
        for i, line in enumerate(bet.lines):
            returned, profit = split_line(line, payouts[i], consumed[i], profits_paid[i])
            profits_paid[i] += profit
            if line.source in topology.own_sources:
                loss += consumed[i] - returned - profit
    return loss


def won_by(win: Win, draft: Draft) -> int:
    """Returns what a win, as it stands, has paid to lines of the player's own money."""
    if win.state is not WinState.CREDITED:
        return 0
    own = draft.configuration.topology.value.own_sources
    won = 0
    for share in win.shares:
        bet = draft.bet(BetKey(win.key.provider_id, share.bet_ref))
        assert bet is not None, share.bet_ref
        if bet.lines[share.line].source in own:
            won += share.returned + share.profit
    return won
