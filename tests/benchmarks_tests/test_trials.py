"""Which number a trial settles on."""

import pytest

from tests.benchmarks.trials import Trial


@pytest.mark.parametrize(
    ("tried", "tolerance", "best"),
    [
        ({2: 100.0, 3: 99.0, 4: 101.0}, 0.0, 4),
        ({2: 100.0, 3: 99.0, 4: 101.0}, 0.1, 2),
        ({2: 89.0, 3: 95.0, 4: 100.0}, 0.1, 3),
        ({2: 50.0, 3: 60.0, 4: 100.0}, 0.1, 4),
    ],
)
def test_a_trial_settles_on_the_least_that_is_as_good(
    tried: dict[int, float], tolerance: float, best: int
) -> None:
    assert Trial("workers", tried, tolerance).best == best
