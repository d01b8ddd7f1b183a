"""A hundred callers who withdraw, bet, transfer and adjust at one wallet, all at once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias

from google.protobuf.message import Message

from tests.soak.callers import Told, postings_of, wallet_of
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet_client import DeclinedError, WalletClient
from wallet_client.commands import CommandCalls

PLAYER = "rushed"
CALLERS_COUNT = 100
DEPOSITS = {"sports_normal": 7_000, "casino_normal": 3_000}
STAKE = 100
MOVED = 300
ADJUSTED = 100
FIRST_WITHDRAWAL, NEXT_WITHDRAWAL = 1_500, 125
PERSONS = ("ann", "ben")
STEPS = {
    "approve_withdrawal": pb.ApproveWithdrawalRequest,
    "submit_withdrawal": pb.SubmitWithdrawalRequest,
    "confirm_withdrawal": pb.ConfirmWithdrawalRequest,
}

Answer: TypeAlias = tuple[str, Told]
"""An outcome, or the reason for a refusal, and all else that callers are told."""


def eur(minor_units: int) -> Money:
    return Money(asset_code="EUR", minor_units=minor_units)


@dataclass
class Rush:
    """What is asked of two servers, and what they say.

    `gained` is what the player has got so far, less what was lost or taken away; `paid` is what
    was paid out of it. Both are what callers were told, in minor units.
    """

    clients: Sequence[WalletClient]
    random: Random
    gained: int = 0
    paid: int = 0
    accepted: dict[str, Told] = field(default_factory=dict[str, Told])
    refused: Counter[str] = field(default_factory=Counter[str])

    async def open(self) -> None:
        """Opens the wallet."""
        await self.ask("open_wallet", pb.OpenWalletRequest(request_id="open"))

    async def deposit(self, number: int) -> None:
        """Pays in what a round is about."""
        for bucket, amount in DEPOSITS.items():
            deposit_id = f"{number}-deposit-{bucket}"
            asked = pb.ApproveDepositRequest(
                request_id=deposit_id, deposit_id=deposit_id, bucket=bucket, amount=eur(amount)
            )
            assert (await self.ask("approve_deposit", asked))[0] == "APPLIED"
            self.gained += amount

    async def rush(self, number: int) -> list[str]:
        """Lets all callers go at once. Returns the withdrawals that were accepted."""
        kinds = (self.withdraw, self.bet, self.transfer, self.adjust)
        order = [*range(CALLERS_COUNT)]
        self.random.shuffle(order)
        before = {*self.accepted}
        await asyncio.gather(
            *(kinds[caller % len(kinds)](number, caller // len(kinds)) for caller in order)
        )
        return [*self.accepted.keys() - before]

    async def withdraw(self, number: int, caller: int) -> None:
        """Asks for a withdrawal, which another caller asks for too under another request."""
        pair = caller // 2
        withdrawal_id = f"{number}-{pair}"
        asked = pb.RequestWithdrawalRequest(
            request_id=f"{number}-withdraw-{caller}",
            withdrawal_id=withdrawal_id,
            amount=eur(FIRST_WITHDRAWAL + pair * NEXT_WITHDRAWAL),
        )
        outcome, told = await self.ask("request_withdrawal", asked)
        if outcome == "APPLIED":
            assert self.accepted.setdefault(withdrawal_id, told) == told, withdrawal_id

    async def bet(self, number: int, caller: int) -> None:
        """Places a bet, and settles it: every other one is lost, the rest win as much again."""
        bet_ref = f"{number}-bet-{caller}"
        named: dict[str, Any] = {"provider_id": "acme-sports", "bet_ref": bet_ref}
        asked = pb.AuthorizeBetRequest(request_id=bet_ref, stake=eur(STAKE), **named)
        outcome, _ = await self.ask("authorize_bet", asked)
        if outcome != "APPLIED":
            return
        payout = 2 * STAKE * (caller % 2)
        settled = pb.SettleBetRequest(
            request_id=f"{bet_ref}-settle", result_version=1, payout=eur(payout), **named
        )
        assert (await self.ask("settle_bet", settled))[0] == "APPLIED"
        self.gained += payout - STAKE

    async def transfer(self, number: int, caller: int) -> None:
        """Moves money from one bucket to another, or back."""
        buckets = ("sports_normal", "casino_normal")
        asked = pb.TransferFundsRequest(
            request_id=f"{number}-transfer-{caller}",
            source=buckets[caller % 2],
            target=buckets[1 - caller % 2],
            amount=eur(MOVED),
        )
        await self.ask("transfer_funds", asked)

    async def adjust(self, number: int, caller: int) -> None:
        """Adds to a bucket, or takes away."""
        amount = ADJUSTED if caller % 2 else -ADJUSTED
        asked = pb.AdjustBalanceRequest(
            request_id=f"{number}-adjust-{caller}",
            bucket="sports_normal",
            amount=eur(amount),
            reason_code="RUSH",
        )
        outcome, _ = await self.ask("adjust_balance", asked)
        if outcome == "APPLIED":
            self.gained += amount

    async def pay(self, withdrawal_ids: Sequence[str]) -> None:
        """Approves, submits and confirms withdrawals, all at once and each of it twice."""
        await asyncio.gather(*(self.pay_one(each) for each in withdrawal_ids))

    async def pay_one(self, withdrawal_id: str) -> None:
        """Has two persons do each step at once. One of them does it, and the other hears so."""
        for step in STEPS:
            answers = await asyncio.gather(
                *(
                    self.ask(step, request_of_step(step, withdrawal_id, person), actor=person)
                    for person in PERSONS
                )
            )
            assert sorted(outcome for outcome, _ in answers) == ["ALREADY_APPLIED", "APPLIED"]
            self.paid += sum(
                change
                for _, told in answers
                for account, change in told.postings
                if account == "H:CASH"
            )

    async def ask(self, name: str, request: Any, *, actor: str = "cashier") -> Answer:
        """Sends a request to each server, and to one of them twice. All answers are the same."""
        request.wallet.CopyFrom(wallet_of(PLAYER))
        clients = [*self.clients, self.random.choice(self.clients)]
        answers = await asyncio.gather(
            *(answer(client.acting_as(actor), name, request) for client in clients)
        )
        assert answers.count(answers[0]) == len(answers), (request.request_id, answers)
        if reason := answers[0][1].reason:
            self.refused[reason] += 1
        return answers[0]


def request_of_step(step: str, withdrawal_id: str, person: str) -> Message:
    """Returns what a person asks for, for a step on the way to a payout."""
    request = STEPS[step](
        request_id=f"{withdrawal_id}-{step}-{person}", withdrawal_id=withdrawal_id
    )
    if isinstance(request, pb.SubmitWithdrawalRequest):
        request.payout_ref = withdrawal_id
    return request


async def answer(client: CommandCalls, name: str, request: object) -> Answer:
    """Sends a request until it is carried out or declined."""
    try:
        response = await getattr(client, name)(request)
    except DeclinedError as error:
        return error.reason, Told(reason=error.reason)
    outcome = pb.Outcome.Name(response.outcome).removeprefix("OUTCOME_")
    return outcome, Told(response.sequence, postings_of(response.entries))
