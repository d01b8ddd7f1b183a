"""Reads, after the last step, all that the API tells about a scenario's wallets."""

from collections.abc import Iterator, Sequence

from google.protobuf.message import Message

from wallet.v1.bet_pb2 import Bet
from wallet.v1.cashier_pb2 import Deposit, Withdrawal
from wallet.v1.wallet_commands_pb2 import PlayRoundRequest
from wallet.v1.wallet_pb2 import Entry, Wallet, WalletRef
from wallet.v1.wallet_queries_pb2 import (
    Answer,
    GetAnswerRequest,
    GetAnswerResponse,
    GetBetRequest,
    GetBetResponse,
    GetWalletRequest,
    GetWalletResponse,
    ListDepositsRequest,
    ListDepositsResponse,
    ListEntriesRequest,
    ListEntriesResponse,
    ListWithdrawalsRequest,
    ListWithdrawalsResponse,
)
from wallet_server.conformance.calling import Caller
from wallet_server.conformance.invariants_answers import is_command_for, request_id_of
from wallet_server.conformance.observing_events import list_events
from wallet_server.conformance.recording import BetName, Exchange, Reply, WalletReading
from wallet_server.conformance.shorthand import Cast

BET_FIELDS = ("bet_ref", "transaction_ref")
BET_LIST_FIELDS = ("transaction_refs",)
PAGE_SIZE = 7  # Small, so that a scenario of some length turns pages.


class ReadError(Exception):
    """A read failed that must not."""


async def read_wallets(
    cast_: Cast, exchanges: Sequence[Exchange], caller: Caller
) -> dict[str, WalletReading]:
    """Reads every wallet of a scenario, with what was said about it."""
    return {name: await _read_wallet(ref, exchanges, caller) for name, ref in cast_.wallets.items()}


async def _read_wallet(
    ref: WalletRef, exchanges: Sequence[Exchange], caller: Caller
) -> WalletReading:
    wallet = await _get_wallet(ref, caller)
    nothing = WalletReading(ref, wallet)
    if wallet is None:
        return nothing
    requests = [each.request for each in exchanges if is_command_for(each, nothing)]
    answers = {
        request_id: await _get_answer(ref, request_id, caller)
        for request_id in dict.fromkeys(request_id_of(request) for request in requests)
        if request_id
    }
    bets = {
        name: await _get_bet(ref, name, caller)
        for name in dict.fromkeys(name for request in requests for name in bet_names_of(request))
    }
    return WalletReading(
        ref,
        wallet,
        await _list_entries(ref, caller),
        answers,
        bets,
        await _list_deposits(ref, caller),
        await _list_withdrawals(ref, caller),
        await list_events(wallet, caller),
    )


def bet_names_of(request: Message) -> Iterator[BetName]:
    """Yields the bets that a request may be about. Some of these names may be of wins."""
    provider_id = str(getattr(request, "provider_id", ""))
    refs = [str(getattr(request, field, "")) for field in BET_FIELDS]
    for field in BET_LIST_FIELDS:
        refs += getattr(request, field, ())
    if isinstance(request, PlayRoundRequest):
        refs += [each.bet_ref for each in request.bets]
    yield from (BetName((provider_id, bet_ref)) for bet_ref in refs if bet_ref)


async def _get_wallet(ref: WalletRef, caller: Caller) -> Wallet | None:
    reply = await caller.call("WalletQueries.GetWallet", GetWalletRequest(wallet=ref))
    if isinstance(reply.response, GetWalletResponse):
        return reply.response.wallet
    return _nothing(reply, "WALLET_NOT_FOUND")


async def _get_answer(ref: WalletRef, request_id: str, caller: Caller) -> Answer | None:
    request = GetAnswerRequest(wallet=ref, request_id=request_id)
    reply = await caller.call("WalletQueries.GetAnswer", request)
    if isinstance(reply.response, GetAnswerResponse):
        return reply.response.answer
    return _nothing(reply, "ANSWER_NOT_FOUND", "INVALID_REQUEST")


async def _get_bet(ref: WalletRef, name: BetName, caller: Caller) -> Bet | None:
    request = GetBetRequest(wallet=ref, provider_id=name[0], bet_ref=name[1])
    reply = await caller.call("WalletQueries.GetBet", request)
    if isinstance(reply.response, GetBetResponse):
        return reply.response.bet
    return _nothing(reply, "BET_NOT_FOUND", "INVALID_REQUEST")


async def _list_entries(ref: WalletRef, caller: Caller) -> list[Entry]:
    entries: list[Entry] = []
    request = ListEntriesRequest(wallet=ref, page_size=PAGE_SIZE)
    while True:
        reply = await caller.call("WalletQueries.ListEntries", request)
        if not isinstance(reply.response, ListEntriesResponse):
            raise ReadError(f"ListEntries: {reply}")
        entries += reply.response.entries
        request.page_token = reply.response.next_page_token
        if not request.page_token:
            return entries


async def _list_deposits(ref: WalletRef, caller: Caller) -> list[Deposit]:
    deposits: list[Deposit] = []
    request = ListDepositsRequest(wallet=ref, page_size=PAGE_SIZE)
    while True:
        reply = await caller.call("WalletQueries.ListDeposits", request)
        if not isinstance(reply.response, ListDepositsResponse):
            raise ReadError(f"ListDeposits: {reply}")
        deposits += reply.response.deposits
        request.page_token = reply.response.next_page_token
        if not request.page_token:
            return deposits


async def _list_withdrawals(ref: WalletRef, caller: Caller) -> list[Withdrawal]:
    withdrawals: list[Withdrawal] = []
    request = ListWithdrawalsRequest(wallet=ref, page_size=PAGE_SIZE)
    while True:
        reply = await caller.call("WalletQueries.ListWithdrawals", request)
        if not isinstance(reply.response, ListWithdrawalsResponse):
            raise ReadError(f"ListWithdrawals: {reply}")
        withdrawals += reply.response.withdrawals
        request.page_token = reply.response.next_page_token
        if not request.page_token:
            return withdrawals


def _nothing(reply: Reply, *reasons: str) -> None:
    """Accepts that there is nothing to read, for one of the reasons, and no other."""
    if reply.reason not in reasons:
        raise ReadError(str(reply))
