"""Reads of the versions of policies, wallet policies and provider profiles."""

from dataclasses import replace
from typing import Any

from wallet.v1 import policy_admin_pb2 as pb
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminServicer
from wallet_server.core.config.version import DocumentKind, StoredVersion, VersionRef
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode.versions import version_ref
from wallet_server.rpc.encode.changes import encode_changes
from wallet_server.rpc.encode.policies import encode_policy, encode_provider_profile
from wallet_server.rpc.encode.versions import fill_yaml
from wallet_server.rpc.encode.wallet_policies import encode_wallet_policy
from wallet_server.rpc.full_pages import full_page
from wallet_server.rpc.page_token import Pages


class PolicyReads(PolicyAdminServicer):
    """Shows how bets are funded and paid out, and how providers behave."""

    def __init__(self, reader: ConfigurationReader, page_token_secret: bytes) -> None:
        """Asks a reader."""
        self._reader = reader
        self._policies: Pages[tuple[str, int]] = Pages(page_token_secret)
        self._wallet_policies: Pages[tuple[int]] = Pages(page_token_secret)
        self._profiles: Pages[tuple[str, int]] = Pages(page_token_secret)

    async def GetPolicy(
        self, request: pb.GetPolicyRequest, context: Context
    ) -> pb.GetPolicyResponse:
        stored = await self._reader.policy(
            request.tenant_id, request.provider_type, request.version
        )
        policy = encode_policy(stored)
        if request.with_yaml:
            fill_yaml(policy, stored)
        return pb.GetPolicyResponse(policy=policy)

    async def ListPolicies(
        self, request: pb.ListPoliciesRequest, context: Context
    ) -> pb.ListPoliciesResponse:
        page, token = await full_page(
            self._policies,
            request,
            lambda after, limit: self._reader.policies(
                request.tenant_id, provider_type=request.provider_type, after=after, limit=limit
            ),
            key_of=lambda row: (row.value.provider_type, row.version),
            encode=encode_policy,
        )
        return pb.ListPoliciesResponse(policies=page, next_page_token=token)

    async def GetWalletPolicy(
        self, request: pb.GetWalletPolicyRequest, context: Context
    ) -> pb.GetWalletPolicyResponse:
        stored = await self._reader.wallet_policy(request.tenant_id, request.version)
        policy = encode_wallet_policy(stored)
        if request.with_yaml:
            fill_yaml(policy, stored)
        return pb.GetWalletPolicyResponse(wallet_policy=policy)

    async def ListWalletPolicies(
        self, request: pb.ListWalletPoliciesRequest, context: Context
    ) -> pb.ListWalletPoliciesResponse:
        page, token = await full_page(
            self._wallet_policies,
            request,
            lambda after, limit: self._reader.wallet_policies(
                request.tenant_id, before=after[0] if after else None, limit=limit
            ),
            key_of=lambda row: (row.version,),
            encode=encode_wallet_policy,
        )
        return pb.ListWalletPoliciesResponse(wallet_policies=page, next_page_token=token)

    async def GetProviderProfile(
        self, request: pb.GetProviderProfileRequest, context: Context
    ) -> pb.GetProviderProfileResponse:
        stored = await self._reader.provider_profile(
            request.tenant_id, request.provider_id, request.version
        )
        profile = encode_provider_profile(stored)
        if request.with_yaml:
            fill_yaml(profile, stored)
        return pb.GetProviderProfileResponse(provider_profile=profile)

    async def ListProviderProfiles(
        self, request: pb.ListProviderProfilesRequest, context: Context
    ) -> pb.ListProviderProfilesResponse:
        page, token = await full_page(
            self._profiles,
            request,
            lambda after, limit: self._reader.provider_profiles(
                request.tenant_id, provider_id=request.provider_id, after=after, limit=limit
            ),
            key_of=lambda row: (row.value.provider_id, row.version),
            encode=encode_provider_profile,
        )
        return pb.ListProviderProfilesResponse(provider_profiles=page, next_page_token=token)

    async def DiffPolicies(
        self, request: pb.DiffPoliciesRequest, context: Context
    ) -> pb.DiffPoliciesResponse:
        earlier = version_ref(request.name)
        before = await self.find(request.tenant_id, earlier)
        after = await self.find(request.tenant_id, replace(earlier, version=request.to_version))
        return pb.DiffPoliciesResponse(changes=encode_changes(before.value, after.value))

    async def find(self, tenant_id: str, ref: VersionRef) -> StoredVersion[Any]:
        """Returns a version of a policy, a wallet policy or a profile.

        Raises:
            RefusedError: There is none.
        """
        match ref.kind:
            case DocumentKind.POLICY:
                return await self._reader.policy(tenant_id, ref.key, ref.version)
            case DocumentKind.PROVIDER_PROFILE:
                return await self._reader.provider_profile(tenant_id, ref.key, ref.version)
            case _:
                return await self._reader.wallet_policy(tenant_id, ref.version)
