"""The numbers on the wire of what policies and profiles choose from."""

from wallet.v1 import policy_pb2
from wallet_server.core.config.policy import BreachAction
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    DeclinedRetry,
    PayoutBasis,
)
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.rpc.encode.values import numbers

PAYOUT_BASES = numbers(PayoutBasis, policy_pb2.PayoutBasis, prefix="PAYOUT_BASIS")
CORRECTION_SHORTFALLS = numbers(
    CorrectionShortfall, policy_pb2.CorrectionShortfall, prefix="CORRECTION_SHORTFALL"
)
RECOVERY_SCOPES = numbers(RecoveryScope, policy_pb2.RecoveryScope, prefix="RECOVERY_SCOPE")
DECLINED_RETRIES = numbers(DeclinedRetry, policy_pb2.DeclinedRetry, prefix="DECLINED_RETRY")
BREACH_ACTIONS = numbers(BreachAction, policy_pb2.BreachAction, prefix="BREACH_ACTION")
