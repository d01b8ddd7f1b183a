"""What each method asks of its callers: worked out once, when it is registered."""

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from google.protobuf.descriptor import Descriptor, MethodDescriptor
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message

from wallet.v1 import permission_pb2
from wallet.v1.wallet_commands_pb2 import DESCRIPTOR as COMMANDS
from wallet_server.core.access.permission import Permission
from wallet_server.core.access.principal import Principal
from wallet_server.core.administration.wallet_acts import ADMINISTRATIVE_NAMES
from wallet_server.core.refusals.access import (
    PermissionMissing,
    PlayerNotAllowed,
    TenantNotAllowed,
)
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.targets import PLAYER, TENANT, Read, reader_of

PREFIX = "PERMISSION_"

WITHOUT_TENANT = frozenset(
    {"AuditQueries.GetChainHead", "TenantAdmin.ListTenants", "TenantAdmin.RevokeTokens"}
)
"""The methods whose requests name no tenant. They look themselves at who calls."""

AUDITED = frozenset(
    {
        Permission.CONFIGURE,
        Permission.APPROVE_CONFIGURATION,
        Permission.ADMINISTER,
        Permission.AUDIT,
        Permission.MIGRATE,
        Permission.ADJUST,
        Permission.REPLAN,
    }
)
"""Whoever asks for these and may not is put on record."""

WALLET_ACTS = frozenset(f"WalletCommands.{name}" for name in ADMINISTRATIVE_NAMES)
"""The methods that a person decides on, for one wallet. Whoever may not is put on record too."""


class MethodRule:
    """What a method asks of its callers."""

    def __init__(self, method: MethodDescriptor) -> None:
        """Reads what its proto declares."""
        self.name = f"{method.containing_service.name}.{method.name}"
        self.permission = permission_of(method)
        self.is_wallet_act = self.name in WALLET_ACTS
        self.is_audited = self.is_wallet_act or self.permission in AUDITED
        self._is_looked_at = self.permission is not Permission.OF_EACH_COMMAND
        self._tenants = self._players = None
        if self._is_looked_at:
            self._tenants = reader_of(method.input_type, TENANT)
            self._players = reader_of(method.input_type, PLAYER)
            assert self._tenants or self.name in WITHOUT_TENANT, f"{self.name} names no tenant"

    def permit(self, principal: Principal) -> None:
        """Makes sure that a caller may do such things at all.

        Raises:
            RefusedError: It may not.
        """
        if self.permission not in principal.permissions:
            raise RefusedError(PermissionMissing(self.permission.value))

    def permit_target(self, principal: Principal, request: Message) -> None:
        """Makes sure that a caller may do so with the tenant and the player that it names.

        Raises:
            RefusedError: It may not; or the request names none, though only some are allowed.
        """
        if self._is_looked_at:
            if self._tenants is not None and not principal.is_for_every_tenant:
                permit_tenants(principal, self._tenants, request)
            if principal.is_bound:
                permit_player(principal, self._players, request)

    def tenant_in(self, request: Message) -> str:
        """Returns the tenant that a request names; empty if there is none."""
        found = self._tenants(request) if self._tenants is not None else ()
        return next(filter(None, found), "")


Rules: TypeAlias = Mapping[str, MethodRule]


def permission_of(method: MethodDescriptor) -> Permission:
    """Returns what a method's proto declares that its callers must be allowed to do."""
    number = method.GetOptions().Extensions[permission_pb2.permission]
    assert number, f"{method.full_name} declares no permission"
    return Permission(permission_pb2.Permission.Name(number).removeprefix(PREFIX))


@cache
def rule_of(path: str) -> MethodRule:
    """Returns what a method asks of its callers. Its path is like `/wallet.v1.Service/Method`."""
    service, _, name = path.lstrip("/").partition("/")
    return MethodRule(Default().FindServiceByName(service).methods_by_name[name])


def rules_of_commands(batch_command: Descriptor) -> Rules:
    """Returns what each command of a command batch asks for: what its own method does."""
    service = COMMANDS.services_by_name["WalletCommands"]
    by_request = {method.input_type.full_name: method for method in service.methods}
    rules: dict[str, MethodRule] = {}
    for field in batch_command.oneofs_by_name["command"].fields:
        assert field.message_type is not None
        rules[field.name] = MethodRule(by_request[field.message_type.full_name])
    return rules


def permit_tenants(principal: Principal, tenants: Read, request: Message) -> None:
    """Makes sure that a caller may name all tenants that a request names, the first above all."""
    named, *others = tenants(request)
    if named not in principal.tenants:
        raise RefusedError(TenantNotAllowed())
    for tenant_id in others:
        if tenant_id and tenant_id not in principal.tenants:
            raise RefusedError(TenantNotAllowed())


def permit_player(principal: Principal, players: Read | None, request: Message) -> None:
    """Makes sure that a caller who is bound to a player names it, and nobody else."""
    named = {player_id for player_id in (players(request) if players else ()) if player_id}
    if named != {principal.player_id}:
        raise RefusedError(PlayerNotAllowed())
