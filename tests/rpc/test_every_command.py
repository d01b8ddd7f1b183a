"""Every command of a command batch is let in as if it had come alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import MethodDescriptor

from tests.callers import bearing, token_for
from tests.rpc.doors import (
    LET_IN,
    METHODS,
    NO_PERMISSION,
    NO_PLAYER,
    NO_TENANT,
    PLAYER,
    Door,
    heard,
    naming,
    permission_of,
)
from tests.rpc.failures import failure_in
from wallet.v1.wallet_commands_pb2 import BatchCommand, ExecuteBatchRequest, ExecuteBatchResponse
from wallet_server.core.access.permission import (
    PERMISSIONS_BY_ROLE,
    Role,
)


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
