"""The limits of the engine, of due work and of sealing."""

from dataclasses import dataclass

CALL_COMMANDS_MAX = 500
"""Commands in one call, as the proto says. A lane has room for as many, or more."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How much the engine takes on at once, and how long it keeps trying.

    A lane runs one batch at a time on its own connections; with `batch_one_shard` all
    wallets of a batch are of one shard. `attempts_max` is how
    often a batch runs before it is split, and a single command before it fails.
    The delay before the second attempt is up to `retry_delay_seconds`, and doubles
    with each further one. A lost connection is opened again for up to
    `reconnect_seconds_max`. A wallet that somebody keeps locked for longer than
    `lock_timeout_seconds` splits the batch at once. After `batch_seconds_max` nothing
    is tried again.
    `contended_wallet_locks` lets servers that meet on a wallet queue for it, which
    needs advisory locks; they do so for `contended_wallet_seconds` after a conflict.
    A server that `expects_peers` does so from the start, for batches of some size.
    """

    lanes_count: int = 1
    batch_commands_max: int = 256
    batch_one_shard: bool = False
    lane_queue_commands_max: int = 8192
    attempts_max: int = 8
    retry_delay_seconds: float = 0.002
    retry_delay_seconds_max: float = 0.2
    batch_seconds_max: float = 15.0
    reconnect_seconds_max: float = 5.0
    statement_timeout_seconds: float = 10.0
    lock_timeout_seconds: float = 0.5
    contended_wallet_locks: bool = True
    contended_wallet_seconds: float = 60.0
    expects_peers: bool = False


@dataclass(frozen=True, slots=True)
class DueWorkSettings:
    """How often a process looks for due work, and how much of it it takes on at once.

    It looks again after up to `due_work_interval_seconds`, reads `due_work_page_items` at
    a time, and has at most `due_work_commands_max` commands in the engine. The pause after
    which what went wrong is tried again begins with the interval and doubles: up to
    `due_work_pause_seconds_max` where nothing goes, up to `due_work_retry_seconds_max` for
    one item. A process that has the lease and falls silent keeps others away for
    `due_work_lease_seconds`.
    """

    due_work_interval_seconds: float = 5.0
    due_work_page_items: int = 256
    due_work_commands_max: int = 32
    due_work_pause_seconds_max: float = 60.0
    due_work_retry_seconds_max: float = 21_600.0
    due_work_lease_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class DrainingSettings:
    """How often a process looks for drains, and how much of one it takes on at once.

    It looks again after up to `draining_interval_seconds`, looks through `draining_page_wallets` at
    a time, and has at most `draining_commands_max` commands in the engine. The pause after which
    what went wrong, or was refused, is tried again doubles up to `draining_pause_seconds_max`. A
    process that has the lease and falls silent keeps others away for `draining_lease_seconds`.
    """

    draining_interval_seconds: float = 5.0
    draining_page_wallets: int = 1_000
    draining_commands_max: int = 32
    draining_pause_seconds_max: float = 300.0
    draining_lease_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class SealingSettings:
    """How often a process makes blocks of the chain, and of how much.

    It looks again after up to `sealing_interval_seconds`; while that fails the pause doubles, up
    to `sealing_pause_seconds_max`. A block is of at most `sealing_commits_max` commits. A process
    that has the lease and falls silent keeps others away for `sealing_lease_seconds`. Heads are
    told at most every `chain_heads_interval_seconds`.
    """

    sealing_interval_seconds: float = 1.0
    sealing_commits_max: int = 256
    sealing_pause_seconds_max: float = 60.0
    sealing_lease_seconds: float = 30.0
    chain_heads_interval_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class AdministrationSettings:
    """How long activations may take, and how often a process looks for those that are due.

    A fence lasts for `activation_fence_seconds` at most, should whoever has closed it be gone.
    Examples of what is in the way are looked for during `activation_examples_seconds`. A process
    looks for scheduled versions again after up to `scheduling_interval_seconds`; while that fails
    the pause doubles, up to `scheduling_pause_seconds_max`. One that has the lease and falls
    silent keeps others away for `scheduling_lease_seconds`. The clock of whoever issues tokens may
    be ahead by `auth_clock_skew_seconds`.
    """

    activation_fence_seconds: float = 3.0
    activation_examples_seconds: float = 2.0
    scheduling_interval_seconds: float = 1.0
    scheduling_pause_seconds_max: float = 60.0
    scheduling_lease_seconds: float = 30.0
    auth_clock_skew_seconds: float = 30.0


ORDINARY_ADMINISTRATION = AdministrationSettings()
