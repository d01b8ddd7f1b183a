"""Versions of policies and provider profiles. Those of wallet policies: `wallet_policies.py`."""

from typing import Any, assert_never

from wallet.v1 import policy_pb2 as pb
from wallet_server.core.config.configuration import StoredVersion
from wallet_server.core.config.policy import (
    AutoOrder,
    FundingMode,
    PlayerSelected,
    Policy,
    Proportional,
    WinDestination,
)
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.rpc.encode.bets import fill_destinations
from wallet_server.rpc.encode.enums import (
    BREACH_ACTIONS,
    CORRECTION_SHORTFALLS,
    DECLINED_RETRIES,
    PAYOUT_BASES,
)
from wallet_server.rpc.encode.rolling import encode_rules, encode_terms
from wallet_server.rpc.encode.rounds import WIN_KINDS
from wallet_server.rpc.encode.versions import fill_life, fill_time


def encode_policy(stored: StoredVersion[Policy]) -> pb.Policy:
    """Encodes a policy version."""
    policy = stored.value
    message = pb.Policy(
        provider_type=policy.provider_type,
        max_stake_with_bonus=policy.max_stake_with_bonus,
        breach_action=BREACH_ACTIONS[policy.breach_action],
        coupons=pb.CouponRules(per_bet_max=policy.coupons.per_bet_max),
        rolling=encode_rules(policy.rolling),
        win_destinations=[encode_win_destination(each) for each in policy.win_destinations],
        product=policy.product,
        **funding_mode_of(policy.funding_mode),
    )
    for each in policy.destinations:
        added = message.destinations.add(source=each.source)
        fill_destinations(added.destinations, each.destinations)
    fill_life(message, stored)
    fill_time(message.effective_time, stored.effective_time)
    return message


def funding_mode_of(mode: FundingMode) -> dict[str, Any]:
    """Returns the field that a funding mode has in a policy, with its value."""
    match mode:
        case AutoOrder(order=order):
            return {"auto_order": pb.AutoOrder(order=order)}
        case PlayerSelected(choices=choices):
            offered = [pb.SelectableSource(name=c.name, sources=c.sources) for c in choices]
            return {"player_selected": pb.PlayerSelected(choices=offered)}
        case Proportional(sources=sources):
            weighted = [pb.WeightedSource(source=s.source, weight=s.weight) for s in sources]
            return {"proportional": pb.Proportional(sources=weighted)}
        case _:
            assert_never(mode)


def encode_win_destination(destination: WinDestination) -> pb.WinDestination:
    """Encodes where the wins of one kind go."""
    rolling = destination.rolling
    return pb.WinDestination(
        kind=WIN_KINDS[destination.kind],
        target=destination.target,
        rolling=encode_terms(rolling) if rolling else None,
    )


def encode_provider_profile(stored: StoredVersion[ProviderProfile]) -> pb.ProviderProfile:
    """Encodes a provider profile version."""
    profile = stored.value
    message = pb.ProviderProfile(
        provider_id=profile.provider_id,
        provider_type=profile.provider_type,
        payout_basis=PAYOUT_BASES[profile.payout_basis],
        rollback_after_settle=profile.rollback_after_settle,
        correction_shortfall=CORRECTION_SHORTFALLS[profile.correction_shortfall],
        declined_retry=DECLINED_RETRIES[profile.declined_retry],
        win_window_seconds=profile.win_window_seconds,
        implicit_close_seconds=profile.implicit_close_seconds,
        reopens_rounds=profile.reopens_rounds,
        free_round_summary_moves_money=profile.free_round_summary_moves_money,
    )
    fill_life(message, stored)
    fill_time(message.effective_time, stored.effective_time)
    return message
