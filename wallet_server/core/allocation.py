"""Exact splitting of whole amounts."""

from collections.abc import Sequence


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Splits `total` in proportion to `weights`, to the last unit.

    Shares are rounded down first. The units left over go, one each, to the
    shares that rounding cost the most; between equals, to the earlier one. The
    same split therefore always comes out the same, and a share is never a whole
    unit away from its exact value.

    Args:
        total: What is split; not negative.
        weights: Not negative; with a sum above zero unless `total` is zero.
    """
    assert total >= 0
    if total == 0:
        return [0] * len(weights)
    if len(weights) == 1:
        assert weights[0] > 0
        return [total]

    weight_total = sum(weights)
    assert weight_total > 0
    assert min(weights) >= 0

    shares = [total * weight // weight_total for weight in weights]
    leftover = total - sum(shares)
    if leftover:
        lost = [total * weight % weight_total for weight in weights]
        for i in sorted(range(len(weights)), key=lambda i: -lost[i])[:leftover]:
            shares[i] += 1
    return shares
