"""Knocking at every method, and what whoever is not let in hears."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from tests.callers import KEY, bearing
from tests.database import Database
from tests.rpc.answers import first_answer
from tests.rpc.failures import taken_apart
from tests.servers import apply_shape
from wallet.v1 import permission_pb2
from wallet_server.core.access.permission import (
    PERMISSIONS_BY_ROLE,
    Permission,
    Role,
)
from wallet_server.rpc.access.rules import WITHOUT_TENANT
from wallet_server.rpc.edge import SERVICES
from wallet_server.rpc.validation import InvalidRequestError, validate
from wallet_server.server import open_server
from wallet_server.settings import Settings

EVERY_ROLE = [role.value for role in Role]
PLAYER = "p1"
BATCH = "ExecuteBatch"

METHODS: tuple[MethodDescriptor, ...] = tuple(
    method for service in SERVICES for method in Default().FindServiceByName(service).methods
)

SINGLE = tuple(method for method in METHODS if method.name != BATCH)
MISSING = ("UNAUTHENTICATED", "CREDENTIALS_MISSING")
INVALID = ("UNAUTHENTICATED", "CREDENTIALS_INVALID")
NO_PERMISSION = ("PERMISSION_DENIED", "PERMISSION_MISSING")
NO_TENANT = ("PERMISSION_DENIED", "TENANT_NOT_ALLOWED")
NO_PLAYER = ("PERMISSION_DENIED", "PLAYER_NOT_ALLOWED")
LET_IN = ("-", "let in")


@dataclass(frozen=True)
class Door:
    """A server that authenticates its callers."""

    channel: grpc.aio.Channel

    async def knock(
        self, method: MethodDescriptor, request: Message, token: str = ""
    ) -> tuple[str, str]:
        """Returns what a caller hears who is not let in, or else that it is let in."""
        try:
            await first_answer(
                self.channel, method, request, metadata=bearing(token) if token else ()
            )
        except grpc.aio.AioRpcError as error:
            failure = taken_apart(error)
            return heard(failure.code.name, failure.reason, request)
        return LET_IN


def heard(code: str, reason: str, request: Message) -> tuple[str, str]:
    """Returns a code and a reason, or that a caller was let in if they are about the request."""
    if code in {"UNAUTHENTICATED", "PERMISSION_DENIED"}:
        return (code, reason)
    assert (reason == "INVALID_REQUEST") is is_wrong(request), (reason, request)
    return LET_IN


def is_wrong(request: Message) -> bool:
    """Tells whether a request breaks a rule that stands on its fields."""
    try:
        validate(request)
    except InvalidRequestError:
        return True
    return False


@pytest.fixture
async def door(database: Database, tmp_path: Path) -> AsyncIterator[Door]:
    """A server with the tenants `demo` and `other`."""
    for tenant_id in ("demo", "other"):
        await apply_shape(database, tenant_id, "ruby")
    keys = tmp_path / "keys.pem"
    keys.write_bytes(KEY.public_pem())
    settings = Settings(listen_port=0, due_work_enabled=False, auth_keys_file=keys)
    async with (
        open_server(settings, database.server_url) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        yield Door(channel)


def naming(message: Message, *, tenant_id: str = "demo", player_id: str = PLAYER) -> Message:
    """Returns a request that names a tenant and a player, where it has a place for them."""
    found: Any = message
    fields = message.DESCRIPTOR.fields_by_name
    if "wallet" in fields:
        found.wallet.tenant_id = tenant_id
        found.wallet.player_id = player_id
    elif "filter" in fields:
        found.tenant_id = tenant_id
        found.filter.player_id = player_id
    elif "tenant_id" in fields:
        found.tenant_id = tenant_id
    return message


def request_for(method: MethodDescriptor, **names: str) -> Message:
    """Returns a request of a method that says nothing but who it is about."""
    return naming(GetMessageClass(method.input_type)(), **names)


def permission_of(method: MethodDescriptor) -> Permission:
    """Returns what a method declares."""
    number = method.GetOptions().Extensions[permission_pb2.permission]
    return Permission(permission_pb2.Permission.Name(number).removeprefix("PERMISSION_"))


def name_of(method: MethodDescriptor) -> str:
    return f"{method.containing_service.name}.{method.name}"


def names_a_tenant(method: MethodDescriptor) -> bool:
    return name_of(method) not in WITHOUT_TENANT


def is_about_a_player(method: MethodDescriptor) -> bool:
    return bool({"wallet", "filter"} & {*method.input_type.fields_by_name})


def role_for(method: MethodDescriptor) -> str:
    """Returns a role that has what a method asks for; the owner's, if several have."""
    having = [
        role
        for role, permissions in PERMISSIONS_BY_ROLE.items()
        if permission_of(method) in permissions
    ]
    return max(having, key=lambda role: role is Role.OWNER).value
