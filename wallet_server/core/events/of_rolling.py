"""The events of rolling requirements.

Their progress is told with the bets that count for them. What is missing of it after the release is
told here too: nothing is locked for it, so no command ever tells of it.
"""

from collections.abc import Iterator, Mapping

from wallet_server.core.decision import Effects
from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.item_payloads import RequirementChanged, RollingSplit
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.rolling.requirement import Requirement, RequirementState
from wallet_server.core.wallet import Wallet

ACTIVE = RequirementState.ACTIVE
FULFILLED = RequirementState.FULFILLED
SUSPENDED = RequirementState.SUSPENDED
BEGINNING = frozenset({RequirementState.PENDING, ACTIVE})

STATE_TYPES: Mapping[RequirementState, EventType] = {
    RequirementState.PENDING: EventType.ROLLING_CHANGED,
    RequirementState.FULFILLED: EventType.ROLLING_FULFILLED,
    RequirementState.SUSPENDED: EventType.ROLLING_SUSPENDED,
    RequirementState.RELEASED: EventType.ROLLING_RELEASED,
    RequirementState.CANCELLED: EventType.ROLLING_ENDED,
    RequirementState.EXPIRED: EventType.ROLLING_ENDED,
    RequirementState.TRANSFERRED: EventType.ROLLING_ENDED,
}
TYPES_OF_ACTIVE: Mapping[RequirementState, EventType] = {
    FULFILLED: EventType.ROLLING_REOPENED,
    SUSPENDED: EventType.ROLLING_RESUMED,
}
"""What has happened to one that is active now, by what it was."""


def requirement_events(
    before: Requirement | None, requirement: Requirement, effects: Effects, wallet: Wallet
) -> Iterator[Done]:
    """Yields what has happened to a requirement beside its progress.

    What is new is told as opened, or as split from another, before anything else of it.
    """
    if before is None:
        yield opened(requirement, effects, wallet)
        if requirement.state not in BEGINNING:
            yield STATE_TYPES[requirement.state], changed(None, requirement, ACTIVE.value)
        return
    if before.state is not requirement.state:
        event_type = STATE_TYPES.get(requirement.state)
        if event_type is None:
            event_type = TYPES_OF_ACTIVE.get(before.state, EventType.ROLLING_CHANGED)
        yield event_type, changed(before, requirement, before.state.value)
        return
    now = changed(before, requirement, before.state.value)
    moved = (requirement.released, requirement.forfeited)
    if moved != (before.released, before.forfeited):
        yield EventType.ROLLING_PASSED_ON, now
    elif asks_otherwise(before, requirement) and not is_split(requirement, effects, wallet):
        yield EventType.ROLLING_CHANGED, now
    if falls_short_otherwise(before, requirement):
        yield EventType.ROLLING_SHORTFALL_AFTER_RELEASE, now


def opened(requirement: Requirement, effects: Effects, wallet: Wallet) -> Done:
    """Returns what is told of a new requirement: one that has a parent was split from it."""
    if not requirement.parent_id:
        return EventType.ROLLING_OPENED, RequirementChanged(requirement)
    key = ItemKey(ItemKind.REQUIREMENT, requirement.parent_id)
    parent_before = wallet.items.get(key)
    parent = next((each for each in effects.items if each.key == key), parent_before)
    assert isinstance(parent_before, Requirement)
    assert isinstance(parent, Requirement)
    moved = parent_before.required - parent.required
    return EventType.ROLLING_SPLIT, RollingSplit(parent, requirement, moved)


def changed(
    before: Requirement | None, requirement: Requirement, previous_state: str
) -> RequirementChanged:
    """Returns what is told of a requirement that has changed."""
    return RequirementChanged(
        requirement,
        previous_state,
        requirement.released - (before.released if before is not None else 0),
        requirement.forfeited - (before.forfeited if before is not None else 0),
        before.required if before is not None else 0,
    )


def asks_otherwise(before: Requirement, requirement: Requirement) -> bool:
    """Tells whether a requirement asks for more or less, for something else, or elsewhere."""
    return (before.required, before.bucket, before.terms, before.amount) != (
        requirement.required,
        requirement.bucket,
        requirement.terms,
        requirement.amount,
    )


def falls_short_otherwise(before: Requirement, requirement: Requirement) -> bool:
    """Tells whether corrections have changed what a released requirement would still ask for."""
    is_released = requirement.state is RequirementState.RELEASED
    return is_released and requirement.remaining != before.remaining


def is_split(requirement: Requirement, effects: Effects, wallet: Wallet) -> bool:
    """Tells whether the command has split another from a requirement, which says what changed."""
    return any(
        isinstance(each, Requirement)
        and each.parent_id == requirement.requirement_id
        and each.key not in wallet.items
        for each in effects.items
    )
