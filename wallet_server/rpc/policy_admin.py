"""Versions of policies, wallet policies and provider profiles: what becomes of them.

Reads of them: `policy_reads.py`.
"""

import asyncio

from wallet.v1 import policy_admin_pb2 as pb
from wallet_server.execution.administration.versions import VersionChange
from wallet_server.rpc.acts import Acts
from wallet_server.rpc.administration import Administration
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode.documents import Written, policy_document
from wallet_server.rpc.decode.evaluation import described_bet, described_wallet
from wallet_server.rpc.decode.values import time
from wallet_server.rpc.decode.versions import version_ref
from wallet_server.rpc.encode.blockers import encode_problem
from wallet_server.rpc.encode.evaluation import encode_comparison, encode_evaluation
from wallet_server.rpc.encode.policy_documents import encode_policy_document
from wallet_server.rpc.identity import Identity
from wallet_server.rpc.policy_reads import PolicyReads


class PolicyAdmin(PolicyReads):
    """Says how bets are funded and paid out, and how providers behave."""

    def __init__(
        self, administration: Administration, identity: Identity, page_token_secret: bytes
    ) -> None:
        """Takes what carries out acts. The identity tells who asks."""
        super().__init__(administration.configurations, page_token_secret)
        self._versions = administration.versions
        self._evaluator = administration.evaluator
        self._acts = Acts("PolicyAdmin", identity)

    async def CreatePolicy(
        self, request: pb.CreatePolicyRequest, context: Context
    ) -> pb.CreatePolicyResponse:
        act = self._acts.of(request, context)
        if request.HasField("copy_of"):
            change = await self._versions.create(act, copy_of=version_ref(request.copy_of))
        else:
            written = await written_in(request.document)
            change = await self._versions.create(act, written.document, source=written.source)
        return pb.CreatePolicyResponse(document=told(change), replayed=change.replayed)

    async def UpdatePolicy(
        self, request: pb.UpdatePolicyRequest, context: Context
    ) -> pb.UpdatePolicyResponse:
        act, written = self._acts.of(request, context), await written_in(request.document)
        change = await self._versions.update(
            act, version_ref(request.name), request.etag, written.document, written.source
        )
        return pb.UpdatePolicyResponse(document=told(change), replayed=change.replayed)

    async def ValidatePolicy(
        self, request: pb.ValidatePolicyRequest, context: Context
    ) -> pb.ValidatePolicyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.validate(act, version_ref(request.name), request.etag)
        return pb.ValidatePolicyResponse(
            document=told(change),
            replayed=change.replayed,
            problems=map(encode_problem, change.problems),
        )

    async def ApprovePolicy(
        self, request: pb.ApprovePolicyRequest, context: Context
    ) -> pb.ApprovePolicyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.approve(act, version_ref(request.name), request.etag)
        return pb.ApprovePolicyResponse(document=told(change), replayed=change.replayed)

    async def SchedulePolicy(
        self, request: pb.SchedulePolicyRequest, context: Context
    ) -> pb.SchedulePolicyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.schedule(
            act, version_ref(request.name), request.etag, time(request.effective_time)
        )
        return pb.SchedulePolicyResponse(document=told(change), replayed=change.replayed)

    async def UnschedulePolicy(
        self, request: pb.UnschedulePolicyRequest, context: Context
    ) -> pb.UnschedulePolicyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.unschedule(act, version_ref(request.name), request.etag)
        return pb.UnschedulePolicyResponse(document=told(change), replayed=change.replayed)

    async def ActivatePolicy(
        self, request: pb.ActivatePolicyRequest, context: Context
    ) -> pb.ActivatePolicyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.activate(act, version_ref(request.name), request.etag)
        return pb.ActivatePolicyResponse(
            document=told(change),
            replayed=change.replayed,
            problems=map(encode_problem, change.problems),
        )

    async def ArchivePolicy(
        self, request: pb.ArchivePolicyRequest, context: Context
    ) -> pb.ArchivePolicyResponse:
        act = self._acts.of(request, context)
        change = await self._versions.archive(act, version_ref(request.name), request.etag)
        return pb.ArchivePolicyResponse(document=told(change), replayed=change.replayed)

    async def EvaluatePolicy(
        self, request: pb.EvaluatePolicyRequest, context: Context
    ) -> pb.EvaluatePolicyResponse:
        name = (request.tenant_id, request.provider_type, request.version)
        if request.HasField("described_bet"):
            bet = request.described_bet
            tried = await self._evaluator.try_described(
                *name, described_bet(bet), described_wallet(bet)
            )
            evaluation = encode_evaluation(tried.evaluation, bet.stake.asset_code)
            return pb.EvaluatePolicyResponse(version=tried.version, evaluation=evaluation)
        recent = request.recent_bets
        found = await self._evaluator.try_recent(*name, recent.provider_id, recent.bets_max)
        return pb.EvaluatePolicyResponse(
            version=found.version,
            comparisons=map(encode_comparison, found.comparisons),
            forgotten_count=found.forgotten_count,
        )


async def written_in(message: pb.PolicyDocument) -> Written:
    """Decodes what a version is to say. Large texts take seconds: commands go on meanwhile.

    Raises:
        RefusedError: It cannot be read.
    """
    return await asyncio.to_thread(policy_document, message)


def told(change: VersionChange) -> pb.PolicyDocument:
    """Encodes a version as an act has left it."""
    return encode_policy_document(change.stored)
