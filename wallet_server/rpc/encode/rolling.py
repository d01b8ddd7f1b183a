"""Rolling requirements, and what bets have counted for them."""

from wallet.v1 import policy_pb2
from wallet.v1 import rolling_pb2 as pb
from wallet_server.core.config.policy import RollingRules
from wallet_server.core.rolling.requirement import (
    Contribution,
    ReleaseMode,
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)
from wallet_server.rpc.encode.values import money, numbers, timestamp

STATES = numbers(RequirementState, pb.RequirementState, prefix="REQUIREMENT_STATE")
ORIGINS = numbers(RequirementOrigin, pb.RequirementOrigin, prefix="REQUIREMENT_ORIGIN")
RELEASE_MODES = numbers(ReleaseMode, pb.ReleaseMode, prefix="RELEASE_MODE")


def encode_requirement(requirement: Requirement) -> pb.Requirement:
    """Encodes a requirement as it is."""
    asset_code, expire_time = requirement.asset_code, requirement.expire_time
    return pb.Requirement(
        requirement_id=requirement.requirement_id,
        state=STATES[requirement.state],
        bucket=requirement.bucket,
        wallet_group=requirement.wallet_group,
        required=money(requirement.required, asset_code),
        progress=money(requirement.progress, asset_code),
        remaining=money(requirement.remaining, asset_code),
        released=money(requirement.released, asset_code),
        terms=encode_terms(requirement.terms),
        origin=ORIGINS[requirement.origin],
        origin_id=requirement.origin_id,
        parent_id=requirement.parent_id,
        tail=requirement.tail,
        topology_version=requirement.topology_version,
        wallet_policy_version=requirement.wallet_policy_version,
        sequence=requirement.sequence,
        opened_sequence=requirement.opened_sequence,
        create_time=timestamp(requirement.create_time),
        expire_time=timestamp(expire_time) if expire_time else None,
        revision=requirement.revision,
        amount=money(requirement.amount, asset_code),
        forfeited=money(requirement.forfeited, asset_code),
    )


def encode_terms(terms: RollingTerms) -> pb.RollingTerms:
    """Encodes what a requirement asks and promises."""
    return pb.RollingTerms(
        multiplier_bp=terms.multiplier_bp,
        release_target=terms.release_target,
        conversion_cap=terms.conversion_cap,
        release_mode=RELEASE_MODES[terms.release_mode],
        group_wide=terms.group_wide,
        provider_types=terms.provider_types,
        expires_after_seconds=terms.expires_after_seconds,
    )


def encode_rules(rules: RollingRules) -> policy_pb2.RollingRules:
    """Encodes what bets count for requirements."""
    return policy_pb2.RollingRules(
        weight_bp=rules.weight_bp,
        odds_milli_min=rules.odds_milli_min,
        excluded_game_ids=rules.excluded_game_ids,
        counts_cash_outs=rules.counts_cash_outs,
        parallel=rules.parallel,
    )


def encode_contribution(contribution: Contribution) -> pb.Contribution:
    """Encodes what a funding line has counted for a requirement."""
    return pb.Contribution(
        line=contribution.line,
        requirement_id=contribution.requirement_id,
        counted=contribution.counted,
    )
