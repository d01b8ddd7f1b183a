"""Every scenario file of the repository holds, on a real server."""

import re
from pathlib import Path

import pytest

from tests.conformance_runner.conftest import Play
from tests.conformance_runner.files import PATHS, document_of, read
from tests.conformance_runner.mutations import other_numbers_and_texts, other_steps
from wallet_server.conformance.judging import judge, judge_final, judge_steps
from wallet_server.conformance.own_target import OwnTarget
from wallet_server.conformance.report import result_lines
from wallet_server.conformance.runner import Verdict, run_scenario

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "write-a-scenario.md"

EXAMPLES = (
    "E01 E02 E03 E04 E05 E06 E07 E08 E09 E10 E11 E12 E13 E14 E15 E16 E17 E18 "
    "E19 E20 E21 E22 E23 E24 E25 E26 E27 E28 E29 E30 E31 E32 E33 E34 E35 E36 "
    "E37 E38 E39 E40 E41 E42 E43 E44 E45 E46a E46b E46c E47 E48 E49 E50 E51 E52 E53 "
    "E54 E55 E56 E57 E58 E59 E60 E61 E62 E63 E64 E69 E70 E71"
)

EACH_FILE = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem, scope="module")
"""The tests of a file follow each other, so that one process reads it for both of them."""


@EACH_FILE
async def test_a_scenario_holds_and_fails_with_anything_else_expected(
    path: Path, played: Play
) -> None:
    """Both are of one recording: playing takes much longer than judging."""
    scenario, recording = read(path), await played(path)

    missed_in_steps = [
        (exchanges[0].path, *place)
        for step, exchanges in zip(scenario.steps, recording.steps, strict=True)
        for place, other in other_steps(step)
        if not judge_steps([(other, exchanges)], recording)
    ]
    missed_at_the_end = [
        place
        for place, other in other_numbers_and_texts(dict(scenario.final))
        if not judge_final(other, recording)
    ]

    assert judge(scenario, recording) == []
    assert missed_in_steps + missed_at_the_end == []


@EACH_FILE
async def test_a_scenario_holds_in_batches(path: Path, target_of_batches: OwnTarget) -> None:
    result = await run_scenario(read(path), target_of_batches)

    assert (result.verdict, result.details) == (Verdict.PASSED, [])


def test_every_worked_example_has_a_scenario() -> None:
    assert set(EXAMPLES.split()) <= {document_of(path)["id"] for path in PATHS}


async def test_the_example_of_the_guide_holds(target: OwnTarget, tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    path = tmp_path / "WELCOME-first-bet.yaml"
    path.write_text(example[1], encoding="utf-8")

    result = await run_scenario(read(path), target)

    assert result_lines(result) == ["WELCOME ok   The bonus pays first, and wins its share"]
