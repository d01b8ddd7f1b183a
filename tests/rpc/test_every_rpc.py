"""Every method of every service, with every kind of caller: who is let in, and what others hear.

The table is made of the protos and of the roles: a new method is in it by itself.
"""

import re
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from tests.callers import HOUR_SECONDS, bearing, token_for
from tests.rpc.doors import (
    EVERY_ROLE,
    INVALID,
    LET_IN,
    METHODS,
    MISSING,
    NO_PERMISSION,
    NO_PLAYER,
    NO_TENANT,
    PLAYER,
    SINGLE,
    Door,
    is_about_a_player,
    name_of,
    names_a_tenant,
    permission_of,
    request_for,
    role_for,
)
from tests.rpc.failures import taken_apart
from wallet.v1 import permission_pb2
from wallet_server.core.access.permission import (
    PERMISSIONS_BY_ROLE,
    Permission,
    Role,
)
from wallet_server.rpc.access.rules import WITHOUT_TENANT
from wallet_server.rpc.edge import SERVICES

PROTOS = Path(__file__).parents[2] / "protos" / "wallet" / "v1"


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


# --- What is not ours


async def test_health_is_told_to_everybody_and_reflection_to_callers(door: Door) -> None:
    health: Any = health_pb2_grpc.HealthStub(door.channel)
    channel: Any = door.channel
    reflection: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    asking = reflection_pb2.ServerReflectionRequest(list_services="")

    async def look(metadata: Any) -> Any:
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
