"""Random commands come to the same whether they are sent one by one or many at a time."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.message import Message

from tests.prepared import give_documents
from tests.rpc.batches import COMMANDS, PLACES, batch_of, told, word_for
from tests.rpc.failures import status_of, taken_apart
from tests.rpc.requests import metadata_of, request_of
from tests.servers import RunningServer
from tests.simulation.commands import WALLETS
from tests.simulation.drawing import draw_tasks
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet.v1.wallet_pb2 import WalletRef
from wallet.v1.wallet_queries_pb2 import GetWalletRequest, ListEntriesRequest
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub
from wallet_server.core.audit.difference import Difference
from wallet_server.core.task import Task
from wallet_server.execution.verification import VerificationScope, verify
from wallet_server.shapes import load_shape

COMMANDS_COUNT = 900
CALL_COMMANDS_MAX = 40
SHAPES = {"demo": "ruby", "shop": "booking"}
ONE_BY_ONE, MANY_AT_A_TIME = "calls-", "batch-"
"""What the tenants of either way are called, before the names that the commands have."""

TIMES = re.compile(r'"(\w+_time|valid_from|valid_until)": "[^"]*"|\d+-\d\d-\d\dT[\d:.]+\+00:00')
"""Times in fields, and in what refusals say."""


@pytest.fixture
async def server_of_all(server: RunningServer) -> RunningServer:
    for way in (ONE_BY_ONE, MANY_AT_A_TIME):
        for tenant_id, shape in SHAPES.items():
            await give_documents(server.database, way + tenant_id, load_shape(shape))
    return server


def plain(message: Message) -> str:
    """Returns a message as text, without what differs from run to run, and between the ways."""
    text = json_format.MessageToJson(message, preserving_proto_field_name=True)
    for way in (ONE_BY_ONE, MANY_AT_A_TIME):
        text = text.replace(f'"{way}', '"').replace(f" {way}", " ")
    return TIMES.sub("", text)


def request_in(task: Task, way: str) -> Message:
    return request_of(task, way + task.wallet.tenant_id)


def names_actor(task: Task) -> bool:
    return hasattr(task.command, "actor")


def by_one_actor(tasks: Sequence[Task]) -> Sequence[Task]:
    """Returns the first tasks, as many as one call can carry, which says who asks for all."""
    actors = set[object]()
    for count, task in enumerate(tasks):
        actors |= {metadata_of(task.command)} if names_actor(task) else set()
        if len(actors) > 1:
            return tasks[:count]
    return tasks


async def send_one_by_one(server: RunningServer, tasks: Sequence[Task]) -> list[tuple[str, str]]:
    """Sends each in a call of its own. Returns a word and the whole of every answer."""
    stub: Any = WalletCommandsStub(server.channel)
    methods = {method.input_type.full_name: method.name for method in COMMANDS}
    answers: list[tuple[str, str]] = []
    for task in tasks:
        request, metadata = request_in(task, ONE_BY_ONE), metadata_of(task.command)
        method = getattr(stub, methods[request.DESCRIPTOR.full_name])
        try:
            response = await method(request, metadata=metadata)
        except grpc.aio.AioRpcError as error:
            answers.append((word_for(taken_apart(error)), plain(status_of(error))))
        else:
            answers.append((word_for(response), plain(response)))
    return answers


async def send_many_at_a_time(
    server: RunningServer, tasks: Sequence[Task], sizes: random.Random
) -> list[tuple[str, str]]:
    """Sends them in as few calls as chance will have it, and as those who ask differ."""
    stub: Any = WalletCommandsStub(server.channel)
    answers: list[tuple[str, str]] = []
    while tasks:
        part = by_one_actor(tasks[: sizes.randint(1, CALL_COMMANDS_MAX)])
        tasks = tasks[len(part) :]
        call = batch_of(*(request_in(task, MANY_AT_A_TIME) for task in part))
        metadata = next((metadata_of(t.command) for t in part if names_actor(t)), ())
        response = await stub.ExecuteBatch(call, metadata=metadata)
        whole = [plain(getattr(r, r.WhichOneof("result") or "")) for r in response.results]
        answers += zip(told(response), whole, strict=True)
    return answers


async def books_of(server: RunningServer, way: str) -> list[str]:
    """Returns all wallets with their balances and entries."""
    reads: Any = WalletQueriesStub(server.channel)
    books: list[str] = []
    for ref in WALLETS:
        wallet = WalletRef(
            tenant_id=way + ref.tenant_id, player_id=ref.player_id, currency_code=ref.currency_code
        )
        try:
            books.append(plain(await reads.GetWallet(GetWalletRequest(wallet=wallet))))
            page = await reads.ListEntries(ListEntriesRequest(wallet=wallet, page_size=1_000))
        except grpc.aio.AioRpcError as error:
            books.append(plain(status_of(error)))
        else:
            assert not page.next_page_token
            books.append(plain(page))
    return books


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_it_comes_to_the_same(server_of_all: RunningServer, seed: int) -> None:
    tasks = draw_tasks(seed, COMMANDS_COUNT, datetime.now(UTC))

    alone = await send_one_by_one(server_of_all, tasks)
    together = await send_many_at_a_time(server_of_all, tasks, random.Random(-seed))

    assert together == alone
    books = await books_of(server_of_all, ONE_BY_ONE)
    assert await books_of(server_of_all, MANY_AT_A_TIME) == books
    found: list[Difference] = []
    await verify(server_of_all.database.server_url, VerificationScope(), found.append)
    assert found == []
    words = Counter(word for word, _ in alone)
    assert len(words) > 12, words  # Else too little has happened to compare.
    assert words["APPLIED"] > 50
    assert {PLACES[request_in(task, "").DESCRIPTOR.full_name] for task in tasks} == {
        *pb.BatchCommand.DESCRIPTOR.fields_by_name
    }
