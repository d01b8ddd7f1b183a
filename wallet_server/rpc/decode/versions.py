"""The names of versions."""

from wallet.v1 import policy_admin_pb2 as pb
from wallet_server.core.config.version import DocumentKind, VersionRef


def version_ref(message: pb.PolicyName) -> VersionRef:
    """Decodes which version of a policy, a wallet policy or a provider profile."""
    match message.WhichOneof("kind"):
        case "provider_type":
            return VersionRef(DocumentKind.POLICY, message.provider_type, message.version)
        case "provider_id":
            return VersionRef(DocumentKind.PROVIDER_PROFILE, message.provider_id, message.version)
        case _:
            return VersionRef(DocumentKind.WALLET_POLICY, "", message.version)
