"""Snapshots as documents: the rules that bets were placed under, as their terms keep them.

The digest of a document is what bets name it by, so the same snapshot must give the same
document for ever. A field that came later is left out while it says what its absence meant
when it came. That is written down here, and does not follow the defaults of the core.
"""

from typing import Any

from wallet_server.core.config.policy import RollingRules
from wallet_server.core.config.provider_profile import CorrectionShortfall, PayoutBasis
from wallet_server.core.config.snapshot import Snapshot
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.storage.json_text import Document

ABSENT_COUPON_GRACE_SECONDS = 259_200
ABSENT_ROLLING = RollingRules(
    weight_bp=10_000,
    odds_milli_min=None,
    excluded_game_ids=(),
    counts_cash_outs=True,
    parallel=False,
)


def snapshot_to_document(snapshot: Snapshot) -> dict[str, Any]:
    """Returns a snapshot as a document; the order of its fields is part of its digest."""
    document: dict[str, Any] = {
        "topology_version": snapshot.topology_version,
        "wallet_policy_version": snapshot.wallet_policy_version,
        "policy_version": snapshot.policy_version,
        "profile_version": snapshot.profile_version,
        "provider_type": snapshot.provider_type,
        "payout_basis": snapshot.payout_basis.value,
        "rollback_after_settle": snapshot.rollback_after_settle,
        "correction_shortfall": snapshot.correction_shortfall.value,
        "recovery_scope": snapshot.recovery_scope.value,
        "recovery_order": list(snapshot.recovery_order),
    }
    if rolling := _rolling_to_document(snapshot.rolling):
        document["rolling"] = rolling
    if snapshot.coupon_grace_seconds != ABSENT_COUPON_GRACE_SECONDS:
        document["coupon_grace_seconds"] = snapshot.coupon_grace_seconds
    return document


def snapshot_from_document(document: Document) -> Snapshot:
    """Returns the snapshot of a document."""
    return Snapshot(
        topology_version=document["topology_version"],
        wallet_policy_version=document["wallet_policy_version"],
        policy_version=document["policy_version"],
        profile_version=document["profile_version"],
        provider_type=document["provider_type"],
        payout_basis=PayoutBasis(document["payout_basis"]),
        rollback_after_settle=document["rollback_after_settle"],
        correction_shortfall=CorrectionShortfall(document["correction_shortfall"]),
        recovery_scope=RecoveryScope(document["recovery_scope"]),
        recovery_order=tuple(document["recovery_order"]),
        rolling=_rolling_from_document(document.get("rolling", {})),
        coupon_grace_seconds=document.get("coupon_grace_seconds", ABSENT_COUPON_GRACE_SECONDS),
    )


def _rolling_to_document(rules: RollingRules) -> dict[str, Any]:
    document: dict[str, Any] = {}
    if rules.weight_bp != ABSENT_ROLLING.weight_bp:
        document["weight_bp"] = rules.weight_bp
    if rules.odds_milli_min is not None:
        document["odds_milli_min"] = rules.odds_milli_min
    if rules.excluded_game_ids:
        document["excluded_game_ids"] = list(rules.excluded_game_ids)
    if not rules.counts_cash_outs:
        document["counts_cash_outs"] = False
    if rules.parallel:
        document["parallel"] = True
    return document


def _rolling_from_document(document: Document) -> RollingRules:
    absent = ABSENT_ROLLING
    return RollingRules(
        weight_bp=document.get("weight_bp", absent.weight_bp),
        odds_milli_min=document.get("odds_milli_min", absent.odds_milli_min),
        excluded_game_ids=tuple(document.get("excluded_game_ids", absent.excluded_game_ids)),
        counts_cash_outs=document.get("counts_cash_outs", absent.counts_cash_outs),
        parallel=document.get("parallel", absent.parallel),
    )
