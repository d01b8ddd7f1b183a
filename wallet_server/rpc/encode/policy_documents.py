"""Versions of whatever `PolicyAdmin` keeps, each as the message of its kind."""

from typing import Any

from wallet.v1 import policy_admin_pb2 as pb
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.version import StoredVersion
from wallet_server.rpc.encode.policies import encode_policy, encode_provider_profile
from wallet_server.rpc.encode.wallet_policies import encode_wallet_policy


def encode_policy_document(stored: StoredVersion[Any]) -> pb.PolicyDocument:
    """Encodes a version of a policy, a wallet policy or a provider profile."""
    match stored.value:
        case Policy():
            return pb.PolicyDocument(policy=encode_policy(stored))
        case ProviderProfile():
            return pb.PolicyDocument(provider_profile=encode_provider_profile(stored))
        case _:
            return pb.PolicyDocument(wallet_policy=encode_wallet_policy(stored))
