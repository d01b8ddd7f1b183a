"""Requirements that wait for a withdrawal."""

import pytest

from tests.core.rolling.rolling_world import requirement
from tests.core.rules import configuration
from tests.core.world import REF, START
from wallet_server.core.draft import Draft
from wallet_server.core.rolling.requirement import RequirementState
from wallet_server.core.rolling.suspension import resume, suspend
from wallet_server.core.wallet import Wallet


@pytest.mark.parametrize(("progress", "state"), [(899, "ACTIVE"), (900, "FULFILLED")])
def test_it_goes_on_where_it_was(progress: int, state: str) -> None:
    draft = Draft(Wallet(REF, 1, START, START), configuration(), START)
    waiting = suspend(draft, requirement(progress=progress))
    assert waiting.state is RequirementState.SUSPENDED
    assert waiting.due_time is None

    assert resume(draft, waiting).state.value == state
    assert draft.item(waiting.key, type(waiting)) == resume(draft, waiting)


def test_only_an_active_one_can_wait() -> None:
    draft = Draft(Wallet(REF, 1, START, START), configuration(), START)

    with pytest.raises(AssertionError):
        suspend(draft, requirement(state=RequirementState.FULFILLED))
