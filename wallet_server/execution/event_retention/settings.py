"""How long events are kept, and how much of what is past its time is removed at once."""

from dataclasses import dataclass

SECONDS_OF_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class EventRetentionSettings:
    """Events are kept for `event_retention_days` from when they were given their positions.

    None keeps them for ever. A transaction removes at most `event_retention_events_max`, and after
    each there is a pause of `event_retention_pause_seconds`. A server looks again after up to
    `event_retention_interval_seconds`; while that fails the pause is as long.
    """

    event_retention_days: float | None = None
    event_retention_events_max: int = 1_000
    event_retention_pause_seconds: float = 0.05
    event_retention_interval_seconds: float = 3_600.0

    @property
    def older_than_seconds(self) -> float:
        """How old events must be to go. Only where there is a limit."""
        assert self.event_retention_days is not None
        return self.event_retention_days * SECONDS_OF_DAY
