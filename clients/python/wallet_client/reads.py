"""The client's methods that change nothing."""

from collections.abc import AsyncIterator

import grpc.aio

from wallet.v1 import policy_admin_pb2 as policies
from wallet.v1 import topology_admin_pb2 as topologies
from wallet.v1 import wallet_queries_pb2 as queries
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub
from wallet.v1.wallet_pb2 import Entry
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub
from wallet_client.calls import Calls, Token, copy_of
from wallet_client.retry import RetryPolicy


class ReadCalls(Calls):
    """Reads wallets and their rules."""

    def __init__(
        self, channel: grpc.aio.Channel, policy: RetryPolicy, token: Token | None = None
    ) -> None:
        """Uses the channel, and sends the token with every call."""
        super().__init__(channel, policy, token)
        self._queries = WalletQueriesStub(channel)
        self._topologies = TopologyAdminStub(channel)
        self._policies = PolicyAdminStub(channel)

    async def get_wallet(self, request: queries.GetWalletRequest) -> queries.GetWalletResponse:
        """Reads a wallet."""
        return await self._read(self._queries.GetWallet, request)

    async def get_bet(self, request: queries.GetBetRequest) -> queries.GetBetResponse:
        """Reads a bet."""
        return await self._read(self._queries.GetBet, request)

    async def list_bets(self, request: queries.ListBetsRequest) -> queries.ListBetsResponse:
        """Reads one page of a wallet's bets."""
        return await self._read(self._queries.ListBets, request)

    async def get_round(self, request: queries.GetRoundRequest) -> queries.GetRoundResponse:
        """Reads a round with its wins."""
        return await self._read(self._queries.GetRound, request)

    async def get_win(self, request: queries.GetWinRequest) -> queries.GetWinResponse:
        """Reads a win."""
        return await self._read(self._queries.GetWin, request)

    async def list_coupons(
        self, request: queries.ListCouponsRequest
    ) -> queries.ListCouponsResponse:
        """Reads one page of a wallet's coupons."""
        return await self._read(self._queries.ListCoupons, request)

    async def list_requirements(
        self, request: queries.ListRequirementsRequest
    ) -> queries.ListRequirementsResponse:
        """Reads one page of a wallet's rolling requirements."""
        return await self._read(self._queries.ListRequirements, request)

    async def get_deposit(self, request: queries.GetDepositRequest) -> queries.GetDepositResponse:
        """Reads a deposit."""
        return await self._read(self._queries.GetDeposit, request)

    async def list_deposits(
        self, request: queries.ListDepositsRequest
    ) -> queries.ListDepositsResponse:
        """Reads one page of a wallet's deposits."""
        return await self._read(self._queries.ListDeposits, request)

    async def get_withdrawal(
        self, request: queries.GetWithdrawalRequest
    ) -> queries.GetWithdrawalResponse:
        """Reads a withdrawal."""
        return await self._read(self._queries.GetWithdrawal, request)

    async def list_withdrawals(
        self, request: queries.ListWithdrawalsRequest
    ) -> queries.ListWithdrawalsResponse:
        """Reads one page of a wallet's withdrawals."""
        return await self._read(self._queries.ListWithdrawals, request)

    async def list_adjustments(
        self, request: queries.ListAdjustmentsRequest
    ) -> queries.ListAdjustmentsResponse:
        """Reads one page of a wallet's adjustments."""
        return await self._read(self._queries.ListAdjustments, request)

    async def get_withdrawable(
        self, request: queries.GetWithdrawableRequest
    ) -> queries.GetWithdrawableResponse:
        """Tells how much may be withdrawn."""
        return await self._read(self._queries.GetWithdrawable, request)

    async def get_answer(self, request: queries.GetAnswerRequest) -> queries.GetAnswerResponse:
        """Tells what became of a command."""
        return await self._read(self._queries.GetAnswer, request)

    async def list_entries(
        self, request: queries.ListEntriesRequest
    ) -> queries.ListEntriesResponse:
        """Reads one page of a wallet's journal."""
        return await self._read(self._queries.ListEntries, request)

    async def explain_balance(
        self, request: queries.ExplainBalanceRequest
    ) -> queries.ExplainBalanceResponse:
        """Reads why an account holds what it holds."""
        return await self._read(self._queries.ExplainBalance, request)

    async def list_balance_changes(
        self, request: queries.ListBalanceChangesRequest
    ) -> queries.ListBalanceChangesResponse:
        """Reads one page of the changes of an account."""
        return await self._read(self._queries.ListBalanceChanges, request)

    async def explain_funding(
        self, request: queries.ExplainFundingRequest
    ) -> queries.ExplainFundingResponse:
        """Tells how a bet would be funded."""
        return await self._read(self._queries.ExplainFunding, request)

    async def entries(self, request: queries.ListEntriesRequest) -> AsyncIterator[Entry]:
        """Yields a wallet's journal from the request's page on, page by page."""
        page = copy_of(request)
        while True:
            response = await self.list_entries(page)
            for entry in response.entries:
                yield entry
            page.page_token = response.next_page_token
            if not page.page_token:
                return

    async def get_topology(
        self, request: topologies.GetTopologyRequest
    ) -> topologies.GetTopologyResponse:
        """Reads a topology version."""
        return await self._read(self._topologies.GetTopology, request)

    async def list_topologies(
        self, request: topologies.ListTopologiesRequest
    ) -> topologies.ListTopologiesResponse:
        """Reads one page of topology versions."""
        return await self._read(self._topologies.ListTopologies, request)

    async def get_policy(self, request: policies.GetPolicyRequest) -> policies.GetPolicyResponse:
        """Reads a policy version."""
        return await self._read(self._policies.GetPolicy, request)

    async def list_policies(
        self, request: policies.ListPoliciesRequest
    ) -> policies.ListPoliciesResponse:
        """Reads one page of policy versions."""
        return await self._read(self._policies.ListPolicies, request)

    async def get_wallet_policy(
        self, request: policies.GetWalletPolicyRequest
    ) -> policies.GetWalletPolicyResponse:
        """Reads a wallet policy version."""
        return await self._read(self._policies.GetWalletPolicy, request)

    async def list_wallet_policies(
        self, request: policies.ListWalletPoliciesRequest
    ) -> policies.ListWalletPoliciesResponse:
        """Reads one page of wallet policy versions."""
        return await self._read(self._policies.ListWalletPolicies, request)

    async def get_provider_profile(
        self, request: policies.GetProviderProfileRequest
    ) -> policies.GetProviderProfileResponse:
        """Reads a provider profile version."""
        return await self._read(self._policies.GetProviderProfile, request)

    async def list_provider_profiles(
        self, request: policies.ListProviderProfilesRequest
    ) -> policies.ListProviderProfilesResponse:
        """Reads one page of provider profile versions."""
        return await self._read(self._policies.ListProviderProfiles, request)

    async def diff_topologies(
        self, request: topologies.DiffTopologiesRequest
    ) -> topologies.DiffTopologiesResponse:
        """Compares two topology versions."""
        return await self._read(self._topologies.DiffTopologies, request)

    async def get_drain(self, request: topologies.GetDrainRequest) -> topologies.GetDrainResponse:
        """Reads a drain, and how far it is."""
        return await self._read(self._topologies.GetDrain, request)

    async def list_drains(
        self, request: topologies.ListDrainsRequest
    ) -> topologies.ListDrainsResponse:
        """Reads one page of drains."""
        return await self._read(self._topologies.ListDrains, request)

    async def diff_policies(
        self, request: policies.DiffPoliciesRequest
    ) -> policies.DiffPoliciesResponse:
        """Compares two versions of a policy, wallet policy or profile."""
        return await self._read(self._policies.DiffPolicies, request)
