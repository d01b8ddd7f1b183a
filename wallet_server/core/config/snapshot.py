"""The rules that a bet settles by: what it keeps of the configuration it was placed under."""

from wallet_server.core.config.policy import RollingRules
from wallet_server.core.config.provider_profile import CorrectionShortfall, PayoutBasis
from wallet_server.core.config.wallet_policy import COUPON_GRACE_SECONDS, RecoveryScope
from wallet_server.core.value import value


@value
class Snapshot:
    """The rules a bet was placed under. It settles by them for ever."""

    topology_version: int
    wallet_policy_version: int
    policy_version: int
    profile_version: int
    provider_type: str
    payout_basis: PayoutBasis
    rollback_after_settle: bool
    correction_shortfall: CorrectionShortfall
    recovery_scope: RecoveryScope
    recovery_order: tuple[str, ...]
    rolling: RollingRules = RollingRules()
    coupon_grace_seconds: int = COUPON_GRACE_SECONDS
