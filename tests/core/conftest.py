"""Properties are tried with the same examples every time: a failure is there for everybody."""

from hypothesis import settings

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")
