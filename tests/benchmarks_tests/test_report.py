"""What a run leaves behind."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.plan import DEFAULT, QUICK, choose_plan
from tests.benchmarks.results.ratios import ratios_of
from tests.benchmarks.results.record import (
    BEGIN,
    END,
    PAGE,
    PLOTS,
    MarksError,
    replaced,
    write_record,
)
from tests.benchmarks.results.report import Report
from tests.benchmarks.trials import Trial
from tests.benchmarks_tests.samples import figures


@pytest.fixture
def report() -> Report:
    measured = [
        figures("grpc", 64, [400.0, 420.0], p99_ms=3.0, server_us=700, retries={"40001": 3}),
        figures("echo", 64, [1000.0, 1000.0], p99_ms=2.0, server_us=300),
    ]
    ratios, left_out = ratios_of(measured)
    machine: dict[str, object] = {"processors": 4, "fsyncs_per_second": 2_000}
    trials = [Trial("lanes", {1: 300.0, 4: 500.0})]
    return Report("DEFAULT", DEFAULT, machine, trials, measured, ratios, left_out)


def test_each_ratio_says_its_name_value_target_and_direction(
    report: Report, tmp_path: Path
) -> None:
    report.write(tmp_path / "bench.json")

    found = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert found["ratios"] == [
        {
            "name": "grpc / echo, one process",
            "value": 0.41,
            "target": 0.5,
            "direction": "at_least",
            "least": 0.4,
            "most": 0.42,
        }
    ]
    assert found["machine"]["fsyncs_per_second"] == 2_000
    assert [each["name"] for each in found["figures"]] == ["grpc", "echo"]
    tried = {"1": 300.0, "4": 500.0}
    assert found["trials"] == [{"name": "lanes", "tried": tried, "tolerance": 0.0, "best": 4}]
    assert "ExecuteBatch / unary" in found["left_out"]


def test_a_missed_target_is_said_plainly(
    report: Report, capsys: pytest.CaptureFixture[str]
) -> None:
    report.print()

    lines = capsys.readouterr().out.splitlines()
    assert (
        "  MISSED       0.410   grpc / echo, one process (0.400 to 0.420), target ≥ 0.500" in lines
    )


def test_what_people_have_written_stays(report: Report, tmp_path: Path) -> None:
    page = tmp_path / PAGE
    page.parent.mkdir()
    page.write_text(f"Before.\n\n{BEGIN}\nold\n{END}\n\nBehind.\n", encoding="utf-8")

    write_record(tmp_path, report)

    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"Before.\n\n{BEGIN}\n")
    assert text.endswith(f"{END}\n\nBehind.\n")
    assert "| missed | grpc / echo, one process | 0.410 | 0.400 to 0.420 | ≥ 0.500 |" in text
    assert "old" not in text
    for name in ("throughput.svg", "latency.svg", "processor-time.svg", "ratios.svg"):
        assert (tmp_path / PLOTS / name).read_text(encoding="utf-8").startswith("<?xml")
        assert f"](performance/{name})" in text


def test_the_same_run_leaves_the_same_files(report: Report, tmp_path: Path) -> None:
    def written(folder: Path) -> dict[str, bytes]:
        (folder / PAGE).parent.mkdir(parents=True)
        (folder / PAGE).write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
        write_record(folder, report)
        return {path.name: path.read_bytes() for path in (folder / PLOTS).iterdir()}

    assert written(tmp_path / "first") == written(tmp_path / "second")


@pytest.mark.parametrize(
    "text", ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}", f"{BEGIN}{END}{END}"]
)
def test_a_page_without_its_marks_is_left_alone(text: str) -> None:
    with pytest.raises(MarksError):
        replaced(text, "new")


@pytest.mark.parametrize(
    ("environment", "name", "is_record", "large"),
    [
        ({}, "DEFAULT", True, 0),
        ({"QUICK": "", "FULL": ""}, "DEFAULT", True, 0),
        ({"QUICK": "1"}, "QUICK", False, 0),
        ({"FULL": "1"}, "FULL", True, 2_000_000),
    ],
)
def test_the_environment_says_how_much_is_measured(
    environment: dict[str, str], name: str, *, is_record: bool, large: int
) -> None:
    chosen, plan = choose_plan(environment)

    assert (chosen, plan.is_record, plan.large_entries) == (name, is_record, large)


def test_pgbench_never_has_more_clients_than_branches() -> None:
    for plan in (DEFAULT, QUICK):
        assert plan.pgbench_scale >= max(plan.clients_tried)
