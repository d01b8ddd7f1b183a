"""A server with two tenants, of which one has much to hide, and callers of each."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import grpc
import grpc.aio
import pytest
from google.protobuf.descriptor import Descriptor, MethodDescriptor
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from tests.callers import KEY, bearing, token_for
from tests.database import Database
from tests.rpc.answers import first_answer
from tests.rpc.bad_field import EUROS
from tests.rpc.failures import status_of
from tests.rpc.malformed import good_request
from tests.servers import apply_shape
from wallet.v1 import (
    policy_admin_pb2,
    tenant_admin_pb2,
    tenant_pb2,
    topology_admin_pb2,
    wallet_commands_pb2,
)
from wallet.v1.rolling_pb2 import RollingTerms
from wallet.v1.wallet_events_pb2 import WatchEventsResponse
from wallet.v1.wallet_pb2 import WalletRef
from wallet_server.core.access.permission import Role
from wallet_server.rpc.edge import SERVICES
from wallet_server.server import open_server
from wallet_server.settings import Settings
from wallet_server.shapes import load_shape
from wallet_server.shapes.yaml_writing import write_yaml

OURS, THEIRS, NOWHERE = "ours", "hidden", "nobody"
HIDDEN, NOBODY = "hidden", "nobody"
"""What names begin with that only the other tenant has, and that nobody has."""

FAR_AWAY = Timestamp(seconds=32_503_680_000)
PLACES = 16
FILTERS = (
    *("start_time", "end_time", "bucket", "provider_type", "provider_id", "kind", "states"),
    *("bet_ref", "round_ref"),
)

EVERY_ROLE = [role.value for role in Role if role is not Role.GATEWAY]

METHODS: tuple[MethodDescriptor, ...] = tuple(
    method for service in SERVICES for method in Default().FindServiceByName(service).methods
)
METHOD_BY_NAME = {method.name: method for method in METHODS}


@dataclass
class TwoTenants:
    """Calls any method as somebody who may do everything, but for one of the tenants alone.

    `unknown` has, for each id that the server has made for the other tenant, one that it has not.
    """

    channel: grpc.aio.Channel
    unknown: dict[str, str] = field(default_factory=dict[str, str])

    async def call(self, method: str, request: Message, tenant_id: str = OURS) -> Message:
        """Returns what a caller of a tenant gets; a status, if that is a refusal."""
        described = METHOD_BY_NAME[method]
        token = token_for(*EVERY_ROLE, subject=f"{tenant_id}-caller", tenants=[tenant_id])
        try:
            return await first_answer(
                self.channel, described, request, metadata=bearing(token), is_telling=has_events
            )
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.INTERNAL:
                raise
            return status_of(error)

    async def theirs(self, method: str, request: Any, number: int = 1) -> Any:
        """Has the other tenant do something, which must be done."""
        request.request_id = f"{HIDDEN}-{method}-{number}"
        done = await self.call(method, request, THEIRS)
        assert done.DESCRIPTOR.name == f"{method}Response", (method, done)
        return done


def request_of(method: MethodDescriptor, names: str, tenant_id: str) -> Message:
    """Returns a right request that names a tenant, and else what begins with a word.

    Of acts, one that is only to be validated; of reads, one without filters.
    """
    request = good_request(method)
    fields = method.input_type.fields_by_name
    for name, value in {**names_of(names), "request_id": f"{names}-{method.name}-1"}.items():
        if name in fields:
            setattr(request, name, value)
    for name in {"expire_time", "valid_until_time"} & {*fields}:
        getattr(request, name).CopyFrom(FAR_AWAY)
    for name in FILTERS if method.name.startswith("List") else ():
        if name in fields:
            request.ClearField(name)
    put_tenant(request, names, tenant_id)
    return request


def names_of(word: str) -> Mapping[str, Any]:
    """Returns what requests name, by field."""
    refs = ("bet_ref", "transaction_ref", "round_ref", "win_ref", "cash_out_ref", "reversal_id")
    ids = ("deposit_id", "withdrawal_id", "promotion_id", "adjustment_id")
    return {
        **dict.fromkeys((*refs, *ids), f"{word}-1"),
        **dict.fromkeys(("grant_id", "coupon_grant_id"), f"{word}-g1"),
        "requirement_id": f"PROMOTION:{word}-1",
        "subject": f"spiffe://{word}/cashier",
        "validate_only": True,
        "yaml": yaml_of_ruby(),
    }


@cache
def yaml_of_ruby() -> str:
    """Returns the topology of the shape `ruby`, written out."""
    return write_yaml(load_shape("ruby")[0])


def put_tenant(request: Any, word: str, tenant_id: str) -> None:
    """Has a request name a tenant, and the player of a word where it names one."""
    fields = cast("Descriptor", request.DESCRIPTOR).fields_by_name
    if "wallet" in fields:
        request.wallet.tenant_id, request.wallet.player_id = tenant_id, f"{word}-player"
    if "filter" in fields:
        request.filter.player_id = f"{word}-player"
    if "tenant_id" in fields:
        request.tenant_id = tenant_id


def wallet_of(word: str, tenant_id: str) -> WalletRef:
    """Returns the wallet of the player of a word."""
    return WalletRef(tenant_id=tenant_id, player_id=f"{word}-player", currency_code="EUR")


def has_events(answer: Any) -> bool:
    """Tells whether events were told, and not only how far they are. Files always tell."""
    return not isinstance(answer, WatchEventsResponse) or bool(answer.events)


@pytest.fixture
async def tenants(database: Database, tmp_path: Path) -> AsyncIterator[TwoTenants]:
    """Two tenants in the shape `ruby`, the other one with things of every kind."""
    for tenant_id in (OURS, THEIRS):
        await apply_shape(database, tenant_id, "ruby")
    keys = tmp_path / "keys.pem"
    keys.write_bytes(KEY.public_pem())
    settings = Settings(
        listen_port=0,
        due_work_enabled=False,
        sealing_enabled=False,
        auth_keys_file=keys,
        # Calls end with their first answer, and others come before their places are free.
        exports_max=PLACES,
        tenant_exports_max=PLACES,
    )
    async with (
        open_server(settings, database.server_url) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        two = TwoTenants(channel)
        await fill_wallet(two)
        await fill_configuration(two)
        for word in (HIDDEN, NOBODY):
            await open_ours(two, word)
        yield two


async def fill_wallet(two: TwoTenants) -> None:
    """Gives the other tenant a wallet with two of everything that is listed."""
    commands: Any = wallet_commands_pb2
    wallet = wallet_of(HIDDEN, THEIRS)
    await two.theirs("OpenWallet", commands.OpenWalletRequest(wallet=wallet))
    for number in (1, 2):
        name = f"{HIDDEN}-{number}"
        coupon: Any = good_request(METHOD_BY_NAME["GrantCoupon"])
        coupon.wallet.CopyFrom(wallet)
        coupon.grant_id = f"{HIDDEN}-g{number}"
        coupon.valid_until_time.CopyFrom(FAR_AWAY)
        for method, request in {
            "ApproveDeposit": commands.ApproveDepositRequest(
                wallet=wallet, deposit_id=name, bucket="sports_normal", amount=EUROS
            ),
            "AuthorizeBet": commands.AuthorizeBetRequest(
                wallet=wallet, provider_id="acme-sports", bet_ref=name, stake=EUROS
            ),
            "CreditPromotion": commands.CreditPromotionRequest(
                wallet=wallet,
                promotion_id=name,
                bucket="casino_bonus",
                amount=EUROS,
                rolling=RollingTerms(multiplier_bp=50_000, release_target="withdrawable"),
            ),
            "AdjustBalance": commands.AdjustBalanceRequest(
                wallet=wallet,
                adjustment_id=name,
                bucket="withdrawable",
                amount=EUROS,
                reason_code="GOODWILL",
            ),
            "RequestWithdrawal": commands.RequestWithdrawalRequest(
                wallet=wallet, withdrawal_id=name, amount=EUROS
            ),
            "GrantCoupon": coupon,
        }.items():
            await two.theirs(method, request, number)


async def fill_configuration(two: TwoTenants) -> None:
    """Gives the other tenant drafts, drains and credentials."""
    topologies, policies = topology_admin_pb2, policy_admin_pb2
    await two.theirs(
        "CreateTopology",
        topologies.CreateTopologyRequest(tenant_id=THEIRS, copy_of_version=1, reason=HIDDEN),
    )
    for name in (
        policies.PolicyName(provider_type="SPORTS", version=1),
        policies.PolicyName(provider_id="acme-sports", version=1),
        policies.PolicyName(wallet_policy=True, version=1),
    ):
        request = policies.CreatePolicyRequest(tenant_id=THEIRS, copy_of=name, reason=HIDDEN)
        await two.theirs("CreatePolicy", request, len(name.SerializeToString()))
    for number, bucket in enumerate(("sports_bonus", "casino_bonus")):
        start = topologies.StartDrainingRequest(tenant_id=THEIRS, bucket=bucket)
        await two.theirs("StartDraining", start, number)
        drain = topologies.DrainBucketRequest(
            tenant_id=THEIRS, bucket=bucket, successor="sports_normal", reason=HIDDEN
        )
        made = await two.theirs("DrainBucket", drain, number)
        two.unknown[made.drain.drain_id] = f"{number}" * len(made.drain.drain_id)
        credential = tenant_admin_pb2.CreateCredentialRequest(
            tenant_id=THEIRS,
            kind=(
                tenant_pb2.CREDENTIAL_KIND_CERTIFICATE,
                tenant_pb2.CREDENTIAL_KIND_TOKEN_SUBJECT,
            )[number],
            subject=f"spiffe://{HIDDEN}/{('cashier', 'support')[number]}",
            roles=["support"],
        )
        made = await two.theirs("CreateCredential", credential, number)
        two.unknown[made.credential.credential_id] = f"{number}" * 32


async def open_ours(two: TwoTenants, word: str) -> None:
    """Gives us a wallet with money whose player is called as one of the other tenant's is."""
    commands: Any = wallet_commands_pb2
    wallet = wallet_of(word, OURS)
    for request in (
        commands.OpenWalletRequest(request_id="o", wallet=wallet),
        commands.ApproveDepositRequest(
            request_id="d", wallet=wallet, deposit_id="d", bucket="sports_normal", amount=EUROS
        ),
    ):
        method = type(request).__name__.removesuffix("Request")
        await two.call(method, request)
