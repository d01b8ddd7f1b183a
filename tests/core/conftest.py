"""Properties are tried with the same examples every time: a failure is there for everybody.

`make mutation` only asks whether there is a failure: it takes the profile that does not look for
the smallest example of it.
"""

import os

from hypothesis import Phase, settings

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.register_profile(
    "mutation",
    settings.get_profile("deterministic"),
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "deterministic"))
