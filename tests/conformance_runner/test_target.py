"""A server that is up already: what can be played there is, the rest is skipped and says so."""

from collections.abc import AsyncIterator

import pytest

from tests.conformance_runner.files import PATHS, path_of, read
from wallet_server.conformance.own_target import OwnTarget
from wallet_server.conformance.remote_target import Remote, RemoteTarget, open_remote_target
from wallet_server.conformance.report import result_lines, summary_line
from wallet_server.conformance.runner import Result, Verdict, run_scenarios
from wallet_server.conformance.target import TargetError
from wallet_server.execution.id_source import new_id
from wallet_server.shapes import load_shape


@pytest.fixture
async def remote(target: OwnTarget) -> AsyncIterator[RemoteTarget]:
    await target.apply("demo", load_shape("ruby"))
    async with open_remote_target(Remote(target.address, new_id()[:8], "demo")) as opened:
        yield opened


async def run_all(remote: RemoteTarget, ids: list[str]) -> dict[str, Result]:
    scenarios = [read(path_of(each)) for each in ids]
    return {result.scenario.id: result async for result in run_scenarios(scenarios, remote)}


async def test_what_needs_more_than_the_tenant_has_is_skipped_by_name(remote: RemoteTarget) -> None:
    ids = ["E05", "E06", "E63", "B-cancelled", "R-bucket-draining", "X-time-goes-by"]

    results = await run_all(remote, ids)

    assert [result_lines(results[each])[0] for each in ids] == [
        "E05 ok   Largest-remainder rounding",
        "E06 skip Bonus profit to cash with a profit cap (needs its own topology and policies)",
        "E63 skip Policy changes while the bet is open (needs its own tenant)",
        "B-cancelled skip A cancelled booking gives every source back exactly what it paid (needs booking; demo has ruby)",
        "R-bucket-draining skip A draining bucket takes no new money; bets still pay back into it, and it may be spent (needs its own topology and policies)",
        "X-time-goes-by skip Entries carry the time of their command; a bet settles by its snapshot however late (needs its own clock)",
    ]
    assert summary_line(list(results.values())) == "1 passed, 0 failed, 5 skipped"


async def test_all_that_can_be_played_holds_there(remote: RemoteTarget) -> None:
    scenarios = [read(path) for path in PATHS]

    results = [result async for result in run_scenarios(scenarios, remote)]

    assert [r.details for r in results if r.verdict is Verdict.FAILED] == []
    assert sum(r.verdict is Verdict.PASSED for r in results) >= 30


async def test_players_that_were_there_before_fail_what_they_are_given_to(
    target: OwnTarget, remote: RemoteTarget
) -> None:
    await run_all(remote, ["E05"])

    results = await run_all(remote, ["E05"])

    assert results["E05"].details[0] == "given.wallets.alice: was there before"


async def test_a_tenant_that_is_not_there_is_no_reason_to_fail_every_scenario(
    target: OwnTarget,
) -> None:
    with pytest.raises(TargetError, match="nobody"):
        async with open_remote_target(Remote(target.address, "run-3", "nobody")):
            pass


async def test_scenarios_may_have_tenants_of_their_own_that_are_made_by_calls(
    target: OwnTarget,
) -> None:
    ids = [
        "E05",
        "E06",
        "E60",
        "E63",
        "A-match",
        "G-policy-invalid",
        "X-new-bets-new-policy",
        "E61",
    ]

    async with open_remote_target(Remote(target.address, new_id()[:8])) as remote:
        results = await run_all(remote, ids)

    assert [results[each].details for each in ids[:-1]] == [[]] * 7
    assert result_lines(results["E61"]) == ["E61 skip Drain, then activate (needs its own clock)"]
