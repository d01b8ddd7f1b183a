"""Every method of every service, with every kind of caller: who is let in, and what others hear.

The table is made of the protos and of the roles: a new method is in it by itself.
"""

import re
from collections.abc import AsyncIterator, Iterator
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
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from tests.callers import HOUR_SECONDS, KEY, bearing, token_for
from tests.database import Database
from tests.rpc.answers import first_answer
from tests.rpc.failures import failure_in, taken_apart
from tests.servers import apply_shape
from wallet.v1 import permission_pb2
from wallet.v1.wallet_commands_pb2 import BatchCommand, ExecuteBatchRequest, ExecuteBatchResponse
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
PROTOS = Path(__file__).parents[2] / "protos" / "wallet" / "v1"

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


# --- What is declared


def test_every_method_declares_a_permission() -> None:
    declared = {
        name_of(method): method.GetOptions().Extensions[permission_pb2.permission]
        for method in METHODS
    }

    assert len(METHODS) > 60
    assert {name for name, number in declared.items() if number == 0} == set()
    assert {
        name_of(method) for method in METHODS if permission_of(method) is Permission.OF_EACH_COMMAND
    } == {"WalletCommands.ExecuteBatch"}


def test_every_service_of_the_protos_is_served() -> None:
    written = {
        f"wallet.v1.{name}"
        for proto in PROTOS.glob("*.proto")
        for name in re.findall(r"^service (\w+) {", proto.read_text("utf-8"), re.MULTILINE)
    }

    assert set(SERVICES) == written


def test_the_code_knows_the_permissions_of_the_proto() -> None:
    assert {f"PERMISSION_{each.value}" for each in Permission} | {"PERMISSION_UNSPECIFIED"} == {
        *permission_pb2.Permission.keys()
    }


def test_every_permission_but_one_is_some_roles() -> None:
    had = frozenset[Permission]().union(*PERMISSIONS_BY_ROLE.values())

    assert had == set(Permission) - {Permission.OF_EACH_COMMAND}
    assert set(PERMISSIONS_BY_ROLE) == set(Role)


def test_only_methods_that_look_at_their_callers_name_no_tenant() -> None:
    nameless = {
        name_of(method)
        for method in SINGLE
        if not {"wallet", "tenant_id"} & {*method.input_type.fields_by_name}
    }

    assert nameless <= WITHOUT_TENANT


# --- Every method


async def test_without_credentials_nobody_is_let_in(door: Door) -> None:
    answers = {method: await door.knock(method, request_for(method)) for method in METHODS}

    assert set(answers.values()) == {MISSING}


async def test_with_expired_credentials_nobody_is_let_in(door: Door) -> None:
    answers = {
        method: await door.knock(
            method,
            request_for(method),
            token_for(*EVERY_ROLE, tenants=["*"], age_seconds=HOUR_SECONDS + 60),
        )
        for method in METHODS
    }

    assert set(answers.values()) == {INVALID}


async def test_with_another_tenants_credentials_nobody_is_let_in(door: Door) -> None:
    answers = {
        name_of(method): await door.knock(
            method, request_for(method), token_for(role_for(method), tenants=["other"])
        )
        for method in SINGLE
    }

    expected = {
        name_of(method): NO_TENANT if names_a_tenant(method) else LET_IN for method in SINGLE
    }
    assert answers == expected


async def test_a_tenant_that_is_not_there_is_as_one_that_is_not_the_callers(door: Door) -> None:
    answers = {
        await door.knock(
            method,
            request_for(method, tenant_id=tenant_id),
            token_for(role_for(method), tenants=["other"]),
        )
        for method in SINGLE
        if names_a_tenant(method)
        for tenant_id in ("nowhere", "NO TENANT'S NAME", "")
    }

    assert answers == {NO_TENANT}


@pytest.mark.parametrize("role", [role.value for role in Role])
async def test_a_role_is_let_in_where_it_has_the_permission(door: Door, role: str) -> None:
    token = token_for(role, player_id=PLAYER if role == "gateway" else "")

    answers = {
        name_of(method): await door.knock(method, request_for(method), token) for method in SINGLE
    }

    may = PERMISSIONS_BY_ROLE[Role(role)]
    expected = {
        name_of(method): LET_IN if permission_of(method) in may else NO_PERMISSION
        for method in SINGLE
    }
    assert answers == expected
    assert len(set(answers.values())) == 2 or not may & {permission_of(m) for m in SINGLE}


async def test_a_role_that_is_nobodys_and_one_for_all_tenants(door: Door) -> None:
    unknown = {await door.knock(m, request_for(m), token_for("risk-officer")) for m in SINGLE}
    everything = {
        await door.knock(m, request_for(m), token_for(role_for(m), tenants=["*"])) for m in SINGLE
    }

    assert unknown == {NO_PERMISSION}
    assert everything == {LET_IN}


async def test_whoever_is_bound_to_a_player_names_that_player_alone(door: Door) -> None:
    bound = {
        player_id: {
            name_of(method): await door.knock(
                method,
                request_for(method, player_id=player_id),
                token_for(role_for(method), player_id=PLAYER),
            )
            for method in SINGLE
        }
        for player_id in (PLAYER, "p2", "")
    }
    gateway = token_for("gateway")
    may = PERMISSIONS_BY_ROLE[Role.GATEWAY]
    reading = [m for m in SINGLE if permission_of(m) in may]
    of_nobody = {
        await door.knock(m, request_for(m, player_id=player_id), gateway)
        for m in reading
        for player_id in (PLAYER, "")
    }

    assert bound[PLAYER] == {
        name_of(method): LET_IN if is_about_a_player(method) else NO_PLAYER for method in SINGLE
    }
    assert set(bound["p2"].values()) == set(bound[""].values()) == {NO_PLAYER}
    assert of_nobody == {NO_PLAYER}


# --- Every command of a command batch


def commands_for(**names: str) -> Iterator[tuple[str, BatchCommand]]:
    """Yields a command of each kind that says nothing but who it is about."""
    for field in BatchCommand.DESCRIPTOR.oneofs_by_name["command"].fields:
        command = BatchCommand()
        naming(getattr(command, field.name), **names)
        yield field.name, command


async def send(door: Door, token: str, **names: str) -> dict[str, tuple[str, str]]:
    """Returns what a caller hears of a command of each kind, all in one call."""
    sent = dict(commands_for(**names))
    call: Any = door.channel.unary_unary(
        "/wallet.v1.WalletCommands/ExecuteBatch",
        ExecuteBatchRequest.SerializeToString,
        ExecuteBatchResponse.FromString,
    )
    request = ExecuteBatchRequest(commands=sent.values())
    response = await call(request, metadata=bearing(token))
    failures = [failure_in(result.error) for result in response.results]
    return {
        kind: heard(failure.code.name, failure.reason, getattr(sent[kind], kind))
        for kind, failure in zip(sent, failures, strict=True)
    }


def method_of(kind: str) -> MethodDescriptor:
    """Returns the method that a kind of command has by itself."""
    [found] = [
        method
        for method in METHODS
        if method.input_type == BatchCommand.DESCRIPTOR.fields_by_name[kind].message_type
    ]
    return found


@pytest.mark.parametrize("role", [role.value for role in Role])
async def test_each_command_of_a_batch_is_let_in_as_if_it_had_come_alone(
    door: Door, role: str
) -> None:
    token = token_for(role, player_id=PLAYER if role == "gateway" else "")
    may = PERMISSIONS_BY_ROLE[Role(role)]

    answers = await send(door, token)
    elsewhere = await send(door, token, tenant_id="other")

    assert answers == {
        kind: LET_IN if permission_of(method_of(kind)) in may else NO_PERMISSION for kind in answers
    }
    assert elsewhere == {
        kind: NO_TENANT if answer == LET_IN else NO_PERMISSION for kind, answer in answers.items()
    }


async def test_each_command_of_a_batch_is_about_the_callers_player(door: Door) -> None:
    token = token_for("game_service", "cashier", player_id=PLAYER)

    answers = await send(door, token)
    of_another = await send(door, token, player_id="p2")

    assert {*answers.values()} == {LET_IN, NO_PERMISSION}
    assert of_another == {
        kind: NO_PLAYER if answer == LET_IN else NO_PERMISSION for kind, answer in answers.items()
    }


# --- What is not ours


async def test_health_is_told_to_everybody_and_reflection_to_callers(door: Door) -> None:
    health: Any = health_pb2_grpc.HealthStub(door.channel)
    channel: Any = door.channel
    reflection: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    asking = reflection_pb2.ServerReflectionRequest(list_services="")

    async def look(metadata: Any) -> Any:  # noqa: ANN401 - as grpc has it.
        return [
            each
            async for each in reflection.ServerReflectionInfo(iter([asking]), metadata=metadata)
        ]

    state = await health.Check(health_pb2.HealthCheckRequest())
    [shown] = await look(bearing(token_for("auditor", tenants=[])))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await look(())

    assert state.status == health_pb2.HealthCheckResponse.SERVING
    names = {each.name for each in shown.list_services_response.service}
    assert names >= set(SERVICES)
    failure = taken_apart(caught.value)
    assert (failure.code.name, failure.reason) == MISSING
