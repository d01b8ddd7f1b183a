"""What is wrong in itself gets its documented error, and changes nothing."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING

import grpc
import pytest
from buf.validate import validate_pb2
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor

from tests.database import Database
from tests.rpc.bad_field import INT64_MAX, INT64_MIN
from tests.rpc.bad_fields import BAD_FIELDS
from tests.rpc.batches import batch_of, failures_in
from tests.rpc.bets import WALLET, eur
from tests.rpc.failures import Failure, failure_of
from tests.rpc.impossible import IMPOSSIBLE, Impossible
from tests.rpc.malformed import METHODS, NEVER_EMPTY, bad_requests, good_request
from tests.servers import REQUEST_BYTES_MAX, RunningServer, running_server
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.rpc.edge import EdgeSettings
from wallet_server.rpc.validation import InvalidRequestError, validate

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

INVALID = grpc.StatusCode.INVALID_ARGUMENT
SINGLE_REQUEST_BYTES_MAX = EdgeSettings(address="", page_token_secret=b"").single_request_bytes_max
COMMANDS = [method for method in METHODS if method.containing_service.name == "WalletCommands"]


@pytest.fixture(scope="module")
async def server(
    postgres: EmbeddedPostgres, template: str, database_names: Iterator[str], listeners_count: int
) -> AsyncIterator[RunningServer]:
    """One server for all tests here: none leaves anything behind that another could notice."""
    database = Database(postgres, next(database_names))
    await postgres.create_database(database.name, template)
    async with running_server(database, listeners_count) as running:
        yield running
    await database.drop()


def path_of(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


async def send(server: RunningServer, method: MethodDescriptor, encoded: bytes) -> Failure:
    return await failure_of(server.channel.unary_unary(path_of(method))(encoded))


# --- What breaks the rules of a field


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_request_is_right_but_for_its_bad_field(method: MethodDescriptor) -> None:
    validate(good_request(method))

    for case in bad_requests(method):
        with pytest.raises(InvalidRequestError) as caught:
            validate(case.request)
        [violation] = caught.value.violations
        assert (violation.field, violation.reason) == case.violation


def test_every_rule_of_the_protos_has_a_request_that_breaks_it() -> None:
    rules = {
        (method.name, *rule) for method in METHODS for rule in rules_of(method.input_type.fields)
    }
    broken = {(m.name, c.bad.path, c.bad.rule) for m in METHODS for c in bad_requests(m)}
    broken |= {
        (m.name, c.bad.path.removesuffix(".minor_units").removesuffix(".version"), c.bad.rule)
        for m in METHODS
        for c in bad_requests(m)
    }

    assert rules - broken == set()
    assert {bad for bad in BAD_FIELDS if not any(bad.breaks(m) for m in METHODS)} == set()


def rules_of(fields: Sequence[FieldDescriptor], path: str = "") -> Iterator[tuple[str, str]]:
    """Yields all rules on fields and on theirs, named as violations name them."""
    for field in fields:
        own = field.GetOptions().Extensions[validate_pb2.field]
        yield from ((path + field.name, rule) for rule in names_of(own))
        is_checked = validate_pb2.IGNORE_ALWAYS not in {own.ignore, own.repeated.items.ignore}
        if field.message_type and is_checked:
            yield from rules_of(field.message_type.fields, f"{path}{field.name}.")


def names_of(rules: validate_pb2.FieldRules) -> Iterator[str]:
    if rules.required:
        yield "REQUIRED"
    for cel in rules.cel:
        yield cel.id.replace(".", "_").upper()
    kind = rules.WhichOneof("type")
    if kind is None:
        return
    found = dict(getattr(rules, kind).ListFields())
    names = {rule.name: value for rule, value in found.items()}
    if names.keys() >= {"gte", "lt"}:  # One rule of two bounds.
        del names["gte"], names["lt"]
        yield f"{kind}_gte_lt".upper()
    if names.keys() >= {"gte", "lte"}:
        del names["gte"], names["lte"]
        yield f"{kind}_gte_lte".upper()
    for name, value in names.items():
        if name == "items":
            yield from names_of(value)
        else:
            yield f"{kind}_{name}".upper()


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
async def test_a_bad_field_is_named_and_nothing_changes(
    server: RunningServer, commands: "WalletCommandsAsyncStub", method: MethodDescriptor
) -> None:
    before = await server.rows()

    for case in bad_requests(method):
        failure = await send(server, method, case.request.SerializeToString())
        assert (failure.code, failure.reason) == (INVALID, "INVALID_REQUEST"), case
        assert failure.violations == (case.violation,)

    assert await server.rows() == before


# --- What is no request at all


@pytest.mark.parametrize(
    ("case", "garbage"),
    [
        ("random bytes", b"\xff\xff\xff\xff"),
        ("cut short", b"\x0a\x20demo"),
        ("not UTF-8", b"\x0a\x02\xff\xfe"),
        ("a group without end", b"\x0b"),
        ("JSON", b'{"request_id": "r1"}'),
        ("a number in the place of the first field", b"\x08\x05"),
        ("nothing", b""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_bytes_that_are_no_request_are_invalid_and_nothing_changes(
    server: RunningServer, case: str, garbage: bytes
) -> None:
    before = await server.rows()

    for method in NEVER_EMPTY:
        failure = await send(server, method, garbage)
        assert (failure.code, failure.reason) == (INVALID, "INVALID_REQUEST")

    assert await server.rows() == before


async def test_a_request_that_is_too_large_is_turned_away_by_grpc(server: RunningServer) -> None:
    request = pb.AuthorizeBetRequest(request_id="x" * REQUEST_BYTES_MAX)

    failure = await failure_of(WalletCommandsStub(server.channel).AuthorizeBet(request))

    assert (failure.code, failure.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "")


async def test_a_request_that_only_many_commands_may_fill_is_invalid_in_other_methods(
    server: RunningServer,
) -> None:
    stub = WalletCommandsStub(server.channel)
    large = pb.AuthorizeBetRequest(request_id="x" * SINGLE_REQUEST_BYTES_MAX)

    failure = await failure_of(stub.AuthorizeBet(large))
    response = await stub.ExecuteBatch(batch_of(large))

    assert (failure.code, failure.reason) == (INVALID, "INVALID_REQUEST")
    assert failure.violations == (("", "REQUEST_BYTES_MAX"),)
    [inside] = failures_in(response)
    assert inside.violations == (("request_id", "STRING_PATTERN"),)


async def test_a_large_request_full_of_errors_is_answered_at_once_and_briefly(
    server: RunningServer,
) -> None:
    request = pb.UnsettleBetRequest(portion_refs=["\n"] * (SINGLE_REQUEST_BYTES_MAX // 3))

    failure = await failure_of(WalletCommandsStub(server.channel).UnsettleBet(request, timeout=5))

    assert (failure.code, failure.reason) == (INVALID, "INVALID_REQUEST")
    assert len(failure.violations) == 1


async def test_a_request_wrong_in_many_places_is_told_no_more_than_a_header_holds(
    server: RunningServer,
) -> None:
    request = pb.UnsettleBetRequest(portion_refs=["\n"] * 60)

    failure = await failure_of(WalletCommandsStub(server.channel).UnsettleBet(request))

    assert len(failure.violations) == 16
    assert failure.header_bytes < 4_096


# --- What is well formed, and cannot be


@pytest.mark.parametrize("impossible", IMPOSSIBLE, ids=lambda i: f"{i.method}-{i.case}")
async def test_what_cannot_be_is_refused_and_nothing_changes(
    server: RunningServer, commands: "WalletCommandsAsyncStub", impossible: Impossible
) -> None:
    before = await server.rows()
    [method] = [method for method in COMMANDS if method.name == impossible.method]

    failure = await send(server, method, impossible.request.SerializeToString())

    assert (failure.code, failure.reason) == (impossible.code, impossible.reason)
    assert failure.metadata == impossible.metadata
    assert await server.rows() == before


async def test_the_largest_debit_finds_no_money_and_moves_none(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    before = await server.rows()

    failure = await failure_of(
        commands.AdjustBalance(
            pb.AdjustBalanceRequest(
                request_id="largest",
                wallet=WALLET,
                bucket="sports_normal",
                amount=eur(INT64_MIN + 1),
                reason_code="MISTAKE",
            )
        )
    )

    assert (failure.code, failure.reason) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "INSUFFICIENT_FUNDS",
    )
    assert failure.metadata == {"required": str(INT64_MAX), "available": "1000"}
    recorded = {"answers": before["answers"] + 1, "sequence": before["sequence"] + 1}
    assert await server.rows() == before | recorded
