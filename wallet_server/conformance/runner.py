"""Runs scenarios one by one against a target."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import Enum

from wallet_server.conformance.given import GivenError
from wallet_server.conformance.judging import judge
from wallet_server.conformance.observing import ReadError
from wallet_server.conformance.observing_events import UntoldError
from wallet_server.conformance.playing import play
from wallet_server.conformance.scenario import Scenario
from wallet_server.conformance.target import Target, TargetError


class Verdict(Enum):
    """How a scenario ended."""

    PASSED = "ok"
    FAILED = "FAIL"
    SKIPPED = "skip"


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario ended, and why if it did not pass."""

    scenario: Scenario
    verdict: Verdict
    details: Sequence[str] = ()


async def run_scenarios(scenarios: Sequence[Scenario], target: Target) -> AsyncIterator[Result]:
    """Runs scenarios, in their order."""
    for scenario in scenarios:
        reason = await target.reason_to_skip(scenario)
        if reason:
            yield Result(scenario, Verdict.SKIPPED, [reason])
        else:
            yield await run_scenario(scenario, target)


async def run_scenario(scenario: Scenario, target: Target) -> Result:
    """Runs one scenario."""
    try:
        recording = await play(scenario, target)
    except (GivenError, ReadError, TargetError, UntoldError) as error:
        return Result(scenario, Verdict.FAILED, [str(error)])
    differences = judge(scenario, recording)
    return Result(scenario, Verdict.FAILED if differences else Verdict.PASSED, differences)
