"""How often positions are given to events, and to how many at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SequencingSettings:
    """How often a process gives positions, and how much it takes on at once.

    While there is something to do it looks again after `sequencing_interval_seconds`. Where there
    is nothing, the pause doubles, up to `sequencing_idle_seconds_max`; a batch of this process ends
    it. It takes at most `sequencing_batches_max` out of the outbox at a time. While it fails the
    pause doubles, up to `sequencing_pause_seconds_max`. A process that has the lease and falls
    silent keeps others away for `sequencing_lease_seconds`; those that have not got it ask for it
    every `sequencing_standby_seconds`.
    """

    sequencing_interval_seconds: float = 0.05
    sequencing_idle_seconds_max: float = 0.05
    sequencing_batches_max: int = 200
    sequencing_pause_seconds_max: float = 10.0
    sequencing_lease_seconds: float = 5.0
    sequencing_standby_seconds: float = 1.0
