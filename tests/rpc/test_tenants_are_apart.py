"""Nothing that a tenant's caller hears tells of another tenant, whatever it asks.

The other tenant's names begin with `hidden`. Every method is called with them, and with names
that nobody has, which begin with `nobody` and are as long: nobody may tell the answers apart but
by the names in them. A new method is called by itself.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import text_format
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.status_pb2 import Status

from tests.rpc.failures import failure_in
from tests.rpc.two_tenants import (
    HIDDEN,
    METHODS,
    NOBODY,
    NOWHERE,
    OURS,
    THEIRS,
    TwoTenants,
    put_tenant,
    request_of,
    tenants,
)
from wallet.v1 import topology_admin_pb2
from wallet.v1.wallet_commands_pb2 import BatchCommand, ExecuteBatchRequest
from wallet_server.rpc.access.rules import WITHOUT_TENANT

__all__ = ["tenants"]

BATCH = "ExecuteBatch"
SINGLE = [method for method in METHODS if method.name != BATCH]
LISTS = [m for m in METHODS if "page_token" in m.input_type.fields_by_name]
ONE_FOR_ALL = {"CreateCredential"}
"""Names are one for all tenants there: who brings a certificate is one and the same for all."""

OWN_IDS = {"credential_id", "drain_id"}
"""What the server makes anew with each act."""

OWN_PLACES = {"event_id", "position"}
"""Where an event stands among those of its wallet, and of our own tenant."""


def names_a_tenant(method: MethodDescriptor) -> bool:
    return f"{method.containing_service.name}.{method.name}" not in WITHOUT_TENANT


def telling(answer: Message) -> str:
    """Returns what an answer tells, but for when it was, and for ids that are made anew."""
    kept = type(answer)()
    kept.CopyFrom(answer)
    forget(kept)
    if isinstance(kept, Status):
        return f"{kept.code} {kept.message} {failure_in(kept)}"
    return text_format.MessageToString(kept)


def forget(message: Any) -> None:
    """Clears times and ids that are made anew."""
    for descriptor, value in message.ListFields():
        inner = descriptor.message_type
        if (
            inner is not None and inner.full_name == "google.protobuf.Timestamp"
        ) or descriptor.name in OWN_IDS | OWN_PLACES:
            message.ClearField(descriptor.name)
        elif inner is not None and not inner.GetOptions().map_entry:
            for part in value if descriptor.is_repeated else [value]:
                forget(part)


async def heard(two: TwoTenants, method: MethodDescriptor, word: str, tenant_id: str) -> str:
    """Returns what our caller hears of names that begin with a word, as if they were nobody's."""
    answer = await two.call(method.name, request_of(method, word, tenant_id))
    return telling(answer).replace(HIDDEN, NOBODY)


def secrets_in(two: TwoTenants, text: str) -> list[str]:
    return [secret for secret in (HIDDEN, *two.unknown) if secret in text]


# --- Every method


async def test_a_caller_cannot_tell_another_tenant_from_one_that_is_not_there(
    tenants: TwoTenants,
) -> None:
    for method in filter(names_a_tenant, SINGLE):
        theirs = await heard(tenants, method, HIDDEN, THEIRS)
        nobodys = await heard(tenants, method, NOBODY, NOWHERE)

        assert theirs == nobodys, method.name
        assert "TENANT_NOT_ALLOWED" in theirs, method.name


async def test_another_tenants_names_are_as_good_as_names_that_nobody_has(
    tenants: TwoTenants,
) -> None:
    for method in SINGLE:
        theirs = await heard(tenants, method, HIDDEN, OURS)
        nobodys = await heard(tenants, method, NOBODY, OURS)

        assert (theirs == nobodys) is (method.name not in ONE_FOR_ALL), method.name


async def test_a_subject_that_is_taken_is_told_to_be_and_not_by_whom(tenants: TwoTenants) -> None:
    method = next(each for each in SINGLE if each.name == "CreateCredential")

    answer = await tenants.call(method.name, request_of(method, HIDDEN, OURS))

    assert isinstance(answer, Status)
    failure = failure_in(answer)
    assert failure.reason == "CREDENTIAL_EXISTS"
    assert failure.metadata == {"subject": "spiffe://hidden/cashier"}


@pytest.mark.parametrize("name", sorted(OWN_IDS))
async def test_ids_that_were_made_for_another_tenant_are_as_good_as_unknown(
    tenants: TwoTenants, name: str
) -> None:
    naming = [method for method in SINGLE if name in method.input_type.fields_by_name]
    assert len(naming) >= 3

    for method in naming:
        for known, unknown in tenants.unknown.items():
            request: Any = request_of(method, NOBODY, OURS)
            answers = list[str]()
            for each in (known, unknown):
                setattr(request, name, each)
                answer = telling(await tenants.call(method.name, request))
                answers.append(answer.replace(known, unknown))
            assert answers[0] == answers[1], method.name


async def test_whoever_names_no_tenant_hears_of_none_but_its_own(tenants: TwoTenants) -> None:
    for method in SINGLE:
        request = GetMessageClass(method.input_type)()
        answer = await tenants.call(method.name, request)
        assert secrets_in(tenants, str(answer)) == [], method.name

        request = request_of(method, NOBODY, "")
        answer = await tenants.call(method.name, request)
        assert secrets_in(tenants, str(answer)) == [], method.name


async def test_the_other_tenants_callers_do_see_what_is_hidden(tenants: TwoTenants) -> None:
    """Else the tests above would find nothing, as there is nothing to find."""
    seen = {
        method.name
        for method in SINGLE
        if HIDDEN in str(await tenants.call(method.name, of_theirs(method), THEIRS))
    }

    # Statements name accounts, which all tenants of a shape have: test_statement_queries.py.
    unnamed = {"ListProviders", "GetHouseBalances", "ListDailyStatements"}
    assert seen >= {method.name for method in LISTS} - unnamed
    assert {"GetTenant", "GetBet", "GetDeposit", "GetWithdrawal", "GetWallet"} <= seen
    assert {"ListEvents", "WatchEvents"} <= seen


def of_theirs(method: MethodDescriptor) -> Message:
    """Returns a request about what the other tenant has."""
    request: Any = request_of(method, HIDDEN, THEIRS)
    if "version" in method.input_type.fields_by_name:
        request.ClearField("version")
    return request


async def test_credentials_cannot_name_another_tenant_among_several(tenants: TwoTenants) -> None:
    for method in [each for each in SINGLE if "tenants" in each.input_type.fields_by_name]:
        answers = list[str]()
        for named in (THEIRS, NOWHERE):
            request: Any = request_of(method, NOBODY, "")
            request.tenants[:] = [OURS, named]
            answer = await tenants.call(method.name, request)
            assert isinstance(answer, Status)
            answers.append(telling(answer).replace(named, ""))
        assert answers[0] == answers[1], method.name


# --- Page tokens


async def test_page_tokens_of_another_tenant_are_worth_nothing(tenants: TwoTenants) -> None:
    tried = set[str]()
    for method in filter(names_a_tenant, LISTS):
        request: Any = request_of(method, HIDDEN, THEIRS)
        request.page_size = 1
        page: Any = await tenants.call(method.name, request, THEIRS)
        if not page.next_page_token:
            continue
        tried.add(method.name)

        request.page_token = page.next_page_token
        put_tenant(request, HIDDEN, OURS)
        answer = await tenants.call(method.name, request)

        assert isinstance(answer, Status), method.name
        assert failure_in(answer).reason == "PAGE_TOKEN_INVALID", method.name

    assert tried >= {
        *(
            "ListEntries",
            "ListBalanceChanges",
            "ListBets",
            "ListDeposits",
            "ListWithdrawals",
            "ListAdjustments",
        ),
        *("ListCoupons", "ListRequirements", "ListTopologies", "ListPolicies"),
        *("ListWalletPolicies", "ListProviderProfiles", "ListDrains", "ListCredentials"),
    }


# --- Ids of requests, and command batches


async def test_a_request_id_of_another_tenant_is_free(tenants: TwoTenants) -> None:
    request = topology_admin_pb2.CreateTopologyRequest(
        tenant_id=OURS, request_id=f"{HIDDEN}-CreateTopology-1", copy_of_version=1
    )

    answer = await tenants.call("CreateTopology", request)

    assert isinstance(answer, topology_admin_pb2.CreateTopologyResponse)
    assert (answer.replayed, answer.topology.tenant_id) == (False, OURS)
    assert HIDDEN not in str(answer)


def commands_of(word: str, tenant_id: str) -> Iterator[BatchCommand]:
    """Yields a command of each kind."""
    by_request = {method.input_type.full_name: method for method in SINGLE}
    for place in BatchCommand.DESCRIPTOR.fields:
        assert place.message_type is not None
        command = BatchCommand()
        request = request_of(by_request[place.message_type.full_name], word, tenant_id)
        getattr(command, place.name).CopyFrom(request)
        yield command


@pytest.mark.parametrize(("tenant_id", "other"), [(THEIRS, NOWHERE), (OURS, OURS)])
async def test_each_command_of_a_batch_hears_as_little(
    tenants: TwoTenants, tenant_id: str, other: str
) -> None:
    theirs = await tenants.call(BATCH, ExecuteBatchRequest(commands=commands_of(HIDDEN, tenant_id)))
    nobodys = await tenants.call(BATCH, ExecuteBatchRequest(commands=commands_of(NOBODY, other)))

    assert without_errors(theirs) == without_errors(nobodys)


def without_errors(answer: Any) -> list[str]:
    """Returns what each command is told, errors taken apart."""
    return [
        telling(result.error if result.WhichOneof("result") == "error" else result).replace(
            HIDDEN, NOBODY
        )
        for result in answer.results
    ]
