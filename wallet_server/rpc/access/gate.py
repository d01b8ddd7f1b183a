"""Where a call proves who makes it, and is let in or not."""

from collections.abc import Callable
from typing import Any, Protocol

from google.protobuf.message import DecodeError, Message

from wallet.v1.wallet_commands_pb2 import BatchCommand
from wallet_server.core.access.principal import Principal
from wallet_server.core.administration.act import WHOLE_INSTALLATION, Act
from wallet_server.core.administration.audit_record import Resource, ResourceKind
from wallet_server.core.commands.actor import Actor
from wallet_server.core.refusals import ActorNotAccepted, Refusal
from wallet_server.core.refusals.access import Denied
from wallet_server.core.refusals.administration import DocumentUnreadable
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.authenticator import Authenticator
from wallet_server.rpc.access.caller import CALLER, caller
from wallet_server.rpc.access.rules import MethodRule, rules_of_commands
from wallet_server.rpc.context import Context, Metadata
from wallet_server.rpc.identity import Identity

COMMAND_RULES = rules_of_commands(BatchCommand.DESCRIPTOR)
"""What each command of a command batch asks for, by what `BatchCommand` calls it."""


UNHEARD = (ActorNotAccepted, DocumentUnreadable)
"""Why acts are refused before who carries them out hears of them."""

A_CALL = Resource(ResourceKind.CALL, "")


class RefusalLog(Protocol):
    """Puts refused acts on record, some time later, and never waits."""

    def refused(self, act: Act, refusal: Refusal, resource: Resource = A_CALL) -> None:
        """Takes note of an act that was refused, and what it was about."""
        ...


class Gate:
    """Lets calls in: by who makes them, by what the method asks, and by whom they name."""

    def __init__(self, authenticator: Authenticator, refusals: RefusalLog | None = None) -> None:
        """Asks an authenticator who calls. Without a log nothing is put on record."""
        self._authenticator = authenticator
        self._refusals = refusals

    async def identify(
        self, context: Context, metadata: Metadata, rule: MethodRule | None = None
    ) -> Principal:
        """Returns who makes a call; from then on it is the `caller` of its task.

        Of a method whose `rule` says so it is put on record that nobody knows who has called it.

        Raises:
            RefusedError: It does not say so, or is not believed.
        """
        principal = self._authenticator.known(context, metadata)
        if principal is None:
            try:
                principal = await self._authenticator.identify(context, metadata)
            except RefusedError as error:
                if rule is not None and rule.is_audited:
                    self._report_unknown(rule, context, error)
                raise
        CALLER.set(principal)
        return principal

    def admit(
        self,
        rule: MethodRule,
        context: Context,
        encoded: bytes,
        parse: Callable[[bytes], Message],
    ) -> Message:
        """Returns the request of a call, if its caller may make it.

        Raises:
            RefusedError: The caller may not.
            DecodeError: It is no request.
        """
        principal = caller()
        try:
            rule.permit(principal)
        except RefusedError as error:
            if rule.is_audited:
                self._report(rule, context, request_in(encoded, parse), error)
            raise
        request = parse(encoded)
        self._permit_target(rule, context, principal, request)
        return request

    async def confirm(
        self, rule: MethodRule, context: Context, metadata: Metadata, request: Message
    ) -> None:
        """Makes sure that whoever makes a call that goes on for long still may.

        Raises:
            RefusedError: It may not any more: its credentials have ended, or are others now.
        """
        principal = await self.identify(context, metadata)
        rule.permit(principal)
        rule.permit_target(principal, request)

    def admit_command(self, kind: str, request: Message, context: Context) -> None:
        """Makes sure that a caller may have a command of a command batch carried out.

        Raises:
            RefusedError: It may not.
        """
        rule, principal = COMMAND_RULES[kind], caller()
        try:
            rule.permit(principal)
        except RefusedError as error:
            if rule.is_audited:
                self._report(rule, context, request, error)
            raise
        self._permit_target(rule, context, principal, request)

    def note_refusal(
        self, rule: MethodRule, context: Context, request: Message, error: Exception
    ) -> None:
        """Has it put on record that an act was refused that was let in, where nobody else does.

        Of acts on a wallet that is what the wallet records no answer of.
        """
        if self._refusals is None or not isinstance(error, RefusedError):
            return
        refusal = error.refusal
        if rule.is_wallet_act and not isinstance(refusal, Denied) and not refusal.recorded:
            act = self._act_of(rule, context, request, Identity().name_at_most(context))
            self._refusals.refused(act, refusal, wallet_in(request))
        elif rule.is_audited and isinstance(refusal, UNHEARD) and not is_rehearsed(request):
            self._refusals.refused(self._act_of(rule, context, request), refusal)

    def note_refused_command(
        self, kind: str, context: Context, request: Message, error: Exception
    ) -> None:
        """Does as `note_refusal` does, for a command of a command batch."""
        self.note_refusal(COMMAND_RULES[kind], context, request, error)

    def _permit_target(
        self, rule: MethodRule, context: Context, principal: Principal, request: Message
    ) -> None:
        try:
            rule.permit_target(principal, request)
        except RefusedError as error:
            if rule.is_audited:
                self._report(rule, context, request, error)
            raise

    def _report(
        self, rule: MethodRule, context: Context, request: Message | None, error: RefusedError
    ) -> None:
        """Has it put on record that somebody may not do what it asked for.

        Under the tenant that the request names, where the caller may name it; else under none, and
        the record says which it was.
        """
        if self._refusals is not None and isinstance(error.refusal, Denied):
            act = self._act_of(rule, context, request)
            named = rule.tenant_in(request) if request is not None else ""
            resource = A_CALL if named == act.tenant_id else Resource(ResourceKind.CALL, named)
            self._refusals.refused(act, error.refusal, resource)

    def _act_of(
        self,
        rule: MethodRule,
        context: Context,
        request: Message | None,
        actor: Actor | None = None,
    ) -> Act:
        """Returns what a caller asked for, or the actor for whom it asked."""
        principal = caller()
        tenant_id = rule.tenant_in(request) if request is not None else ""
        return Act(
            tenant_id=tenant_id if principal.may_name_tenant(tenant_id) else WHOLE_INSTALLATION,
            request_id=getattr(request, "request_id", ""),
            method=rule.name,
            actor=principal.as_actor() if actor is None else actor,
            credential_id=principal.credential_id,
            peer=context.peer(),
            reason=reason_in(request),
            correlation_id=getattr(request, "correlation_id", ""),
        )

    def _report_unknown(self, rule: MethodRule, context: Context, error: RefusedError) -> None:
        """Has it put on record that somebody unknown called a method. What it says is not read."""
        if self._refusals is not None:
            act = Act(WHOLE_INSTALLATION, "", rule.name, peer=context.peer())
            self._refusals.refused(act, error.refusal)


def reason_in(request: Message | None) -> str:
    """Returns why a caller asks: in words, or by a code and perhaps a comment."""
    said = [getattr(request, name, "") for name in ("reason", "reason_code", "comment")]
    return ": ".join(filter(None, said))


def wallet_in(request: Any) -> Resource:
    """Returns the wallet that a command names."""
    wallet = request.wallet
    name = f"{wallet.tenant_id}/{wallet.player_id}/{wallet.currency_code}"
    return Resource(ResourceKind.WALLET, name)


def is_rehearsed(request: Message) -> bool:
    """Tells whether an act is only to be checked: nothing of it is put on record."""
    return getattr(request, "validate_only", False)


def request_in(encoded: bytes, parse: Callable[[bytes], Message]) -> Message | None:
    """Returns a request that was refused unread, if it is one."""
    try:
        return parse(encoded)
    except DecodeError:
        return None
