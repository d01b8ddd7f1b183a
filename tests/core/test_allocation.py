"""Exact splitting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_server.core.allocation import allocate

WEIGHTS = st.lists(st.integers(0, 10**18), min_size=1, max_size=8).filter(any)


@pytest.mark.parametrize(
    ("case", "total", "weights", "shares"),
    [
        ("even", 100, [1, 1], [50, 50]),
        ("in proportion", 240, [30, 20, 50], [72, 48, 120]),
        ("a tie goes to the earlier", 5, [1, 1], [3, 2]),
        ("two units left over, to the first two of three", 5, [1, 1, 1], [2, 2, 1]),
        ("the largest fraction first, wherever it stands", 101, [33, 33, 34], [33, 33, 35]),
        ("0.2 and 0.8", 1, [20, 80], [0, 1]),
        ("10.67 and 5.33", 16, [20, 10], [11, 5]),
        ("16.5, 9.9 and 6.6", 33, [50, 30, 20], [16, 10, 7]),
        ("no weight, no share", 7, [0, 3, 0], [0, 7, 0]),
        ("a stake split by itself", 100, [13, 54, 33], [13, 54, 33]),
        ("nothing to split", 0, [0, 0], [0, 0]),
        ("nothing among nobody", 0, [], []),
        ("the largest amount", 2**63 - 1, [1, 1], [2**62, 2**62 - 1]),
    ],
)
def test_a_total_is_split_to_the_last_unit(
    case: str, total: int, weights: list[int], shares: list[int]
) -> None:
    assert allocate(total, weights) == shares, case


@given(st.integers(0, 2**63 - 1), WEIGHTS)
def test_shares_add_up_and_none_is_a_unit_away_from_exact(total: int, weights: list[int]) -> None:
    shares = allocate(total, weights)

    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - total * weight) < sum(weights)


@given(st.integers(0, 10**6), WEIGHTS)
def test_who_weighs_more_never_gets_less(total: int, weights: list[int]) -> None:
    shares = allocate(total, weights)

    pairs = sorted(zip(weights, shares, strict=True))
    assert [share for _, share in pairs] == sorted(shares)


@given(st.data(), WEIGHTS)
def test_a_part_never_takes_more_than_is_there(data: st.DataObject, weights: list[int]) -> None:
    total = data.draw(st.integers(0, sum(weights)))

    assert all(s <= w for s, w in zip(allocate(total, weights), weights, strict=True))


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, []), (1, [0, 0]), (1, [2, -1])])
def test_what_cannot_be_split_is_a_bug(total: int, weights: list[int]) -> None:
    with pytest.raises(AssertionError):
        allocate(total, weights)
