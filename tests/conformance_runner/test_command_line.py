"""`wallet-server conformance`, as people run it."""

import subprocess
import sys
from pathlib import Path

from tests.cli import programs
from tests.cli.programs import Ended
from tests.conformance_runner.files import path_of


def run_afresh(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs it in the tester's own surroundings."""
    command = [sys.executable, "-m", "wallet_server", "conformance", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


async def run(*arguments: str) -> Ended:
    return await programs.run("conformance", *arguments)


def copy(scenario_id: str, directory: Path, old: str = "", new: str = "") -> None:
    source = path_of(scenario_id)
    text = source.read_text(encoding="utf-8")
    assert old in text
    (directory / source.name).write_text(text.replace(old, new), encoding="utf-8")


def test_it_prints_a_line_for_each_scenario_and_ends_with_the_sum(tmp_path: Path) -> None:
    copy("E05", tmp_path)
    copy("E06", tmp_path)
    copy("E16", tmp_path, "bkt:sports_normal: 150}\n", "bkt:sports_normal: 151}\n")

    done = run_afresh(str(tmp_path))

    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines() == [
        "E05 ok   Largest-remainder rounding",
        "E06 ok   Bonus profit to cash with a profit cap",
        "E16 FAIL Dead heat of two at odds 3.0",
        "    final.alice.bkt:sports_normal: expected 151, got 150",
        "2 passed, 1 failed",
    ]


async def test_only_what_is_asked_for_is_played(tmp_path: Path) -> None:
    copy("E05", tmp_path)
    copy("E06", tmp_path)

    done = await run(str(tmp_path), "--only", "E06")

    assert done.code == 0, done.stderr
    assert done.stdout.splitlines()[1:] == ["1 passed, 0 failed"]


async def test_commands_may_go_in_batches(tmp_path: Path) -> None:
    copy("E05", tmp_path)

    done = await run(str(tmp_path), "--batch")

    assert done.code == 0, done.stderr
    assert done.stdout.splitlines()[1:] == ["1 passed, 0 failed"]


async def test_files_that_cannot_be_read_are_all_listed_and_nothing_is_played(
    tmp_path: Path,
) -> None:
    copy("E05", tmp_path)
    copy("E06", tmp_path, "title:", "titel:")
    copy("E16", tmp_path, "expect:", "except:")

    done = await run(str(tmp_path))

    assert done.code == 2
    assert done.stdout == ""
    assert "E06-profit-cap.yaml:2: titel: UNKNOWN_KEY" in done.stderr
    assert "E16-dead-heat.yaml:10: steps[0].except: UNKNOWN_KEY" in done.stderr


async def test_a_directory_without_scenarios_and_an_unknown_id_are_mistakes(tmp_path: Path) -> None:
    assert (await run(str(tmp_path))).code == 2
    copy("E05", tmp_path)
    assert (await run(str(tmp_path), "--only", "E99")).code == 2


async def test_a_target_that_is_not_there_fails_in_words(tmp_path: Path) -> None:
    copy("E05", tmp_path)

    done = await run(str(tmp_path), "--target", "127.0.0.1:1")

    assert done.code == 1
    assert "127.0.0.1:1 cannot be reached" in done.stderr
