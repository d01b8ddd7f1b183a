"""Policies as administrators write them, and what is told of their versions."""

from typing import Any

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.administration import APPROVER, Office
from wallet.v1 import policy_pb2, topology_pb2
from wallet.v1.policy_admin_pb2 import PolicyDocument, PolicyName

SPORTS = """\
kind: Policy # How sports are paid for.
provider_type: SPORTS
product: BETTING
auto_order:
  order: [COUPON, sports_normal, withdrawable]
destinations:
  - source: sports_normal
    destinations: {stake_target: sports_normal, profit_target: withdrawable}
  - source: withdrawable
    destinations: {stake_target: withdrawable, profit_target: withdrawable}
"""

WRONG = SPORTS.replace("COUPON, sports_normal", "vip_bonus, casino_bonus, sports_normal")
WALLETS = "kind: WalletPolicy\nrecovery_scope: GROUP # Nearby.\n"
ACME = "kind: ProviderProfile\nprovider_id: acme-sports\nprovider_type: SPORTS\n"
DRAFT, VALIDATED = topology_pb2.VERSION_STATE_DRAFT, topology_pb2.VERSION_STATE_VALIDATED
APPROVED, SCHEDULED = topology_pb2.VERSION_STATE_APPROVED, topology_pb2.VERSION_STATE_SCHEDULED
ACTIVE, SUPERSEDED = topology_pb2.VERSION_STATE_ACTIVE, topology_pb2.VERSION_STATE_SUPERSEDED
ARCHIVED = topology_pb2.VERSION_STATE_ARCHIVED
FAILED_PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION
INVALID_ARGUMENT = grpc.StatusCode.INVALID_ARGUMENT
LAST_MILLENNIUM, NEXT_MILLENNIUM = Timestamp(seconds=9), Timestamp(seconds=32_503_680_000)
KINDS = [("policy", SPORTS), ("wallet_policy", WALLETS), ("provider_profile", ACME)]
"""What a document's field is called, and a text of the kind."""


def in_yaml(text: str) -> PolicyDocument:
    return PolicyDocument(yaml=text)


def sports(version: int) -> PolicyName:
    return PolicyName(provider_type="SPORTS", version=version)


def told(response: Any) -> Any:
    document = response.document
    return getattr(document, document.WhichOneof("document"))


def named(version: Any) -> dict[str, Any]:
    """Returns what an act on a version names."""
    if isinstance(version, policy_pb2.Policy):
        name = PolicyName(provider_type=version.provider_type, version=version.version)
    elif isinstance(version, policy_pb2.ProviderProfile):
        name = PolicyName(provider_id=version.provider_id, version=version.version)
    else:
        name = PolicyName(wallet_policy=True, version=version.version)
    return {"name": name, "etag": version.etag}


async def approved(office: Office, text: str = SPORTS) -> Any:
    """Returns a version that two persons have brought so far."""
    version = told(await office.ask("CreatePolicy", document=in_yaml(text)))
    version = told(await office.ask("ValidatePolicy", **named(version)))
    return told(await office.ask("ApprovePolicy", APPROVER, **named(version)))


async def states(office: Office) -> list[tuple[int, int]]:
    listed = await office.ask("ListPolicies", provider_type="SPORTS")
    return [(each.version, each.state) for each in listed.policies]
