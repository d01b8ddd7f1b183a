"""The load: what callers do, and the processes that they live in."""
