"""What `wallet-server dev` plays, step by step, and how it is shown."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.servers import RunningServer
from wallet.v1.cashier_pb2 import (
    LOCK_REASON_NOT_WITHDRAWABLE,
    WITHDRAWAL_STATE_APPROVED,
    WITHDRAWAL_STATE_HELD,
    Approval,
    LockReason,
    Withdrawal,
    WithdrawalState,
)
from wallet.v1.cashier_pb2 import LOCK_REASON_UNSPECIFIED as UNLOCKED
from wallet.v1.coupon_pb2 import CouponGrant
from wallet.v1.money_pb2 import Money
from wallet.v1.rolling_pb2 import Requirement
from wallet.v1.wallet_pb2 import Bucket, Wallet, WalletRef
from wallet_client import WalletClient
from wallet_server.cli.demonstration import DemonstrationError, open_fresh_wallet, play, play_step
from wallet_server.cli.demonstration_script import read_script
from wallet_server.cli.demonstration_tables import DemonstrationTables
from wallet_server.execution.clock import SystemClock

README = Path(__file__).parents[2] / "README.md"
EXPONENTS = {"EUR": 2, "PTS": 0}


def steps_in(printed: str) -> Mapping[str, str]:
    """Returns what is printed for each step, by its title."""
    steps = re.findall(r"^\d+\. (.*)\n((?:    .*\n)+)", printed, re.MULTILINE)
    return {title: re.sub(" +", " ", shown) for title, shown in steps}


def eur(minor_units: int) -> Money:
    return Money(asset_code="EUR", minor_units=minor_units)


def bucket(
    code: str, free: int, locked: int, lock_reason: LockReason.ValueType = UNLOCKED
) -> Bucket:
    """Returns a bucket of which so much may be withdrawn, and so much may not."""
    return Bucket(
        code=code,
        balance=eur(free + locked),
        open_stake=eur(0),
        withdrawable=eur(free),
        locked=eur(locked),
        lock_reason=lock_reason,
    )


def withdrawal(state: WithdrawalState.ValueType, *approvers: str) -> Withdrawal:
    """Returns a withdrawal of 4.00."""
    approvals = [Approval(actor=each) for each in approvers]
    return Withdrawal(withdrawal_id="w1", state=state, amount=eur(400), approvals=approvals)


def wallet(
    *, cash: int, coupon: int | None = None, points: int = 0, counted: int | None = None
) -> Wallet:
    """Returns a wallet with three buckets; with a coupon and a requirement of 12.00 if so said."""
    nothing = Money(asset_code="PTS")
    return Wallet(
        buckets=[
            Bucket(code="cash", balance=eur(cash), open_stake=eur(0)),
            Bucket(code="bonus", balance=eur(0), open_stake=eur(0)),
            Bucket(
                code="points",
                balance=Money(asset_code="PTS", minor_units=points),
                open_stake=nothing,
            ),
        ],
        coupons=[]
        if coupon is None
        else [CouponGrant(grant_id="gift", remaining=eur(coupon), open_stake=eur(1_500 - coupon))],
        requirements=[]
        if counted is None
        else [
            Requirement(
                requirement_id="r1",
                bucket="cash",
                required=eur(1_200),
                progress=eur(counted),
                remaining=eur(1_200 - counted),
            )
        ],
    )


async def test_every_step_shows_what_its_title_says(
    server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await play(server.edge.port) == "demo-1"

    steps = steps_in(capsys.readouterr().out)
    # 60.00 by stakes of 15.00 and 5.00: 45.00, of which 15.00 stay with the house, and 15.00.
    won = steps["It wins 60.00; of the coupon's 45.00, its stake of 15.00 stays with the house"]
    assert " sports_normal 212.00 +30.00 242.00 0.00\n" in won
    assert " sports_bonus 43.00 +15.00 58.00 0.00\n" in won
    assert " coupon free-bet 0.00 0.00 0.00 0.00\n" in won
    # 60.00 by stakes of 20.00 and 5.00: 48.00 and 12.00.
    round_over = steps["The round wins twice, 50.00 and 10.00, and is over"]
    assert " casino_normal 0.00 +48.00 48.00 0.00\n" in round_over
    assert " casino_bonus 0.00 +12.00 12.00 0.00\n" in round_over
    played = steps["A whole round in one call: a bet of 8.00 and two wins of 7.00 and 5.00"]
    assert " casino_normal 48.00 +4.00 52.00 0.00\n" in played
    bought = steps["12000 of them become 12.00, which must be wagered once"]
    assert " points 12500 -12000 500 0\n" in bought
    assert " to be wagered for asked before change after left\n" in bought
    assert bought.endswith(" casino_normal 12.00 0.00 0.00 0.00 12.00\n")
    counted = steps["A slots bet of 5.00 counts towards it, whatever it wins"]
    assert counted.endswith(" casino_normal 12.00 0.00 +5.00 5.00 7.00\n")
    held = steps["The player asks for 300.00, which is too much, and for 100.00, which are held"]
    assert " sports_normal 272.00 -100.00 172.00 0.00\n" in held
    assert " hold payout-2 0.00 +100.00 100.00 0.00\n" in held
    assert " payout-2 HELD\n" in held
    assert " casino_normal 0.00 62.00 ROLLING_OPEN\n" in held
    approved = steps["Who asked for it may not approve it; somebody else does"]
    assert " ApproveWithdrawal by player-site: SELF_APPROVAL\n" in approved
    assert " ApproveWithdrawal by maria (cashier): APPLIED\n" in approved
    assert " payout-2 APPROVED maria\n" in approved
    paid = steps["It is handed to the payment provider, and paid"]
    assert " sports_normal 172.00 0.00 172.00 0.00\n" in paid
    assert " hold payout-2 100.00 -100.00 0.00 0.00\n" in paid


async def test_the_readme_shows_steps_as_they_are_printed(
    server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    await play(server.edge.port)

    printed = capsys.readouterr().out
    shown = README.read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    for step in shown.strip("\n").split("\n\n"):
        assert step in printed


async def test_each_run_has_a_wallet_of_its_own_and_shows_that_of_the_last(
    server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await play(server.edge.port) == "demo-1"
    first = capsys.readouterr().out

    assert await play(server.edge.port) == "demo-2"

    second = capsys.readouterr().out
    assert first.partition("is open.")[2] == second.partition("is open.")[2]
    assert second.startswith("Found demo-1 of an earlier run, after 35 commands:\n")
    assert re.search(r"casino_normal +62\.00\n", second)


async def test_an_answer_that_the_script_does_not_expect_ends_it(server: RunningServer) -> None:
    script = read_script()
    calls = script.steps[0].calls
    step = replace(script.steps[0], calls=(replace(calls[0], expected="TOMBSTONED"),))
    async with WalletClient(server.target) as wallets:
        client, _ = await open_fresh_wallet(wallets, script, SystemClock().now())

        with pytest.raises(DemonstrationError, match=r"answered APPLIED, not TOMBSTONED"):
            await play_step(client, step)


def test_a_bucket_is_shown_from_its_first_use_on_and_a_coupon_while_it_is_there() -> None:
    tables = DemonstrationTables(EXPONENTS)

    first = tables.of_step(wallet(cash=0), wallet(cash=0, coupon=1_500))
    second = tables.of_step(wallet(cash=0, coupon=1_500), wallet(cash=5, coupon=0))
    third = tables.of_step(wallet(cash=5, coupon=0), wallet(cash=0))
    fourth = tables.of_step(wallet(cash=0), wallet(cash=0, points=7))

    assert [line.split() for line in first.splitlines()[1:]] == [
        ["coupon", "gift", "0.00", "+15.00", "15.00", "0.00"]
    ]
    assert [line.split() for line in second.splitlines()[1:]] == [
        ["cash", "0.00", "+0.05", "0.05", "0.00"],
        ["coupon", "gift", "15.00", "-15.00", "0.00", "15.00"],
    ]
    assert [line.split() for line in third.splitlines()[1:]] == [
        ["cash", "0.05", "-0.05", "0.00", "0.00"],
        ["coupon", "gift", "0.00", "0.00", "0.00", "0.00"],
    ]
    assert [line.split() for line in fourth.splitlines()[1:]] == [
        ["cash", "0.00", "0.00", "0.00", "0.00"],
        ["points", "0", "+7", "7", "0"],
    ]


def test_what_must_be_wagered_is_shown_while_it_must() -> None:
    tables = DemonstrationTables(EXPONENTS)

    opened = tables.of_step(wallet(cash=1), wallet(cash=1, counted=0))
    counted = tables.of_step(wallet(cash=1, counted=200), wallet(cash=1, counted=500))
    over = tables.of_step(wallet(cash=1, counted=500), wallet(cash=1))

    assert opened.splitlines()[-1].split() == ["cash", "12.00", "0.00", "0.00", "0.00", "12.00"]
    assert counted.splitlines()[-1].split() == ["cash", "12.00", "2.00", "+3.00", "5.00", "7.00"]
    assert "wagered" not in over


def test_a_withdrawal_is_shown_while_it_is_under_way() -> None:
    tables = DemonstrationTables(EXPONENTS)
    ref = WalletRef(currency_code="EUR")
    full = Wallet(wallet=ref, buckets=[bucket("cash", 1_000, 0)])
    points = Bucket(code="points", balance=Money(asset_code="PTS", minor_units=7))
    buckets = [
        bucket("cash", 600, 0),
        bucket("bonus", 0, 50, LOCK_REASON_NOT_WITHDRAWABLE),
        bucket("empty", 0, 0, LOCK_REASON_NOT_WITHDRAWABLE),
        points,
    ]
    held = Wallet(wallet=ref, buckets=buckets, withdrawals=[withdrawal(WITHDRAWAL_STATE_HELD)])
    approved = Wallet(wallet=ref, withdrawals=[withdrawal(WITHDRAWAL_STATE_APPROVED, "ada", "ben")])

    asked = tables.of_step(full, held)
    decided = tables.of_step(held, approved)
    over = tables.of_step(approved, Wallet(wallet=ref))

    assert [line.split() for line in asked.splitlines()[-6:]] == [
        ["hold", "w1", "0.00", "+4.00", "4.00", "0.00"],
        ["withdrawal", "state", "approved", "by"],
        ["w1", "HELD"],
        ["to", "be", "withdrawn", "from", "free", "not", "free", "why", "not"],
        ["cash", "6.00", "0.00"],
        ["bonus", "0.00", "0.50", "NOT_WITHDRAWABLE"],
    ]
    assert decided.splitlines()[-1].split() == ["w1", "APPROVED", "ada,", "ben"]
    assert over.splitlines()[-1].split() == ["hold", "w1", "4.00", "-4.00", "0.00", "0.00"]


def test_balances_leave_out_what_is_empty() -> None:
    shown = DemonstrationTables(EXPONENTS).of_balances(wallet(cash=120, coupon=1_500))

    assert [line.split() for line in shown.splitlines()] == [
        ["bucket", "balance"],
        ["cash", "1.20"],
        ["coupon", "gift", "15.00"],
    ]
