"""All commands over gRPC: out of order, twice, cut off and sent again, to two servers at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import grpc
import grpc.aio
import pytest

from tests.database import Database
from tests.rpc.batches import COMMANDS
from tests.rpc.requests import metadata_of, request_of
from tests.simulation.commands import OPENINGS_COUNT
from tests.simulation.drawing import draw_tasks
from tests.simulation.drawn_cashier_rules import MANAGER, OWNER, RATES
from tests.soak.callers import CALL_SECONDS_MAX, UNANSWERED, Call, Key
from tests.soak.server_process import BELIEVING, run_verify, running_servers
from tests.soak.test_soak import stubs_of
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet_server.core.commands import (
    Actor,
    Amount,
    ApproveDeposit,
    ApproveWithdrawal,
    Command,
    ConfirmWithdrawal,
    OpenWallet,
    RequestWithdrawal,
    ReturnWithdrawal,
    SubmitWithdrawal,
)
from wallet_server.core.config.wallet_policy import (
    AdjustmentRules,
    ApprovalLevel,
    AutoApproval,
    BonusOnWithdrawal,
    DepositRules,
    LimitRules,
    WalletPolicy,
    WithdrawalRules,
)
from wallet_server.core.ids import WalletRef
from wallet_server.core.task import Task
from wallet_server.execution.activation import apply_documents
from wallet_server.shapes import load_shape
from wallet_server.storage.engine import create_engine

SHAPES = {"demo": "ruby", "shop": "booking"}
METHODS = {method.input_type.full_name: method.name for method in COMMANDS}
CALLERS_COUNT = 16
WINDOW = 40
"""Within so many commands the order in which they are sent is left to chance."""

CUT_OFF_SECONDS = 0.01

CASHIER = {
    *("CreateDeposit", "ApproveDeposit", "DeclineDeposit", "ReverseDeposit", "AdjustBalance"),
    *("RequestWithdrawal", "ApproveWithdrawal", "RejectWithdrawal", "CancelWithdrawal"),
    *("SubmitWithdrawal", "ConfirmWithdrawal", "FailWithdrawal", "ReturnWithdrawal"),
    *("SetAccountStatus", "SetLimit"),
}
"""What of the cashier is carried out in much disorder, whatever else is."""

WALLET_POLICY = WalletPolicy(
    debt_blocks_bets=True,
    deposits=DepositRules(
        methods_approved_at_once=("counter",), expires_after_seconds=2, recycles_payouts=True
    ),
    withdrawals=WithdrawalRules(
        bonus=BonusOnWithdrawal.FORFEIT_BONUS,
        approval_levels=(ApprovalLevel(1), ApprovalLevel(25, 2, (MANAGER, OWNER))),
        auto_approval=AutoApproval(request_max=40, window_max=100, review_seconds=1),
    ),
    adjustments=AdjustmentRules(four_eyes_from=50),
    limits=LimitRules(rates=RATES),
)
"""The rules for money in and out: strict, so that all of them come to something."""

LATE = WalletRef("demo", "late", "EUR")
RETURNED: tuple[Command, ...] = (
    OpenWallet(),
    ApproveDeposit("d", "sports_normal", Amount("EUR", 100)),
    RequestWithdrawal("w", Amount("EUR", 20), actor=Actor("site")),
    ApproveWithdrawal("w", actor=Actor("maria")),
    SubmitWithdrawal("w", "payout"),
    ConfirmWithdrawal("w"),
    ReturnWithdrawal("w", "ACCOUNT_CLOSED"),
)
"""A withdrawal's longest way, which disorder alone seldom lets any go."""


@dataclass
class Sender:
    """Sends calls, some of them cut off, until each is answered."""

    stubs: Sequence[WalletCommandsStub]
    random: Random
    sequences: dict[tuple[str, Key], int] = field(default_factory=dict[tuple[str, Key], int])
    refused_count: int = 0
    cut_off_count: int = 0
    again_count: int = 0

    async def send(self, call: Call) -> None:
        """Sends a call until it is answered. What is recorded is answered the same for ever."""
        timeout = CUT_OFF_SECONDS if self.random.random() < 0.1 else CALL_SECONDS_MAX
        while True:
            stub = self.random.choice(self.stubs)
            try:
                response = await getattr(stub, call.method)(
                    call.request, timeout=timeout, metadata=call.metadata
                )
            except grpc.aio.AioRpcError as error:
                if error.code() not in UNANSWERED:
                    self.refused_count += 1
                    return
                self.cut_off_count += 1
                timeout = CALL_SECONDS_MAX
                continue
            self.note(call, response.sequence)
            return

    @property
    def methods(self) -> set[str]:
        """What was carried out at least once."""
        return {where.rpartition("/")[2] for where, _ in self.sequences}

    def note(self, call: Call, sequence: int) -> None:
        """Notes the number of an answer; of the same request, it is the same every time."""
        wallet = call.request.wallet
        key = (f"{wallet.tenant_id}/{wallet.currency_code}/{call.method}", call.key)
        self.again_count += key in self.sequences
        content = call.request.SerializeToString(deterministic=True)
        assert self.sequences.setdefault(key, sequence) == sequence, content


def shuffled(calls: Sequence[Call], random: Random) -> list[Call]:
    """Returns calls out of order, and every tenth of them twice."""
    order: list[Call] = []
    for first in range(0, len(calls), WINDOW):
        window = [*calls[first : first + WINDOW]]
        window += random.sample(window, len(window) // 10)
        random.shuffle(window)
        order += window
    return order


async def play(sender: Sender, calls: Sequence[Call]) -> None:
    """Sends calls in their order, several at once."""
    waiting = iter(calls)

    async def go_on() -> None:
        for call in waiting:
            await sender.send(call)

    await asyncio.gather(*(go_on() for _ in range(CALLERS_COUNT)))


def call_of(task: Task) -> Call:
    """Returns the call that asks for a task."""
    request = request_of(task, task.wallet.tenant_id)
    return Call(METHODS[request.DESCRIPTOR.full_name], request, metadata_of(task.command))


async def everything(database: Database, folder: Path, seed: int, count: int) -> Sender:
    """Plays so many commands through two servers, and verifies what is left of them."""
    engine = create_engine(database.server_url)
    for tenant_id, shape in SHAPES.items():
        others = [each for each in load_shape(shape) if not isinstance(each, WalletPolicy)]
        documents = (*others, WALLET_POLICY)
        await apply_documents(engine, tenant_id, documents, datetime.now(UTC))
    await engine.dispose()
    tasks = draw_tasks(seed, count, datetime.now(UTC), WALLET_POLICY)
    calls = [call_of(task) for task in tasks]
    random = Random(seed)
    url = database.server_url
    async with (
        running_servers(url, 2, folder, BELIEVING) as servers,
        stubs_of(servers) as stubs,
    ):
        sender = Sender(stubs, random)
        await play(sender, calls[:OPENINGS_COUNT])  # Wallets are opened first.
        await play(sender, shuffled(calls, random))
        for number, command in enumerate(RETURNED):
            await sender.send(call_of(Task(LATE, f"late-{number}", command)))
    code, printed = await run_verify(url)
    assert code == 0, printed
    print(
        f"{len(sender.sequences)} carried out, {sender.refused_count} refused,"
        f" {sender.again_count} again, {sender.cut_off_count} cut off; {printed.splitlines()[0]}"
    )
    return sender


async def test_all_commands_in_disorder(database: Database, tmp_path: Path) -> None:
    sender = await everything(database, tmp_path, seed=1, count=600)

    assert len(sender.sequences) > 100
    assert sender.again_count > 10


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [2, 3, 4])
async def test_all_commands_in_much_disorder(database: Database, tmp_path: Path, seed: int) -> None:
    sender = await everything(database, tmp_path, seed, count=10_000)

    assert len(sender.sequences) > 1_500
    assert CASHIER - sender.methods == set()
    assert sender.cut_off_count > 10
