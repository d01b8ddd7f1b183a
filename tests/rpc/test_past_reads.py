"""Reads of the past, over a real socket, page by page."""

from typing import TYPE_CHECKING

import pytest

from tests.rpc.bets import WALLET, bet
from tests.rpc.failures import failure_of
from tests.servers import RunningServer
from wallet.v1 import wallet_queries_pb2 as queries
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub
from wallet_server.core.amounts import INT64_MAX
from wallet_server.execution import journal_reads

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

NORMAL = "bkt:sports_normal"


async def every_change(
    server: RunningServer,
    explained: queries.ExplainBalanceResponse,
    *causes: "queries.BalanceCause.ValueType",
) -> tuple[list[queries.BalanceChange], int]:
    """Returns the changes that an explanation adds up, and on how many pages they were."""
    reads, token, seen, count = WalletQueriesStub(server.channel), "", [], 0
    while count == 0 or token:
        page = await reads.ListBalanceChanges(
            queries.ListBalanceChangesRequest(
                wallet=WALLET,
                account=explained.account,
                after_sequence=explained.after_sequence,
                at_sequence=explained.sequence,
                causes=causes,
                page_size=2,
                page_token=token,
            )
        )
        seen += page.changes
        token, count = page.next_page_token, count + 1
    return seen, count


@pytest.mark.parametrize("commands_max", [1, 3, 50_000])
async def test_the_pages_of_an_explanation_add_up_to_it(
    server: RunningServer,
    commands: "WalletCommandsAsyncStub",
    monkeypatch: pytest.MonkeyPatch,
    commands_max: int,
) -> None:
    monkeypatch.setattr(journal_reads, "COMMANDS_SCANNED_MAX", commands_max)
    for number in range(5):
        await commands.AuthorizeBet(bet(f"r{number}", 10 + number, f"b{number}"))
    explained = await WalletQueriesStub(server.channel).ExplainBalance(
        queries.ExplainBalanceRequest(wallet=WALLET, account=NORMAL, after_sequence=2)
    )
    await commands.AuthorizeBet(bet("later", 500, "later"))

    changes, _ = await every_change(server, explained)
    deposits, pages_count = await every_change(server, explained, queries.BALANCE_CAUSE_DEPOSIT)

    [part] = explained.parts
    assert (part.change, part.entries_count) == (-60, 5)
    assert explained.opening_balance + part.change == explained.balance
    assert [each.change for each in changes] == [-10, -11, -12, -13, -14]
    assert [each.bet_ref for each in changes] == [f"b{number}" for number in range(5)]
    assert changes[-1].balance_after == explained.balance
    assert deposits == []
    assert pages_count > 1


async def test_a_change_names_what_it_was_for(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    found = await WalletQueriesStub(server.channel).ListBalanceChanges(
        queries.ListBalanceChangesRequest(wallet=WALLET, account=NORMAL)
    )

    [deposit] = found.changes
    assert dict(deposit.subjects) == {"deposit_id": "d1"}
    assert (deposit.request_id, list(deposit.counterparts)) == ("d1", ["H:CASH"])


@pytest.mark.parametrize("newest_first", [False, True])
async def test_there_are_no_changes_after_a_command_that_was_not_reached(
    server: RunningServer, commands: "WalletCommandsAsyncStub", *, newest_first: bool
) -> None:
    found = await WalletQueriesStub(server.channel).ListBalanceChanges(
        queries.ListBalanceChangesRequest(
            wallet=WALLET, account=NORMAL, after_sequence=INT64_MAX, newest_first=newest_first
        )
    )

    assert (list(found.changes), found.next_page_token) == ([], "")


async def test_a_kind_of_command_that_is_none_is_refused(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    reads, kinds = WalletQueriesStub(server.channel), ["SettleBet", "Settlebet"]

    for call in (
        reads.ListEntries(queries.ListEntriesRequest(wallet=WALLET, command_kinds=kinds)),
        reads.ListBalanceChanges(
            queries.ListBalanceChangesRequest(wallet=WALLET, account=NORMAL, command_kinds=kinds)
        ),
    ):
        failure = await failure_of(call)
        assert failure.reason == "INVALID_REQUEST"
        assert failure.violations == (("command_kinds[1]", "STRING_IN"),)


async def test_a_round_is_named_with_its_provider(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    """A round that is there is not said to be none, as it is of a provider that nobody named."""
    placed = bet("r1", 10)
    placed.round_ref = "t1"
    await commands.AuthorizeBet(placed)
    asked = queries.ListEntriesRequest(wallet=WALLET, round_ref="t1")

    failure = await failure_of(WalletQueriesStub(server.channel).ListEntries(asked))

    assert failure.reason == "INVALID_REQUEST"
    assert failure.violations == (("round_ref", "REQUIRED"),)


async def test_a_page_token_of_other_filters_is_worth_nothing(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    for number in range(3):
        await commands.AuthorizeBet(bet(f"r{number}", 10, f"b{number}"))
    reads = WalletQueriesStub(server.channel)
    asked = queries.ListEntriesRequest(wallet=WALLET, account=NORMAL, page_size=1)
    asked.page_token = (await reads.ListEntries(asked)).next_page_token
    asked.account = "open:sports_normal"

    failure = await failure_of(reads.ListEntries(asked))

    assert failure.reason == "PAGE_TOKEN_INVALID"
