"""Activating a topology that removes a bucket, while commands go on."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.execution.administration.versions import (
    BERT,
    GONE,
    PATIENT,
    WITHOUT_BONUS,
    Office,
    activate,
    blocked,
    named,
    promote,
)
from tests.execution.conftest import Recordings, StartExecutor
from tests.execution.ledger import Ledger, wait_until
from tests.execution.vocabulary import ONE_LANE, Caller, outcomes, wallets_of
from tests.storage.configurations import ALL, NOW
from wallet_server.core.administration.circumstances import References
from wallet_server.core.commands import ReversePromotion
from wallet_server.core.config.version import VersionState
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals.administration import (
    EtagMismatch,
    TopologyActivationBlocked,
    VersionTransitionIllegal,
)
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.administration import activator
from wallet_server.execution.administration.fence import Fence
from wallet_server.execution.administration.versions import VersionChange
from wallet_server.execution.errors import ConfigurationChangingError, RefusedError

FIRST, SECOND = wallets_of(2)


def during_the_second_count(monkeypatch: pytest.MonkeyPatch, act: Any) -> list[int]:
    """Has something happen when an activation has counted behind its fence, once."""
    load_references = activator.load_references
    counted: list[int] = []

    async def load_and_act(*arguments: Any) -> References:
        references = await load_references(*arguments)
        counted.append(len(references.usage))
        if len(counted) == 2:
            await act()
        return references

    monkeypatch.setattr(activator, "load_references", load_and_act)
    return counted


async def test_money_in_a_bucket_keeps_it_from_going_until_it_is_empty(
    office: Office, start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor())
    await caller.open(FIRST, SECOND)
    await caller.send("p1", promote(100), FIRST)
    await caller.send("p2", promote(40), SECOND)
    approved = await office.approved(WITHOUT_BONUS)

    with pytest.raises(RefusedError) as raised:
        await activate(office, approved)

    assert blocked(raised.value) == [("NONZERO_BALANCE", "bonus", 2, [("EUR", 140)])]
    refusal = raised.value.refusal
    assert isinstance(refusal, TopologyActivationBlocked)
    assert sorted(refusal.blockers[0].examples) == ["player-0/EUR", "player-1/EUR"]
    preview = office.act(actor=BERT, validate_only=True)
    assert (await office.admin.activate(preview, *named(approved))).blockers == refusal.blockers
    assert await office.value("SELECT epoch FROM tenants") == 1

    for wallet in (FIRST, SECOND):
        await caller.send("back", ReversePromotion("gift"), wallet)
    assert (await activate(office, approved)).stored.state is VersionState.ACTIVE
    with pytest.raises(RefusedError) as raised:
        await caller.send("p3", replace(promote(), promotion_id="late"), FIRST)
    assert raised.value.refusal == GONE
    assert await ledger.differences() == []


def after_each_count(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[], Awaitable[object]],
    *,
    fenced_too: bool = False,
) -> list[bool]:
    """Has something happen whenever an activation has counted, behind its fence only if said so.

    Returns a list that tells of every count whether there was a fence.
    """
    load_references = activator.load_references
    fenced: list[bool] = []

    async def load_and_act(*arguments: Any) -> References:
        references = await load_references(*arguments)
        fenced.append(bool(await office.value("SELECT count(fence_token) FROM tenants")))
        if fenced_too or not fenced[-1]:
            await act()
        return references

    monkeypatch.setattr(activator, "load_references", load_and_act)
    return fenced


@pytest.mark.parametrize("validate_only", [False, True])
async def test_commands_that_never_pause_do_not_keep_a_bucket_from_going(
    office: Office,
    start_executor: StartExecutor,
    monkeypatch: pytest.MonkeyPatch,
    ledger: Ledger,
    *,
    validate_only: bool,
) -> None:
    """As on a busy server, whatever is counted before the fence is closed is outdated at once."""
    caller = Caller(await start_executor(PATIENT))
    approved = await office.approved(WITHOUT_BONUS)
    wallets = iter(wallets_of(20))
    fenced = after_each_count(office, monkeypatch, lambda: caller.open(next(wallets)))

    act = office.act(actor=BERT, validate_only=validate_only)
    change = await office.admin.activate(act, *named(approved))

    assert change.blockers == ()
    assert fenced == ([False] if validate_only else [False, True])
    state = await office.value("SELECT state FROM topologies WHERE version = 2")
    assert state == ("APPROVED" if validate_only else "ACTIVE")
    assert await ledger.differences() == []


async def test_commands_of_other_tenants_that_never_pause_do_not_keep_a_bucket_from_going(
    office: Office,
    start_executor: StartExecutor,
    monkeypatch: pytest.MonkeyPatch,
    ledger: Ledger,
) -> None:
    """They do not wait for the fence of this one."""
    await apply_documents(office.engine, "other", ALL, NOW)
    caller = Caller(await start_executor(ONE_LANE))
    approved = await office.approved(WITHOUT_BONUS)
    guests = (WalletRef("other", f"player-{number}", "EUR") for number in range(20))
    fenced = after_each_count(
        office, monkeypatch, lambda: caller.open(next(guests)), fenced_too=True
    )

    activated = await activate(office, approved, activation_fence_seconds=60)

    assert activated.stored.state is VersionState.ACTIVE
    assert fenced == [False, True]
    assert await ledger.differences() == []


async def test_a_batch_that_was_decided_before_is_decided_anew(
    office: Office, start_executor: StartExecutor, recordings: Recordings, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(PATIENT))
    await caller.open(FIRST)
    approved = await office.approved(WITHOUT_BONUS)

    recordings.actions.append(lambda: activate(office, approved))
    with pytest.raises(RefusedError) as raised:
        await caller.send("p1", promote(), FIRST)

    assert raised.value.refusal == GONE
    assert await office.value("SELECT state FROM topologies WHERE version = 2") == "ACTIVE"
    assert await ledger.differences() == []


async def test_a_command_that_comes_while_the_fence_is_closed_waits_and_then_is_told(
    office: Office,
    start_executor: StartExecutor,
    monkeypatch: pytest.MonkeyPatch,
    ledger: Ledger,
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(FIRST)
    approved = await office.approved(WITHOUT_BONUS)
    told: list[object] = []

    async def send() -> None:
        told.extend(await outcomes([caller.send("p1", promote(), FIRST)]))

    during_the_second_count(monkeypatch, send)
    activated = await activate(office, approved, activation_fence_seconds=60)

    assert activated.stored.state is VersionState.ACTIVE
    assert [type(each) for each in told] == [ConfigurationChangingError]
    with pytest.raises(RefusedError) as raised:
        await caller.send("p1", promote(), FIRST)
    assert raised.value.refusal == GONE
    assert await ledger.differences() == []


async def test_other_tenants_do_not_wait(
    office: Office, start_executor: StartExecutor, ledger: Ledger
) -> None:
    await apply_documents(office.engine, "other", ALL, NOW)
    guests = [WalletRef("other", f"player-{number}", "EUR") for number in range(3)]
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(FIRST, *guests)
    fence = Fence(office.engine, "demo", seconds=60)
    await fence.close()

    wallets = [FIRST, guests[0], SECOND, guests[1], guests[2]]
    told = await outcomes([caller.send("p", promote(), wallet) for wallet in wallets])

    waited = [isinstance(each, ConfigurationChangingError) for each in told]
    assert waited == [True, False, True, False, False]
    await fence.open()
    told = await outcomes([caller.send("p", promote(), wallet) for wallet in wallets[:2]])
    assert [isinstance(each, Exception) for each in told] == [False, False]
    assert await ledger.differences() == []


async def test_what_is_committed_past_a_fence_that_has_ended_is_seen(
    office: Office,
    start_executor: StartExecutor,
    monkeypatch: pytest.MonkeyPatch,
    ledger: Ledger,
) -> None:
    """The fence makes nothing right: an activation that has counted before a bet counts again."""
    caller = Caller(await start_executor(PATIENT))
    await caller.open(FIRST)
    approved = await office.approved(WITHOUT_BONUS)

    async def send_when_it_has_ended() -> None:
        async def has_ended() -> bool:
            return bool(
                await office.value("SELECT fence_expire_time < clock_timestamp() FROM tenants")
            )

        await wait_until(has_ended)
        await caller.send("p1", promote(), FIRST)

    counted = during_the_second_count(monkeypatch, send_when_it_has_ended)
    with pytest.raises(RefusedError) as raised:
        await activate(office, approved, activation_fence_seconds=1)

    assert blocked(raised.value) == [("NONZERO_BALANCE", "bonus", 1, [("EUR", 100)])]
    assert counted == [0, 0, 1]
    assert await office.value("SELECT fence_token FROM tenants") is None
    assert await office.value("SELECT state FROM topologies WHERE version = 2") == "APPROVED"
    assert await ledger.differences() == []


async def test_of_two_activators_of_a_version_one_wins(office: Office) -> None:
    approved = await office.approved(WITHOUT_BONUS)

    told = await outcomes([activate(office, approved) for _ in range(2)])

    (won,) = [each for each in told if isinstance(each, VersionChange)]
    (lost,) = [each for each in told if not isinstance(each, VersionChange)]
    assert won.stored.state is VersionState.ACTIVE
    if isinstance(lost, RefusedError):
        assert isinstance(lost.refusal, EtagMismatch | VersionTransitionIllegal)
    else:
        assert isinstance(lost, ConfigurationChangingError)
    actives = "SELECT array_agg(version) FROM topologies WHERE state = 'ACTIVE'"
    assert await office.value(actives) == [2]
    assert await office.value("SELECT fence_token FROM tenants") is None


async def test_an_activator_that_is_killed_leaves_a_fence_that_ends_and_nothing_else(
    office: Office, start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(FIRST)
    approved = await office.approved(WITHOUT_BONUS)
    records_count = len(await office.records())
    ref, etag = named(approved)

    module = "tests.execution.administration.dying"
    arguments = (office.database.server_url, str(ref.version), etag)
    dying = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments)
    assert await dying.wait() == -signal.SIGKILL

    assert await office.value("SELECT fence_token IS NOT NULL FROM tenants")
    assert await office.value("SELECT state FROM topologies WHERE version = 2") == "APPROVED"
    assert len(await office.records()) == records_count

    async def goes_on() -> bool:
        (told,) = await outcomes([caller.send("p1", promote(), FIRST)])
        assert not isinstance(told, Exception) or isinstance(told, ConfigurationChangingError)
        return not isinstance(told, Exception)

    await wait_until(goes_on)
    await caller.send("back", ReversePromotion("gift"), FIRST)
    assert (await activate(office, approved)).stored.state is VersionState.ACTIVE
    assert await ledger.differences() == []
