"""Holds what was counted to refer to buckets against what does."""

from collections.abc import Iterator, Mapping

from wallet_server.core.administration.usage import Usage, UsageKey

NOTHING = Usage()


def difference_of(
    there: Mapping[UsageKey, Usage], counted: Mapping[UsageKey, Usage]
) -> dict[UsageKey, Usage]:
    """Returns by how much what is there exceeds what was counted, where it differs."""
    differences: dict[UsageKey, Usage] = {}
    for key in sorted(there.keys() | counted.keys()):
        found, known = there.get(key, NOTHING), counted.get(key, NOTHING)
        if found != known:
            differences[key] = Usage(found.count - known.count, found.total - known.total)
    return differences


def find_usage_problems(
    there: Mapping[UsageKey, Usage], counted: Mapping[UsageKey, Usage]
) -> Iterator[tuple[UsageKey, str]]:
    """Yields what was counted wrongly, and how."""
    for key in difference_of(there, counted):
        found, known = there.get(key, NOTHING), counted.get(key, NOTHING)
        yield (
            key,
            (
                f"{known.count} of {known.total} were counted, and there are"
                f" {found.count} of {found.total}"
            ),
        )
