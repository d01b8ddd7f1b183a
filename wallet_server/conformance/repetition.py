"""Steps that a scenario repeats, written out.

`$n` in any text of such a step is the number of the repetition, which begins with 1.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from wallet_server.conformance.node import Node
from wallet_server.conformance.scenario import Json

FIELD = "repeat"
NUMBER = "$n"
REPETITIONS_MAX = 500


def written_out(step: Node) -> Iterator[Node]:
    """Yields a step as often as it says, and one that does not say once."""
    fields = step.entries()
    if FIELD not in fields:
        yield step
        return
    if "call" not in fields:
        fields[FIELD].note("OUT_OF_PLACE", "only a call is repeated")
    count = fields[FIELD].integer()
    if not 1 <= count <= REPETITIONS_MAX:
        fields[FIELD].note("OUT_OF_RANGE", f"must be from 1 to {REPETITIONS_MAX}")
    once = {key: each.value for key, each in fields.items() if key != FIELD}
    for number in range(1, min(count, REPETITIONS_MAX) + 1):
        yield step.copy(number, _numbered(cast("Json", once), str(number)))


def _numbered(value: Json, number: str) -> Json:
    if isinstance(value, str):
        return value.replace(NUMBER, number)
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Json]", value)
        return {
            key.replace(NUMBER, number): _numbered(each, number) for key, each in fields.items()
        }
    if isinstance(value, list):
        return [_numbered(each, number) for each in cast("list[Json]", value)]
    return value
